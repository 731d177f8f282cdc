import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { newestWith } from '../database/keyset.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { UserEntity } from './user.entity.js';
import type { UserRecord } from './user.store.js';
import { isShortSearch, UserDirectory, type UserQuery } from './user-directory.js';

/** Any number, the same in every process: `admn` in ASCII. */
const ADMINS_LOCK = 0x61646d6e;
/** A hundred are mailed; more of them are no circle that watches itself. */
const MOST_ADMINS = 100;
/** As in the index `users_admin_idx`. */
const IS_ADMIN = `'admin' = ANY (u.roles) AND u.kind = 'person'`;
const IS_BANNED = 'u.banned_at IS NOT NULL AND (u.banned_until IS NULL OR u.banned_until > :now)';

/** As in the index `users_domain_idx`. */
const DOMAIN = `split_part(u.email, '@', 2)`;
/** As in the indexes `users_banned_idx` and `users_unverified_idx`: in the order of the ids, which no other index is in by that name. */
const SPELLED_ID = `u.id::text COLLATE "C"`;

/**
 * Users in the table `users`. Each query has an index that serves it; a search in names, and for a part of an address, has one where
 * `pg_trgm` is to be had. Elsewhere it reads the table.
 */
@Injectable()
export class TypeormUserDirectory extends UserDirectory {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  async list({ search, status, kind, among, notAmong, before, limit, now }: UserQuery): Promise<UserRecord[]> {
    const query = this.users().setParameter('now', now);
    const domain = search ? await this.domainIn(search) : null;
    if (search && domain === null) (isShortSearch(search) ? beginningWith : containing)(query, search);
    if (status === 'banned') query.andWhere(IS_BANNED);
    else if (status) query.andWhere(`NOT (${IS_BANNED})`);
    if (status === 'unverified') query.andWhere(`u.email_verified_at IS NULL AND u.kind = 'person'`);
    if (status === 'active') query.andWhere(`(u.email_verified_at IS NOT NULL OR u.kind = 'service')`);
    if (kind) query.andWhere('u.kind = :kind', { kind });
    if (among) query.andWhere('u.id = ANY (:among)', { among });
    if (notAmong?.length) query.andWhere('u.id <> ALL (:notAmong)', { notAmong });
    if (domain !== null) newestWith(query.andWhere('u.email IS NOT NULL'), DOMAIN, domain, { before: [before] });
    else if (status === 'banned' || status === 'unverified') newestBySpelling(query, before);
    else newestFirst(query, before);
    return query.limit(limit).getMany();
  }

  /** `@` and a domain at which there are users stands for everyone there; null: it is any part of an address or a name. */
  private async domainIn(search: string): Promise<string | null> {
    const domain = search.startsWith('@') ? canonicalEmail(`x${search}`)?.slice(2) : undefined;
    if (domain === undefined) return null;
    const query = newestWith(this.users().where('u.email IS NOT NULL'), DOMAIN, domain, {});
    return (await query.limit(1).getOne()) && domain;
  }

  listFrom(id: string | null, limit: number): Promise<UserRecord[]> {
    const query = this.users();
    if (id !== null) query.where('u.id >= :id', { id });
    return query.orderBy('u.id', 'ASC').limit(limit).getMany();
  }

  async hasAdmin(exceptId: string | null, now: Date, within?: EntityManager, mustBeVerified = false): Promise<boolean> {
    const query = this.admins(now, within);
    if (mustBeVerified) query.andWhere('u.email_verified_at IS NOT NULL');
    if (exceptId !== null) query.andWhere('u.id <> :exceptId', { exceptId });
    return (await query.limit(1).getOne()) !== null;
  }

  listAdmins(now: Date, within?: EntityManager): Promise<UserRecord[]> {
    return this.admins(now, within).orderBy('u.id', 'ASC').limit(MOST_ADMINS).getMany();
  }

  async lockAdmins(within: EntityManager): Promise<void> {
    await within.query('SELECT pg_advisory_xact_lock($1)', [ADMINS_LOCK]);
  }

  private admins(now: Date, within?: EntityManager): SelectQueryBuilder<UserEntity> {
    return this.users(within).where(IS_ADMIN).andWhere(`NOT (${IS_BANNED})`, { now });
  }

  private users(within: EntityManager = this.dataSource.manager): SelectQueryBuilder<UserEntity> {
    return within.createQueryBuilder(UserEntity, 'u');
  }
}

// Both are lower-cased by the database, as the indexes are.

/** An address, or a word of a name: trigrams begin with the blanks before a word, so that one letter has some too. A sign has none. */
function beginningWith(query: SelectQueryBuilder<UserEntity>, search: string): void {
  const start = `${literal(search)}%`;
  const inNames = /[\p{L}\p{N}]/u.test(search)
    ? ' OR lower(u.name) LIKE lower(:start) OR lower(u.name) LIKE lower(:wordStart)'
    : '';
  query.andWhere(`(u.email LIKE lower(:start)${inNames})`, { start, wordStart: `% ${start}` });
}

function containing(query: SelectQueryBuilder<UserEntity>, search: string): void {
  // One row, looked up before: then each of the three has an index.
  const isNamed =
    'u.id = (SELECT user_id FROM coatcheck.usernames WHERE released_at IS NULL AND canonical = lower(:search) LIMIT 1)';
  const part = `%${literal(search)}%`;
  query.andWhere(`(u.email LIKE lower(:part) OR lower(u.name) LIKE lower(:part) OR ${isNamed})`, { part, search });
}

/** As a pattern that stands for itself. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function newestFirst(query: SelectQueryBuilder<UserEntity>, before: string | undefined): void {
  if (before) query.andWhere('u.id < :before', { before });
  query.orderBy('u.id', 'DESC');
}

/** The same by a small index of those who are looked for: it would be left for a walk past everyone else, where they are not so few. */
function newestBySpelling(query: SelectQueryBuilder<UserEntity>, before: string | undefined): void {
  if (before) query.andWhere(`${SPELLED_ID} < :before`, { before: before.toLowerCase() });
  query.orderBy(SPELLED_ID, 'DESC');
}
