import { Inject, Injectable } from '@nestjs/common';
import type { HttpExchange, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { STRATEGIES, type Strategy } from '../access/strategy.js';
import { AuditSink } from '../audit/audit-sink.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { isRefusedByLimit } from '../limits/refusals.js';
import { SessionService } from '../sessions/session.service.js';
import { delivers } from '../sessions/ticket-delivery.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { Enrolments } from './enrolments.js';
import type { FactorClaim, FactorProof } from './factor.js';
import { Factors } from './factors.js';
import { LoginAttempts } from './login-attempts.js';
import { FactorAttempts } from './pending-login/factor-attempts.js';
import { LoginPolicy } from './policy/login-policy.js';

/** A factor other than the password, as somebody gave it. */
export interface FactorRequest extends Pick<FactorClaim, 'code' | 'credential'> {
  /** Its name. */
  readonly factor: string;
}

/** Whether whoever holds a ticket is still the user: asked before credentials, address or existence are touched. */
@Injectable()
export class Reauthentication {
  constructor(
    private readonly factors: Factors,
    private readonly attempts: LoginAttempts,
    private readonly factorAttempts: FactorAttempts,
    private readonly users: UserStore,
    private readonly enrolments: Enrolments,
    private readonly policy: LoginPolicy,
    private readonly sessions: SessionService,
    @Inject(STRATEGIES) private readonly strategies: readonly Strategy[],
    private readonly audit: AuditSink,
  ) {}

  /**
   * Proves the caller's password, at the cost of a login.
   *
   * @throws AuthError `invalid_credentials`
   * @throws AuthError `rate_limited` after too many wrong ones
   * @throws AuthError `session_ended` when the session ended meanwhile: for a proof there is waiting in line
   * @returns the user as read before the proof was judged
   */
  async byPassword(auth: AuthContext, password: string, { request, reply }: HttpExchange): Promise<UserRecord> {
    const factor = this.factors.named('password');
    // Inherited, not copied: on either adapter half of a request are getters.
    const asLogin: HttpRequest = Object.create(request, { body: { value: { email: auth.user.email, password } } });
    const proven = await this.attempts
      .countReauthentication(auth.user, { request, reply }, async (isLocked) => {
        const { user } = await factor.begin(asLogin, isLocked);
        // The address may have become somebody else's a moment ago: then it is no proof of the caller's own.
        if (user.id !== auth.user.id) throw new AuthError('invalid_credentials', { reason: 'address_of_another_user' });
        return user;
      })
      .catch(async (error) => {
        await this.tellRefused(error, factor.name, auth, request);
        throw generic(error);
      });
    return this.inForce(auth, proven);
  }

  /**
   * Proves another factor of the caller. Attempts count against the same few that logins have.
   *
   * @returns the user as read before the proof was judged, and what was proven
   * @throws AuthError `invalid_credentials`, `rate_limited`; `session_ended` when the session ended meanwhile
   */
  async byFactor(auth: AuthContext, given: FactorRequest, exchange: HttpExchange): Promise<FactorProof> {
    const { factor: name, code, credential } = given;
    const { request } = exchange;
    try {
      const user = await this.users.find(auth.user.id);
      if (!user) throw new AuthError('invalid_credentials', { reason: 'user_deleted' });
      const claim = { user, code, credential, boundTo: auth.session.id, request };
      const factor = (await this.isAskedFor(name, user)) ? this.factors.find(name) : undefined;
      const prove = async () => {
        return factor?.verify(claim) ?? noSuchFactor();
      };
      const attempt = { userId: user.id, boundTo: auth.session.id, isLogin: false, factor };
      const amr = await this.factorAttempts.countAttempt(attempt, exchange, prove);
      return { user: await this.inForce(auth, user), amr };
    } catch (error) {
      await this.tellRefused(error, name, auth, request);
      throw error;
    }
  }

  /**
   * The epoch of the user that the caller's session is in: for a change by a proof from before, to be read first and compared by whoever
   * locks the user. Null: the session has ended; undefined: no store of ours knows it.
   */
  async epochOf({ session, strategy }: AuthContext): Promise<number | null | undefined> {
    const isOurs = this.strategies.filter(delivers).some(({ name }) => name === strategy);
    return isOurs ? this.sessions.userEpochOf(session.id) : undefined;
  }

  /** The user, if the session is in force in the epoch they were read in: one that has ended since is good for nothing. */
  private async inForce(auth: AuthContext, user: UserRecord): Promise<UserRecord> {
    const epoch = await this.epochOf(auth);
    if (epoch === undefined || epoch === user.sessionEpoch) return user;
    throw new AuthError('session_ended', { reason: 'ended_while_proving' });
  }

  /** Whether it would be at a login: what does not suffice there is no fresh proof here. */
  private async isAskedFor(name: string, user: UserRecord): Promise<boolean> {
    const enrolled = await this.enrolments.of(user.id);
    const demand = await this.policy.demandOf({ user, proven: [], amr: [], enrolled, isRemembered: false });
    return demand.due !== 'factor' || demand.factors.includes(name);
  }

  private tellRefused(
    error: unknown,
    factor: string,
    { user, session }: AuthContext,
    request: HttpRequest,
  ): Promise<void> {
    if (isRefusedByLimit(error)) return Promise.resolve();
    const reason = error instanceof AuthError ? error.reason : undefined;
    return this.audit.record({
      type: 'step_up.failed',
      userId: user.id,
      sessionId: session.id,
      factor,
      reason: reason ?? 'error',
      origin: originOf(request),
    });
  }
}

function noSuchFactor(): never {
  throw new AuthError('invalid_credentials', { reason: 'no_such_factor' });
}

/** What a login may tell after a right password means nothing here: whoever asks is logged in. */
function generic(error: unknown): unknown {
  if (!(error instanceof AuthError) || !['email_unverified', 'user_banned'].includes(error.code)) return error;
  return new AuthError('invalid_credentials', { reason: error.reason ?? error.code, cause: error });
}
