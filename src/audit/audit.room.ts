import { Options } from '../config/options.js';
import type { Room } from '../config/room.js';
import { auditChores } from './audit-chores.js';
import { AuditDestinations } from './audit-destinations.js';
import { AuditEventEntity } from './audit-event.entity.js';
import { AuditLog } from './audit-log.js';
import { auditOptions } from './audit-options.js';
import { AuditOutboxEntity } from './audit-outbox.entity.js';
import { AuditRecords } from './audit-records.js';
import { AuditSink } from './audit-sink.js';
import { AuditTrail } from './audit-trail.js';

export const auditRoom: Room = {
  name: 'audit',
  options: auditOptions,
  chores: { inject: [Options], useFactory: auditChores },
  entities: [AuditEventEntity, AuditOutboxEntity],
  providers: [AuditDestinations, AuditLog, AuditRecords, { provide: AuditSink, useClass: AuditTrail }],
};
