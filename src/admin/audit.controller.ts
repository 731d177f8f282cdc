import { Get, Query, Req, StreamableFile } from '@nestjs/common';
import { AuditRecords } from '../audit/audit-records.js';
import { AuditSink } from '../audit/audit-sink.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { cursorOf } from '../http/page-cursor.js';
import { pageSize } from '../http/page-query.js';
import { audited } from '../security/actor.js';
import { AuditEventReply, AuditReply } from './admin.replies.js';
import type { AdminActor } from './admin-actor.js';
import { AdminController } from './admin-controller.js';
import { AuditQuery, auditFilterOf } from './audit.requests.js';
import { AuditExport } from './audit-export.js';
import { ByAdmin } from './by-admin.decorator.js';

const JSON_LINES = 'application/x-ndjson';

@AdminController('admin/audit')
export class AuditController {
  constructor(
    private readonly records: AuditRecords,
    private readonly exports: AuditExport,
    private readonly audit: AuditSink,
  ) {}

  @Describe({
    summary: 'List audit events',
    description:
      'The newest first. A page may be short or empty although more events follow: continue until `nextCursor` is null. With `Accept: application/x-ndjson`, the response contains all matching events, one per line.',
    answers: { 200: { description: 'A page of events.', type: AuditReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get()
  async readAudit(
    @Query() query: AuditQuery,
    @Req() { headers }: HttpRequest,
    @ByAdmin() by: AdminActor,
  ): Promise<AuditReply | StreamableFile> {
    const filter = auditFilterOf(query);
    if (headers.accept?.includes(JSON_LINES)) {
      await this.audit.record({ type: 'audit.exported', ...audited(by) });
      return new StreamableFile(this.exports.lines(filter), { type: JSON_LINES });
    }
    const { events, next } = await this.records.page(filter, pageSize(query.limit));
    return { events: events.map(AuditEventReply.of), nextCursor: next && cursorOf(next) };
  }
}
