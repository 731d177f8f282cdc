import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { AuditFilter } from '../audit/audit-filter.js';
import { AuditRecords } from '../audit/audit-records.js';
import { AuditEventReply } from './admin.replies.js';

const EVENTS_A_PAGE = 500;

/** Exports audit events as JSON lines. */
@Injectable()
export class AuditExport {
  constructor(private readonly records: AuditRecords) {}

  /** One event a line, the newest first. Read page by page, as fast as the client reads: it never holds more than one page. */
  lines(filter: AuditFilter): Readable {
    return Readable.from(this.pages(filter), { objectMode: false });
  }

  private async *pages(filter: AuditFilter): AsyncGenerator<Buffer> {
    let { before } = filter;
    for (;;) {
      const events = await this.records.find({ ...filter, before }, EVENTS_A_PAGE);
      if (events.length > 0) {
        yield Buffer.from(events.map((event) => `${JSON.stringify(AuditEventReply.of(event))}\n`).join(''));
      }
      if (events.length < EVENTS_A_PAGE) return;
      before = events.at(-1)!.id;
    }
  }
}
