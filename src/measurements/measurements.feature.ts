import type { Feature } from '../config/feature.js';
import { EventCounts } from './event-counts.js';
import { MeasurementEntity } from './measurement.entity.js';
import { measurementCleanups } from './measurement-cleanups.js';
import { measurementOptions } from './measurement-options.js';
import { MeasurementSeries } from './measurement-series.js';
import { MeasurementWriter } from './measurement-writer.js';

/** Recent history by minute and by hour, without Prometheus. */
export const measurementsFeature: Feature = {
  name: 'measurements',
  options: measurementOptions,
  entities: [MeasurementEntity],
  cleanups: { useFactory: measurementCleanups },
  providers: [EventCounts, MeasurementSeries, MeasurementWriter],
};
