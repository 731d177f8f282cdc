import { Get, Query, Req, StreamableFile } from '@nestjs/common';
import { AuditRecords } from '../audit/audit-records.js';
import { AuditSink } from '../audit/audit-sink.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { cursorOf, idsIn } from '../http/page-cursor.js';
import { pageSize } from '../http/page-query.js';
import { audited } from '../security/actor.js';
import { AuditEventReply, AuditReply } from './admin.replies.js';
import type { AdminActor } from './admin-actor.js';
import { AdminController } from './admin-controller.js';
import { AuditQuery } from './audit.requests.js';
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
      'The newest first. With `Accept: application/x-ndjson`, the response contains all matching events, one per line.',
    answers: { 200: { description: 'A page of events.', type: AuditReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get()
  async readAudit(
    @Query() { userId, type, from, to, cursor, limit }: AuditQuery,
    @Req() { headers }: HttpRequest,
    @ByAdmin() by: AdminActor,
  ): Promise<AuditReply | StreamableFile> {
    const instant = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
    const before = idsIn(cursor, 1)?.[0];
    const filter = { userId: userId?.toLowerCase(), type, from: instant(from), to: instant(to), before };
    if (headers.accept?.includes(JSON_LINES)) {
      await this.audit.record({ type: 'audit.exported', ...audited(by) });
      return new StreamableFile(this.exports.lines(filter), { type: JSON_LINES });
    }
    const size = pageSize(limit);
    const found = await this.records.find(filter, size + 1);
    const events = found.slice(0, size);
    const nextCursor = found.length > size ? cursorOf(events.at(-1)!.id) : null;
    return { events: events.map(AuditEventReply.of), nextCursor };
  }
}
