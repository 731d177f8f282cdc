import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { Options } from '../../config/options.js';
import { PrescribedLogins } from '../../credentials/prescribed-logins.js';
import { httpOptions } from '../../http/http-options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { isStandInAddress } from '../../kernel/stand-in-address.js';
import { LimitKeys } from '../../limits/limit-keys.js';
import { Lockout } from '../../lockout/lockout.js';
import type { MailCause } from '../../mail/mail-cause.js';
import { AccountSecurity } from '../../security/account-security.js';
import { AtomicPrimitives } from '../../sessions/atomic-primitives.js';
import { MailedTokens } from '../../users/mailed-tokens.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import { EmailVerificationService } from '../../verification/email-verification.service.js';
import { PasswordPolicy } from './password-policy.js';
import { PASSWORD_RESET, PasswordResetMails } from './password-reset-mails.js';
import { PasswordSetter } from './password-setter.js';

/** Beyond the deadline of a request, which begins nothing after it. A node that died with the claim keeps the link from its owner so long. */
const SECONDS_AFTER_DEADLINE = 2;

/** A new password for who reads the mailbox. */
@Injectable()
export class PasswordResetService {
  private readonly claimSeconds: number;

  constructor(
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly policy: PasswordPolicy,
    private readonly passwordSetter: PasswordSetter,
    private readonly verifications: EmailVerificationService,
    private readonly security: AccountSecurity,
    private readonly lockout: Lockout,
    private readonly mails: PasswordResetMails,
    private readonly atomics: AtomicPrimitives,
    private readonly keys: LimitKeys,
    private readonly prescribed: PrescribedLogins,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.claimSeconds = options.of(httpOptions).requestDeadlineSeconds + SECONDS_AFTER_DEADLINE;
  }

  /** Mails a link, should a user have the address. One insert in every case; tells nothing. */
  async forgot(typedEmail: string, caller?: MailCause): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (email !== null) await this.mails.enqueue(email, undefined, caller?.languages);
  }

  /**
   * Sets the password of whom the link was mailed to. All sessions end, second factors stay, and no session begins. An address
   * not verified before is verified by it: who planted a password or a session there loses it. The old password will do again.
   *
   * @throws AuthError `invalid_token`
   * @throws AuthError `validation_failed` when the password will not do; the link stays good
   * @throws AuthError `unavailable` when too many passwords are being hashed; the link stays good
   */
  async reset(token: string, password: string, caller: Caller): Promise<void> {
    const { id, userId, email } = await this.tokens.peek(token, PASSWORD_RESET);
    const owner = await this.users.find(userId);
    if (!owner) throw gone();
    // A link from before, or one that an admin has sent.
    if (await this.prescribed.loginFor(email, owner))
      throw new AuthError('invalid_token', { reason: 'login_prescribed' });
    await this.policy.assertAcceptable(password, owner);
    await this.claimed(id, async () => {
      const passwordHash = await this.passwordSetter.hash(password, this.keys.source(caller));
      await this.resetTo({ userId, passwordHash, token }, caller);
    });
    // Counters lie in the chosen store: never within a transaction.
    await this.lockout.clear({ id: userId, email });
  }

  /**
   * One use of a link at a time: a link is used up only after the hash, and many uses at once would each cost one. The second one
   * finds it used, as it is when the first succeeds.
   */
  private async claimed<T>(id: string, work: () => Promise<T>): Promise<T> {
    const claim = `password-reset:${id}`;
    const validity = { expiresAt: this.clock.in(this.claimSeconds), now: this.clock.now() };
    if (!(await this.atomics.offer(claim, 0, validity))) {
      throw new AuthError('invalid_token', { reason: 'token_being_used' });
    }
    try {
      return await work();
    } finally {
      // What is not given back runs out; the answer is not to depend on it.
      await this.atomics.consumeOnce(claim, this.clock.now()).catch(() => undefined);
    }
  }

  private async resetTo(
    { userId, passwordHash, token }: { userId: string; passwordHash: string; token: string },
    caller: Caller,
  ): Promise<void> {
    const params = { userId, origin: caller, ifGone: gone(), replaces: ['password'] as const };
    await this.security.apply(
      ({ firstVerifiedAt }) => (firstVerifiedAt === null ? 'mailbox_proven' : 'password_reset'),
      params,
      async (user, tx) => {
        const consumed = await this.tokens.consume(token, PASSWORD_RESET, tx);
        if (!isOf(user, consumed.email)) throw new AuthError('invalid_token', { reason: 'mailed_to_another_address' });
        // First, for it drops every password that was planted.
        await this.verifications.proveByReset(user, tx);
        await this.passwordSetter.set(user, passwordHash, tx);
      },
    );
  }
}

/** Of an account with a stand-in address, the mailbox that took it back: nothing else is ever mailed a link to it. */
function isOf({ email }: UserRecord, mailbox: string): boolean {
  return email === mailbox || (email !== null && isStandInAddress(email));
}

function gone(): AuthError {
  return new AuthError('invalid_token', { reason: 'user_deleted' });
}
