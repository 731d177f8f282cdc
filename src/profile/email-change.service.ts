import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { accessOptions } from '../access/access-options.js';
import type { Caller } from '../access/caller.js';
import type { Exchange } from '../access/replier.js';
import { AuditSink } from '../audit/audit-sink.js';
import { Options } from '../config/options.js';
import { OwnPassword } from '../credentials/own-password.js';
import { Reauthentication } from '../credentials/reauthentication.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { type AuthContext, requireSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { causedBy } from '../mail/mail-cause.js';
import { AccountSecurity } from '../security/account-security.js';
import { UnprovenAddresses } from '../security/unproven-addresses.js';
import type { EmailChangeEntity } from '../users/email-change.entity.js';
import { EMAIL_CHANGE, EMAIL_CHANGE_UNDO, EmailChanges } from '../users/email-changes.js';
import { MailboxPolicy } from '../users/mailbox-policy.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { requireEmail } from '../users/require-email.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { EmailChangeMails } from './email-change-mails.js';
import { OwnProof } from './own-proof.js';
import { WaysBack } from './ways-back.js';

/** Moves users to addresses whose mailboxes they read, and back. */
@Injectable()
export class EmailChangeService {
  private readonly freshSeconds: number;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly emailChanges: EmailChanges,
    private readonly reauthentication: Reauthentication,
    private readonly passwords: OwnPassword,
    private readonly proof: OwnProof,
    private readonly addresses: UnprovenAddresses,
    private readonly waysBack: WaysBack,
    private readonly security: AccountSecurity,
    private readonly mailboxes: MailboxPolicy,
    private readonly mails: EmailChangeMails,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.freshSeconds = options.of(accessOptions).stepUpSeconds;
  }

  /**
   * Mails a link to the new address and a notice, with a way back, to the old one; nothing has changed yet. Neither answer nor
   * time tells whether the new address is taken.
   *
   * @param typed without the password for a user who has none that is of use: a fresh step-up is needed then, as {@link OwnProof} says
   * @throws AuthError `invalid_credentials` unless the password is right; `validation_failed` when it is missing; `step_up_required`; `forbidden`
   *   where another way to sign in is prescribed for the domain; `rate_limited` for more than five in a day, or while ten can be taken back
   */
  async request(
    typed: { email: string; password?: string | undefined },
    auth: AuthContext,
    exchange: Exchange,
  ): Promise<void> {
    const proven = await this.prove(typed.password, auth, exchange);
    const newEmail = canonicalEmail(typed.email);
    if (newEmail === null || newEmail === proven.email) throw noOtherAddress();
    await this.mailboxes.assertTaken(newEmail, 'change');
    await this.dataSource.transaction(async (tx) => {
      causedBy(exchange.caller, tx);
      const user = await this.users.find(proven.id, tx);
      // What has ended the sessions meanwhile, or moved the account, has ended the request.
      if (user?.sessionEpoch !== proven.sessionEpoch || user.email !== proven.email) throw superseded();
      await this.emailChanges.assertFew(user.id, tx);
      const change = await this.emailChanges.request({ id: user.id, email: requireEmail(user) }, newEmail, tx);
      await this.mails.enqueueRequested(change, tx);
      const who = { userId: user.id, sessionId: requireSession(auth).id, origin: exchange.caller };
      await this.audit.record({ type: 'email.change_requested', ...who }, tx);
    });
  }

  /**
   * Moves the user to the address the link was mailed to, which is thereby verified. Sessions go on, and older access tokens
   * are refreshed.
   *
   * @throws AuthError `invalid_token`; also where another way to sign in has been prescribed for the address since: the link stays good
   * @throws AuthError `conflict` when the address has become another user's; the link stays good
   */
  async confirm(token: string, caller: Caller): Promise<void> {
    const { userId, email: wanted } = await this.tokens.peek(token, EMAIL_CHANGE);
    const owner = await this.users.find(userId);
    // As at a request: no user leaves a domain whose connection is enforced.
    if (owner && (await this.passwords.hasPrescribedLogin(owner)))
      throw new AuthError('invalid_token', { reason: 'login_prescribed' });
    const params = this.paramsOf(userId, caller);
    const change = async (user: UserRecord, tx: EntityManager) => {
      const { originId, email } = await this.tokens.consume(token, EMAIL_CHANGE, tx);
      const made = await this.changeOf(originId, user, tx);
      if (user.email !== made.oldEmail) throw new AuthError('invalid_token', { reason: 'address_changed_meanwhile' });
      await this.emailChanges.markMade(made.id, tx);
      await this.mails.enqueueMade(made, tx);
      await this.moveTo(email, user, tx);
    };
    await this.addresses.claim(wanted, params, () => this.security.apply('email_changed', params, change));
  }

  /**
   * Moves the user back to the address the link was mailed to, or stops a change that was not confirmed yet. The person who asked for
   * the change knew the password: all sessions end, no password is right any more, and a link to choose one is mailed there and nowhere
   * else. Keys and factors from since the change was requested go too. All this happens whichever user has the address now ({@link WaysBack}).
   *
   * @throws AuthError `invalid_token`
   */
  async undo(token: string, caller: Caller): Promise<void> {
    const { userId, originId, email: freed } = await this.tokens.peek(token, EMAIL_CHANGE_UNDO);
    const { requestedAt: since } = await this.changeOf(originId, { id: userId }, this.dataSource.manager);
    const params = { ...this.paramsOf(userId, caller), since, mailbox: freed };
    const changeTo = (address: string) => async (user: UserRecord, tx: EntityManager) => {
      const { email } = await this.tokens.consume(token, EMAIL_CHANGE_UNDO, tx);
      const made = await this.changeOf(originId, user, tx);
      await this.emailChanges.countAnew(userId, tx);
      if (user.email === email) return;
      // A way back leads to where the account was before a change that was made, and to nothing else.
      if (made.madeAt === null) throw new AuthError('invalid_token', { reason: 'change_never_made' });
      await this.moveTo(address, user, tx);
    };
    const take = (address: string) => this.security.apply('email_change_undone', params, changeTo(address));
    await this.waysBack.take(freed, params, take);
  }

  /** @returns the user as of the proof */
  private async prove(password: string | undefined, auth: AuthContext, exchange: Exchange): Promise<UserRecord> {
    if (password !== undefined) return this.reauthentication.byPassword(auth, password, exchange);
    if (await this.passwords.isOfUse(auth.user)) throw passwordMissing();
    // Nobody leaves a domain whose connection is enforced.
    if (await this.passwords.hasPrescribedLogin(auth.user))
      throw new AuthError('forbidden', { reason: 'login_prescribed' });
    const epoch = await this.proof.ofPasswordOrStepUp(auth, { password, maxAgeSeconds: this.freshSeconds }, exchange);
    const user = await this.users.find(auth.user.id);
    if (user === null || user.sessionEpoch !== epoch) throw superseded();
    return user;
  }

  private paramsOf(userId: string, caller: Caller) {
    return { userId, origin: caller, ifGone: new AuthError('invalid_token', { reason: 'user_deleted' }) };
  }

  /** @throws AuthError `invalid_token` */
  private async changeOf(id: string, user: Pick<UserRecord, 'id'>, tx: EntityManager): Promise<EmailChangeEntity> {
    const change = await this.emailChanges.find(id, tx);
    if (change?.userId !== user.id) throw new AuthError('invalid_token', { reason: 'no_such_change' });
    return change;
  }

  /** @throws AuthError `conflict` */
  private async moveTo(email: string, { id }: UserRecord, tx: EntityManager): Promise<void> {
    await this.users.update(id, { email, emailVerifiedAt: this.clock.now() }, tx);
  }
}

function superseded(): AuthError {
  return new AuthError('session_ended', { reason: 'ended_before_the_change' });
}

function noOtherAddress(): AuthError {
  const errors = [{ field: 'email', rule: 'unchanged', message: 'email must differ from the current e-mail address' }];
  return new AuthError('validation_failed', { reason: 'no_other_address', errors });
}

function passwordMissing(): AuthError {
  const message = 'password is required, unless the user has none';
  const errors = [{ field: 'password', rule: 'isString', message }];
  return new AuthError('validation_failed', { reason: 'email_change_needs_password', errors });
}
