import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { Options } from '../../config/options.js';
import { Clock } from '../../kernel/clock.js';
import { type CredentialView, CredentialViews } from '../../revocation/credential-view.js';
import type { Subject } from '../../revocation/revocation-feed.js';
import type { SessionSnapshot } from '../../revocation/session-view.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import { UserStore } from '../../users/user.store.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { oauthOptions } from '../oauth-options.js';
import { DocumentClients } from './document-clients.js';
import { GrantCreation } from './grant-creation.js';
import { GrantEnds } from './grant-ends.js';
import type { GrantInForce } from './grant-in-force.js';
import type { CreateGrantParams, EndGrantsParams, GrantActor } from './grant-params.js';
import { type GrantSnapshot, GrantSnapshots } from './grant-snapshots.js';
import { GrantUsage } from './grant-usage.js';

/** The owner whose token {@link OAuthGrants.revokeToken} revokes. */
export type TokenOwner = `grant:${string}` | `client:${string}`;

/** There is no such grant: nothing is kept of it. */
const UNKNOWN = Symbol('unknown grant');

/**
 * The grants of users to clients. {@link judge} is the one gate that everything of a client passes: codes, refresh and access tokens,
 * userinfo, introspection. It answers from this node's view, so that whatever ends a grant, its session, its user's rights or its client
 * is over on every node when it is acknowledged.
 */
@Injectable()
export class OAuthGrants {
  /** How many grants were judged, and how many of these from the view, without asking a store. */
  readonly tally = { judged: 0, fromView: 0 };
  private readonly view: CredentialView<GrantSnapshot>;
  private readonly judgedBefore = new WeakMap<GrantSnapshot, GrantInForce>();

  constructor(
    views: CredentialViews,
    users: UserStore,
    options: Options,
    private readonly snapshots: GrantSnapshots,
    private readonly sessions: SessionResolver,
    private readonly clients: OAuthClients,
    private readonly documents: DocumentClients,
    private readonly creation: GrantCreation,
    private readonly ends: GrantEnds,
    private readonly usage: GrantUsage,
    private readonly clock: Clock,
  ) {
    this.view = views.createView(options.of(oauthOptions).oauthViewSize, users.announces);
  }

  /** How many grants this node knows. */
  get inView(): number {
    return this.view.size;
  }

  /**
   * The grant, if it holds at this moment. Null when there is none, it has ended or expired, its session is over, its user is banned or
   * deleted, or its client is disabled or gone. Counts as a use, of its session as well. Without a promise when this node knows it for
   * certain.
   *
   * @throws AuthError `internal_error` for what cannot be read; whatever the stores throw while out of reach
   */
  judge(id: string): GrantInForce | null | Promise<GrantInForce | null> {
    const known = this.view.peek(id);
    if (known === undefined && !isUuid(id)) return null;
    this.tally.judged += 1;
    if (known === undefined) return this.judgeAnew(id);
    const client = this.clientOf(known);
    const session = this.sessionOf(known);
    if (client instanceof Promise || session instanceof Promise)
      return Promise.all([client, session]).then((found) => this.judgeKnown(known, ...found));
    this.tally.fromView += 1;
    return this.judgeKnown(known, client, session);
  }

  /**
   * Makes a grant; nothing of it is kept if something ended meanwhile that would have ended it. A user has at most 100 of one client, and
   * 2,000 in all: the oldest end.
   *
   * @returns its id, a UUIDv7; null: its session has ended or is another user's, its user was banned, deleted or logged out everywhere, or
   *   the consent it needs is not there
   */
  create(params: CreateGrantParams): Promise<string | null> {
    return this.creation.create(params);
  }

  /**
   * Writes the library's grant anew. No node goes on with the old one when it returns.
   *
   * @param allowed the user who allows more than before, and in which session; absent when no user does
   * @returns false when the grant has ended or never was, or that session has ended
   */
  save(
    id: string,
    payload: Readonly<Record<string, unknown>>,
    allowed?: { readonly userId: string; readonly by: GrantActor },
  ): Promise<boolean> {
    return this.ends.save(id, payload, allowed);
  }

