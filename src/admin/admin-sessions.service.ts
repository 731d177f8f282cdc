import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../kernel/auth-error.js';
import { audited } from '../security/actor.js';
import { ActorsInForce } from '../security/actors-in-force.js';
import { SessionService } from '../sessions/session.service.js';
import { SessionResolver } from '../sessions/session-resolver.js';
import type { AdminActor } from './admin-actor.js';

/** Ends sessions of other users. The lists of them come from `LiveSessions`. */
@Injectable()
export class AdminSessionsService {
  constructor(
    private readonly sessions: SessionService,
    private readonly resolver: SessionResolver,
    private readonly actors: ActorsInForce,
  ) {}

  /** Returns when no node accepts it any more. @throws AuthError `not_found` for one that has ended already or never was */
  async end(id: string, by: AdminActor): Promise<void> {
    const sessionId = id.toLowerCase();
    const session = await this.resolver.find(sessionId);
    const ifStill = (tx: EntityManager) => this.actors.assert(by, tx, session?.user.id);
    if (!session || !(await this.sessions.end(sessionId, 'ended_by_admin', { ...audited(by), ifStill }))) {
      throw new AuthError('not_found', { reason: 'no_such_live_session' });
    }
  }
}
