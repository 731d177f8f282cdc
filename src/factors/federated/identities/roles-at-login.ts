import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../../access/request-origin.js';
import { AuditSink } from '../../../audit/audit-sink.js';
import { RoleChanges } from '../../../credentials/role-changes.js';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { ADMIN_ROLE } from '../../../kernel/admin-role.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { AdminAlerts, isAdmin, markOf } from '../../../security/admin-alerts.js';
import { type UserRecord, UserStore } from '../../../users/user.store.js';
import type { Connection } from '../connections/connection.js';
import { labelOf } from '../connections/connection-label.js';
import { Connections } from '../connections/connections.js';
import type { UpstreamIdentity } from '../upstreams/upstream.js';
import type { FederatedIdentityEntity } from './federated-identity.entity.js';
import { mappedRoles } from './mapped-roles.js';

/** A linked login that has just been used. */
export interface UsedLink {
  readonly identityId: string;
  readonly connection: Connection;
  readonly identity: UpstreamIdentity;
  readonly origin: RequestOrigin;
}

/** One that is being removed. */
export type UnlinkedLogin = Pick<FederatedIdentityEntity, 'id' | 'connectionId'>;

/** The change of a user's roles by a login. */
interface Outcome {
  readonly roles: readonly string[];
  /** Those of them that this linked login has given. */
  readonly given: readonly string[];
}

/** Has the roles of users follow those that they have elsewhere, at each login (`roles.when` is `login`). */
@Injectable()
export class RolesAtLogin {
  private readonly logger = new Logger('federated');

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly changes: RoleChanges,
    private readonly users: UserStore,
    private readonly connections: Connections,
    private readonly alerts: AdminAlerts,
    private readonly audit: AuditSink,
  ) {}

  /**
   * Gives the roles that the map names now, and takes back those that this linked login has given and the map names no more. Roles that an admin,
   * or another linked login, has given stay. A user who has not proven the address is given none: the account may become another person's.
   *
   * @returns the user after that. The last admin stays one
   */
  async follow(user: UserRecord, link: UsedLink): Promise<UserRecord> {
    if (link.connection.settings.roles?.when !== 'login') return user;
    if (await this.isSettled(user, link)) return user;
    const sessionEpoch = await this.change(user, link).catch((error: unknown) => {
      if (!(error instanceof AuthError) || error.reason !== 'last_admin') throw error;
      this.logger.warn(`the last admin has lost the role at ${link.connection.slug}, and keeps it here`);
      return null;
    });
    const after = await this.users.find(user.id);
    if (!after) throw refused('user_deleted', user.id);
    // Of the proof's epoch, or of this change: an event that has ended all sessions since then ends this login too.
    return { ...after, sessionEpoch: sessionEpoch ?? user.sessionEpoch };
  }

  /** Takes back what a linked login has given that is removed. Within the transaction that removes it, as its last statement. */
  async withdraw(user: UserRecord, { id, connectionId }: UnlinkedLogin, tx: EntityManager, origin: RequestOrigin) {
    const connection = await this.connections.find(connectionId);
    const given = (await this.givenBy(user.id, tx)).get(id) ?? [];
    if (connection?.settings.roles?.when !== 'login' || given.length === 0) return;
    const { roles } = await this.outcomeOf(user, id, [], tx);
    const event = { type: 'user.roles_changed', userId: user.id, connection: connection.slug, roles, origin } as const;
    await this.audit.record({ ...event, ...markOf(user) }, tx);
    await this.tell(user, roles, connection, tx);
    await this.changes.write(user, roles, tx);
  }

  private change(user: UserRecord, { identityId, connection, identity, origin }: UsedLink): Promise<number | null> {
    const { id: userId, sessionEpoch: epoch } = user;
    const params = {
      ...{ userId, origin, epoch, details: { connection: connection.slug } },
      ...{ ifGone: refused('user_deleted', userId), ifSuperseded: refused('login_superseded', userId) },
    };
    return this.changes.make(params, async (now, tx) => {
      const { roles, given } = await this.outcomeOf(now, identityId, mappedRoles(connection, identity), tx);
      const [, count] = await tx.query(
        'UPDATE coatcheck.federated_identities SET roles_given = $3 WHERE id = $1 AND user_id = $2',
        [identityId, userId, given],
      );
      if (count !== 1) throw refused('unlinked_meanwhile', userId);
      await this.tell(now, roles, connection, tx);
      return roles;
    });
  }

  private async isSettled(user: UserRecord, { identityId, connection, identity }: UsedLink): Promise<boolean> {
    const { manager } = this.dataSource;
    const { roles, given } = await this.outcomeOf(user, identityId, mappedRoles(connection, identity), manager);
    const before = (await this.givenBy(user.id, manager)).get(identityId) ?? [];
    return isSame(roles, user.roles) && isSame(given, before);
  }

  private async outcomeOf(
    user: UserRecord,
    identityId: string,
    mapped: readonly string[],
    tx: EntityManager,
  ): Promise<Outcome> {
    const byLink = await this.givenBy(user.id, tx);
    // What an admin has taken away meanwhile is not this one's to give up.
    const before = (byLink.get(identityId) ?? []).filter((role) => user.roles.includes(role));
    byLink.delete(identityId);
    const byOthers = new Set([...byLink.values()].flat());
    const added = user.emailVerifiedAt === null ? [] : mapped.filter((role) => !user.roles.includes(role));
    const withdrawn = before.filter((role) => !mapped.includes(role));
    const kept = user.roles.filter((role) => !withdrawn.includes(role) || byOthers.has(role));
    return { roles: [...kept, ...added], given: [...before.filter((role) => mapped.includes(role)), ...added] };
  }

  private async givenBy(userId: string, tx: EntityManager): Promise<Map<string, string[]>> {
    const sql = 'SELECT id, roles_given AS given FROM coatcheck.federated_identities WHERE user_id = $1';
    const rows: { id: string; given: string[] }[] = await tx.query(sql, [userId]);
    return new Map(rows.map(({ id, given }) => [id, given]));
  }

  private async tell(before: UserRecord, roles: readonly string[], connection: Connection, tx: EntityManager) {
    if (isAdmin(before) === roles.includes(ADMIN_ROLE)) return;
    const change = isAdmin(before) ? 'roles_changed' : 'made_admin';
    await this.alerts.send(change, before, null, tx, labelOf(connection));
  }
}

function refused(reason: string, userId: string): AuthError {
  return new AuthError('invalid_credentials', { reason, userId });
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}
