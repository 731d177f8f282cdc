import { Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import type { AuditEventType } from '../audit/audit-event-types.js';
import { type AuthContext, type AuthSession, requireSession } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { endedMeanwhile, ReplacedSessions } from '../sessions/replaced-sessions.js';
import { SessionService } from '../sessions/session.service.js';
import { SessionResolver } from '../sessions/session-resolver.js';
import { SessionTickets } from '../sessions/session-tickets.js';
import { type Login, renewedTransportFor, type Transport } from '../sessions/ticket-delivery.js';

/** Parameters of the session that follows. */
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
  /** The audit event, if the renewal is one of its own: recorded with the end of the old session. */
  readonly event?: AuditEventType;
}

/** Puts a new session in the place of one whose user has just proven who they are (against session fixation). */
@Injectable()
export class SessionRenewal {
  constructor(
    private readonly tickets: SessionTickets,
    private readonly sessions: SessionService,
    private readonly resolver: SessionResolver,
    private readonly replaced: ReplacedSessions,
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
    const strategy = this.tickets.strategyOf(auth);
    const usual = (await this.resolver.find(requireSession(auth).id))?.transport ?? 'cookie';
    return renewedTransportFor(strategy, usual, requested);
  }

  /**
   * The same strategy, a new id, new tickets. The old session has ended on all nodes before this returns, and what hung on it has moved.
   *
   * @throws AuthError `session_ended` when the old one was ended meanwhile: a logout is not undone, and of two renewals at once
   *   one wins
   * @throws AuthError `forbidden` for a ticket that does not come from a login
   */
  async renew(auth: AuthContext, params: RenewalParams, exchange: Exchange): Promise<Login> {
    const session = requireSession(auth);
    const choice = { strategy: this.tickets.strategyOf(auth), transport: params.transport };
    const owner = { id: auth.user.id, sessionEpoch: params.sessionEpoch };
    // What was proven by a request that was under way while its session ended begins no other.
    const epochs = await this.sessions.epochsOf(session.id);
    if (epochs?.ofUser !== params.sessionEpoch) throw endedMeanwhile();
    const how = {
      event: 'session.renewed',
      amr: amrAfter(session.amr, params.amr),
      createdAt: session.createdAt,
      authenticatedAt: params.amr.length === 0 ? session.authenticatedAt : undefined,
      isRenewal: true,
      globalEpoch: epochs.globalEpoch,
      notes: epochs.notes,
      limit: params.liftsLimit ? undefined : this.limitOf(session),
    } as const;
    const started = await this.tickets.start(owner, how, choice, exchange);
    const { id: sessionId, userId, amr } = started.session;
    const origin = exchange.caller;
    const also = params.event === undefined ? undefined : { type: params.event, userId, sessionId, origin, amr };
    await this.replaced.replace(session.id, started.session, params.reason, {
      event: 'session.replaced',
      origin,
      also,
    });
    return this.tickets.deliver(started, auth.user, choice, exchange);
  }

  private limitOf({ onlyFor, expiresAt }: AuthSession) {
    if (onlyFor === null) return undefined;
    return { onlyFor, seconds: Math.max(1, (expiresAt.getTime() - this.clock.now().getTime()) / 1000) };
  }
}

/**
 * The `amr` of a session after another proof. The password alone takes back what second factors had proven: `authenticatedAt` moves with it,
 * and a route that asks for a fresh second factor must not be shown an old one. Any other proof stands beside those before it.
 */
export function amrAfter(before: readonly string[], proven: readonly string[]): string[] {
  if (proven.length > 0 && proven.every((method) => method === 'pwd')) return [...proven];
  const all = new Set([...before, ...proven]);
  // RFC 8176 §2: proven by more than one.
  if (before.some((method) => method !== 'mfa' && !proven.includes(method))) all.add('mfa');
  return [...all];
}
