import { Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../../access/http-exchange.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { LimitKeys } from '../../limits/limit-keys.js';
import { EnrolmentService, type NewTickets } from '../../login/enrolment.service.js';
import type { LoginParams } from '../../login/login-steps.js';
import { Reauthentication } from '../../login/reauthentication.js';
import { PasswordPolicy } from './password-policy.js';
import { PasswordSetter } from './password-setter.js';

/** What a user who is logged in asks for; nothing about it checked but its types. */
export interface ChangePasswordParams {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly transport?: LoginParams['transport'];
}

/** A new password for who knows the old one. */
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
  async change(
    params: ChangePasswordParams,
    auth: AuthContext,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<NewTickets> {
    const { currentPassword, newPassword, transport } = params;
    await this.policy.assertAcceptable(newPassword, auth.user, 'newPassword');
    if (newPassword === currentPassword) throw unchanged();
    const proven = await this.reauthentication.byPassword(auth, currentPassword, { request, reply });
    const passwordHash = await this.passwordSetter.hash(newPassword, this.keys.source(request));
    // Of two changes at once the second no longer knows the current password; and a reset stands.
    const ifSuperseded = new AuthError('invalid_credentials', { reason: 'password_changed_meanwhile' });
    const { sessionEpoch: epoch } = proven;
    const change = { event: 'password_changed', auth, amr: ['pwd'], transport, epoch, ifSuperseded } as const;
    return this.enrolment.changeOwn(
      change,
      (user, tx) => this.passwordSetter.set(user, passwordHash, tx),
      request,
      reply,
    );
  }
}

function unchanged(): AuthError {
  const message = 'newPassword must differ from the current password';
  const errors = [{ field: 'newPassword', rule: 'unchanged', message }];
  return new AuthError('validation_failed', { reason: 'password_unchanged', errors });
}
