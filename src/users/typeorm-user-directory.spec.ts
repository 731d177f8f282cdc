import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { readingsOf } from '../../test/lab/plans/plan.js';
import { SentStatements } from '../../test/lab/plans/statements.js';
import { freshDatabase, type TestDatabase } from '../../test/real-postgres.js';
import { openDataSource } from '../database/open-data-source.js';
import { TypeormUserDirectory } from './typeorm-user-directory.js';
import { UserEntity } from './user.entity.js';
import type { UserQuery } from './user-directory.js';

const USERS = 4_000;
const LIMIT = 20;
const BOUNDS = { fewPassed: 40, named: 120, passed: 200 };
const NOW = new Date('2030-01-01T00:00:00Z');

class BoundedDirectory extends TypeormUserDirectory {
  protected override readonly bounds = BOUNDS;
}

/**
 * Of the oldest 100 the addresses begin with `qx`, of the next thousand with `wy`, and a word of the names with `kl` of 60 among these. No
 * other begins with `q`, `w` or `k`; all others are newer.
 */
const FILL = `
  INSERT INTO coatcheck.users (id, kind, email, name, roles, created_at, email_verified_at, banned_at, banned_until)
  SELECT ('01800000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, kind,
         CASE kind WHEN 'person' THEN CASE WHEN n < 100 THEN 'qx' WHEN n < 1100 THEN 'wy.b' ELSE 'u' END || n
           || CASE WHEN n % 8 = 0 AND n < 2000 THEN '@old.test' ELSE '@example.com' END END,
         CASE WHEN n BETWEEN 300 AND 359 THEN 'Ada Klein ' || n WHEN n % 3 = 0 THEN 'Ada ' || n END, '{}', now(),
         CASE WHEN kind = 'person' AND (n % 2 = 0 OR n > 1500) THEN now() END, CASE WHEN n % 5 = 0 AND n < 1500 THEN now() END,
         CASE WHEN n % 10 = 0 THEN '${NOW.toISOString()}'::timestamptz END
    FROM (SELECT n, CASE WHEN n % 40 = 7 THEN 'service' ELSE 'person' END AS kind FROM generate_series(0, ${USERS - 1}) n) drawn`;

const SEARCHES = [
  'qx',
  'wy',
  'WY',
  'k',
  'kl',
  'q',
  'zz',
  'a',
  'u',
  '.',
  '.b',
  'klein',
  'y.b',
  'ada 9',
  'u3999',
  'wy.b1',
  'no such',
];
const FILTERS: Partial<UserQuery>[] = [
  {},
  { status: 'banned' },
  { status: 'unverified' },
  { status: 'active' },
  { kind: 'service' },
  { kind: 'person', status: 'banned' },
];
const QUERIES = [
  ...FILTERS,
  ...SEARCHES.map((search) => ({ search })),
  ...['@example.com', '@none.test', '@old'].map((search) => ({ search })),
  ...['wy', '@old.test'].flatMap((search) => FILTERS.map((filter) => ({ search, ...filter }))),
  { search: 'qx', status: 'unverified' },
  { search: 'ada', kind: 'service' },
] satisfies Partial<UserQuery>[];
const CASES = QUERIES.map((query) => [JSON.stringify(query), query] as const);

