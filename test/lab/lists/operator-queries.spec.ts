import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { AuditEventEntity } from '../../../src/audit/audit-event.entity.js';
import type { AuditFilter } from '../../../src/audit/audit-filter.js';
import { AuditRecords } from '../../../src/audit/audit-records.js';
import { openDataSource } from '../../../src/database/open-data-source.js';
import { LiveLists } from '../../../src/stores/postgres/live-lists.js';
import { SessionEntity } from '../../../src/stores/postgres/session.entity.js';
import { TypeormUserDirectory } from '../../../src/users/typeorm-user-directory.js';
import { UserEntity } from '../../../src/users/user.entity.js';
import type { UserQuery } from '../../../src/users/user-directory.js';
import { freshDatabase, type TestDatabase } from '../../real-postgres.js';
import { readingsOf } from '../plans/plan.js';
import { SentStatements } from '../plans/statements.js';

const MANY = 50_000;
/** The oldest of them: an index that is in the order of ids only is walked past all the others before these. */
const OLD = 5_000;
/** More than indexes are asked for at once: the others are passed. */
const VERY_MANY = 25_000;
const RARE = 20;
const PAGE = 51;
const SOMEBODY = randomUUID();
const NOW = new Date('2030-01-01T00:00:00Z');

/** The id of the n-th, in the order of n. */
const ID = `('01800000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
const idOf = (n: number) => `01800000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

const FILL = [
  `INSERT INTO coatcheck.users (id, email, email_verified_at, name, roles, created_at, banned_at)
   SELECT ${ID}, CASE WHEN n < ${OLD} THEN 'qx' WHEN n < ${VERY_MANY} THEN 'wy' ELSE 'u' END || n || CASE WHEN n < ${RARE} THEN '@rare.test' WHEN n < ${OLD} THEN '@old.test' ELSE '@example.com' END,
          CASE WHEN n % 2 = 0 OR n >= ${OLD} THEN now() END, 'Ada ' || n, '{}', now(), CASE WHEN n % 2 = 0 AND n < ${OLD} THEN now() END
     FROM generate_series(0, ${MANY - 1}) n`,
  // Without an address, so unverified by their row, and newer than all that are meant.
  `INSERT INTO coatcheck.users (id, kind, email, name, roles, created_at)
   SELECT ${ID}, 'service', NULL, 'service ' || n, '{}', now() FROM generate_series(${MANY}, ${MANY + OLD}) n`,
  `INSERT INTO coatcheck.audit_events (id, at, type, user_id, actor_id, ip, details)
   SELECT ${ID}, now(), CASE WHEN n < ${RARE} THEN 'jwt.keys_rotated' WHEN n < ${OLD} THEN 'user.imported' ELSE 'login.succeeded' END,
          CASE WHEN n < ${OLD} THEN '${SOMEBODY}' ELSE gen_random_uuid() END::uuid,
          CASE WHEN n < ${OLD} THEN '${SOMEBODY}' WHEN n % 2 = 0 THEN gen_random_uuid() END::uuid,
          CASE WHEN n < ${OLD} THEN '192.0.2.7' ELSE '198.51.100.' || n % 256 END, '{}'
     FROM generate_series(0, ${MANY - 1}) n`,
  `INSERT INTO coatcheck.sessions (id, user_id, strategy, created_at, authenticated_at, last_seen_at, idle_expires_at, absolute_expires_at, amr, ended_at)
   SELECT ${ID}, gen_random_uuid(), 'session', start, start, start, start + interval '30 days', start + interval '30 days', '{pwd}',
          CASE WHEN n >= ${MANY - OLD} OR n % 2 = 1 THEN start END
     FROM (SELECT n, '2029-12-31'::timestamptz + n * interval '1 second' AS start FROM generate_series(0, ${MANY - 1}) n) begun`,
];

const users = (query: Partial<UserQuery>) => (world: World) =>
  world.directory.list({ limit: PAGE, now: NOW, ...query }).then(({ users: found }) => found.map(({ id }) => id));
const events = (filter: AuditFilter) => (world: World) =>
  world.records.find(filter, PAGE).then((found) => found.map(({ id }) => id));

const sessions = (after: number | null) => (world: World) =>
  world.lists
    .newestOfAll(after === null ? null : { startedAt: startOf(after), sessionId: idOf(after) }, PAGE - 1, NOW)
    .then((part) => part.sessions.map(({ id }) => id));
