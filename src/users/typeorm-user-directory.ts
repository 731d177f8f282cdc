import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { UserEntity } from './user.entity.js';
import type { UserRecord } from './user.store.js';
import { UserDirectory, type UserListPage, type UserQuery } from './user-directory.js';
import { atDomain, IS_BANNED, UserSearch } from './user-search.js';

/** Any number, the same in every process: `admn` in ASCII. */
const ADMINS_LOCK = 0x61646d6e;
/** A hundred are mailed; more of them are no circle that watches itself. */
const MOST_ADMINS = 100;
/** As in the index `users_admin_idx`. */
const IS_ADMIN = `'admin' = ANY (u.roles) AND u.kind = 'person'`;

/** How many users one page costs at most, whether they are looked for or not. */
export interface PageBounds {
  /** Passed before indexes are asked. */
  readonly fewPassed: number;
  /** Named by indexes for a search; of more, none is taken from there. */
  readonly named: number;
  /** Passed where indexes name more, or nobody in particular. */
  readonly passed: number;
}

/**
 * Users in the table `users`. A page costs no more than its bounds, whatever is searched for; a search in names, and for a part of an
 * address, has an index where `pg_trgm` is to be had. Elsewhere it may read the table.
 */
@Injectable()
export class TypeormUserDirectory extends UserDirectory {
  /** So that each step takes a fraction of 200 ms, however many users there are. */
  protected readonly bounds: PageBounds = { fewPassed: 2_000, named: 10_000, passed: 20_000 };

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  /** In three steps at most, each of which begins anew: what it has seen and another has not, can be missed by neither. */
  async list(query: UserQuery): Promise<UserListPage> {
    const { limit } = query;
    const before = query.before?.toLowerCase();
    const search = UserSearch.of(query, await this.domainIn(query.search));
    if (search.passesFew)
      return pageOf(
        await search
          .found(this.users(), { before })
          .limit(limit + 1)
          .getMany(),
        limit,
      );
    const newest = search.foundAmongNewest(() => this.users(), before, this.bounds.fewPassed, limit + 1);
    const found = await newest.getMany();
    if (found.length > limit) return pageOf(found, limit);
    return (await this.listNamed(search, before, limit)) ?? (await this.listPassed(search, before, limit));
  }

  /** By the indexes; null: they name too many, or none knows. */
  private async listNamed(search: UserSearch, before: string | undefined, limit: number): Promise<UserListPage | null> {
    const { named } = search;
    if (!named) return null;
    return this.dataSource.transaction(async (manager) => {
      // The planner reads a table from its beginning where it takes many rows to be named, and those it finds may be at its end.
      await manager.query('SET LOCAL enable_seqscan = off');
      const { sql, values } = named.roughly;
      const counted = this.users(manager)
        .select('1')
        .where(sql, values)
        .limit(this.bounds.named + 1);
      const count = await manager
        .createQueryBuilder()
        .select('count(*)::integer', 'count')
        .from(`(${counted.getQuery()})`, 'named')
        .setParameters(counted.getParameters())
        .getRawOne<{ count: number }>();
      if (count!.count > this.bounds.named) return null;
      const found = search.foundAmongNamed(() => this.users(manager), named, before);
      return pageOf(await found.limit(limit + 1).getMany(), limit);
    });
  }

  /** Out of a bounded number, so the page may be short. */
  private async listPassed(search: UserSearch, before: string | undefined, limit: number): Promise<UserListPage> {
    const passed = search.passed(this.users().select('u.id', 'id'), { before }).limit(this.bounds.passed);
    const oldest = await this.dataSource
      .createQueryBuilder()
      .select('passed.id', 'id')
      .addSelect('count(*) OVER ()::integer', 'count')
      .from(`(${passed.getQuery()})`, 'passed')
      .setParameters(passed.getParameters())
      .orderBy('passed.id')
      .limit(1)
      .getRawOne<{ id: string; count: number }>();
    const from = oldest?.count === this.bounds.passed ? oldest.id : null;
    const found = search.found(this.users(), { from, before });
    return pageOf(await found.limit(limit + 1).getMany(), limit, from);
  }

  /** `@` and a domain at which there are users stands for everyone there; null: it is any part of an address or a name. */
  private async domainIn(search: string | undefined): Promise<string | null> {
    const domain = search?.startsWith('@') ? canonicalEmail(`x${search}`)?.slice(2) : undefined;
    if (domain === undefined) return null;
    const users = atDomain(this.users(), domain);
    return (await users.limit(1).getOne()) && domain;
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

/** @param last the oldest that was looked at, where older ones were not; null: there are none */
function pageOf(found: UserRecord[], limit: number, last: string | null = null): UserListPage {
  const users = found.slice(0, limit);
  return { users, next: found.length > limit ? users.at(-1)!.id : last };
}
