import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { migrations } from '../../migrations/index.js';
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
});
