import type { Room } from '../config/room.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { ManagementServer } from './management-server.js';
import { Metrics } from './metrics.js';
import { metricsOptions } from './metrics-options.js';
import { poolFigureDescriptions, poolFigures } from './pool-figures.js';

/** What the rooms measure, made readable; the only one that knows Prometheus. */
export const metricsRoom: Room = {
  name: 'metrics',
  options: metricsOptions,
  figures: { declared: poolFigureDescriptions, inject: [AUTH_DATA_SOURCE], useFactory: poolFigures },
  providers: [Metrics, ManagementServer],
};
