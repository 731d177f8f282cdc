import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { ConnectionEntity } from './connection.entity.js';

/** More than that on one installation are refused: each node knows them all. */
const MOST_CONNECTIONS = 1_000;

/** The table of connections, as admins see and change it. */
@Injectable()
export class ConnectionTable {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @throws AuthError `not_found` */
  async get(id: string): Promise<ConnectionEntity> {
    const found = await this.dataSource.manager.findOneBy(ConnectionEntity, { id });
    if (!found) throw noSuchConnection();
    return found;
  }

  /** The latest created first. @param before only those created before the connection of this id */
  list(before: string | undefined, limit: number): Promise<ConnectionEntity[]> {
    const where = before === undefined ? {} : { id: LessThan(before) };
    return this.dataSource.manager.find(ConnectionEntity, { where, order: { id: 'DESC' }, take: limit });
  }

  /** Locked until the transaction ends. @throws AuthError `not_found` */
  async locked(id: string, tx: EntityManager): Promise<ConnectionEntity> {
    const found = await tx.findOne(ConnectionEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!found) throw noSuchConnection();
    return found;
  }

  /** @throws AuthError `conflict` when the slug is taken, or there are too many */
  async insert(row: ConnectionEntity, tx: EntityManager): Promise<void> {
    const [{ count }] = await tx.query('SELECT count(*)::integer AS count FROM coatcheck.connections');
    if (count >= MOST_CONNECTIONS) throw new AuthError('conflict', { reason: 'too_many_connections' });
    const inserting = tx
      .createQueryBuilder()
      .insert()
      .into(ConnectionEntity)
      .values({ ...row, settings: row.settings as object });
    const { raw } = await inserting.orIgnore().returning('id').execute();
    if (raw.length === 0) throw new AuthError('conflict', { reason: 'slug_taken' });
  }

  /** The whole row. */
  async update({ id, ...row }: ConnectionEntity, tx: EntityManager): Promise<void> {
    await tx.update(ConnectionEntity, { id }, { ...row, settings: row.settings as object });
  }
}

export function noSuchConnection(): AuthError {
  return new AuthError('not_found', { reason: 'no_such_connection' });
}
