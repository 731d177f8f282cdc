import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import type { ClaimedJob, Fact, MailJob } from './mail-job.js';

/** A process that died is succeeded after so long. */
const CLAIM_SECONDS = 60;
/** So long a job is left to the process that posted it: it is awake, and the others only look now and then. */
const RESERVED_SECONDS = 10;

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly facts: Readonly<Record<string, Fact>>;
  readonly attempts: number;
  readonly posted_at: Date;
}

/** The mails yet to be sent, in the table `mail_jobs`, which all nodes share. Every method is one statement. */
@Injectable()
export class JobQueue {
  private readonly process = randomUUID();

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** `within` is the transaction of what the mail tells of: without its commit there is no job. */
  async add({ kind, ...facts }: MailJob, within?: EntityManager): Promise<void> {
    const now = this.clock.now();
    await (within ?? this.dataSource.manager).query(
      `INSERT INTO mail_jobs (kind, facts, attempts, posted_at, due_at, claimed_by, claimed_until)
       VALUES ($1, $2, 0, $3, $3, $4, clock_timestamp() + $5 * interval '1 second')`,
      [kind, JSON.stringify(facts), now, this.process, RESERVED_SECONDS],
    );
  }

  /** The job that has been due for longest; null when none is. Of any number of processes one gets it. */
  async claim(): Promise<ClaimedJob | null> {
    const [rows] = await this.dataSource.query(
      `UPDATE mail_jobs
          SET attempts = attempts + 1, claimed_by = $2, claimed_until = clock_timestamp() + $3 * interval '1 second'
        WHERE id = (
          SELECT id FROM mail_jobs
           WHERE due_at <= $1 AND (claimed_until <= clock_timestamp() OR claimed_by = $2 AND attempts = 0)
           ORDER BY due_at, id LIMIT 1
             FOR UPDATE SKIP LOCKED)
       RETURNING id, kind, facts, attempts, posted_at`,
      [this.clock.now(), this.process, CLAIM_SECONDS],
    );
    const [row] = rows as Row[];
    if (!row) return null;
    const { id, kind, facts, attempts: attempt, posted_at: postedAt } = row;
    return { id, job: { ...facts, kind }, attempt, postedAt };
  }

  /** Keeps a claim for another minute; to be called at least three times in one. */
  async keep({ id, attempt }: ClaimedJob): Promise<void> {
    await this.dataSource.query(
      `UPDATE mail_jobs SET claimed_until = clock_timestamp() + $4 * interval '1 second'
        WHERE id = $1 AND attempts = $2 AND claimed_by = $3`,
      [id, attempt, this.process, CLAIM_SECONDS],
    );
  }

  /** To be tried again, by whichever node comes first. Nothing happens if another process has claimed it meanwhile. */
  async postpone({ id, attempt }: ClaimedJob, seconds: number): Promise<void> {
    await this.dataSource.query(
      `UPDATE mail_jobs SET due_at = $4, claimed_until = clock_timestamp()
        WHERE id = $1 AND attempts = $2 AND claimed_by = $3`,
      [id, attempt, this.process, this.clock.in(seconds)],
    );
  }

  /**
   * Its mail has left, or never will.
   *
   * @param record tells the audit, in the same transaction
   */
  async remove({ id }: ClaimedJob, record?: (within: EntityManager) => Promise<void>): Promise<void> {
    const sql = 'DELETE FROM mail_jobs WHERE id = $1';
    if (!record) return this.dataSource.query(sql, [id]);
    await this.dataSource.transaction(async (manager) => {
      await manager.query(sql, [id]);
      await record(manager);
    });
  }
}
