import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { HttpExchange, HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import type { FactorClaim, FactorProof } from '../credentials/factor.js';
import { Factors } from '../credentials/factors.js';
import { KnownDevices } from '../devices/known-devices.js';
import { AuthError } from '../kernel/auth-error.js';
import { FactorAttempts } from '../lockout/factor-attempts.js';
import { LoginAttempts } from '../lockout/login-attempts.js';
import { SessionEpochs } from '../sessions/session-epochs.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { FailedLogins } from './failed-logins.js';
import { LoginOutcomes } from './login-outcomes.js';
import { type LoginParams, type LoginResult, LoginSteps } from './login-steps.js';
import { type PendingLogin, PendingLogins } from './pending-login/pending-logins.js';

/** The next proof of a login that has begun. */
export interface NextProof extends Pick<FactorClaim, 'code' | 'credential'> {
  readonly loginToken: string;
  /** Its name. */
  readonly factor: string;
  readonly rememberDevice?: boolean;
}

/** The conversation that ends in a session. */
@Injectable()
export class LoginService {
  constructor(
    private readonly factors: Factors,
    private readonly attempts: LoginAttempts,
    private readonly steps: LoginSteps,
    private readonly pending: PendingLogins,
    private readonly factorAttempts: FactorAttempts,
    private readonly users: UserStore,
    private readonly epochs: SessionEpochs,
    private readonly devices: KnownDevices,
    private readonly failures: FailedLogins,
    private readonly outcomes: LoginOutcomes,
  ) {}

  /**
   * Begins a login with one factor, whose proof is in the request's validated body.
   *
   * @throws AuthError `validation_failed` for a strategy that is not switched on, or a transport that it does not have
   * @throws AuthError `rate_limited` after too many wrong proofs
   * @throws AuthError `invalid_credentials` unless the factor is proven
   * @throws AuthError `email_unverified`, `user_banned`: only after a right proof
   */
  login(factorName: string, wishes: LoginParams, request: HttpRequest, reply: HttpReply): Promise<LoginResult> {
    return this.outcomes.counted(this.begin(factorName, wishes, request, reply));
  }

  /**
   * Goes on with a login by the next factor.
   *
   * @throws AuthError `invalid_credentials` for a wrong proof; and for a login that is over, was begun in another browser, or asks
   *   for another factor
   * @throws AuthError `rate_limited` after too many wrong proofs
   */
  proceed(proof: NextProof, request: HttpRequest, reply: HttpReply): Promise<LoginResult> {
    return this.outcomes.counted(this.goOn(proof, request, reply));
  }

  private async begin(
    factorName: string,
    wishes: LoginParams,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<LoginResult> {
    const { strategy, transport } = this.steps.ticketsFor(wishes);
    const factor = this.factors.named(factorName);
    const { deviceToken = null } = wishes;
    const attempt = { email: factor.claimedEmail(request), request, reply, deviceToken };
    const { proven, device } = await this.attempts
      .judge(attempt, (isLocked) => factor.prove(request, isLocked))
      .catch((error) => this.refused(error, factor.name, request));
    const { user, amr } = proven;
    // Whoever proves what nobody guesses is the user: guesses before it are no longer in a row.
    if (!factor.isGuessable) await this.factorAttempts.forgive(user.id);
    // Where the proof itself says whose it is, nobody could ask before whether the device is theirs.
    const known = attempt.email === null ? await this.devices.recognise(request, deviceToken) : device;
    const step = { user, proven: [factor.name], amr, device: known, deviceToken, strategy, transport };
    return this.steps
      .proceed(step, request, reply)
      .catch((error) => this.refused(error, factor.name, request, user.id));
  }

  private async goOn(given: NextProof, request: HttpRequest, reply: HttpReply): Promise<LoginResult> {
    const login = this.pending.read(given.loginToken, request);
    const { strategy, transport } = this.steps.ticketsFor({ strategy: login.strategy, transport: login.transport });
    const { proven: proof, settled } = await this.proveNext(login, given, { request, reply }).catch((error) =>
      this.refused(error, given.factor, request, login.userId),
    );
    // After the proof, or whoever guesses would end the login; and before anything is made of it.
    const [isMine, device] = await Promise.all([
      this.pending.consume(login),
      this.devices.recognise(request, login.deviceToken),
      settled,
    ]);
    if (!isMine) throw refused('login_is_over');
    const proven = [...login.proven, given.factor];
    const amr = [...new Set([...login.amr, ...proof.amr, 'mfa'])];
    const { enrolled, deviceToken } = login;
    const step = { user: proof.user, proven, amr, device, deviceToken, strategy, transport, enrolled };
    return this.steps.proceed({ ...step, remembersDevice: given.rememberDevice }, request, reply);
  }

  private proveNext(
    login: PendingLogin,
    { factor: name, code, credential }: NextProof,
    exchange: HttpExchange,
  ): Promise<{ proven: FactorProof; settled: Promise<void> }> {
    const { id, userId, factors } = login;
    const found = this.userOf(login);
    // Looked up while the attempt takes its place; should that be refused first, nobody waits for it.
    found.catch(() => undefined);
    const factor = factors.includes(name) ? this.factors.find(name) : undefined;
    const attempt = {
      userId,
      boundTo: id,
      loginSeconds: this.pending.lifeSeconds,
      isGuess: factor?.isGuessable ?? true,
    };
    return this.factorAttempts.judgeQuickly(attempt, exchange, async () => {
      if (!factor) throw refused('factor_not_asked_for');
      const user = await found;
      const claim = { user, code, credential, boundTo: id, request: exchange.request };
      return { user, amr: await factor.proveFor(claim) };
    });
  }

  /** As the login found them: since then neither deleted nor logged out everywhere, nor have their factors or roles changed. */
  private async userOf({ userId, epoch, roles }: PendingLogin): Promise<UserRecord> {
    const user = await this.users.find(userId);
    const isSame = user !== null && (await this.epochs.of(user)) === epoch && isDeepStrictEqual(user.roles, roles);
    if (!isSame) throw refused('login_superseded');
    return user;
  }

  private async refused(error: unknown, factor: string, request: HttpRequest, userId?: string): Promise<never> {
    await this.failures.record(error, { userId, factor, origin: originOf(request) });
    throw error;
  }
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
