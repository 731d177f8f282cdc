import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { type AuthContext, requireSession } from '../kernel/auth-context.js';
import { ActorsInForce } from '../security/actors-in-force.js';
import { Usernames } from './usernames.js';

/** Who changes it, and where. */
export interface UsernameOwner {
  readonly userId: string;
  readonly sessionId: string;
  /** Which the user had when the session was found. */
  readonly roles: readonly string[];
  readonly origin: RequestOrigin;
}

/** Changes of one's own username. A session that has ended changes none: the name would outlive what has ended it. */
@Injectable()
export class OwnUsername {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly actors: ActorsInForce,
    private readonly usernames: Usernames,
    private readonly audit: AuditSink,
  ) {}

  /** @throws AuthError `conflict` when it cannot be had; `session_ended` when the session ended meanwhile */
  async choose(username: string, owner: UsernameOwner): Promise<void> {
    const { userId, sessionId, origin } = owner;
    await this.dataSource.transaction(async (tx) => {
      await this.assertInForce(owner, tx);
      await this.usernames.take(userId, username, true, tx);
      await this.audit.record({ type: 'username.changed', userId, sessionId, origin }, tx);
    });
  }

  /**
   * Nothing happens to a user without one.
   *
   * @throws AuthError `session_ended` when the session ended meanwhile
   */
  async giveUp(owner: UsernameOwner): Promise<void> {
    const { userId, sessionId, origin } = owner;
    await this.dataSource.transaction(async (tx) => {
      await this.assertInForce(owner, tx);
      if (await this.usernames.release(userId, tx))
        await this.audit.record({ type: 'username.removed', userId, sessionId, origin }, tx);
    });
  }

  /** Locks the user. */
  private assertInForce({ userId: actorId, sessionId: id, roles }: UsernameOwner, tx: EntityManager): Promise<void> {
    return this.actors.assert({ actorId, actorSession: { id, roles } }, tx);
  }
}

/** The user of a request. @throws AuthError `forbidden` for a machine's credential */
export function ownerOf(auth: AuthContext, origin: RequestOrigin): UsernameOwner {
  const { id: userId, roles } = auth.user;
  return { userId, sessionId: requireSession(auth).id, roles, origin };
}
