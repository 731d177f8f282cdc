import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { ActingSessionEntity } from './acting-session.entity.js';

/**
 * Which sessions admins have begun to act as another user, and from which of their own. Whatever store sessions are in, one that is not
 * noted here is over.
 */
@Injectable()
export class ActingSessions {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Before the session is stored: it is good for nothing without. */
  async note(session: ActingSessionEntity): Promise<void> {
    await this.dataSource.manager.insert(ActingSessionEntity, session);
  }

  /** The session it was begun from; null when that is not known, or it has ended with all of the admin's. */
  async parentOf(sessionId: string): Promise<string | null> {
    const found = await this.dataSource.manager.findOneBy(ActingSessionEntity, { sessionId });
    return found?.parentSessionId ?? null;
  }

  /** Those of an admin that have not expired, the latest last; they may have ended. */
  async idsOf(actorId: string): Promise<string[]> {
    const where = { actorId, expiresAt: MoreThan(this.clock.now()) };
    const found = await this.dataSource.manager.find(ActingSessionEntity, { where, order: { expiresAt: 'ASC' } });
    return found.map(({ sessionId }) => sessionId);
  }

  /** Ends those in which this user acts as another one, and those in which an admin acts as this user. The caller announces them. */
  async endOf(userId: string, within: EntityManager): Promise<void> {
    await within.delete(ActingSessionEntity, [{ actorId: userId }, { userId }]);
  }
}
