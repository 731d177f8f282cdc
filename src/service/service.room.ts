import { HttpAdapterHost } from '@nestjs/core';
import { Options } from '../config/options.js';
import type { Room } from '../config/room.js';
import { Clock, SystemClock } from '../kernel/clock.js';
import { Draining } from './draining.js';
import { HealthController } from './health.controller.js';
import { requestFigureDescriptions, requestFigures } from './request-times.js';
import { serviceOptions } from './service-options.js';

/** What the service has beyond the package: health, and a clock that tests can shift. */
export const serviceRoom: Room = {
  name: 'service',
  options: serviceOptions,
  controllers: [HealthController],
  figures: { declared: requestFigureDescriptions, inject: [HttpAdapterHost], useFactory: requestFigures },
  providers: [
    Draining,
    {
      provide: Clock,
      inject: [Options],
      useFactory: (options: Options) => new SystemClock(options.of(serviceOptions).clockOffsetSeconds),
    },
  ],
};
