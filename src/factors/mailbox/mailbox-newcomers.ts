import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../access/request-origin.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { causedBy } from '../../mail/mail-cause.js';
import { DeclaredUserFields, merged } from '../../users/declared-user-fields.js';
import { MailboxPolicy } from '../../users/mailbox-policy.js';
import { RegistrationPolicy } from '../../users/registration-policy.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import { mailboxOptions } from './mailbox-options.js';

/** People at an unknown address who have read a mail: they become users where `MAIL_LOGIN_REGISTERS` says so, and anyone may register. */
@Injectable()
export class MailboxNewcomers {
  private readonly isOn: boolean;

  constructor(
    private readonly users: UserStore,
    private readonly registrationPolicy: RegistrationPolicy,
    private readonly mailboxes: MailboxPolicy,
    private readonly declared: DeclaredUserFields,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.isOn = options.of(mailboxOptions).mailLoginRegisters;
  }

  /** Whether a user of this canonical address could be created: not where a declared field must be filled in, for which there is no form. */
  async areWelcome(email: string, origin: RequestOrigin | null): Promise<boolean> {
    if (!this.isOn || (await this.mailboxes.refusalOf(email, 'registration')) !== null) return false;
    const { fields, errors } = await this.declared.read({}, 'registration');
    if (errors.length > 0) return false;
    try {
      await this.registrationPolicy.assertMayRegister({ email, name: null, fields, origin });
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.status < 500) return false;
      throw error;
    }
  }

  /**
   * Creates the user, whose mailbox is proven and who has no password. What others have registered under the address becomes nothing: their
   * links find a user there.
   *
   * @throws AuthError `invalid_credentials` when the address has a user meanwhile
   */
  async create(email: string, origin: RequestOrigin, tx: EntityManager): Promise<UserRecord> {
    causedBy(origin, tx);
    const { fields } = await this.declared.read({}, 'registration');
    const described = { name: null, fields: merged(null, fields) };
    const user = await this.users.insert({ email, ...described, emailVerifiedAt: this.clock.now() }, tx);
    if (!user) throw new AuthError('invalid_credentials', { reason: 'address_taken_meanwhile' });
    const who = { userId: user.id, origin };
    await this.audit.record({ type: 'user.registered', ...who, outcome: 'created' }, tx);
    await this.audit.record({ type: 'email.verified', ...who, by: 'mailbox' }, tx);
    return user;
  }
}
