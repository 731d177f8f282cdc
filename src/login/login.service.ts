import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import { Options } from '../config/options.js';
import type { AccountState } from '../credentials/account-state.js';
import { Enrolments } from '../credentials/enrolments.js';
import type { FactorProof } from '../credentials/factor.js';
import { Factors } from '../credentials/factors.js';
import { LoginPolicy } from '../credentials/login-policy.js';
import { type GivenProof, validatedProof, verifyProof } from '../credentials/verify-proof.js';
import { DeviceVisits } from '../devices/device-visits.js';
import { KnownDevices } from '../devices/known-devices.js';
import type { Transport } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { FactorAttempts } from '../lockout/factor-attempts.js';
import type { Proven } from '../lockout/login-attempts.js';
import { LoginAttempts } from '../lockout/login-attempts.js';
import { HeldSessions } from '../sessions/held-sessions.js';
import { SessionEpochs } from '../sessions/session-epochs.js';
import { SessionTickets } from '../sessions/session-tickets.js';
import type { Login, StartedSession } from '../sessions/ticket-delivery.js';
import { toAuthUser, type UserRecord, UserStore } from '../users/user.store.js';
import { FactorContexts } from './factor-contexts.js';
import { FailedLogins } from './failed-logins.js';
import { LoginEligibility } from './login-eligibility.js';
import { LoginOutcomes } from './login-outcomes.js';
import type { LoginParams, LoginProgress, NextProof, ProgressWithState } from './login-progress.js';
import type { LoginResult } from './login-result.js';
import { type PendingLogin, PendingLogins } from './pending-login/pending-logins.js';
import { policyOptions } from './policy/policy-options.js';

/** Logs users in, from the first proof to the session. */
@Injectable()
export class LoginService {
  private readonly enrolmentSeconds: number;

  constructor(
    private readonly tickets: SessionTickets,
    private readonly factors: Factors,
    private readonly devices: KnownDevices,
    private readonly attempts: LoginAttempts,
    private readonly factorAttempts: FactorAttempts,
    private readonly eligibility: LoginEligibility,
    private readonly enrolments: Enrolments,
    private readonly policy: LoginPolicy,
    private readonly pending: PendingLogins,
    private readonly users: UserStore,
    private readonly epochs: SessionEpochs,
    private readonly held: HeldSessions,
    private readonly visits: DeviceVisits,
    private readonly failures: FailedLogins,
    private readonly outcomes: LoginOutcomes,
    private readonly contexts: FactorContexts,
    options: Options,
  ) {
    this.enrolmentSeconds = options.of(policyOptions).enrolmentSeconds;
  }

  /**
   * Begins a login with one factor.
   *
   * @param given the fields of a proof, nothing about them checked: the factor's own class does
   * @throws AuthError `validation_failed` for fields that are no proof of the factor, a strategy that is not switched on, or a transport that it does not have
   * @throws AuthError `rate_limited` after too many wrong proofs
   * @throws AuthError `invalid_credentials` unless the factor is proven
   * @throws AuthError `email_unverified`, `user_banned`: only after a right proof
   */
  login(factor: string, given: object, params: LoginParams, exchange: Exchange): Promise<LoginResult> {
    return this.outcomes.counted(this.begin(factor, given, params, exchange));
  }

  /**
   * Goes on with a login by the next factor.
   *
   * @throws AuthError `invalid_credentials` for a wrong proof; and for a login that is over, was begun in another browser, or asks
   *   for another factor
   * @throws AuthError `rate_limited` after too many wrong proofs
   */
  proceed(proof: NextProof, exchange: Exchange): Promise<LoginResult> {
    return this.outcomes.counted(this.goOn(proof, exchange));
  }

  /**
   * How the tokens of such a login would travel: for a login that is finished in another request than it is begun.
   *
   * @throws AuthError `validation_failed` for a strategy that is not switched on, or a transport that it does not have
   */
  transportFor(params: LoginParams): Transport {
    return this.tickets.choose(params).transport;
  }

