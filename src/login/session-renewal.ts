import { Inject, Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { STRATEGIES, type Strategy } from '../access/strategy.js';
import type { AuditEventType } from '../audit/audit-events.js';
import type { AuthContext, AuthSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { SessionService } from '../sessions/session.service.js';
import { SessionResolver } from '../sessions/session-resolver.js';
import { type DeliveringStrategy, delivers, renewedTransportFor, type Transport } from '../sessions/ticket-delivery.js';
import { toAuthSession } from '../sessions/to-auth-session.js';
import type { Login } from './login-steps.js';

/** What the session that follows is to be. */
export interface RenewalParams {
  /** Proven just now: {@link amrAfter}. Empty: nothing, and the last proof is as old as before. */
  readonly amr: readonly string[];
  /** The user's, as of the proof or of the change that was made. */
  readonly sessionEpoch: number;
  /** As {@link SessionRenewal.transportFor} says. */
  readonly transport: Transport;
  /** Whether a session that was good for enrolling only is good for everything from now on. */
  readonly liftsLimit?: boolean;
  /** Why the old one ends. */
  readonly reason: string;
  /** What the audit is to call it, if the renewal is an event of its own: recorded with the end of the old one. */
  readonly event?: AuditEventType;
}

/** Puts a new session in the place of one whose user has just proven who they are (session fixation, SES-02). */
@Injectable()
export class SessionRenewal {
  constructor(
    @Inject(STRATEGIES) private readonly strategies: readonly Strategy[],
    private readonly sessions: SessionService,
    private readonly resolver: SessionResolver,
    private readonly clock: Clock,
  ) {}

  /**
   * How the new tickets are to travel: to be asked before anything is proven or changed. As those of the session do, unless the client asks
   * for a transport that shows less.
   *
   * @throws AuthError `forbidden` for a ticket that does not come from a login
   * @throws AuthError `validation_failed` for a transport that the strategy does not have, or that shows more
   */
  async transportFor(auth: AuthContext, requested: Transport | undefined): Promise<Transport> {
    const strategy = this.strategyOf(auth);
    const usual = (await this.resolver.find(auth.session.id))?.transport ?? 'cookie';
    return renewedTransportFor(strategy, usual, requested);
  }

  /**
   * The same strategy, a new id, new tickets. The old session has ended on all nodes before this returns.
   *
   * @throws AuthError `session_ended` when the old one was ended meanwhile: a logout is not undone, and of two renewals at once
   *   one wins
   * @throws AuthError `forbidden` for a ticket that does not come from a login
   */
  async renew(auth: AuthContext, params: RenewalParams, request: HttpRequest, reply: HttpReply): Promise<Login> {
    const { delivery, name } = this.strategyOf(auth);
    const origin = originOf(request);
    // What was proven by a request that was under way while its session ended begins no other.
    const epochs = await this.sessions.epochsOf(auth.session.id);
    if (epochs?.ofUser !== params.sessionEpoch) throw endedMeanwhile();
    const started = await this.sessions.start(
      { id: auth.user.id, sessionEpoch: params.sessionEpoch },
      {
        ...origin,
        event: 'session.renewed',
        strategy: name,
        transport: params.transport,
        amr: amrAfter(auth.session.amr, params.amr),
        withSecret: delivery.needsSecret,
        createdAt: auth.session.createdAt,
        authenticatedAt: params.amr.length === 0 ? auth.session.authenticatedAt : undefined,
        isRenewal: true,
        globalEpoch: epochs.globalEpoch,
        limit: params.liftsLimit ? undefined : this.limitOf(auth.session),
      },
    );
    const { id: sessionId, userId, amr } = started.session;
    const also = params.event === undefined ? undefined : { type: params.event, userId, sessionId, origin, amr };
    if (!(await this.sessions.end(auth.session.id, params.reason, { event: 'session.replaced', origin, also }))) {
      await this.sessions.end(started.session.id, 'never_delivered');
      throw endedMeanwhile();
    }
    const tickets = await delivery.deliver(started, auth.user, params.transport, request, reply);
    return { status: 'authenticated', user: auth.user, session: toAuthSession(started.session, auth.user.id), tickets };
  }

  private limitOf({ onlyFor, expiresAt }: AuthSession) {
    if (onlyFor === null) return undefined;
    return { onlyFor, seconds: Math.max(1, (expiresAt.getTime() - this.clock.now().getTime()) / 1000) };
  }

  /** @throws AuthError `forbidden` */
  strategyOf({ strategy: name }: AuthContext): DeliveringStrategy {
    const strategy = this.strategies.filter(delivers).find((candidate) => candidate.name === name);
    if (!strategy) throw new AuthError('forbidden', { reason: 'ticket_without_login' });
    return strategy;
  }
}

function endedMeanwhile(): AuthError {
  return new AuthError('session_ended', { reason: 'ended_while_renewed' });
}

/**
 * What a session shows after another proof. The password alone takes back what second factors had proven: `authenticatedAt` moves with it,
 * and whoever asks for a fresh second factor must not be shown an old one. Any other proof stands beside those before it.
 */
export function amrAfter(before: readonly string[], proven: readonly string[]): string[] {
  if (proven.length > 0 && proven.every((method) => method === 'pwd')) return [...proven];
  const all = new Set([...before, ...proven]);
  // RFC 8176 §2: proven by more than one.
  if (before.some((method) => method !== 'mfa' && !proven.includes(method))) all.add('mfa');
  return [...all];
}
