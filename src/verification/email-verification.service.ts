import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { originOf } from '../access/request-origin.js';
import { RequestRecognizer } from '../access/request-recognizer.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import type { MailCause } from '../mail/mail-cause.js';
import { AccountSecurity } from '../security/account-security.js';
import type { SecurityEventName } from '../security/security-table.js';
import { DeclaredUserFields } from '../users/declared-user-fields.js';
import { EMAIL_VERIFICATION, MailedTokens } from '../users/mailed-tokens.js';
import { UnprovenUsers } from '../users/unproven-users.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { PendingRegistrations, type ProvenMailbox } from './pending-registrations.js';
import { VerificationMails } from './verification-mails.js';

/** Proves that a user reads the mailbox of their address. */
@Injectable()
export class EmailVerificationService {
  constructor(
    private readonly users: UserStore,
    private readonly unproven: UnprovenUsers,
    private readonly tokens: MailedTokens,
    private readonly security: AccountSecurity,
    private readonly registrations: PendingRegistrations,
    private readonly mails: VerificationMails,
    private readonly recognizer: RequestRecognizer,
    private readonly declared: DeclaredUserFields,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes a mailed link. That of a registration makes the user; that of a user verifies the address, once, and the first time everything
   * from before ends. Every other pending link dies with it.
   *
   * @throws AuthError `invalid_token`
   * @throws AuthError `unavailable` when it cannot be told whose browser it is; the link stays good
   */
  async verify(token: string, request: HttpRequest): Promise<ProvenMailbox> {
    const origin = originOf(request);
    const registered = await this.registrations.follow(token, origin);
    if (registered) return registered;
    const { userId } = await this.tokens.peek(token, EMAIL_VERIFICATION);
    const isOwnBrowser = (await this.holderOf(request)) === userId;
    const ifGone = new AuthError('invalid_token', { reason: 'user_deleted' });
    const details = { by: 'verification' };
    // Both are settled together with the proof: a link that was just made to choose a password is to be good.
    const params = { userId, origin, ifGone, details, replaces: ['password', 'resetLinks'] as const };
    const { result } = await this.security.apply(eventOf, params, (user, tx) =>
      this.verifyWithin(token, user, isOwnBrowser, tx),
    );
    return { resetToken: result };
  }

  /**
   * Takes a reset link that was followed for the proof it is. Part of the reset's transaction, which has locked the user; its event is
   * `mailbox_proven` if no address of the user was ever proven.
   */
  async proveByReset(user: UserRecord, within: EntityManager): Promise<void> {
    if (!user.emailVerifiedAt) await this.prove(user, !(await this.unproven.includes(user, within)), within);
  }

  /** Mails another link, should the address belong to a user who needs one. Neither the answer nor its time tells. */
  async sendAgain(typedEmail: string, caller?: MailCause): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (email !== null) await this.mails.enqueue(email, undefined, caller?.languages);
  }

  /** @returns a token to choose the password with; null: it stays */
  private async verifyWithin(
    token: string,
    user: UserRecord,
    isOwnBrowser: boolean,
    tx: EntityManager,
  ): Promise<string | null> {
    const { email } = await this.tokens.consume(token, EMAIL_VERIFICATION, tx);
    if (user.email !== email) throw new AuthError('invalid_token', { reason: 'mailed_to_another_address' });
    if (user.emailVerifiedAt) throw new AuthError('invalid_token', { reason: 'already_verified' });
    // A stranger may have registered with it; the user who is logged in here has just used it.
    const isTrusted = isOwnBrowser || !(await this.unproven.includes(user, tx));
    await this.prove(user, isTrusted, tx);
    if (user.firstVerifiedAt !== null) return null;
    return this.registrations.settlePassword({ ...user, email }, isTrusted, tx);
  }

  private async prove({ id, name, fields }: UserRecord, isTrusted: boolean, within: EntityManager): Promise<void> {
    // Who chose the name and the fields is as unknown as who chose the password.
    const described = isTrusted ? { name } : { name: null, fields: this.declared.givenByAdmins(fields) };
    await this.users.update(id, { emailVerifiedAt: this.clock.now(), ...described }, within);
    await this.unproven.remove(id, within);
  }

  /** Whose session the request carries; null without one that is good: the route is open to everyone. */
  private async holderOf(request: HttpRequest): Promise<string | null> {
    try {
      const { context: auth } = await this.recognizer.recognize(request);
      const isTheirs = auth.by === 'session' && auth.session.impersonatorId === null && auth.session.onlyFor === null;
      return isTheirs ? auth.user.id : null;
    } catch (error) {
      if (error instanceof AuthError && error.status === 401) return null;
      throw error;
    }
  }
}

/** Which event the proof of the user's mailbox is: the first one clears what a stranger may have set up before. */
function eventOf({ firstVerifiedAt }: UserRecord): SecurityEventName {
  return firstVerifiedAt === null ? 'mailbox_proven' : 'mailbox_proven_again';
}