  private async begin(name: string, given: object, params: LoginParams, exchange: Exchange): Promise<LoginResult> {
    const { caller } = exchange;
    const { deviceToken = null } = params;
    const choice = this.tickets.choose(params);
    const factor = this.factors.named(name);
    const proof = await validatedProof(factor, given);
    const email = factor.claimedEmail(proof);
    // Read before the proof is verified: if all sessions of all users are ended while it is, this login ends too.
    const [device, globalEpoch] = await Promise.all([
      this.devices.recognise(caller, deviceToken, email),
      factor.readsState ? null : this.epochs.globalEpoch(),
    ]);
    const claim = { proof, caller, keepsCookies: choice.transport !== 'body' };
    const { proven, slots } = await this.attempts
      .guardLogin({ email, device: email === null ? null : device }, exchange, (isLocked) =>
        factor.begin({ isLocked, ...claim }),
      )
      .catch((error) => this.recordRefusal(error, name, exchange));
    try {
      this.contexts.assertShort(proven);
      // Only the user can give such a proof, so wrong codes before it need not be counted on. A proof that leads to a code must not forgive them:
      // a thief of it, without the second factor, could begin again after each few guesses.
      if (!factor.isGuessable && proven.amr.includes('mfa')) await this.factorAttempts.forgive(proven.user.id);
      const progress = { ...choice, ...proven, provenFactors: [name], device, deviceToken, slots };
      return await this.afterProof(progress, globalEpoch, exchange).catch((error) =>
        this.recordRefusal(error, name, exchange, proven.user.id),
      );
    } finally {
      await slots.settle();
    }
  }

  private async goOn({ loginToken, factor, rememberDevice, ...proof }: NextProof, exchange: Exchange) {
    const login = this.pending.readLogin(loginToken, exchange.caller);
    const choice = this.tickets.choose(login);
    const { proven, settled } = await this.proveNext(login, factor, proof, exchange).catch(async (error) => {
      // It counts against no user, so it is recorded once: by the request that finishes it.
      if (isSuperseded(error) && !(await this.pending.consume(login))) throw error;
      return this.recordRefusal(error, factor, exchange, login.userId);
    });
    // After the proof, or a guess would end the login; and before anything is made of it.
    const [isOurs, device] = await Promise.all([
      this.pending.consume(login),
      this.devices.recognise(exchange.caller, login.deviceToken),
      settled,
    ]);
    if (!isOurs) throw refused('login_is_over');
    const { deviceToken, enrolled, context, stepsUp } = login;
    const { user } = proven;
    // As of the first proof: an end of all sessions since then, of the user or of all users, ends this login too.
    const globalEpoch = login.epochSum - user.sessionEpoch;
    const state = { enrolled, globalEpoch };
    const amr = [...new Set([...login.amr, ...proven.amr, 'mfa'])];
    const done = { user, state, amr, context, stepsUp, provenFactors: [...login.provenFactors, factor] };
    const progress = { ...choice, ...done, device, deviceToken, remembersDevice: rememberDevice };
    return this.afterProof(progress, globalEpoch, exchange).catch((error) =>
      this.recordRefusal(error, factor, exchange, user.id),
    );
  }

  /** Continues a login after a right proof. */
  private async afterProof(made: LoginProgress, globalEpoch: number | null, exchange: Exchange): Promise<LoginResult> {
    const { user, provenFactors, amr } = made;
    await this.eligibility.assertMayBeginBy(provenFactors[0]!, user);
    this.eligibility.assertMayLogIn(user);
    const state = made.state ?? (await this.stateOf(user, globalEpoch));
    const progress = { ...made, state };
    const isRemembered = progress.stepsUp === undefined && this.devices.isRemembered(progress.device, user.id);
    const demand = await this.policy.demandOf({ user, provenFactors, amr, enrolled: state.enrolled, isRemembered });
    if (demand.due === 'nothing') return this.finish(progress, exchange);
    const { factors } = demand;
    if (demand.due === 'factor') {
      void progress.slots?.settle();
      return { status: 'factor_required', factors, ...(await this.pending.begin(progress, factors, exchange)) };
    }
    const started = await this.start(progress, exchange, this.enrolmentSeconds);
    const { session, tickets } = await this.tickets.deliver(started, toAuthUser(user), progress, exchange);
    return { status: 'enrolment_required', factors, session, tickets };
  }

