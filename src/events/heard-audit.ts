import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { type AuditEvent, AuditSink, type StatementEvents } from '../audit/audit-sink.js';
import { Commits } from '../jobs/commits.js';
import { Clock } from '../kernel/clock.js';
import { EventListeners } from './event-listeners.js';

/** DI token of the sink that keeps events: ours, or what the application provided as `AuditSink`. */
export const KEEPING_SINK = Symbol('coatcheck.keepingSink');

/** The one seam where events become known: the sink keeps them, and listeners of the application join or hear them. */
@Injectable()
export class HeardAudit extends AuditSink {
  constructor(
    @Inject(KEEPING_SINK) private readonly sink: AuditSink,
    private readonly listeners: EventListeners,
    private readonly commits: Commits,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async record(event: AuditEvent, within?: EntityManager): Promise<void> {
    const at = this.clock.now();
    if (within && this.listeners.joins(event)) {
      await this.listeners.join(event, at, within);
      // After an error that a listener has swallowed, COMMIT would undo everything without a word.
      await within.query('SELECT 1');
    }
    await this.sink.record(event, within);
    this.commits.after(within, () => this.listeners.tell(event, at));
  }

  override writtenBy(events: readonly AuditEvent[], dataSource: DataSource): StatementEvents | null {
    // Listeners that join are called between statements, and may refuse what the statement would already have done.
    if (events.some((event) => this.listeners.joins(event))) return null;
    const statement = this.sink.writtenBy(events, dataSource);
    if (!statement) return null;
    return {
      ...statement,
      written: (event) => {
        statement.written(event);
        this.listeners.tell(event, this.clock.now());
      },
    };
  }
}
