import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../kernel/auth-error.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import { ActsUnderWay } from '../sessions/acts-under-way.js';
import { type LockedTogether, type LockTogether, SessionStore } from '../sessions/session.store.js';
import { isOfEpoch, SessionEpochs } from '../sessions/session-epochs.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import type { Actor, ActorSession } from './actor.js';

/**
 * Whether a user who acts on another account still may, as of the transaction: what a session has asked for before it ended is not done after
 * its end was acknowledged.
 */
@Injectable()
export class ActorsInForce {
  private lock: LockTogether | undefined;

  constructor(
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
    private readonly epochs: SessionEpochs,
    private readonly acts: ActsUnderWay,
  ) {}

  /**
   * Locks the user who acts, whose session then cannot end before the commit: by its user's epoch or everyone's, and by itself where the
   * sessions are in this database. To be asked first in a transaction.
   *
   * @param targetId whom they act on: locked as well, all in one order, or two admins who act on each other would wait
   *   for each other
   * @throws AuthError `session_ended`; `forbidden` when a role is gone
   */
  async assert({ actorId, actorSession }: Actor, tx: EntityManager, targetId?: string): Promise<void> {
    if (actorId && actorSession) await this.locked(actorId, actorSession, targetId, tx);
  }

  /**
   * As {@link assert}, and whom they act on, locked; also where no session acts that could end.
   *
   * @returns null when there is no such user
   */
  lockedTarget({ actorId, actorSession }: Actor, targetId: string, tx: EntityManager): Promise<UserRecord | null> {
    if (!actorId || !actorSession) return this.users.find(targetId, tx);
    return this.locked(actorId, actorSession, targetId, tx);
  }

  private async locked(
    actorId: string,
    actorSession: ActorSession,
    targetId: string | undefined,
    tx: EntityManager,
  ): Promise<UserRecord | null> {
    // Not earlier: a DataSource knows its tables once it is initialised.
    this.lock ??= this.joined() ?? ((...asked) => this.oneByOne(...asked));
    const ids = targetId === undefined ? [actorId] : [actorId, targetId];
    const { users, session, globalEpoch } = await this.lock(ids, actorSession.id, tx);
    const [actor, target] = users;
    if (!actor || session?.userId !== actorId) throw ended();
    readInstant(session.createdAt, 'session.createdAt');
    const hasEnded = readInstantOrNull(session.endedAt, 'session.endedAt') !== null;
    if (hasEnded || !isOfEpoch(session, actor, globalEpoch)) throw ended();
    if (!actorSession.roles.every((role) => actor.roles.includes(role)))
      throw new AuthError('forbidden', { reason: 'role_taken_meanwhile' });
    return target ?? null;
  }

  private joined(): LockTogether | null {
    const { table } = this.users;
    return table && this.sessions.lockedWith(table);
  }

  private async oneByOne(ids: readonly string[], sessionId: string, tx: EntityManager): Promise<LockedTogether> {
    await this.acts.begin(sessionId);
    const found = new Map<string, UserRecord | null>();
    for (const id of [...new Set(ids)].sort()) found.set(id, await this.users.find(id, tx));
    const session = await this.sessions.find(sessionId, tx);
    const globalEpoch = await this.epochs.heldGlobalEpoch(tx);
    return { users: ids.map((id) => found.get(id) ?? null), session, globalEpoch };
  }
}

function ended(): AuthError {
  return new AuthError('session_ended', { reason: 'ended_before_the_change' });
}
