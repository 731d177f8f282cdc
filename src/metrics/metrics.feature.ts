import type { Feature } from '../config/feature.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { ManagementServer } from './management-server.js';
import { Metrics } from './metrics.js';
import { metricsOptions } from './metrics-options.js';
import { poolMetricDescriptions, poolMetrics } from './pool-metrics.js';

/** Exposes the metrics of all features; the only feature that knows Prometheus. */
export const metricsFeature: Feature = {
  name: 'metrics',
  options: metricsOptions,
  metrics: { declared: poolMetricDescriptions, inject: [AUTH_DATA_SOURCE], useFactory: poolMetrics },
  providers: [Metrics, ManagementServer],
};
