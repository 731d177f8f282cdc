import { Injectable, Logger } from '@nestjs/common';
import type { AuditEvent } from './audit-sink.js';

/** Line breaks and directions that JSON leaves as they are, and a log viewer may act on. */
const UNSEEN = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** One JSON line for each event, by the Nest logger under `audit`. */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger('audit');

  /** Never throws: what happened has happened. */
  write(event: AuditEvent, at: Date): void {
    this.logger.log(lineOf(event, at));
  }
}

function lineOf(event: AuditEvent, at: Date): string {
  try {
    return escaped(JSON.stringify({ at, ...event }));
  } catch {
    return escaped(JSON.stringify({ at, type: String(event.type), unwritable: true }));
  }
}

/** JSON has escaped every other control character, so no value can begin a line of its own. */
function escaped(json: string): string {
  return json.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
