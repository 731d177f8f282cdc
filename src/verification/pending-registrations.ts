import type { EntityManager } from 'typeorm';
import type { AuditOrigin } from '../audit/audit-sink.js';
import type { Mail } from '../mail/mailer.js';
import type { UserRecord } from '../users/user.store.js';

/** The result of a link that proves a mailbox. */
export interface ProvenMailbox {
  /** Takes the place of a mailed reset link: the password is to be chosen with it. Null: there is one that may stay. */
  readonly resetToken: string | null;
}

/**
 * People who have registered and are no users, because their mailbox is not proven; and what becomes of a password that was
 * set before it was. The factor that takes registrations provides it.
 */
export abstract class PendingRegistrations {
  /**
   * Makes the user of a registration whose link was followed, once, in a transaction of its own.
   *
   * @returns null when the token is of no registration that is pending
   * @throws AuthError `invalid_token` when there is a user of that address meanwhile, or another link was followed at the same time
   */
  abstract follow(token: string, origin: AuditOrigin): Promise<ProvenMailbox | null>;

  /** The mail with a new link, which ends the older one, for the latest registration of this canonical address; null: none is pending. */
  abstract writeLink(email: string, language: string): Promise<Mail | null>;

  /**
   * Says whether the password of a user whose mailbox is just being proven may stay. Reset links from before end.
   *
   * @param isTrusted false: a stranger may have set it, so it is no longer accepted
   * @returns a token to choose one with, when there is none that may stay
   */
  abstract settlePassword(
    user: UserRecord & { readonly email: string },
    isTrusted: boolean,
    within: EntityManager,
  ): Promise<string | null>;
}
