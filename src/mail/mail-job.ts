import type { Mail } from './mailer.js';

/**
 * A mail that waits in the queue: a kind, and the few facts its writer needs. Never a secret: a token is made
 * when the mail is written, so a stolen queue opens nothing, and a mail tried again carries a fresh one. The fact `languages`: those that the
 * sender of the request reads that caused it, best first, comma-separated. Absent: those of the transaction (`causedBy`). The fact
 * `traceparent`: which traced request asked for it. The writer is given neither.
 */
export interface MailJob {
  /** At most 64 characters. */
  readonly kind: string;
  readonly [fact: string]: Fact;
}

/** A value that a queue of JSON keeps as it is. */
export type Fact = string | number | boolean | null | readonly Readonly<Record<string, string>>[];

/** How a job stands when its mail is written. */
export interface MailJobState {
  readonly createdAt: Date;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Tag of the language to write it in: the reader's own, else one that the request asked for, else the first of `PAGES_LANGUAGES`. */
  readonly language: string;
}

/**
 * Writes the mail of a job when its turn comes, or finds that none is due (null). It may be called again for the same job: after
 * a failure, and after a crash perhaps although the mail was sent. What it throws counts as a failure.
 */
export type MailJobHandler<E extends MailJob = MailJob> = (job: E, state: MailJobState) => Promise<Mail | null>;
