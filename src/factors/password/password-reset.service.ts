import { Injectable } from '@nestjs/common';
import type { HttpRequest } from '../../access/http-exchange.js';
import { AuthError } from '../../kernel/auth-error.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { EnrolmentService } from '../../login/enrolment.service.js';
import { EmailVerificationService } from '../../users/email-verification.service.js';
import type { EmailVerified } from '../../users/email-verified.hooks.js';
import { MailedTokens } from '../../users/mailed-tokens.js';
import { UserStore } from '../../users/user.store.js';
import { NewPasswords } from './new-passwords.js';
import { PasswordPolicy } from './password-policy.js';
import { PASSWORD_RESET, PasswordResetLetters } from './password-reset-letters.js';

/** A new password for who reads the mailbox. */
@Injectable()
export class PasswordResetService {
  constructor(
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly policy: PasswordPolicy,
    private readonly newPasswords: NewPasswords,
    private readonly verifications: EmailVerificationService,
    private readonly enrolment: EnrolmentService,
    private readonly letters: PasswordResetLetters,
  ) {}

  /** Mails a link, should the address be somebody's. One insert, whoever it is; tells nothing. */
  async forgot(typedEmail: string): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (email !== null) await this.letters.post(email);
  }

  /**
   * Sets the password of whom the link was mailed to. All sessions end, second factors stay, nobody is logged in. An address
   * not verified before is verified by it: who planted a password or a session there loses it. The old password will do again.
   *
   * @throws AuthError `invalid_token`
   * @throws AuthError `validation_failed` when the password will not do; the link stays good
   * @throws AuthError `unavailable` when too many passwords are being hashed; the link stays good
   */
  async reset(token: string, password: string, request: HttpRequest): Promise<void> {
    const { userId } = await this.tokens.peek(token, PASSWORD_RESET);
    const owner = await this.users.find(userId);
    if (!owner) throw new AuthError('invalid_token', { reason: 'user_deleted' });
    await this.policy.check(password, owner);
    const passwordHash = await this.newPasswords.hash(password);
    const proofs: (EmailVerified | null)[] = [];
    await this.enrolment.change('password_reset', request, async (manager) => {
      const consumed = await this.tokens.consume(token, PASSWORD_RESET, manager);
      const user = await this.users.find(consumed.userId, manager);
      if (user?.email !== consumed.email) {
        throw new AuthError('invalid_token', { reason: 'mailed_to_another_address' });
      }
      // First, for it drops every password that was planted.
      proofs.push(await this.verifications.proveByReset(user, consumed.originId, manager));
      await this.newPasswords.set(user, passwordHash, manager);
      return user.id;
    });
    for (const proof of proofs) if (proof) await this.verifications.settleProof(proof);
  }
}
