import { Injectable, Logger } from '@nestjs/common';
import { jsonLine } from '../kernel/json-line.js';
import type { AuditEvent } from './audit-sink.js';

/** One JSON line for each event, by the Nest logger under `audit`. */
@Injectable()
export class AuditLogLines {
  private readonly logger = new Logger('audit');

  /** Never throws: what happened has happened. */
  write(event: AuditEvent, at: Date): void {
    this.logger.log(lineOf(event, at));
  }
}

function lineOf(event: AuditEvent, at: Date): string {
  try {
    return jsonLine({ at, ...event });
  } catch {
    return jsonLine({ at, type: String(event.type), unwritable: true });
  }
}
