import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../../kernel/auth-error.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import type { GrantActor } from './grant-params.js';

/**
 * Whether the session that a user allows something in is still theirs, as of the transaction: what outlives a session is never allowed by one
 * whose end was acknowledged.
 */
@Injectable()
export class AllowingSessions {
  constructor(private readonly actors: ActorsInForce) {}

  /** True where no session acts. The user is locked afterwards. */
  async isInForce(userId: string, { sessionId }: GrantActor, tx: EntityManager): Promise<boolean> {
    if (!sessionId) return true;
    try {
      await this.actors.assert({ actorId: userId, actorSession: { id: sessionId, roles: [] } }, tx);
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.code === 'session_ended') return false;
      throw error;
    }
  }
}
