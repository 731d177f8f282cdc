import type { Feature } from '../config/feature.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { statementSpanDescriptions, statementSpans } from './statement-spans.js';
import { Tracing } from './tracing.js';
import { tracingOptions } from './tracing-options.js';

/** Makes spans of what the features have declared; the only feature that knows OpenTelemetry. */
export const tracingFeature: Feature = {
  name: 'tracing',
  options: tracingOptions,
  spans: { declared: statementSpanDescriptions, inject: [AUTH_DATA_SOURCE], useFactory: statementSpans },
  providers: [Tracing],
};
