import { MetadataScanner } from '@nestjs/core';
import type { Feature } from '../config/feature.js';
import { AuditedInterceptor } from './audited.interceptor.js';
import { EventListeners } from './event-listeners.js';

export const eventsFeature: Feature = {
  name: 'events',
  providers: [AuditedInterceptor, EventListeners, MetadataScanner],
};
