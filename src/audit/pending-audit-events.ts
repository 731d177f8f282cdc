import type { DataSource } from 'typeorm';
import type { AuditEvent, AuditSink, StatementEvents, WrittenEvents } from './audit-sink.js';

/** The user and session that a change was made to. */
export interface ChangeSubject {
  readonly userId: string | null;
  readonly sessionId: string | null;
}

const NOTHING: WrittenEvents = { events: '[]', destinations: [] };

/**
 * The events of a change that a store makes. A store in the database of the audit writes them by the statement that makes the change,
 * so that neither is ever there without the other; whatever other stores leave is recorded right after it.
 */
export class PendingAuditEvents {
  private statement: StatementEvents | null = null;
  private readonly events: readonly AuditEvent[];

  /** @param events that name no user or no session are about those the change was made to; what is undefined is none */
  constructor(
    private readonly sink: AuditSink,
    events: readonly (AuditEvent | undefined)[],
  ) {
    this.events = events.filter((event) => event !== undefined);
  }

  /** For a store that makes the change by a statement on `dataSource`. The caller must write what is returned. */
  flushWith(dataSource: DataSource): WrittenEvents {
    this.statement = this.sink.writtenBy(this.events, dataSource);
    return this.statement ?? NOTHING;
  }

  /** Call it once the change was made; before, nothing has happened. */
  async committed(subjects: readonly ChangeSubject[]): Promise<void> {
    const events = subjects.flatMap((subject) =>
      this.events.map(({ type, ...event }): AuditEvent => ({ type, ...subject, ...event })),
    );
    const { statement } = this;
    if (statement) for (const event of events) statement.written(event);
    else await Promise.all(events.map((event) => this.sink.record(event)));
  }
}

/** {@link PendingAuditEvents.flushWith}, where there may be nothing to record. */
export function flushWith(dataSource: DataSource, pendingEvents: PendingAuditEvents | undefined): WrittenEvents {
  return pendingEvents?.flushWith(dataSource) ?? NOTHING;
}
