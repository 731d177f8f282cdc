import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { migrations } from '../../migrations/index.js';
import { auditCountCleanup } from '../../src/audit/audit-count-cleanup.js';
import { AuditCounter } from '../../src/audit/audit-counter.js';
import { AuditEventEntity } from '../../src/audit/audit-event.entity.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

const NOW = new Date('2030-01-10T12:30:00.000Z');
const ADA = randomUUID();
const ADMIN = randomUUID();

const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

describe('audit events are counted by the hour', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let counter: AuditCounter;

  beforeAll(async () => {
    database = await freshDatabase();
    const settings = { databaseUrl: database.url, dataDir: '', poolSize: 2, migrateOnStart: false };
    dataSource = await openDataSource({ ...settings, entities: [AuditEventEntity], migrations });
    counter = new AuditCounter(dataSource);
    for (const [minutes, type, userId] of [
      [0, 'login.succeeded', ADA],
      [30, 'login.failed', ADA],
      [31, 'login.failed', null],
      [60 * 23, 'user.banned', ADA],
      [60 * 24 + 1, 'login.failed', ADA],
      [60 * 24 * 9, 'login.failed', ADA],
    ] as const)
      await record(minutesAgo(minutes), type, userId);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  function record(at: Date, type: string, userId: string | null): Promise<unknown> {
    return dataSource.query(
      `INSERT INTO coatcheck.audit_events (id, at, type, user_id, actor_id, ip, details) VALUES ($1, $2, $3, $4, $5, '192.0.2.7', '{}')`,
      [uuidv7({ msecs: at.getTime() }), at, type, userId, type.startsWith('user.') ? ADMIN : null],
    );
  }

  const shown = async (filter: Parameters<AuditCounter['count']>[0]) => {
    const { by, counts } = await counter.count(filter, NOW);
    const some = counts.filter(({ count }) => count > 0).map(({ from, count }) => [from.toISOString(), count]);
    return { by, bars: counts.length, some };
  };

  it('those of the last 24 hours where no time is asked for, empty hours too', async () => {
    expect(await shown({})).toEqual({
      by: 'hour',
      bars: 24,
      some: [
        ['2030-01-09T13:00:00.000Z', 1],
        ['2030-01-10T11:00:00.000Z', 1],
        ['2030-01-10T12:00:00.000Z', 2],
      ],
    });
  });

  it.each([
    ['a user', { userId: ADA }, 3],
    ['a type', { type: 'login.failed' }, 2],
    ['a subject', { type: 'login.' }, 3],
    ['an actor', { actorId: ADMIN }, 1],
    ['an address', { ip: '192.0.2.7' }, 4],
    ['a type of a user', { userId: ADA, type: 'login.failed' }, 1],
    ['nothing that there is', { ip: '192.0.2.8' }, 0],
  ])('only those of %s', async (_, filter, total) => {
    const { some } = await shown(filter);
    expect(some.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(total);
  });

  it('those from a time, which is included, to another, which is not', async () => {
    const [from, to] = [minutesAgo(31), minutesAgo(30)];
    expect((await shown({ from, to })).some).toEqual([['2030-01-10T11:00:00.000Z', 1]]);
    expect((await shown({ from: minutesAgo(30), to: NOW })).some).toEqual([['2030-01-10T12:00:00.000Z', 1]]);
  });

  it('by the day beyond a week', async () => {
    const { by, bars, some } = await shown({ from: minutesAgo(60 * 24 * 10) });
    expect({ by, bars, total: some.reduce((sum, [, count]) => sum + Number(count), 0) }).toEqual({
      by: 'day',
      bars: 11,
      total: 6,
    });
  });

  it('and a time that is over before it begins has one empty bar', async () => {
    expect(await shown({ from: NOW, to: minutesAgo(60) })).toMatchObject({ some: [] });
  });

  describe('hours that are over', () => {
    const clean = (now = NOW) =>
      dataSource.transaction((manager) => auditCountCleanup.deleteExpired(manager, now, 500));
    const countsOf = (condition: string) =>
      dataSource.query(`SELECT type, hour, count FROM coatcheck.audit_counts WHERE ${condition} ORDER BY hour, type`);
    /** One is as good as counted already where its count is not that of its events. */
    const mark = () => dataSource.query('UPDATE coatcheck.audit_counts SET count = count + 1000');

    it('are counted once, of all events, of each subject and of each type, an hour after their end', async () => {
      await clean();
      await clean();
      expect(await countsOf(`hour >= '2030-01-10T11:00:00Z'`)).toEqual([]);
      expect(await countsOf(`hour >= '2030-01-09T12:00:00Z'`)).toEqual(
        [
          ['', 1],
          ['login.', 1],
          ['login.failed', 1],
        ]
          .map(([type, count]) => ({ type, hour: new Date('2030-01-09T12:00:00Z'), count }))
          .concat(
            [
              ['', 1],
              ['user.', 1],
              ['user.banned', 1],
            ].map(([type, count]) => ({ type, hour: new Date('2030-01-09T13:00:00Z'), count })),
          ),
      );
      const later = new Date(NOW.getTime() + 30 * 60_000);
      await Promise.all([clean(later), clean(later)]);
      expect(await countsOf(`hour >= '2030-01-10T11:00:00Z'`)).toHaveLength(3);
    });

    it.each([
      ['all events', {}, 4],
      ['a subject', { type: 'login.' }, 3],
      ['a type', { type: 'login.failed' }, 2],
      ['a type that never occurs', { type: 'login' }, 0],
    ])('give the same counts of %s as the events', async (_, filter, total) => {
      const { some } = await shown(filter);
      expect(some.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(total);
    });

    it('are added up, and what lies beside whole hours is counted', async () => {
      await mark();
      const whole = await shown({ from: minutesAgo(60 * 24 * 10) });
      expect(whole.some).toEqual([
        ['2030-01-01T00:00:00.000Z', 1001],
        ['2030-01-09T00:00:00.000Z', 2002],
        ['2030-01-10T00:00:00.000Z', 1003],
      ]);
      // The hour began before: its event is counted anew.
      expect((await shown({ from: minutesAgo(60 * 23), to: minutesAgo(60 * 22) })).some).toEqual([
        ['2030-01-09T13:00:00.000Z', 1],
      ]);
    });

    it.each([
      ['a user', { userId: ADA }, 3],
      ['an address', { ip: '192.0.2.7' }, 4],
      ['a longer part of a type', { type: 'login.failed.' }, 0],
    ])('are not asked for the events of %s', async (_, filter, total) => {
      const { some } = await shown(filter);
      expect(some.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(total);
    });
  });
});
