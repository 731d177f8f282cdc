import type { EntityManager } from 'typeorm';

/** A job that this process, and no other, is to do. */
export interface ClaimedJob<Row> {
  /** Its columns, as the table is said to have them. */
  readonly row: Row;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** Does the jobs of one table. A job may come again: after a failure, and after a crash although it was done. */
export interface JobHandler<Row> {
  /**
   * Does it; what it throws counts as a failure.
   *
   * @param next to be called as soon as the next job may be begun; it may be called never
   * @throws JobRefused when no further try can succeed
   */
  handle(job: ClaimedJob<Row>, next: () => void): Promise<void>;

  /** Why a try failed, for logs and tables: it contains no secret and no address. */
  reasonOf(error: unknown): string;

  /** Logs a failure. @param pauseSeconds until the next try; null: the job is given up */
  onFailure(job: ClaimedJob<Row>, reason: string, pauseSeconds: number | null): void;

  /** Records, in the same transaction, that the job is given up. */
  onGivenUp?(job: ClaimedJob<Row>, reason: string, tx: EntityManager): Promise<void>;
}

/** Trying again is of no use: the job is given up at once. */
export class JobRefused extends Error {
  override readonly name: string = 'JobRefused';

  /** @param reason for log and audit, e.g. `RCPT TO 550`. No address, no content */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}
