import { Injectable } from '@nestjs/common';
import type { Exchange } from '../../access/replier.js';
import { EnrolmentService, type NewTickets } from '../../credentials/enrolment.service.js';
import { Reauthentication } from '../../credentials/reauthentication.js';
import type { AuthContext, Transport } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { LimitKeys } from '../../limits/limit-keys.js';
import { PasswordPolicy } from './password-policy.js';
import { PasswordSetter } from './password-setter.js';
import { normalizedPassword } from './password-text.js';

/** The request of a user who is logged in; only its types have been checked. */
export interface ChangePasswordParams {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly transport?: Transport;
}

/** Sets a new password for a user who knows the old one. */
@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly passwordSetter: PasswordSetter,
    private readonly reauthentication: Reauthentication,
    private readonly enrolment: EnrolmentService,
    private readonly keys: LimitKeys,
  ) {}

  /**
   * Changes the password. All other sessions end; this one gets a new id and new tickets.
   *
   * @returns the tickets that belong into the body, if `transport` asks for any
   * @throws AuthError `validation_failed` when the new password will not do, or is the current one
   * @throws AuthError `rate_limited` after too many wrong current passwords
   * @throws AuthError `invalid_credentials` unless the current password is right
   */
  async change(params: ChangePasswordParams, auth: AuthContext, exchange: Exchange): Promise<NewTickets> {
    const { currentPassword, newPassword, transport } = params;
    await this.policy.assertAcceptable(newPassword, auth.user, 'newPassword');
    if (normalizedPassword(newPassword) === normalizedPassword(currentPassword)) throw unchanged();
    const proven = await this.reauthentication.byPassword(auth, currentPassword, exchange);
    const passwordHash = await this.passwordSetter.hash(newPassword, this.keys.source(exchange.caller));
    // Of two changes at once the second no longer knows the current password; and a reset stands.
    const ifSuperseded = new AuthError('invalid_credentials', { reason: 'password_changed_meanwhile' });
    const { sessionEpoch: epoch } = proven;
    const change = { event: 'password_changed', auth, amr: ['pwd'], transport, epoch, ifSuperseded } as const;
    return this.enrolment.changeOwn(change, (user, tx) => this.passwordSetter.set(user, passwordHash, tx), exchange);
  }
}

function unchanged(): AuthError {
  const message = 'newPassword must differ from the current password';
  const errors = [{ field: 'newPassword', rule: 'unchanged', message }];
  return new AuthError('validation_failed', { reason: 'password_unchanged', errors });
}
