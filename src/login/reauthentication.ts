import { Inject, Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { UserRecord } from '../users/user.store.js';
import { FACTORS, Factor } from './factor.js';
import { LoginAttempts } from './login-attempts.js';

/** The request in which somebody proves again, and its reply, which tells what is left of the limit. */
export interface HttpExchange {
  readonly request: HttpRequest;
  readonly reply: HttpReply;
}

/** Whether whoever holds a ticket is still the user: asked before credentials, address or existence are touched. */
@Injectable()
export class Reauthentication {
  constructor(
    @Inject(FACTORS) private readonly factors: readonly Factor[],
    private readonly attempts: LoginAttempts,
    private readonly audit: AuditSink,
  ) {}

  /**
   * Proves the caller's password, at the cost of a login.
   *
   * @throws AuthError `invalid_credentials`
   * @throws AuthError `rate_limited` after too many wrong ones
   * @returns the user as read before the proof was judged
   */
  async byPassword(auth: AuthContext, password: string, { request, reply }: HttpExchange): Promise<UserRecord> {
    const factor = this.factors.find(({ name }) => name === 'password');
    if (!factor) throw new TypeError('no factor is named password');
    // Inherited, not copied: on either adapter half of a request are getters.
    const asLogin: HttpRequest = Object.create(request, { body: { value: { email: auth.user.email, password } } });
    try {
      const user = await this.attempts.judgeAgain(auth.user.id, { request, reply }, () => factor.prove(asLogin));
      // The address may have become somebody else's a moment ago.
      if (user.id !== auth.user.id) throw new AuthError('invalid_credentials', { reason: 'address_of_another_user' });
      return user;
    } catch (error) {
      await this.tellRefused(error, auth, request);
      throw generic(error);
    }
  }

  private tellRefused(error: unknown, { user, session }: AuthContext, request: HttpRequest): Promise<void> {
    const reason = error instanceof AuthError ? error.reason : undefined;
    return this.audit.record({
      type: 'login.reauthentication_refused',
      userId: user.id,
      sessionId: session.id,
      factor: 'password',
      reason: reason ?? 'error',
      origin: originOf(request),
    });
  }
}

/** What a login may tell after a right password means nothing here: whoever asks is logged in. */
function generic(error: unknown): unknown {
  if (!(error instanceof AuthError) || !['email_unverified', 'user_banned'].includes(error.code)) return error;
  return new AuthError('invalid_credentials', { reason: error.reason ?? error.code, cause: error });
}
