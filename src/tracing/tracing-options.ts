import { choice, defineOptions } from '../config/option-section.js';

/** Whether spans are made. */
export interface TracingOptions {
  readonly tracing: 'auto' | 'on' | 'off';
}

export const tracingOptions = defineOptions<TracingOptions>({
  title: 'Tracing',
  specs: {
    tracing: choice({
      of: ['auto', 'on', 'off'],
      default: 'auto',
      description:
        'Whether spans are made for OpenTelemetry. `auto`: if an SDK has registered itself before the start. `on`: always, also for an SDK that registers later; requires the package `@opentelemetry/api`.',
    }),
  },
});
