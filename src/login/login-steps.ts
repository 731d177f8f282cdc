import { Inject, Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { STRATEGIES, type TicketStrategy } from '../access/ticket-strategy.js';
import { Options } from '../config/options.js';
import type { AuthSession, AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { LogoutService } from '../sessions/logout.service.js';
import { SessionService } from '../sessions/session.service.js';
import { SessionEpochs } from '../sessions/session-epochs.js';
import {
  type DeliveredTickets,
  type DeliveringStrategy,
  delivers,
  type Transport,
  transportFor,
} from '../sessions/ticket-delivery.js';
import { toAuthSession } from '../sessions/to-auth-session.js';
import { toAuthUser, type UserRecord } from '../users/user.store.js';
import { Admission } from './admission.js';
import { DeviceVisits } from './devices/device-visits.js';
import { type KnownDevice, KnownDevices } from './devices/known-devices.js';
import { Enrolments } from './enrolments.js';
import { type LoginTicket, PendingLogins } from './half/pending-logins.js';
import { LoginPolicy } from './policy/login-policy.js';
import { policyOptions } from './policy/policy-options.js';

/** How the client wants to be recognised from now on. */
export interface LoginWishes {
  /** Absent: the first of `AUTH_STRATEGIES`. */
  readonly strategy?: string;
  /** Absent: the strategy's default, `split` for `jwt`. */
  readonly transport?: Transport;
  /** What an earlier login of this client was given, if it keeps its tokens itself. */
  readonly deviceToken?: string | undefined;
}

/** A finished login. */
export interface Login {
  readonly status: 'authenticated';
  readonly user: AuthUser;
  readonly session: AuthSession;
  readonly tickets: DeliveredTickets;
  /** For a client that keeps its tokens itself, to send at its next login. */
  readonly deviceToken?: string;
}

/** One that goes on: a proof of one of these factors is due. */
export interface FactorRequired extends LoginTicket {
  readonly status: 'factor_required';
  readonly factors: readonly string[];
}

/** One that ends in a session good for enrolling one of these factors, and nothing else. */
export interface EnrolmentRequired {
  readonly status: 'enrolment_required';
  readonly factors: readonly string[];
  readonly session: AuthSession;
  readonly tickets: DeliveredTickets;
}

/** What a right proof comes to. */
export type LoginResult = Login | FactorRequired | EnrolmentRequired;

/** What has been proven, and what is wanted. */
export interface LoginStep {
  readonly user: UserRecord;
  readonly proven: readonly string[];
  readonly amr: readonly string[];
  /** The device it comes from, if that is one of the user's. */
  readonly device: KnownDevice | null;
  /** What the client sent as its device's; whether it is known has not been said by that. */
  readonly deviceToken?: string | null;
  readonly strategy: DeliveringStrategy;
  readonly transport: Transport;
  /** What the step before found enrolled: no change outlives a login under way. Absent: to be looked up. */
  readonly enrolled?: readonly string[];
  /** Whether the user wishes not to be asked for a second factor here from now on. */
  readonly remembersDevice?: boolean;
}

/** What follows a right proof: the policy says whether a session, another proof, or an enrolment. */
@Injectable()
export class LoginSteps {
  private readonly enrolmentSeconds: number;

  constructor(
    @Inject(STRATEGIES) private readonly strategies: readonly TicketStrategy[],
    private readonly admission: Admission,
    private readonly enrolments: Enrolments,
    private readonly policy: LoginPolicy,
    private readonly pending: PendingLogins,
    private readonly logout: LogoutService,
    private readonly sessions: SessionService,
    private readonly epochs: SessionEpochs,
    private readonly devices: KnownDevices,
    private readonly visits: DeviceVisits,
    options: Options,
  ) {
    this.enrolmentSeconds = options.of(policyOptions).enrolmentSeconds;
  }

  /** @throws AuthError `validation_failed` for a strategy that is not switched on, or a transport that it does not have */
  ticketsFor(wishes: LoginWishes): { strategy: DeliveringStrategy; transport: Transport } {
    const strategy = this.strategyFor(wishes);
    return { strategy, transport: transportFor(strategy, wishes.transport) };
  }

  private strategyFor({ strategy: wanted }: LoginWishes): DeliveringStrategy {
    const offered = this.strategies.filter(delivers);
    const strategy = wanted === undefined ? offered[0] : offered.find(({ name }) => name === wanted);
    if (strategy) return strategy;
    const message = `strategy must be one of: ${offered.map(({ name }) => name).join(', ')}`;
    const errors = [{ field: 'strategy', rule: 'isSwitchedOn', message }];
    throw new AuthError('validation_failed', { reason: 'strategy_switched_off', errors });
  }

  /** @throws AuthError `email_unverified`, `user_banned` */
  async proceed(step: LoginStep, request: HttpRequest, reply: HttpReply): Promise<LoginResult> {
    const { user, proven, amr, device } = step;
    this.admission.admit(user);
    const enrolled = step.enrolled ?? (await this.enrolments.of(user.id));
    const isRemembered = this.devices.isRemembered(device, user.id);
    const demand = await this.policy.demandOf({ user, proven, amr, enrolled, isRemembered });
    if (demand.due === 'nothing') return this.finish(step, request, reply);
    const { factors } = demand;
    if (demand.due === 'enrolment') {
      const { session, tickets } = await this.start(step, request, reply, {
        onlyFor: 'enrolment',
        seconds: this.enrolmentSeconds,
      });
      return { status: 'enrolment_required', factors, session, tickets };
    }
    return { status: 'factor_required', factors, ...(await this.halt({ ...step, enrolled }, factors, request, reply)) };
  }

  private async halt(step: LoginStep, factors: readonly string[], request: HttpRequest, reply: HttpReply) {
    const { user, proven, amr, strategy, transport, deviceToken = null, enrolled = [] } = step;
    const { id: userId, roles } = user;
    const keepsCookies = transport !== 'body';
    const epoch = await this.epochs.of(user);
    const found = { userId, epoch, roles, proven, amr, enrolled, factors };
    const login = { ...found, strategy: strategy.name, transport, keepsCookies, deviceToken };
    return this.pending.begin(login, request, reply);
  }

  private async finish(step: LoginStep, request: HttpRequest, reply: HttpReply): Promise<Login> {
    const login = await this.start(step, request, reply);
    const { device, remembersDevice = false } = step;
    const rememberSeconds = remembersDevice ? this.policy.rememberedSecondsFor(step.user) : 0;
    const { sessionEpoch } = step.user;
    const visit = { user: login.user, sessionEpoch, device, tickets: login.tickets, rememberSeconds };
    const given = { request, deviceToken: step.deviceToken ?? null, origin: originOf(request) };
    const deviceToken = await this.visits.remember({ ...visit, ...given }, reply);
    return deviceToken === null ? login : { ...login, deviceToken };
  }

  private async start(
    { user, amr, strategy, transport }: LoginStep,
    request: HttpRequest,
    reply: HttpReply,
    limit?: { onlyFor: 'enrolment'; seconds: number },
  ): Promise<Login> {
    const { delivery, name } = strategy;
    await this.logout.makeRoom(strategy, request, reply);
    const event = limit ? ('login.enrolment_required' as const) : ('login.succeeded' as const);
    const order = {
      ...originOf(request),
      strategy: name,
      transport,
      amr,
      withSecret: delivery.needsSecret,
      limit,
      event,
    };
    const started = await this.sessions.start(user, order);
    const known = toAuthUser(user);
    const tickets = await delivery.deliver(started, known, transport, request, reply);
    return { status: 'authenticated', user: known, session: toAuthSession(started.session, known.id), tickets };
  }
}
