import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { Clock } from '../../../kernel/clock.js';
import { type Bind, type Ending } from '../../../security/holding.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import type { UpstreamIdentity } from '../upstreams/upstream.js';
import { FederatedIdentityEntity } from './federated-identity.entity.js';

/** One that is to be linked. */
export interface NewLink {
  readonly userId: string;
  readonly connection: Connection;
  readonly identity: UpstreamIdentity;
  /** Whether its first login is under way. */
  readonly isLogin: boolean;
  /** Roles that the user has by it; absent: none. */
  readonly rolesGiven?: readonly string[];
}

const ALL = `id, user_id AS "userId", connection_id AS "connectionId", issuer, subject, email_then AS "emailThen",
  linked_at AS "linkedAt", last_used_at AS "lastUsedAt", roles_given AS "rolesGiven"`;

/** The table `federated_identities`. */
@Injectable()
export class FederatedIdentities {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly clock: Clock,
  ) {}

  /** By its key; null when it belongs to no user here. */
  async of({ id }: Connection, { issuer, subject }: UpstreamIdentity): Promise<FederatedIdentityEntity | null> {
    return this.dataSource.manager.findOneBy(FederatedIdentityEntity, { connectionId: id, issuer, subject });
  }

  /** The oldest first. */
  listOf(userId: string, within?: EntityManager): Promise<FederatedIdentityEntity[]> {
    const order = { linkedAt: 'ASC', id: 'ASC' } as const;
    return (within ?? this.dataSource.manager).find(FederatedIdentityEntity, { where: { userId }, order });
  }

  /**
   * In one statement: of any number of links of one identity, to whomever, one is made.
   *
   * @param within has locked the user
   * @returns null when it belongs to a user already, be it the same one
   * @throws AuthError `invalid_credentials` when the connection was disabled meanwhile
   */
  async link(
    { userId, connection, identity, isLogin, rolesGiven = [] }: NewLink,
    within: EntityManager,
  ): Promise<FederatedIdentityEntity | null> {
    await this.connections.assertInForce(connection.id, within);
    const now = this.clock.now();
    const { issuer, subject, email } = identity;
    const [made]: FederatedIdentityEntity[] = await within.query(
      `INSERT INTO coatcheck.federated_identities (id, user_id, connection_id, issuer, subject, email_then, linked_at, last_used_at, roles_given)
       VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $8 THEN $7::timestamptz END, $9) ON CONFLICT DO NOTHING RETURNING ${ALL}`,
      [uuidv7({ msecs: now.getTime() }), userId, connection.id, issuer, subject, email, now, isLogin, rolesGiven],
    );
    return made ?? null;
  }

  /** How many logins are linked by a connection. */
  countOf(connectionId: string): Promise<number> {
    return this.dataSource.manager.countBy(FederatedIdentityEntity, { connectionId });
  }

  /** Records a use. @returns false when it is linked to this user no more */
  async touch(id: string, userId: string): Promise<boolean> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      'UPDATE coatcheck.federated_identities SET last_used_at = $3 WHERE id = $1 AND user_id = $2',
      [id, userId, this.clock.now()],
    );
    return count === 1;
  }

  /** Within a transaction that has locked the user. @returns how many went */
  async remove(
    { userId, id, since }: Pick<Ending, 'userId' | 'since'> & { readonly id?: string | undefined },
    within: EntityManager,
  ): Promise<number> {
    const values: unknown[] = [];
    const statement = deletion({ userId, id, since }, (value) => `$${values.push(value)}`);
    const [{ count }] = await within.query(
      `WITH gone AS (${statement} RETURNING id),
            forgotten AS (DELETE FROM coatcheck.federated_logins WHERE identity_id IN (SELECT id FROM gone))
       SELECT count(*)::integer AS count FROM gone`,
      values,
    );
    return count;
  }
}

/** Of what a user has, all or what is meant. */
export function deletion(
  { userId, id, since }: Pick<Ending, 'userId' | 'since'> & { readonly id?: string | undefined },
  bind: Bind,
): string {
  const which = id === undefined ? '' : `AND id = ${bind(id)}`;
  const limit = since === undefined ? '' : `AND linked_at >= ${bind(since)}`;
  return `DELETE FROM coatcheck.federated_identities WHERE user_id = ${bind(userId)} ${which} ${limit}`;
}
