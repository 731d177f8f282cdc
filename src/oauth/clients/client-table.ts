import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError, type FieldError } from '../../kernel/auth-error.js';
import { UserStore } from '../../users/user.store.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import type { ClientParams } from './client-params.js';
import { OAuthClientEntity } from './oauth-client.entity.js';

/** Which clients are listed. */
export interface ClientPage {
  readonly origin?: OAuthClientEntity['origin'] | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Reads clients from the database, with the rows they refer to. */
@Injectable()
export class ClientTable {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly resources: OAuthResources,
  ) {}

  /** @throws AuthError `not_found` */
  async get(id: string): Promise<OAuthClientEntity> {
    const found = await this.find(id);
    if (!found) throw noSuchClient();
    return found;
  }

  /** Null when there is no such client. */
  find(id: string): Promise<OAuthClientEntity | null> {
    return this.dataSource.manager.findOneBy(OAuthClientEntity, { id, deletedAt: IsNull() });
  }

  /** The same, locked until the transaction ends. */
  findLocked(id: string, tx: EntityManager): Promise<OAuthClientEntity | null> {
    const where = { id, deletedAt: IsNull() };
    return tx.findOne(OAuthClientEntity, { where, lock: { mode: 'pessimistic_write' } });
  }

  /** Those that are not deleted, the latest created first. @param before only those created before the client of this id */
  list({ origin, before, limit }: ClientPage): Promise<OAuthClientEntity[]> {
    const where = { deletedAt: IsNull(), ...(origin && { origin }), ...(before && { id: LessThan(before) }) };
    return this.dataSource.manager.find(OAuthClientEntity, { where, order: { id: 'DESC' }, take: limit });
  }

  /** Locked until the transaction ends. @throws AuthError `not_found` */
  async locked(id: string, tx: EntityManager): Promise<OAuthClientEntity> {
    const found = await this.findLocked(id, tx);
    if (!found) throw noSuchClient();
    return found;
  }

  async insert(row: OAuthClientEntity, tx: EntityManager): Promise<void> {
    await tx.insert(OAuthClientEntity, { ...row, metadata: row.metadata as object });
  }

  /** The whole row. */
  async update(row: OAuthClientEntity, tx: EntityManager): Promise<void> {
    await tx.update(OAuthClientEntity, { id: row.id }, { ...row, metadata: row.metadata as object });
  }

  /** @throws AuthError `validation_failed` unless it is a service user */
  async assertServiceUser(id: string, tx: EntityManager): Promise<void> {
    const user = await this.users.find(id, tx);
    if (user?.kind === 'service') return;
    throw unfit('serviceUserId', 'must be the id of a service user');
  }

  /**
   * @param before what the client may have though it is gone by now
   * @throws AuthError `validation_failed` for an API that there is not, and for a scope that none of the client's has
   */
  async assertOffered(
    { resources = [], scopes = [] }: Pick<ClientParams, 'resources' | 'scopes'>,
    before: Pick<OAuthClientEntity, 'resources' | 'scopes'> = { resources: [], scopes: [] },
  ): Promise<void> {
    const known = resources
      ? await Promise.all(resources.map((uri) => this.resources.find(uri)))
      : await this.resources.all();
    const unknown = resources?.find((uri, i) => !known[i] && !before.resources?.includes(uri));
    if (unknown !== undefined) throw unfit('resources', `must not contain ${unknown}: there is no such resource`);
    const offers = (scope: string) => known.some((one) => one && Object.hasOwn(one.scopes, scope));
    const missing = scopes?.find((scope) => !offers(scope) && !before.scopes?.includes(scope));
    if (missing !== undefined)
      throw unfit('scopes', `must not contain ${missing}: none of the client's resources has such a scope`);
  }
}

function noSuchClient(): AuthError {
  return new AuthError('not_found', { reason: 'no_such_client' });
}

/** @returns a refusal that says what is wrong with one field */
export function unfit(field: string, message: string): AuthError {
  return unfitAll([{ field, rule: 'fitsClient', message: `${field} ${message}` }]);
}

export function unfitAll(errors: readonly FieldError[]): AuthError {
  return new AuthError('validation_failed', { reason: 'unfit_client', errors: errors.slice(0, 20) });
}