const startOf = (n: number) => new Date(Date.UTC(2029, 11, 31, 0, 0, n));

interface World {
  readonly lists: LiveLists;
  readonly directory: TypeormUserDirectory;
  readonly records: AuditRecords;
}

const before = idOf(2_000);
/** What is asked, and the n-th of whom it must answer first, in steps down from there. */
const QUERIES: [string, (world: World) => Promise<string[]>, { first: number; step?: number; count?: number }][] = [
  ['users', users({}), { first: MANY + OLD }],
  ['users of a domain that few are at', users({ search: '@rare.test' }), { first: RARE - 1, count: RARE }],
  ['users of a domain, all of them old', users({ search: '@OLD.test' }), { first: OLD - 1 }],
  ['users of a domain, a later page', users({ search: '@old.test', before }), { first: 1_999 }],
  ['users of a domain that nearly all are at', users({ search: '@example.com' }), { first: MANY - 1 }],
  ['users who are banned, all of them old', users({ status: 'banned' }), { first: OLD - 2, step: 2 }],
  ['users who are banned, a later page', users({ status: 'banned', before }), { first: 1_998, step: 2 }],
  ['users who are unverified, all of them old', users({ status: 'unverified' }), { first: OLD - 1, step: 2 }],
  ['users who are unverified, a later page', users({ status: 'unverified', before }), { first: 1_999, step: 2 }],
  ['events', events({}), { first: MANY - 1 }],
  ['events of a frequent type', events({ type: 'login.succeeded' }), { first: MANY - 1 }],
  ['events of a type, all of them old', events({ type: 'user.imported' }), { first: OLD - 1 }],
  ['events of a type, a later page', events({ type: 'user.imported', before }), { first: 1_999 }],
  ['events of a rare type', events({ type: 'jwt.keys_rotated' }), { first: RARE - 1, count: RARE }],
  ['events of a subject, all of them old', events({ type: 'user.' }), { first: OLD - 1 }],
  ['events of a rare subject', events({ type: 'jwt.' }), { first: RARE - 1, count: RARE }],
  ['events of a user, all of them old', events({ userId: SOMEBODY }), { first: OLD - 1 }],
  ['events of a user, a later page', events({ userId: SOMEBODY, before }), { first: 1_999 }],
  ['events by an actor, all of them old', events({ actorId: SOMEBODY }), { first: OLD - 1 }],
  ['events by an actor, a later page', events({ actorId: SOMEBODY, before }), { first: 1_999 }],
  ['events from an address, all of them old', events({ ip: '192.0.2.7' }), { first: OLD - 1 }],
  ['events from an address, a later page', events({ ip: '192.0.2.7', before }), { first: 1_999 }],
  ['events of nothing known', events({ type: 'no.such' }), { first: 0, count: 0 }],
];

const MOST_ROWS = 20_000 + PAGE;

/** Searches that an index in the order of the ids does not serve; their pages read more, and no more than that. */
const SEARCHES: typeof QUERIES = [
  ['users by two letters, all of them old, which are not come to yet', users({ search: 'qx' }), { first: 0, count: 0 }],
  ['users by two letters, a later page', users({ search: 'qx', before }), { first: 1_999 }],
  ['users by one letter, all of them old', users({ search: 'Q' }), { first: 0, count: 0 }],
  ['users by a part, all of them old', users({ search: 'qx4' }), { first: 4_999 }],
  [
    'users by two letters, all of them old, and by status',
    users({ search: 'qx', status: 'banned' }),
    { first: OLD - 2, step: 2 },
  ],
  ['users by two letters that nobody has', users({ search: 'zz' }), { first: 0, count: 0 }],
  ['users by two letters of very many, all of them old', users({ search: 'wy' }), { first: 0, count: 0 }],
  ['users by two letters that most have', users({ search: 'ad' }), { first: MANY - 1 }],
];

/** Only with statistics: without, PostgreSQL takes so few rows to have not ended that it would rather sort them. Of millions it would not. */
const SESSION_QUERIES: typeof QUERIES = [
  [
    'sessions of everyone, past all that have ended',
    sessions(null),
    { first: MANY - OLD - 2, step: 2, count: PAGE - 1 },
  ],
  ['sessions of everyone, a later page', sessions(2_000), { first: 1_998, step: 2, count: PAGE - 1 }],
];

