import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { newestWith } from '../database/keyset.js';
import type { UserEntity } from './user.entity.js';
import type { UserQuery } from './user-directory.js';

/** As in the index `users_domain_idx`. */
const DOMAIN = `split_part(u.email, '@', 2)`;
const HAS_ADDRESS = 'u.email IS NOT NULL';
/** As in the indexes `users_banned_idx` and `users_unverified_idx`: in the order of the ids, which no other index is in by that name. */
const SPELLED_ID = `u.id::text COLLATE "C"`;
const WAS_BANNED = 'u.banned_at IS NOT NULL';
const IS_UNVERIFIED = `u.email_verified_at IS NULL AND u.kind = 'person'`;

/** SQL: whether the user `u` is banned at `:now`. */
export const IS_BANNED = `${WAS_BANNED} AND (u.banned_until IS NULL OR u.banned_until > :now)`;

/** In which orders users are passed: by which columns of an index. */
const KEYS = { id: ['u.id'], spelled: [SPELLED_ID], domain: [DOMAIN, 'u.id'] } as const;

/** Fewer letters or digits in a row have no trigram, wherever they may be; two have one beside a sign. */
const LETTERS = /[\p{L}\p{N}]{3,}/gu;
const TWO_BESIDE_A_SIGN = /[^\p{L}\p{N}][\p{L}\p{N}]{2}(?![\p{L}\p{N}])/gu;

/** SQL about a user `u`, and the values that it names. */
export interface Condition {
  readonly sql: string;
  readonly values?: ObjectLiteral;
}

/** Users whom indexes name, all at once and in no order. */
export interface NamedUsers {
  readonly exactly: Condition;
  /** These and hardly any others, so that no row is read which does not count. */
  readonly roughly: Condition;
}

type Users = SelectQueryBuilder<UserEntity>;

/** Which users are passed, by their ids. */
export interface PassedUsers {
  /** Included; the oldest. Absent or null: the oldest of all. */
  readonly from?: string | null;
  /** Not included. */
  readonly before?: string | undefined;
}

/** How users are looked for: passed in the order of their ids, by the index that has the fewest of others, and picked out there. */
export class UserSearch {
  private constructor(
    private readonly conditions: readonly Condition[],
    /** What those who are passed have in common, by the index. */
    private readonly leading: Condition | null,
    private readonly order: keyof typeof KEYS,
    /** The domain of all who are passed. */
    private readonly domain: string | null,
    /** Null: no other index tells who they are. */
    readonly named: NamedUsers | null,
    /** Whether few are passed for a page, wherever those who are looked for may be. */
    readonly passesFew: boolean,
  ) {}

  /** @param domain of everyone looked for; null: the text may be in any part of an address or a name */
  static of({ search, status, kind, among, notAmong, now }: UserQuery, domain: string | null): UserSearch {
    const ofAmong = among ? { sql: 'u.id = ANY (:among)', values: { among } } : null;
    const atDomain = domain === null ? null : { sql: `${HAS_ADDRESS} AND ${DOMAIN} = :domain`, values: { domain } };
    const text = search && domain === null ? containing(search) : null;
    const ofStatus =
      status === 'banned' ? { sql: WAS_BANNED } : status === 'unverified' ? { sql: IS_UNVERIFIED } : null;
    const ofKind = kind ? { sql: kind === 'service' ? `u.kind = 'service'` : `u.kind = 'person'` } : null;
    const picked: (Condition | null)[] = [
      text?.exactly ?? null,
      status ? { sql: status === 'banned' ? IS_BANNED : `NOT (${IS_BANNED})`, values: { now } } : null,
      status === 'active' ? { sql: `(u.email_verified_at IS NOT NULL OR u.kind = 'service')` } : null,
      notAmong?.length ? { sql: 'u.id <> ALL (:notAmong)', values: { notAmong } } : null,
    ];
    const conditions = [ofAmong, atDomain, ofStatus, ofKind, ...picked].filter((one) => one !== null);
    const leading = ofAmong ?? atDomain ?? ofStatus ?? (kind === 'service' ? ofKind : null);
    const isPassedBy = (one: Condition | null) => one !== null && leading === one;
    const order = isPassedBy(atDomain) ? 'domain' : isPassedBy(ofStatus) ? 'spelled' : 'id';
    const ofFew = ofStatus ?? (kind === 'service' ? ofKind : null);
    const ofOtherIndex = order === 'domain' && ofFew ? { exactly: ofFew, roughly: ofFew } : null;
    const named = text?.roughly ? { exactly: text.exactly, roughly: text.roughly } : ofOtherIndex;
    const passesFew = ofAmong !== null || conditions.every((one) => one === leading);
    return new UserSearch(conditions, leading, order, order === 'domain' ? domain : null, named, passesFew);
  }

