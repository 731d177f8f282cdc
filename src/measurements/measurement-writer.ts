import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { METRICS, type Metric } from '../kernel/metric.js';
import { EventCounts } from './event-counts.js';
import type { Measurement } from './measured.js';
import { measurementOptions } from './measurement-options.js';
import { Minute } from './minute.js';

const MINUTE = 60_000;
/** Minutes kept for a database that is out of reach; older ones are dropped. Hours are summed up only once they cannot come any more. */
export const MINUTES_KEPT = 60;

type Row = Measurement & { readonly minute: Date; readonly node: string };

/** Seconds since the creation of the oldest row that waits; 0 without one. `$4` is the time by the application's clock. */
function lagOf(created: string): string {
  return `coalesce(greatest(0, extract(epoch FROM $4::timestamptz - (${created})))::float8, 0)`;
}

const INSERT = `
  INSERT INTO coatcheck.measurements (minute, node, name, count, sum, p50, p99)
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS row (minute timestamptz, node text, name text, count float8, sum float8, p50 float8, p99 float8)
  UNION ALL
  SELECT $2::timestamptz, $3::text, lag.name, 1, lag.seconds, lag.seconds, lag.seconds
    FROM (SELECT 'mail_lag', ${lagOf('SELECT created_at FROM coatcheck.mail_jobs ORDER BY id LIMIT 1')}
    UNION ALL
          SELECT 'webhook_lag', ${lagOf(`
            SELECT event.at FROM coatcheck.audit_outbox post JOIN coatcheck.audit_events event ON event.id = post.event_id
             WHERE post.dead_at IS NULL AND post.destination NOT LIKE '%:%' ORDER BY post.event_id LIMIT 1`)}) AS lag (name, seconds)
  ON CONFLICT DO NOTHING`;

/**
 * Writes what this node has measured, once a minute, by one statement. Nothing waits for it. A minute that could not be written is tried
 * again with the next; a node that dies loses the minute it is in.
 */
@Injectable()
export class MeasurementWriter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Of this process: after a restart it is another. */
  readonly node = `${hostname().slice(0, 48)}/${randomBytes(3).toString('hex')}`;
  private readonly logger = new Logger('measurements');
  private readonly isOn: boolean;
  private minute: Minute | undefined;
  /** The last one that was taken. */
  private taken = 0;
  private waiting: Row[] = [];
  private underWay: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(METRICS) private readonly metrics: readonly Metric[],
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly events: EventCounts,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.isOn = options.of(measurementOptions).measurements;
  }

  onApplicationBootstrap(): void {
    this.minute = new Minute(this.metrics, this.events.all);
    if (this.isOn) this.planNext();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.underWay;
  }

  /** Writes the minute that is over, unless that was done. Never rejects: the next call tries again what failed. */
  async write(): Promise<void> {
    await this.underWay;
    this.underWay = this.writeMinute();
    await this.underWay;
  }

  private async writeMinute(): Promise<void> {
    // A timer may be a few milliseconds early.
    const begun = Math.floor((this.clock.now().getTime() + 500) / MINUTE) * MINUTE - MINUTE;
    if (!this.minute || begun <= this.taken) return;
    this.taken = begun;
    const minute = new Date(begun);
    this.waiting.push(...this.minute.take().map((measurement) => ({ minute, node: this.node, ...measurement })));
    const oldest = begun - (MINUTES_KEPT - 1) * MINUTE;
    this.waiting = this.waiting.filter((row) => row.minute.getTime() >= oldest);
    try {
      const rows = JSON.stringify(this.waiting);
      await this.dataSource.query(INSERT, [rows, minute, this.node, this.clock.now()]);
      this.waiting = [];
    } catch (error) {
      this.logger.warn(`the measurements of a minute could not be written (${(error as Error).message})`);
    }
  }

  private planNext(): void {
    this.timer = setTimeout(
      () => {
        void this.write();
        this.planNext();
      },
      MINUTE - (this.clock.now().getTime() % MINUTE),
    );
    this.timer.unref();
  }
}