describe('a page of users', () => {
  let database: TestDatabase;
  let client: Client;
  let dataSource: DataSource;
  let directory: TypeormUserDirectory;
  let everyone: UserEntity[];

  beforeAll(async () => {
    database = await freshDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(FILL);
    await client.query('VACUUM (ANALYZE) coatcheck.users');
    const settings = { databaseUrl: database.url, dataDir: '', poolSize: 2, migrateOnStart: false };
    dataSource = await openDataSource({ ...settings, entities: [UserEntity], migrations });
    directory = new BoundedDirectory(dataSource);
    everyone = await dataSource.getRepository(UserEntity).find({ order: { id: 'DESC' } });
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await client?.end();
    await database?.drop();
  });

  /** All pages, one after the other. */
  async function walked(query: Partial<UserQuery>): Promise<{ ids: string[]; sizes: number[] }> {
    const ids: string[] = [];
    const sizes: number[] = [];
    for (let before: string | undefined; sizes.length === 0 || before; ) {
      const { users, next } = await directory.list({ limit: LIMIT, now: NOW, ...query, ...(before && { before }) });
      ids.push(...users.map(({ id }) => id));
      sizes.push(users.length);
      before = next ?? undefined;
    }
    return { ids, sizes };
  }

  it.each(CASES)('leads, page by page, to each of those looked for once, the newest first: %s', async (_, query) => {
    const wanted = everyone.filter((user) => isLookedFor(user, query)).map(({ id }) => id);
    const { ids, sizes } = await walked(query);
    expect(ids).toEqual(wanted);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LIMIT);
    // Each page goes on by a page of users, or by those passed.
    expect(sizes.length).toBeLessThanOrEqual(wanted.length / LIMIT + USERS / BOUNDS.passed + 1);
  });

  it.each(['klein', 'u3999', 'no such'])('is full, or the last, where indexes name few: %s', async (search) => {
    const { sizes } = await walked({ search });
    expect(sizes.slice(0, -1).every((size) => size === LIMIT)).toBe(true);
  });

  it.each(CASES)('costs no more rows and statements than its bounds: %s', async (_, query) => {
    const late = everyone[USERS / 2]!.id;
    for (const before of [undefined, late]) {
      const sent = new SentStatements();
      await directory.list({ limit: LIMIT, now: NOW, ...query, ...(before && { before }) });
      const statements = [...sent.end().values()].flat();
      expect(statements.length).toBeLessThanOrEqual(6);
      for (const statement of statements)
        for (const { table, isSequential, rows } of await readingsOf(client, statement)) {
          if (table !== 'users') continue;
          const most = Math.max(BOUNDS.passed, BOUNDS.named) + LIMIT + 1;
          const isFew = rows !== null && rows <= most;
          expect({ isSequential, isFew, rows, text: statement.text }).toMatchObject({
            isSequential: false,
            isFew: true,
          });
        }
    }
  });

  it('misses nobody, and has nobody twice, though users come and go between the pages', async () => {
    const query = { search: 'wy', limit: LIMIT, now: NOW };
    const wanted = everyone.filter((user) => isLookedFor(user, query));
    const gone = wanted.filter((_, i) => i % 7 === 3);
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page = await directory.list({ ...query, ...(before && { before }) });
      seen.push(...page.users.map(({ id }) => id));
      before = page.next;
      const [next] = gone.splice(0, 1);
      if (next) await client.query(`UPDATE coatcheck.users SET email = 'left-' || email WHERE id = $1`, [next.id]);
    } while (before !== null);
    const left = new Set((await everyoneNow()).filter(({ email }) => email?.startsWith('left-')).map(({ id }) => id));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => !left.has(id))).toEqual(wanted.map(({ id }) => id).filter((id) => !left.has(id)));
    await client.query(`UPDATE coatcheck.users SET email = substr(email, 6) WHERE email LIKE 'left-%'`);
  });

  function everyoneNow(): Promise<UserEntity[]> {
    return dataSource.getRepository(UserEntity).find();
  }
});

function isLookedFor(user: UserEntity, { search, status, kind }: Partial<UserQuery>): boolean {
  const isBanned = user.bannedAt !== null && (user.bannedUntil === null || user.bannedUntil > NOW);
  const isVerified = user.emailVerifiedAt !== null || user.kind === 'service';
  if (kind && user.kind !== kind) return false;
  if (status === 'banned' ? !isBanned : status && isBanned) return false;
  if (status === 'unverified' && isVerified) return false;
  if (status === 'active' && !isVerified) return false;
  return !search || hasText(user, search.toLowerCase());
}

function hasText({ email, name }: UserEntity, text: string): boolean {
  if (['@old.test', '@example.com'].includes(text)) return email?.endsWith(text) === true;
  const texts = [email ?? '', (name ?? '').toLowerCase()];
  return texts.some((one) => one.includes(text));
}
