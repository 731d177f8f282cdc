import { Injectable } from '@nestjs/common';

/** The destinations of every event. Each gets a row in `audit_outbox` in the same statement as the event's own. */
@Injectable()
export class AuditDestinations {
  private readonly known = new Set<string>();

  /** To be called before the first event, so in a constructor. */
  add(name: string): void {
    this.known.add(name);
  }

  get names(): readonly string[] {
    return [...this.known];
  }
}
