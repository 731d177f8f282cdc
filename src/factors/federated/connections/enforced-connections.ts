import { Injectable } from '@nestjs/common';
import { type PrescribedLogin, PrescribedLogins } from '../../../credentials/prescribed-logins.js';
import { isAdmin } from '../../../security/admin-alerts.js';
import type { UserRecord } from '../../../users/user.store.js';
import { labelOf } from './connection-label.js';
import { Connections } from './connections.js';

/** Connections that are `enforced`: users at their verified domains sign in there, but for the admins that are named. */
@Injectable()
export class EnforcedConnections extends PrescribedLogins {
  constructor(private readonly connections: Connections) {
    super();
  }

  async insteadOfPassword(
    email: string,
    user: Pick<UserRecord, 'id' | 'kind' | 'roles'> | null,
  ): Promise<PrescribedLogin | null> {
    const connection = await this.connections.ofAddress(email);
    if (!connection?.settings.enforced) return null;
    // A user who is no longer an admin is no longer an exception.
    const isExcepted = user !== null && isAdmin(user) && connection.settings.enforcedExcept.includes(user.id);
    return isExcepted ? null : { name: labelOf(connection) };
  }
}
