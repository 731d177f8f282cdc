import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { UserEntity } from './user.entity.js';
import type { UserRecord } from './user.store.js';
import { UserDirectory, type UserQuery } from './user-directory.js';

/** Any number, the same in every process: `admn` in ASCII. */
const ADMINISTRATORS_LOCK = 0x61646d6e;
/** A hundred are mailed; more of them are no circle that watches itself. */
const MOST_ADMINISTRATORS = 100;
/** As in the index `users_admin_idx`. */
const IS_ADMIN = `'admin' = ANY (u.roles) AND u.kind = 'person'`;
const IS_BANNED = 'u.banned_at IS NOT NULL AND (u.banned_until IS NULL OR u.banned_until > :now)';

/**
 * Users in the table `users`. Each query has an index that serves it; a search for three letters or more has one where `pg_trgm` is to be
 * had. Elsewhere, and for fewer letters that few users have, it reads the table.
 */
@Injectable()
export class TypeormUserDirectory extends UserDirectory {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  list({ search, status, kind, among, notAmong, before, limit, now }: UserQuery): Promise<UserRecord[]> {
    const query = this.users().setParameter('now', now);
    if (search) {
      // Lower-cased by the database, as the indexes are.
      const part = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      query.andWhere('(u.email LIKE lower(:part) OR lower(u.name) LIKE lower(:part))', { part });
    }
    if (status === 'banned') query.andWhere(IS_BANNED);
    else if (status) query.andWhere(`NOT (${IS_BANNED})`);
    if (status === 'unverified') query.andWhere(`u.email_verified_at IS NULL AND u.kind = 'person'`);
    if (status === 'active') query.andWhere(`(u.email_verified_at IS NOT NULL OR u.kind = 'service')`);
    if (kind) query.andWhere('u.kind = :kind', { kind });
    if (among) query.andWhere('u.id = ANY (:among)', { among });
    if (notAmong?.length) query.andWhere('u.id <> ALL (:notAmong)', { notAmong });
    if (before) query.andWhere('u.id < :before', { before });
    return query.orderBy('u.id', 'DESC').limit(limit).getMany();
  }

  listFrom(id: string | null, limit: number): Promise<UserRecord[]> {
    const query = this.users();
    if (id !== null) query.where('u.id >= :id', { id });
    return query.orderBy('u.id', 'ASC').limit(limit).getMany();
  }

  async hasAdministrator(
    exceptId: string | null,
    now: Date,
    within?: EntityManager,
    mustBeVerified = false,
  ): Promise<boolean> {
    const query = this.administrators(now, within);
    if (mustBeVerified) query.andWhere('u.email_verified_at IS NOT NULL');
    if (exceptId !== null) query.andWhere('u.id <> :exceptId', { exceptId });
    return (await query.limit(1).getOne()) !== null;
  }

  listAdministrators(now: Date, within?: EntityManager): Promise<UserRecord[]> {
    return this.administrators(now, within).orderBy('u.id', 'ASC').limit(MOST_ADMINISTRATORS).getMany();
  }

  async lockAdministrators(within: EntityManager): Promise<void> {
    await within.query('SELECT pg_advisory_xact_lock($1)', [ADMINISTRATORS_LOCK]);
  }

  private administrators(now: Date, within?: EntityManager): SelectQueryBuilder<UserEntity> {
    return this.users(within).where(IS_ADMIN).andWhere(`NOT (${IS_BANNED})`, { now });
  }

  private users(within: EntityManager = this.dataSource.manager): SelectQueryBuilder<UserEntity> {
    return within.createQueryBuilder(UserEntity, 'u');
  }
}