describe('a page of what an admin asks for', () => {
  let database: TestDatabase;
  let client: Client;
  let dataSource: DataSource;
  let world: World;

  beforeAll(async () => {
    database = await freshDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    for (const statement of FILL) await client.query(statement);
    const entities = [UserEntity, AuditEventEntity, SessionEntity];
    const settings = { databaseUrl: database.url, dataDir: '', poolSize: 2, migrateOnStart: false };
    dataSource = await openDataSource({ ...settings, entities, migrations });
    world = {
      lists: new LiveLists(dataSource),
      directory: new TypeormUserDirectory(dataSource),
      records: new AuditRecords(dataSource),
    };
  });
  afterAll(async () => {
    await dataSource.destroy();
    await client.end();
    await database.drop();
  });

  it.each([...QUERIES, ...SEARCHES, ...SESSION_QUERIES])(
    'has the newest of them first: %s',
    async (_, ask, { first, step = 1, count = PAGE }) => {
      expect(await ask(world)).toEqual(Array.from({ length: count }, (_, i) => idOf(first - i * step)));
    },
  );

  describe.each([
    ['with statistics', 'ANALYZE'],
    [
      'with statistics that say it is half of the rows',
      `UPDATE pg_statistic SET stanumbers1 = ARRAY[0.5]::real[] WHERE stakind1 = 1 AND array_length(stanumbers1, 1) = 1`,
    ],
    ['without statistics', 'DELETE FROM pg_statistic'],
  ])('%s', (_, statistics) => {
    beforeAll(() => client.query(statistics));

    it.each(SEARCHES)('reads a bounded number of rows by a few statements: %s', async (_, ask) => {
      const sent = new SentStatements();
      await ask(world);
      const statements = [...sent.end().values()].flat();
      expect(statements.length).toBeLessThanOrEqual(5);
      for (const statement of statements)
        for (const { table, isSequential, rows } of await readingsOf(client, statement)) {
          if (table === 'users')
            expect({ isSequential, isBounded: rows !== null && rows <= MOST_ROWS, rows }).toMatchObject({
              isSequential: false,
              isBounded: true,
            });
        }
    });

    const queries = statistics === 'ANALYZE' ? [...QUERIES, ...SESSION_QUERIES] : QUERIES;
    it.each(queries)('reads no more rows than it shows, and those of the page it ends at: %s', async (_, ask) => {
      const sent = new SentStatements();
      await ask(world);
      const statements = [...sent.end().values()].flat();
      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) {
        const readings = await readingsOf(client, statement);
        expect(readings.length).toBeGreaterThan(0);
        for (const { table, isSequential, rows } of readings)
          expect({ table, isSequential, isFew: rows !== null && rows <= PAGE + 1, rows }).toEqual({
            table,
            isSequential: false,
            isFew: true,
            rows,
          });
      }
    });
  });

  it.each<[string, AuditFilter]>([
    ['a user', { userId: SOMEBODY }],
    ['an actor', { actorId: SOMEBODY }],
    ['an address', { ip: '192.0.2.7' }],
  ])('picks the few of a rare type out of the many of %s, a bounded number of rows at a time', async (_, of) => {
    await client.query('VACUUM (ANALYZE)');
    const found: string[] = [];
    const sent = new SentStatements();
    let pages = 0;
    for (let before: string | undefined; pages === 0 || before !== undefined; pages += 1) {
      const { events, next } = await world.records.page({ ...of, type: 'jwt.keys_rotated', before }, PAGE);
      found.push(...events.map(({ id }) => id));
      before = next ?? undefined;
    }
    expect({ found, pages }).toEqual({ found: Array.from({ length: RARE }, (_, i) => idOf(RARE - 1 - i)), pages: 3 });
    for (const statement of [...sent.end().values()].flat())
      for (const { isSequential, rows } of await readingsOf(client, statement))
        expect({ isSequential, isBounded: rows !== null && rows <= 2_000, rows }).toEqual({
          isSequential: false,
          isBounded: true,
          rows,
        });
  });

  it('finds any part of a domain too, and nothing for a domain without users', async () => {
    const found = await users({ search: '@rare' })(world);
    expect(found).toHaveLength(RARE);
    expect(await users({ search: '@rare.te' })(world)).toHaveLength(RARE);
    expect(await users({ search: '@nobody.test' })(world)).toEqual([]);
    expect(await users({ search: '@rare.test', status: 'banned' })(world)).toHaveLength(RARE / 2);
  });
});