  /** Ends one grant; returns when no node accepts it. False when it had ended before; of several at once exactly one gets true. */
  end(id: string, reason: string, by: GrantActor = {}): Promise<boolean> {
    return this.ends.end({ id }, reason, by);
  }

  /** Ends one of this user's, as {@link end}; false for another user's. */
  endOwn(userId: string, id: string, reason: string, by: GrantActor = {}): Promise<boolean> {
    return this.ends.end({ id, userId }, reason, by);
  }

  /** Ends all that fit; returns how many, when no node accepts them. */
  endOf(params: EndGrantsParams): Promise<number> {
    return this.ends.endOf(params);
  }

  /**
   * Revokes one access token until it would have expired; returns when no node accepts it.
   *
   * @param owner what the token hangs on: a grant, or the client that acts for itself
   */
  revokeToken(owner: TokenOwner, jti: string, expiresAt: Date): Promise<void> {
    return this.ends.revokeToken(owner, jti, expiresAt);
  }

  /** Moves what hangs on a session to the one that takes its place; see `ReplacedSessions`. Returns how many. */
  move(beforeSessionId: string, afterSessionId: string): Promise<number> {
    return this.ends.move(beforeSessionId, afterSessionId);
  }

  /** Writes what is noted of uses, which waits for others to be written with it. */
  flush(): Promise<void> {
    return this.usage.flush();
  }

  private async judgeAnew(id: string): Promise<GrantInForce | null> {
    let found = await this.load(id);
    for (;;) {
      if (found === null) return null;
      const [client, session] = await Promise.all([this.clientOf(found), this.sessionOf(found)]);
      if (session !== null || found.sessionId === null) return this.judgeKnown(found, client, session);
      // It may have moved to the session that takes this one's place, between the two looks.
      const again = await this.load(id);
      if (again?.sessionId === found.sessionId) return null;
      found = again;
    }
  }

  private async load(id: string): Promise<GrantSnapshot | null> {
    try {
      return await this.view.load(id, () => this.snapshots.load(id).then((found) => found ?? Promise.reject(UNKNOWN)));
    } catch (error) {
      if (error === UNKNOWN) return null;
      throw error;
    }
  }

  private clientOf({ clientId }: GrantSnapshot): OAuthClient | null | Promise<OAuthClient | null> {
    return this.clients.find(clientId) ?? this.documents.find(clientId);
  }

  private sessionOf({ sessionId }: GrantSnapshot): SessionSnapshot | null | Promise<SessionSnapshot | null> {
    return sessionId === null ? null : this.sessions.findLive(sessionId);
  }

  private judgeKnown(
    found: GrantSnapshot,
    client: OAuthClient | null,
    session: SessionSnapshot | null,
  ): GrantInForce | null {
    const { isOver, expiresAt, userBannedUntil, sessionId, user } = found;
    const now = this.clock.milliseconds();
    if (isOver || now >= expiresAt.getTime()) return null;
    if (userBannedUntil !== null && now < userBannedUntil.getTime()) return null;
    if (client === null || client.isDisabled) return null;
    if (sessionId !== null && !isOfUser(session, user.id)) return null;
    this.usage.record(found, now);
    const before = this.judgedBefore.get(found);
    if (before?.client === client) return before;
    const { id, clientId, payload, revokedJtis } = found;
    const subjects = subjectsOf(found, client);
    const inForce = Object.freeze({ id, clientId, client, user, sessionId, payload, expiresAt, revokedJtis, subjects });
    this.judgedBefore.set(found, inForce);
    return inForce;
  }
}

function subjectsOf({ id, sessionId }: GrantSnapshot, client: OAuthClient): GrantInForce['subjects'] {
  const ofSession: Subject[] = sessionId === null ? [] : [`session:${sessionId}`];
  return Object.freeze([`grant:${id}`, `client:${client.id}`, ...ofSession] as const);
}

/** An admin who acts as a user, and a session that may only enrol a factor, are no signed-in user to clients. */
function isOfUser(session: SessionSnapshot | null, userId: string): boolean {
  return session?.user.id === userId && session.impersonatorId === null && session.onlyFor === null;
}
