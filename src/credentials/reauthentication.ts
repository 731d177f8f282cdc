import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import type { Exchange } from '../access/replier.js';
import { AuditSink } from '../audit/audit-sink.js';
import { type AuthContext, requireSession, ticketIdOf } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { isRefusedByLimit } from '../limits/refusals.js';
import { FactorAttempts } from '../lockout/factor-attempts.js';
import { LoginAttempts } from '../lockout/login-attempts.js';
import { isNotServed, isWithoutProof } from '../lockout/proof-outcome.js';
import { SessionService } from '../sessions/session.service.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { Enrolments } from './enrolments.js';
import type { FactorProof } from './factor.js';
import { Factors } from './factors.js';
import { LoginPolicy } from './login-policy.js';
import { type GivenProof, validatedProof, verifyProof } from './verify-proof.js';

/** A proof of a factor other than the password, nothing about it checked but the types of its fields. */
export interface FactorRequest extends GivenProof {
  /** Its name. */
  readonly factor: string;
}

/** Asks a logged-in user for another proof before credentials, the address or the account itself are changed. */
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
  async byPassword(auth: AuthContext, password: string, exchange: Exchange): Promise<UserRecord> {
    const factor = this.factors.named('password');
    const { caller } = exchange;
    const proof = await validatedProof(factor, { email: auth.user.email, password });
    const claim = { proof, caller, keepsCookies: true };
    const proven = await this.attempts
      .guardReauthentication(auth.user, exchange, async (isLocked) => {
        const { user } = await factor.begin({ ...claim, isLocked });
        // The address may have become another user's a moment ago: then it is no proof of the caller's own.
        if (user.id !== auth.user.id) throw new AuthError('invalid_credentials', { reason: 'address_of_another_user' });
        return user;
      })
      .catch(async (error) => {
        await this.recordRefusal(error, factor.name, auth, caller);
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
  async byFactor(auth: AuthContext, request: FactorRequest, exchange: Exchange): Promise<FactorProof> {
    const { factor: name, ...proof } = request;
    const { caller } = exchange;
    try {
      const user = await this.users.find(auth.user.id);
      if (!user) throw new AuthError('invalid_credentials', { reason: 'user_deleted' });
      const claim = { user, proof, caller, boundTo: requireSession(auth).id, isStepUp: true };
      const factor = (await this.isAskedFor(name, user)) ? this.factors.find(name) : undefined;
      const attempt = { userId: user.id, boundTo: requireSession(auth).id, isGuess: factor?.isGuessable ?? true };
      const amr = await this.factorAttempts.guardProof(attempt, exchange, async () => {
        if (!factor) throw new AuthError('invalid_credentials', { reason: 'no_such_factor' });
        return verifyProof(factor, claim);
      });
      return { user: await this.inForce(auth, user), amr };
    } catch (error) {
      await this.recordRefusal(error, name, auth, caller);
      throw error;
    }
  }

  /**
   * The epoch of the user that the caller's session is in: for a change by a proof from before, to be read first and compared by the code that
   * locks the user. Null: the session has ended.
   *
   * @throws AuthError `forbidden` for a machine's credential
   */
  async epochOf(auth: AuthContext): Promise<number | null> {
    return this.sessions.userEpochOf(requireSession(auth).id);
  }

  /** The user, if the session is in force in the epoch they were read in: one that has ended since is good for nothing. */
  private async inForce(auth: AuthContext, user: UserRecord): Promise<UserRecord> {
    if ((await this.epochOf(auth)) === user.sessionEpoch) return user;
    throw new AuthError('session_ended', { reason: 'ended_while_proving' });
  }

  /** Whether it would be at a login: what does not suffice there is no fresh proof here. */
  private async isAskedFor(name: string, user: UserRecord): Promise<boolean> {
    const enrolled = await this.enrolments.of(user.id);
    const demand = await this.policy.demandOf({ user, provenFactors: [], amr: [], enrolled, isRemembered: false });
    return demand.due !== 'factor' || demand.factors.includes(name);
  }

  private async recordRefusal(error: unknown, factor: string, auth: AuthContext, origin: Caller): Promise<void> {
    if (isRefusedByLimit(error) || isWithoutProof(error)) return;
    const reason = (error instanceof AuthError ? error.reason : undefined) ?? 'error';
    const who = { userId: auth.user.id, sessionId: ticketIdOf(auth) };
    const type = isNotServed(error) ? 'step_up.unavailable' : 'step_up.failed';
    await this.audit.record({ type, ...who, factor, reason, origin });
  }
}

/** The error without the details that a login may reveal after a right password: here the caller is logged in already. */
function generic(error: unknown): unknown {
  if (!(error instanceof AuthError) || !['email_unverified', 'user_banned'].includes(error.code)) return error;
  return new AuthError('invalid_credentials', { reason: error.reason ?? error.code, cause: error });
}
