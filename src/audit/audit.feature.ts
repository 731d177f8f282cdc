import type { Feature } from '../config/feature.js';
import { Options } from '../config/options.js';
import { auditCleanups } from './audit-cleanups.js';
import { AuditCountEntity } from './audit-count.entity.js';
import { AuditCounter } from './audit-counter.js';
import { AuditDestinations } from './audit-destinations.js';
import { AuditEventEntity } from './audit-event.entity.js';
import { AuditFeed } from './audit-feed.js';
import { AuditLogLines } from './audit-log-lines.js';
import { auditOptions } from './audit-options.js';
import { AuditOutboxEntity } from './audit-outbox.entity.js';
import { AuditOutbox } from './audit-outbox.js';
import { AuditRecords } from './audit-records.js';
import { AuditSink } from './audit-sink.js';
import { DatabaseAuditSink } from './database-audit-sink.js';
import { SecurityLog } from './security-log.js';

export const auditFeature: Feature = {
  name: 'audit',
  options: auditOptions,
  cleanups: { inject: [Options], useFactory: auditCleanups },
  entities: [AuditCountEntity, AuditEventEntity, AuditOutboxEntity],
  providers: [
    AuditCounter,
    AuditDestinations,
    AuditOutbox,
    AuditFeed,
    AuditLogLines,
    AuditRecords,
    SecurityLog,
    { provide: AuditSink, useClass: DatabaseAuditSink },
  ],
};
