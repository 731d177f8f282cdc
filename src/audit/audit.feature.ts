import type { Feature } from '../config/feature.js';
import { Options } from '../config/options.js';
import { auditCleanups } from './audit-cleanups.js';
import { AuditDestinations } from './audit-destinations.js';
import { AuditEventEntity } from './audit-event.entity.js';
import { AuditLog } from './audit-log.js';
import { auditOptions } from './audit-options.js';
import { AuditOutboxEntity } from './audit-outbox.entity.js';
import { AuditRecords } from './audit-records.js';
import { AuditSink } from './audit-sink.js';
import { AuditTrail } from './audit-trail.js';

export const auditFeature: Feature = {
  name: 'audit',
  options: auditOptions,
  cleanups: { inject: [Options], useFactory: auditCleanups },
  entities: [AuditEventEntity, AuditOutboxEntity],
  providers: [AuditDestinations, AuditLog, AuditRecords, { provide: AuditSink, useClass: AuditTrail }],
};
