import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { isStandInAddress } from '../kernel/stand-in-address.js';
import { AccountSecurity } from '../security/account-security.js';
import { NOT_ME } from '../security/security-notifications.js';
import { EmailChanges } from '../users/email-changes.js';
import { type MailedToken, MailedTokens } from '../users/mailed-tokens.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { WaysBack } from './ways-back.js';

/** An account would have to be moved between the same two statements so many times in a row. */
const TRIES = 5;

/** Takes "this was not me" for an answer: from the account's mailbox, or from a former one that can still take it back. */
@Injectable()
export class NotMeService {
  constructor(
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly emailChanges: EmailChanges,
    private readonly security: AccountSecurity,
    private readonly waysBack: WaysBack,
    private readonly clock: Clock,
  ) {}

  /**
   * Removes what came about with what the link's notice told of, or later, ends everything else, and mails a link to a new password to
   * the mailbox the notice went to. From a former mailbox it takes the change of address back besides: a link to a new password would
   * otherwise be worth nothing, or go to the thief who moved the account.
   *
   * @throws AuthError `invalid_token`
   */
  async disown(token: string, caller: Caller): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.attempt(token, caller);
      } catch (error) {
        if (!(error instanceof Moved) || tries === TRIES) throw error;
      }
    }
  }

  private async attempt(token: string, caller: Caller): Promise<void> {
    const link = await this.tokens.peek(token, NOT_ME);
    const before = await this.users.find(link.userId);
    if (!before) throw gone();
    const params = { userId: link.userId, origin: caller, mailbox: link.email, ifGone: gone() };
    if (isOf(before, link.email)) {
      const event = { ...params, since: link.createdAt };
      await this.security.apply('not_me', event, (user, tx) => this.consume(token, before, user, tx));
      return;
    }
    const since = await this.sinceWhen(link);
    await this.waysBack.take(link.email, params, (address) =>
      this.security.apply('email_change_undone', { ...params, since, details: { by: NOT_ME } }, async (user, tx) => {
        await this.consume(token, before, user, tx);
        await this.users.update(user.id, { email: address, emailVerifiedAt: this.clock.now() }, tx);
      }),
    );
  }

  /** @throws AuthError `invalid_token` when that mailbox can take nothing back any more */
  private async sinceWhen({ userId, email, createdAt }: MailedToken): Promise<Date> {
    const way = (await this.emailChanges.openOf(userId)).find(({ oldEmail }) => oldEmail === email);
    if (!way) throw new AuthError('invalid_token', { reason: 'mailed_to_another_address' });
    return way.requestedAt < createdAt ? way.requestedAt : createdAt;
  }

  private async consume(token: string, before: UserRecord, user: UserRecord, tx: EntityManager): Promise<void> {
    if (user.email !== before.email) throw new Moved();
    await this.tokens.consume(token, NOT_ME, tx);
    await this.emailChanges.countAnew(user.id, tx);
  }
}

/** Of an account with a stand-in address, a mailbox it had before: links to the others have ended when it was taken back. */
function isOf({ email }: UserRecord, mailbox: string): boolean {
  return email === mailbox || (email !== null && isStandInAddress(email));
}

class Moved extends AuthError {
  constructor() {
    super('conflict', { reason: 'address_changed_meanwhile' });
  }
}

function gone(): AuthError {
  return new AuthError('invalid_token', { reason: 'user_deleted' });
}
