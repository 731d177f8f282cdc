import type { Room } from '../config/room.js';
import { AuditSink } from './audit-sink.js';
import { LoggerAuditSink } from './logger-audit-sink.js';

export const auditRoom: Room = {
  name: 'audit',
  providers: [{ provide: AuditSink, useClass: LoggerAuditSink }],
};
