import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { SingleFlight } from '../kernel/single-flight.js';
import { AuditDestinations, postedFrom } from './audit-destinations.js';
import { AuditLogLines } from './audit-log-lines.js';
import { AUDIT_ROW_COLUMNS, type AuditRow, auditRowOf, auditTemplateOf } from './audit-row.js';
import { type AuditEvent, AuditSink, type StatementEvents } from './audit-sink.js';

const INSERT = `INSERT INTO coatcheck.audit_events (${AUDIT_ROW_COLUMNS})
   SELECT ${AUDIT_ROW_COLUMNS} FROM jsonb_populate_recordset(NULL::coatcheck.audit_events, $1::jsonb)`;
const INSERT_AND_POST = `
  WITH event AS (${INSERT} RETURNING id, type, at) ${postedFrom('event', '$2')}`;

/**
 * The table `audit_events`, and a line in the log for each event. What is recorded while a statement is in flight goes into the
 * next one together, so a storm of failed logins costs few statements.
 */
@Injectable()
export class DatabaseAuditSink extends AuditSink {
  private readonly logger = new Logger('audit');
  private waiting: AuditRow[] = [];
  /** Also for what a request did that was turned away meanwhile. */
  private readonly inserting = new SingleFlight(() => this.insertWaiting());

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly log: AuditLogLines,
    private readonly destinations: AuditDestinations,
    private readonly clock: Clock,
  ) {
    super();
  }

  async record(event: AuditEvent, within?: EntityManager): Promise<void> {
    const at = this.clock.now();
    this.log.write(event, at);
    const row = auditRowOf(event, at);
    if (within) return this.insert([row], within);
    this.waiting.push(row);
    await this.inserting.run();
  }

  override writtenBy(events: readonly AuditEvent[], dataSource: DataSource): StatementEvents | null {
    // A subclass that records in another way must be asked.
    if (dataSource !== this.dataSource || this.record !== DatabaseAuditSink.prototype.record) return null;
    const at = this.clock.now();
    return {
      events: JSON.stringify(events.map((event) => auditTemplateOf(event, at))),
      destinations: this.destinations.all,
      written: (event) => this.log.write(event, at),
    };
  }

  private insertWaiting(): Promise<void> {
    const rows = this.waiting;
    this.waiting = [];
    return this.insert(rows, this.dataSource.manager).catch((error: Error) => this.recordEach(rows, error));
  }

  /** One that the table refuses must not take with it what others have done. */
  private async recordEach(rows: readonly AuditRow[], why: Error): Promise<void> {
    if (rows.length === 1 || !isRefusal(why)) {
      // It is in the log; its cause has been answered already, or learns of the database by other means.
      this.logger.error(`${rows.length} audit event(s) could not be stored and are in this log only (${why.message})`);
      return;
    }
    for (const row of rows) {
      await this.insert([row], this.dataSource.manager).catch((error: Error) => this.recordEach([row], error));
    }
  }

  private async insert(rows: readonly AuditRow[], manager: EntityManager): Promise<void> {
    const isTold = this.destinations.isToldOf(rows.map(({ type }) => type));
    if (!isTold) await manager.query(INSERT, [JSON.stringify(rows)]);
    else await manager.query(INSERT_AND_POST, [JSON.stringify(rows), this.destinations.all]);
  }
}

/** A datum or a constraint (SQLSTATE classes 22, 23 and 54); all else would be refused as often as it is tried. */
function isRefusal(error: Error): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^(22|23|54)/.test(code);
}