  /** Those passed, the newest first, whether they are looked for or not. */
  passed(users: Users, { from, before }: PassedUsers): Users {
    if (this.domain !== null) return atDomain(users, this.domain, { from, before });
    if (this.leading) users.andWhere(this.leading.sql, this.leading.values);
    const [key] = KEYS[this.order];
    if (before) users.andWhere(`${key} < :before`, { before });
    if (from) users.andWhere(`${key} >= :from`, { from });
    return users.orderBy(key, 'DESC');
  }

  /**
   * Those looked for among them, the newest first.
   *
   * By a condition that an index could answer, the planner might rather walk past everyone else, or read and sort them.
   */
  found(users: Users, passed: PassedUsers): Users {
    return picked(
      this.passed(users, passed),
      this.conditions.filter((one) => one !== this.leading),
    );
  }

  /** Those looked for among the `most` newest, the newest first: no more are passed than it takes to find `limit`. */
  foundAmongNewest(users: () => Users, before: string | undefined, most: number, limit: number): Users {
    const newest = this.passed(users().select('u.*'), { before }).limit(most);
    const keys = KEYS[this.order];
    for (const [i, key] of keys.entries()) newest.addSelect(key, `key${i}`);
    const { sql, values } = all(this.conditions.filter((one) => one !== this.leading));
    const order = keys.map((_, i) => `u.key${i} DESC`).join();
    const found = `SELECT u.id FROM (${newest.getQuery()}) u WHERE ${sql} ORDER BY ${order} LIMIT ${limit}`;
    const query = users().where(`u.id = ANY (ARRAY(${found}))`, { ...newest.getParameters(), ...values });
    return query.orderBy('u.id', 'DESC');
  }

  /** Those looked for, out of the ones whom indexes name. */
  foundAmongNamed(users: () => Users, { exactly }: NamedUsers, before: string | undefined): Users {
    const named = users().select('u.id').where(exactly.sql, exactly.values);
    const query = users().where(`u.id = ANY (ARRAY(${named.getQuery()}))`, named.getParameters());
    if (before) query.andWhere('u.id < :before', { before });
    return picked(query, this.conditions).orderBy('u.id', 'DESC');
  }
}

/** Everyone at this domain, the newest first. */
export function atDomain(users: Users, domain: string, { from, before }: PassedUsers = {}): Users {
  return newestWith(users.andWhere(HAS_ADDRESS), DOMAIN, domain, { from: from ?? undefined, before: [before] });
}

function all(conditions: readonly Condition[]): Required<Condition> {
  const sql = conditions.map((one) => `(${one.sql})`).join(' AND ');
  return { sql, values: Object.assign({}, ...conditions.map(({ values }) => values)) };
}

function picked(users: Users, conditions: readonly Condition[]): Users {
  if (conditions.length === 0) return users;
  const { sql, values } = all(conditions);
  return users.andWhere(`CASE WHEN ${sql} THEN true ELSE false END`, values);
}

// Lower-cased by the database, as the indexes are.

function containing(search: string) {
  // One row, looked up before: then each of the three has an index.
  const isNamed =
    'u.id = (SELECT user_id FROM coatcheck.usernames WHERE released_at IS NULL AND canonical = lower(:search) LIMIT 1)';
  const part = `%${literal(search)}%`;
  const exactly = {
    sql: `(u.email LIKE lower(:part) OR lower(u.name) LIKE lower(:part) OR ${isNamed})`,
    values: { part, search },
  };
  const letters = search.match(LETTERS) ?? [];
  if (letters.length === 0) return { exactly, roughly: null };
  // Without signs, which trigrams do not tell apart: rows with these letters and other signs would be read, and not counted. Two letters only narrow.
  const runs = [...letters, ...(search.match(TWO_BESIDE_A_SIGN) ?? [])].map((run) => `%${literal(run)}%`);
  const everyRun = (text: string) => runs.map((_, i) => `${text} LIKE lower(:run${i})`).join(' AND ');
  const values = { search, ...Object.fromEntries(runs.map((run, i) => [`run${i}`, run])) };
  return {
    exactly,
    roughly: { sql: `(${everyRun('u.email')} OR ${everyRun('lower(u.name)')} OR ${isNamed})`, values },
  };
}

/** As a pattern that stands for itself. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
