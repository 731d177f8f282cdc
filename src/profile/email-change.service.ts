import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { HttpExchange, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { Reauthentication } from '../login/reauthentication.js';
import { SecurityChanges } from '../sessions/security-changes.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { EMAIL_CHANGE, EMAIL_CHANGE_UNDO, EmailChangeLetters } from './email-change-letters.js';

/** Moves users to addresses whose mailboxes they read, and back. */
@Injectable()
export class EmailChangeService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly reauthentication: Reauthentication,
    private readonly changes: SecurityChanges,
    private readonly letters: EmailChangeLetters,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Mails a link to the new address and a notice, with a way back, to the old one; nothing has changed yet. Neither answer nor
   * time tells whether the new address is taken.
   *
   * @throws AuthError `invalid_credentials` unless the password is right
   */
  async request(typed: { email: string; password: string }, auth: AuthContext, exchange: HttpExchange): Promise<void> {
    const user = await this.reauthentication.byPassword(auth, typed.password, exchange);
    const newEmail = canonicalEmail(typed.email);
    if (newEmail === null || newEmail === user.email) throw noOtherAddress();
    await this.dataSource.transaction(async (manager) => {
      await this.letters.postWish(user, newEmail, manager);
      const origin = originOf(exchange.request);
      const who = { userId: user.id, sessionId: auth.session.id, origin };
      await this.audit.record({ type: 'users.email_change_requested', ...who }, manager);
    });
  }

  /**
   * Moves the user to the address the link was mailed to, which is thereby verified. Sessions go on, and older access tokens
   * are refreshed.
   *
   * @throws AuthError `invalid_token`
   * @throws AuthError `conflict` when the address has become another user's; the link stays good
   */
  async confirm(token: string, request: HttpRequest): Promise<void> {
    await this.changes.make({ name: 'email_changed', origin: originOf(request) }, async (manager) => {
      const { user, email } = await this.consume(token, EMAIL_CHANGE, manager);
      await this.letters.postMade(user, email, manager);
      await this.moveTo(email, user, manager);
      return user.id;
    });
  }

  /**
   * Moves the user back to the address the link was mailed to, or stops a change that was not confirmed yet. Whoever asked for
   * the change knew the password: all sessions end, no password is right any more, and a link to choose one is mailed.
   *
   * @throws AuthError `invalid_token`
   * @throws AuthError `conflict` when the old address has become another user's; the link stays good
   */
  async undo(token: string, request: HttpRequest): Promise<void> {
    await this.changes.make({ name: 'email_change_undone', origin: originOf(request) }, async (manager) => {
      const { user, email } = await this.consume(token, EMAIL_CHANGE_UNDO, manager);
      if (user.email !== email) await this.moveTo(email, user, manager);
      return user.id;
    });
  }

  /** @throws AuthError `invalid_token` */
  private async consume(
    token: string,
    purpose: string,
    manager: EntityManager,
  ): Promise<{ user: UserRecord; email: string }> {
    const { userId, email } = await this.tokens.consume(token, purpose, manager);
    const user = await this.users.find(userId, manager);
    if (!user) throw new AuthError('invalid_token', { reason: 'user_deleted' });
    return { user, email };
  }

  /** @throws AuthError `conflict` */
  private async moveTo(email: string, { id }: UserRecord, manager: EntityManager): Promise<void> {
    await this.users.update(id, { email, emailVerifiedAt: this.clock.now() }, manager);
  }
}

function noOtherAddress(): AuthError {
  const errors = [{ field: 'email', rule: 'unchanged', message: 'email must be another address than the current one' }];
  return new AuthError('validation_failed', { reason: 'no_other_address', errors });
}