  private async finish(progress: ProgressWithState, exchange: Exchange): Promise<Login> {
    const { user, device, deviceToken, transport } = progress;
    const { globalEpoch } = progress.state;
    const started = await this.start(progress, exchange);
    const rememberSeconds = progress.remembersDevice ? this.policy.rememberedSecondsFor(user) : 0;
    const epochs = { sessionEpoch: user.sessionEpoch, globalEpoch };
    const visit = { user: toAuthUser(user), ...epochs, device, deviceToken, rememberSeconds };
    const [login, given] = await Promise.all([
      this.tickets.deliver(started, visit.user, progress, exchange),
      this.visits.writeDown({ ...visit, keepsCookies: transport !== 'body' }, exchange),
    ]);
    return given === null ? login : { ...login, deviceToken: given };
  }

  /** Of a user as read before the proof was checked: whatever ended all sessions since then ends this one too. */
  private async start(
    progress: ProgressWithState,
    exchange: Exchange,
    onlyToEnrolFor?: number,
  ): Promise<StartedSession> {
    const { user, amr, state, authenticatedAt, stepsUp } = progress;
    const notes = await this.tickets.notesFor(toAuthUser(user), progress, exchange, { amr });
    const isFull = onlyToEnrolFor === undefined;
    const createdAt = stepsUp === undefined ? undefined : await this.held.startOf(stepsUp, user.id);
    const toReplace = await this.held.endForLogin(progress.strategy, exchange, isFull ? user.id : undefined);
    const limit = isFull ? undefined : { onlyFor: 'enrolment' as const, seconds: onlyToEnrolFor };
    const event = isFull ? ('login.succeeded' as const) : ('login.enrolment_required' as const);
    const isRenewal = toReplace.length > 0;
    const known = { amr, authenticatedAt, globalEpoch: state.globalEpoch };
    const how = { ...known, createdAt, limit, event, notes, isRenewal, giveBack: progress.slots };
    const started = await this.tickets.start(user, how, progress, exchange);
    await this.contexts.passOn(progress, started.session.id);
    await this.held.replaceKept(toReplace, started.session, exchange.caller);
    return started;
  }

  private proveNext(
    login: PendingLogin,
    name: string,
    proof: GivenProof,
    exchange: Exchange,
  ): Promise<Proven<FactorProof>> {
    const { id: boundTo, userId, factors } = login;
    const found = this.userOf(login);
    // Looked up while the attempt reserves its slot; should that be refused first, it is not waited for.
    found.catch(() => undefined);
    const factor = factors.includes(name) ? this.factors.find(name) : undefined;
    const { lifeSeconds: loginSeconds } = this.pending;
    const attempt = { userId, boundTo, loginSeconds, isGuess: factor?.isGuessable ?? true };
    return this.factorAttempts.guardProofQuickly(attempt, exchange, async () => {
      const user = await found;
      if (!factor) throw refused('factor_not_asked_for');
      const claim = { user, proof, caller: exchange.caller, boundTo, isStepUp: false };
      return { user, amr: await verifyProof(factor, claim) };
    });
  }

  private async stateOf({ id }: UserRecord, globalEpoch: number | null): Promise<AccountState> {
    if (globalEpoch === null) throw new TypeError('a factor that reads the state gave none');
    return { enrolled: await this.enrolments.of(id), globalEpoch };
  }

  /** As the login found them: since then neither deleted nor logged out everywhere, nor have their factors or roles changed. */
  private async userOf({ userId, epochSum, roles }: PendingLogin): Promise<UserRecord> {
    const user = await this.users.find(userId);
    const isSame =
      user !== null && (await this.epochs.sumOf(user)) === epochSum && isDeepStrictEqual(user.roles, roles);
    // Unjudged: who began it before the owner recovered must not use up the owner's attempts.
    if (!isSame) throw new AuthError('invalid_credentials', { reason: SUPERSEDED, proof: 'unjudged' });
    return user;
  }

  private async recordRefusal(error: unknown, factor: string, { caller }: Exchange, userId?: string): Promise<never> {
    await this.failures.record(error, { userId, factor, origin: caller });
    throw error;
  }
}

const SUPERSEDED = 'login_superseded';

function isSuperseded(error: unknown): boolean {
  return error instanceof AuthError && error.reason === SUPERSEDED;
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
