import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../kernel/auth-error.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import { SessionStore } from '../sessions/session.store.js';
import { isOfEpoch, SessionEpochs } from '../sessions/session-epochs.js';
import { UserStore } from '../users/user.store.js';
import type { Actor } from './actor.js';

/**
 * Whether whoever acts on another account still may, as of the transaction: what a session has asked for before it ended is not done after
 * its end was acknowledged.
 */
@Injectable()
export class ActorsInForce {
  constructor(
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
    private readonly epochs: SessionEpochs,
  ) {}

  /**
   * Locks whoever acts, whose session then cannot end before the commit: by its user's epoch or everyone's, and by itself where the
   * sessions are in this database. To be asked first in a transaction.
   *
   * @param targetId who is locked next
   * @throws AuthError `session_ended`; `forbidden` when a role is gone
   */
  async assert({ actorId, actorSession }: Actor, tx: EntityManager, targetId?: string): Promise<void> {
    if (!actorId || !actorSession) return;
    // In one order, whoever acts on whom: or two admins who act on each other would wait for each other.
    if (targetId !== undefined && targetId < actorId) await this.users.find(targetId, tx);
    const actor = await this.users.find(actorId, tx);
    const session = await this.sessions.find(actorSession.id, tx);
    const globalEpoch = await this.epochs.heldGlobalEpoch(tx);
    if (!actor || session?.userId !== actorId) throw ended();
    readInstant(session.createdAt, 'session.createdAt');
    const hasEnded = readInstantOrNull(session.endedAt, 'session.endedAt') !== null;
    if (hasEnded || !isOfEpoch(session, actor, globalEpoch)) throw ended();
    if (!actorSession.roles.every((role) => actor.roles.includes(role)))
      throw new AuthError('forbidden', { reason: 'role_taken_meanwhile' });
  }
}

function ended(): AuthError {
  return new AuthError('session_ended', { reason: 'ended_before_the_change' });
}
