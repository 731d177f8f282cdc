import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '../kernel/clock.js';
import type { ClaimedJob } from './job-handler.js';

/**
 * A table of jobs. Beside its own columns it has `attempts`, `due_at` (by the application's clock), `claimed_by` (the process that
 * has it; with `attempts` 0, that added it and may take it at once) and `claimed_until` (by the database's clock: those of the nodes are
 * not compared).
 */
export interface JobTable {
  /** Without its schema. */
  readonly name: string;
  /** Columns of its primary key. */
  readonly key: readonly string[];
  /** Other columns that the worker of a job is given. */
  readonly columns: readonly string[];
  /** Column of texts: jobs of different lanes are claimed apart. Absent: there is one lane. */
  readonly lane?: string;
  /** Whether jobs that are given up stay, with `dead_at` and `last_error`; else they are deleted. */
  readonly keepsDead?: boolean;
  /** A process that died is succeeded after so long. */
  readonly claimSeconds: number;
}

type Values = Readonly<Record<string, unknown>>;

/** The jobs in a table that all nodes share. Every method is one statement, or one transaction. */
export class JobQueue<Row extends object> {
  /** Stands in `claimed_by`. */
  readonly processId = randomUUID();
  private readonly claiming: string;
  private readonly claimEnd: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    readonly table: JobTable,
  ) {
    const { name, key, columns, lane, keepsDead, claimSeconds } = table;
    this.claimEnd = `clock_timestamp() + ${claimSeconds} * interval '1 second'`;
    this.claiming = `
      UPDATE coatcheck.${name} SET attempts = attempts + 1, claimed_by = $2, claimed_until = ${this.claimEnd}
       WHERE (${key}) = (
         SELECT ${key} FROM coatcheck.${name}
          WHERE due_at <= $1 AND (claimed_until <= clock_timestamp() OR claimed_by = $2 AND attempts = 0)
            ${lane ? `AND ${lane} = $3` : ''} ${keepsDead ? 'AND dead_at IS NULL' : ''}
          ORDER BY due_at, ${key} LIMIT 1
            FOR UPDATE SKIP LOCKED)
      RETURNING ${[...key, ...columns]}, attempts`;
  }

  /** The job that has been due for longest; null when none is. Of any number of processes one gets it. */
  async claim(lane?: string): Promise<ClaimedJob<Row> | null> {
    const values = [this.clock.now(), this.processId, ...(lane === undefined ? [] : [lane])];
    const [[found]]: [({ attempts: number } & Row)[]] = await this.dataSource.query(this.claiming, values);
    if (!found) return null;
    const { attempts: attempt, ...row } = found;
    return { row: row as unknown as Row, attempt };
  }

  /** Keeps a claim for as long again; to be called at least three times before it ends. */
  keep(job: ClaimedJob<Row>): Promise<void> {
    return this.change(job, this.claimEnd, {});
  }

  /** To be tried again, by whichever node comes first. Nothing happens if another process has claimed it meanwhile. */
  retry(job: ClaimedJob<Row>, seconds: number, reason: string): Promise<void> {
    const { keepsDead } = this.table;
    return this.change(job, 'clock_timestamp()', {
      due_at: this.clock.in(seconds),
      ...(keepsDead && { last_error: reason }),
    });
  }

  /** The job is done: its row goes, also if another process has claimed it meanwhile. */
  async remove({ row }: ClaimedJob<Row>, tx: EntityManager = this.dataSource.manager): Promise<void> {
    const key = this.keyOf(row);
    await tx.query(`DELETE FROM coatcheck.${this.table.name} WHERE ${equal(key).join(' AND ')}`, Object.values(key));
  }

  /** Will not be tried again. @param record tells the audit, in the same transaction */
  giveUp(job: ClaimedJob<Row>, reason: string, record?: (tx: EntityManager) => Promise<void>): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const end = { dead_at: this.clock.now(), last_error: reason };
      if (this.table.keepsDead) await this.change(job, 'clock_timestamp()', end, tx);
      else await this.remove(job, tx);
      await record?.(tx);
    });
  }

  /** Only the claim that is given: nothing happens to a job that another process has claimed meanwhile. */
  private async change(
    { row, attempt }: ClaimedJob<Row>,
    claimedUntil: string,
    changes: Values,
    tx: EntityManager = this.dataSource.manager,
  ): Promise<void> {
    const mine = { ...this.keyOf(row), attempts: attempt, claimed_by: this.processId };
    const set = [`claimed_until = ${claimedUntil}`, ...equal(changes)].join(', ');
    const where = equal(mine, Object.keys(changes).length).join(' AND ');
    const values = [...Object.values(changes), ...Object.values(mine)];
    await tx.query(`UPDATE coatcheck.${this.table.name} SET ${set} WHERE ${where}`, values);
  }

  private keyOf(row: Row): Values {
    return Object.fromEntries(this.table.key.map((column) => [column, row[column as keyof Row]]));
  }
}

/** `column = $n` of each. */
function equal(values: Values, before = 0): string[] {
  return Object.keys(values).map((column, i) => `${column} = $${before + i + 1}`);
}
