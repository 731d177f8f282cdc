import type { EntityManager } from 'typeorm';

/** A request, as far as a mail that it causes is concerned: the languages that its sender reads, best first, comma-separated. */
export interface MailCause {
  readonly languages?: string | undefined;
}

const causes = new WeakMap<EntityManager, string>();

/**
 * Says on whose behalf a transaction is made: its mails are in a language that the sender of the request reads, where the reader of a mail
 * has chosen none.
 *
 * @param cause null: there is no request, e.g. on the command line
 */
export function causedBy(cause: MailCause | null | undefined, tx: EntityManager): void {
  const languages = cause?.languages;
  if (languages) causes.set(tx, languages);
}

/** The languages of the request that a transaction is made for; undefined: not known. */
export function languagesOfCause(tx: EntityManager): string | undefined {
  return causes.get(tx);
}
