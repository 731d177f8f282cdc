import { Injectable } from '@nestjs/common';
import { type PrescribedLogin, PrescribedLogins } from '../../../credentials/prescribed-logins.js';
import { isAdmin } from '../../../security/admin-alerts.js';
import type { UserRecord } from '../../../users/user.store.js';
import type { Connection } from './connection.js';
import { labelOf } from './connection-label.js';
import { Connections } from './connections.js';

type KnownUser = Pick<UserRecord, 'id' | 'kind' | 'roles'>;

/** Connections that are `enforced`: users at their verified domains sign in there, but for the admins that are named. */
@Injectable()
export class EnforcedConnections extends PrescribedLogins {
  constructor(private readonly connections: Connections) {
    super();
  }

  async loginFor(email: string, user: KnownUser | null): Promise<PrescribedLogin | null> {
    const connection = await this.connectionFor(email, user);
    return connection && { name: labelOf(connection), factor: 'federated' };
  }

  /**
   * The connection by which alone the user signs in; null: by any.
   *
   * @param user whose address it is; null: no user's
   */
  async connectionFor(email: string, user: KnownUser | null): Promise<Connection | null> {
    const connection = await this.connections.ofAddress(email);
    if (!connection?.settings.enforced) return null;
    // A user who is no longer an admin is no longer an exception.
    const isExcepted = user !== null && isAdmin(user) && connection.settings.enforcedExcept.includes(user.id);
    return isExcepted ? null : connection;
  }
}
