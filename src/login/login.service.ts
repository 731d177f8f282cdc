import { Inject, Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf, type RequestOrigin } from '../access/request-origin.js';
import { STRATEGIES, type Strategy } from '../access/strategy.js';
import { AuditSink } from '../audit/audit-sink.js';
import type { AuthSession, AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { LogoutService } from '../sessions/logout.service.js';
import { SessionService } from '../sessions/session.service.js';
import {
  type DeliveredTickets,
  type DeliveringStrategy,
  delivers,
  type Transport,
} from '../sessions/ticket-delivery.js';
import { toAuthSession } from '../sessions/to-auth-session.js';
import { toAuthUser } from '../users/user.store.js';
import { Admission } from './admission.js';
import { DeviceVisits } from './devices/device-visits.js';
import { FACTORS, Factor } from './factor.js';
import { LoginAttempts } from './login-attempts.js';
import { LoginOutcomes } from './login-outcomes.js';

/** How the client wants to be recognised from now on. */
export interface LoginWishes {
  /** Absent: the first of `AUTH_STRATEGIES`. */
  readonly strategy?: string;
  /** Absent: `split`. Means something for `jwt` only. */
  readonly transport?: Transport;
}

/** A finished login. */
export interface Login {
  readonly user: AuthUser;
  readonly session: AuthSession;
  readonly tickets: DeliveredTickets;
}

/** The conversation that ends in a session. */
@Injectable()
export class LoginService {
  constructor(
    @Inject(FACTORS) private readonly factors: readonly Factor[],
    @Inject(STRATEGIES) private readonly strategies: readonly Strategy[],
    private readonly attempts: LoginAttempts,
    private readonly admission: Admission,
    private readonly logout: LogoutService,
    private readonly sessions: SessionService,
    private readonly visits: DeviceVisits,
    private readonly audit: AuditSink,
    private readonly outcomes: LoginOutcomes,
  ) {}

  /**
   * Logs in with one factor, whose proof is in the request's validated body.
   *
   * @throws AuthError `validation_failed` for a strategy that is not switched on
   * @throws AuthError `rate_limited` after too many wrong proofs
   * @throws AuthError `invalid_credentials` unless the factor is proven
   * @throws AuthError `email_unverified`, `user_banned`: only after a right proof
   */
  login(factorName: string, wishes: LoginWishes, request: HttpRequest, reply: HttpReply): Promise<Login> {
    return this.outcomes.counted(this.attempt(factorName, wishes, request, reply));
  }

  private async attempt(
    factorName: string,
    wishes: LoginWishes,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<Login> {
    const strategy = this.strategyFor(wishes);
    const factor = this.factorNamed(factorName);
    const origin = originOf(request);

    const attempt = { email: factor.claimedEmail(request), request, reply };
    const { proven: user, device } = await this.attempts
      .judge(attempt, (isLocked) => factor.prove(request, isLocked))
      .catch((error) => this.refused(error, factor, origin));
    this.admission.admit(user);
    await this.logout.makeRoom(strategy, request, reply);
    const started = await this.sessions.start(user, {
      ...origin,
      strategy: strategy.name,
      amr: factor.amr,
      withSecret: strategy.delivery.needsSecret,
    });
    const known = toAuthUser(user);
    const tickets = await strategy.delivery.deliver(started, known, wishes.transport ?? 'split', request, reply);

    await this.visits.remember({ user: known, device, tickets, origin }, reply);
    return { user: known, session: toAuthSession(started.session, known.id), tickets };
  }

  private strategyFor({ strategy: wanted }: LoginWishes): DeliveringStrategy {
    const offered = this.strategies.filter(delivers);
    const strategy = wanted === undefined ? offered[0] : offered.find(({ name }) => name === wanted);
    if (strategy) return strategy;
    const message = `strategy must be one of: ${offered.map(({ name }) => name).join(', ')}`;
    const errors = [{ field: 'strategy', rule: 'isSwitchedOn', message }];
    throw new AuthError('validation_failed', { reason: 'strategy_switched_off', errors });
  }

  private factorNamed(name: string): Factor {
    const factor = this.factors.find((candidate) => candidate.name === name);
    if (!factor) throw new TypeError(`no factor is named ${name}`);
    return factor;
  }

  private async refused(error: unknown, factor: Factor, origin: RequestOrigin): Promise<never> {
    const reason = error instanceof AuthError ? error.reason : undefined;
    await this.audit.record({ type: 'login.refused', factor: factor.name, reason: reason ?? 'error', origin });
    throw error;
  }
}
