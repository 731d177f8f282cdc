import { Inject, Injectable, type Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { type ClaimedJob, type JobHandler } from '../jobs/job-handler.js';
import { JobQueue, type JobTable } from '../jobs/job-queue.js';
import { JobWorker } from '../jobs/job-worker.js';
import { Clock } from '../kernel/clock.js';
import { AuditDestinations } from './audit-destinations.js';
import { AuditEventEntity } from './audit-event.entity.js';
import type { AuditEventType } from './audit-event-types.js';

const TABLE: JobTable = {
  name: 'audit_outbox',
  key: ['event_id', 'destination'],
  columns: [],
  lane: 'destination',
  keepsDead: true,
  claimSeconds: 120,
};
const HOUR = 3600;
/** As Standard Webhooks recommends: about three days in all. */
const PAUSES_SECONDS = [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const POLL_MILLISECONDS = 1_000;

/** A reader that is told of events, at least once each, on whichever node comes first, and not in order. */
export interface OutboxReader {
  /** Its name in the table, also of what is given up; no other's. A colon keeps it apart from those of the configuration. */
  readonly destination: string;
  /** Of the events that it is told of. Absent: all. */
  readonly types?: readonly AuditEventType[];
  /** A try that takes longer has failed. */
  readonly jobSeconds: number;
  /** Of its feature. */
  readonly logger: Logger;
  /** Pauses before the second try, the third and so on; then it is given up, and kept for a while. Absent: nine, about three days in all. */
  readonly pausesSeconds?: readonly number[];

  /**
   * Takes an event: it is not told again once the promise has resolved. What the event tells of has happened and is visible.
   *
   * @throws JobRefused when no further try can succeed; anything else: it is tried again
   */
  take(event: AuditEventEntity): Promise<void>;

  /** Why a try failed, for logs and the table: it contains no secret and no address. */
  reasonOf(error: unknown): string;
}

/** A row of the table. */
interface OutboxRow {
  readonly event_id: string;
  readonly destination: string;
}

/**
 * Events for those who act on them, kept until they have: written with the event, in the transaction of what it tells of, so that none is
 * lost by a crash.
 *
 * @example
 * constructor(outbox: AuditOutbox) { this.worker = outbox.workerFor(this); }
 * onApplicationBootstrap() { this.worker.start(); }
 * beforeApplicationShutdown() { return this.worker.stop(); }
 */
@Injectable()
export class AuditOutbox {
  private readonly queue: JobQueue<OutboxRow>;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    clock: Clock,
    private readonly destinations: AuditDestinations,
  ) {
    this.queue = new JobQueue<OutboxRow>(dataSource, clock, TABLE);
  }

  /**
   * From now on events are kept for this reader, and a worker that brings them, one at a time. To be called in a constructor; who calls
   * it starts and stops the worker, and may wait for what is due (`settled`).
   */
  workerFor(reader: OutboxReader): OutboxWorker {
    const { destination, types, jobSeconds, logger, pausesSeconds = PAUSES_SECONDS } = reader;
    this.destinations.add(destination, types);
    const times = { jobSeconds, lastJobsSeconds: jobSeconds, pollMilliseconds: POLL_MILLISECONDS, pausesSeconds };
    const handler = new ReadEvents(this.dataSource, reader);
    return new JobWorker(this.queue, handler, { ...times, concurrency: 1, lane: destination, logger });
  }
}

/** The worker that brings events to a reader. */
export type OutboxWorker = Pick<JobWorker<OutboxRow>, 'start' | 'wake' | 'settled' | 'stop'>;

class ReadEvents implements JobHandler<OutboxRow> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: OutboxReader,
  ) {}

  async handle({ row }: ClaimedJob<OutboxRow>): Promise<void> {
    const event = await this.dataSource.manager.findOneBy(AuditEventEntity, { id: row.event_id });
    // Null: it is so old that it has been deleted.
    if (event) await this.reader.take(event);
  }

  reasonOf(error: unknown): string {
    return this.reader.reasonOf(error);
  }

  onFailure({ row }: ClaimedJob<OutboxRow>, reason: string, pauseSeconds: number | null): void {
    if (pauseSeconds !== null) return;
    this.reader.logger.error(`the event ${row.event_id} could not be delivered to ${row.destination} (${reason})`);
  }
}
