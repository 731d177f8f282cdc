import { HttpAdapterHost } from '@nestjs/core';
import type { Feature } from '../config/feature.js';
import { Options } from '../config/options.js';
import { Clock, SystemClock } from '../kernel/clock.js';
import { Draining } from './draining.js';
import { HealthController } from './health.controller.js';
import { HomePage } from './home.page.js';
import { requestMetricDescriptions, requestMetrics } from './request-times.js';
import { serviceOptions } from './service-options.js';

/** The service's own parts beyond the package: health, and a clock that tests can shift. */
export const serviceFeature: Feature = {
  name: 'service',
  options: serviceOptions,
  controllers: [HealthController, HomePage],
  metrics: { declared: requestMetricDescriptions, inject: [HttpAdapterHost], useFactory: requestMetrics },
  providers: [
    Draining,
    {
      provide: Clock,
      inject: [Options],
      useFactory: (options: Options) => new SystemClock(options.of(serviceOptions).clockOffsetSeconds),
    },
  ],
};
