import { Injectable } from '@nestjs/common';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import type { SessionMetadata } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import { deepFrozen, EMPTY_OBJECT } from '../kernel/json-object.js';
import { type SessionSnapshot, SnapshotSource } from '../revocation/session-view.js';
import { banEndOf, isBanned, toAuthUser, type UserRecord, UserStore } from '../users/user.store.js';
import { ActingSessions } from './acting-sessions.js';
import { deviceName } from './device-name.js';
import { type SessionRecord, SessionStore, type SessionWithUser } from './session.store.js';
import { claimsOf, SessionClaims } from './session-claims.js';
import { isOfEpoch, SessionEpochs } from './session-epochs.js';

/** Joins a session with its user, each from whatever store the application uses; in one statement where both are in one. */
@Injectable()
export class StoredSnapshots extends SnapshotSource {
  /** Calls to stores so far. */
  storeCalls = 0;
  private find: ((sessionId: string) => Promise<SessionWithUser | null>) | undefined;

  constructor(
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
    private readonly epochs: SessionEpochs,
    private readonly acting: ActingSessions,
    private readonly clock: Clock,
    private readonly claims: SessionClaims,
  ) {
    super();
  }

  /** The view of a host's own store that announces nothing would never be corrected. */
  get isAnnounced(): boolean {
    return this.sessions.announces && this.users.announces;
  }

  async load(sessionId: string): Promise<SessionSnapshot | null> {
    // Not earlier: a DataSource knows its tables once it is initialised.
    this.find ??= this.joined() ?? ((id) => this.findOneByOne(id));
    this.storeCalls += 1;
    const found = await this.find(sessionId);
    if (!found) return null;
    const { session, user, globalEpoch } = found;
    const {
      userId: _,
      endReason: __,
      epochSum: ____,
      impersonatorEpochSum: ___,
      claimsRevision: _____,
      ...known
    } = session;
    const instants = instantsOf(session);
    const isSuperseded = !isOfEpoch(session, user, globalEpoch) || !(await this.mayStillImpersonate(found));
    const isOver = isSuperseded || instants.endedAt !== null;
    return {
      device: deviceName(session.userAgent),
      user: toAuthUser(user),
      userBannedUntil: banEndOf(user),
      isSuperseded,
      ...known,
      ...instants,
      // What is over needs no look-up.
      claims: isOver ? claimsOf(session) : await this.claims.inForce(session, user),
      metadata: session.metadata ? (deepFrozen(session.metadata) as SessionMetadata) : EMPTY_OBJECT,
      impersonatorId: session.impersonatorId ?? null,
      onlyFor: session.onlyFor ?? null,
      transport: session.transport ?? null,
    };
  }

  private joined() {
    const { table } = this.users;
    return table && this.sessions.joinedWith(table);
  }

  private async findOneByOne(sessionId: string): Promise<SessionWithUser | null> {
    this.storeCalls += 1;
    const [session, globalEpoch] = await Promise.all([this.sessions.find(sessionId), this.epochs.globalEpoch()]);
    if (!session) return null;
    this.storeCalls += 1;
    const user = await this.users.find(session.userId);
    return user && { session, user, globalEpoch };
  }

  /** The admin is one still, and has not been logged out, nor out of the session it was begun from; the user has not become one. */
  private async mayStillImpersonate({ session, user, globalEpoch }: SessionWithUser): Promise<boolean> {
    const { impersonatorId, impersonatorEpochSum } = session;
    if (!impersonatorId) return true;
    this.storeCalls += 1;
    const actingAdmin = await this.users.find(impersonatorId);
    if (!actingAdmin || isBanned(actingAdmin, this.clock.now())) return false;
    const isOfThisEpoch = impersonatorEpochSum === actingAdmin.sessionEpoch + globalEpoch;
    const isAdmin = actingAdmin.roles.includes(ADMIN_ROLE) && !user.roles.includes(ADMIN_ROLE);
    return isOfThisEpoch && isAdmin && (await this.goesOn(session.id, actingAdmin, globalEpoch));
  }

  /** Whether the session that an acting session was begun from has not ended. It may rest: the two are not used at once. */
  private async goesOn(actingId: string, actingAdmin: UserRecord, globalEpoch: number): Promise<boolean> {
    this.storeCalls += 2;
    const parentId = await this.acting.parentOf(actingId);
    const parent = parentId === null ? null : await this.sessions.find(parentId);
    if (parent === null || parent.userId !== actingAdmin.id) return false;
    const { endedAt, absoluteExpiresAt } = instantsOf(parent);
    return endedAt === null && this.clock.now() < absoluteExpiresAt && isOfEpoch(parent, actingAdmin, globalEpoch);
  }
}

/** Whatever store they come from: one that cannot be read would never be reached, and an end that cannot be read would be none. */
function instantsOf(session: SessionRecord) {
  return {
    createdAt: readInstant(session.createdAt, 'session.createdAt'),
    authenticatedAt: readInstant(session.authenticatedAt, 'session.authenticatedAt'),
    lastSeenAt: readInstant(session.lastSeenAt, 'session.lastSeenAt'),
    idleExpiresAt: readInstant(session.idleExpiresAt, 'session.idleExpiresAt'),
    absoluteExpiresAt: readInstant(session.absoluteExpiresAt, 'session.absoluteExpiresAt'),
    endedAt: readInstantOrNull(session.endedAt, 'session.endedAt'),
  };
}
