import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { AuditDestinations } from '../../src/audit/audit-destinations.js';
import { AuditEventEntity } from '../../src/audit/audit-event.entity.js';
import { AuditLogLines } from '../../src/audit/audit-log-lines.js';
import { AuditRecords } from '../../src/audit/audit-records.js';
import { DatabaseAuditSink } from '../../src/audit/database-audit-sink.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { FakeClock } from '../../src/testing/index.js';
import { freshEmbeddedDatabase } from '../embedded-database.js';
import { freshDatabase } from '../real-postgres.js';

describe.each(['postgres', 'embedded'])('the audit trail on %s', (kind) => {
  let database: { url?: string; dataDir?: string; drop(): Promise<void> };
  let dataSource: DataSource;
  let clock: FakeClock;
  let trail: DatabaseAuditSink;
  let records: AuditRecords;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = kind === 'postgres' ? await freshDatabase() : await freshEmbeddedDatabase();
    dataSource = await open(database);
    clock = new FakeClock();
    trail = new DatabaseAuditSink(dataSource, new AuditLogLines(), new AuditDestinations(), clock);
    records = new AuditRecords(dataSource);
  });
  afterAll(async () => {
    Logger.overrideLogger(true);
    await dataSource.destroy();
    await database.drop();
  });

  it('keeps who, what, when, from where, by which request, and what else is said', async () => {
    const [userId, actorId, sessionId] = [randomUUID(), randomUUID(), randomUUID()];
    const origin = { ip: '192.0.2.1', userAgent: 'Test/1', requestId: 'r-1' };
    await trail.record({ type: 'user.banned', userId, actorId, sessionId, reason: 'abuse', origin, until: 'noon' });
    const [event] = await records.find({ userId }, 10);
    const { id, ...rest } = event!;
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    expect(rest).toEqual({
      at: clock.now(),
      type: 'user.banned',
      userId,
      actorId,
      sessionId,
      reason: 'abuse',
      ip: '192.0.2.1',
      userAgent: 'Test/1',
      requestId: 'r-1',
      details: { until: 'noon' },
    });
  });

  it('has an event if, and only if, the transaction of its change commits', async () => {
    const [kept, lost] = [randomUUID(), randomUUID()];
    await dataSource.transaction((manager) => trail.record({ type: 'app.t', userId: kept }, manager));
    await dataSource
      .transaction(async (manager) => {
        await trail.record({ type: 'app.t', userId: lost }, manager);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    expect(await records.find({ userId: kept }, 10)).toHaveLength(1);
    expect(await records.find({ userId: lost }, 10)).toHaveLength(0);
  });

  it('has every one of 500 events at once, each before its recorder goes on', async () => {
    const userId = randomUUID();
    const seen = await Promise.all(
      Array.from({ length: 500 }, async (_, i) => {
        await trail.record({ type: 'app.storm', userId, i });
        return i % 100 === 0
          ? (await records.find({ userId }, 1000)).some(({ details }) => (details as { i: number }).i === i)
          : true;
      }),
    );
    expect(seen).toEqual(Array(500).fill(true));
    expect(await records.find({ userId }, 1000)).toHaveLength(500);
  });

  it.each([
    ['NUL', { userAgent: 'a\0b' }],
    ['half a character', { userAgent: 'a\ud800b' }],
    ['a megabyte', { userAgent: 'x'.repeat(1 << 20) }],
    ['a circle', circle()],
    ['no id', { sessionId: 'nonsense' }],
    ['a bigint', { big: 1n }],
  ])('has an event that holds %s, in a form that can be kept', async (_what, odd) => {
    const userId = randomUUID();
    await trail.record({
      type: 'app.odd',
      userId,
      origin: { ip: null, userAgent: null, requestId: null, ...odd },
      ...odd,
    });
    const [event] = await records.find({ userId }, 10);
    expect(event?.type).toBe('app.odd');
    expect(JSON.stringify(event).length).toBeLessThan(3000);
  });

  it('refuses to be changed, emptied, or thinned out but by age', async () => {
    const userId = randomUUID();
    await trail.record({ type: 'app.kept', userId });
    for (const statement of [
      `UPDATE coatcheck.audit_events SET type = 'other' WHERE user_id = '${userId}'`,
      `DELETE FROM coatcheck.audit_events WHERE user_id = '${userId}'`,
      'TRUNCATE coatcheck.audit_events',
    ]) {
      await expect(dataSource.query(statement)).rejects.toThrow('append-only');
    }
    expect(await records.find({ userId }, 10)).toMatchObject([{ type: 'app.kept' }]);
  });

  it('is read newest first, by user, kind, group and time, page by page', async () => {
    const userId = randomUUID();
    const start = clock.now();
    for (const type of ['login.failed', 'session.started', 'session.revoked'] as const) {
      clock.advance(1);
      await trail.record({ type, userId });
    }
    const types = async (filter: object, limit = 10) =>
      (await records.find({ userId, ...filter }, limit)).map(({ type }) => type);
    expect(await types({})).toEqual(['session.revoked', 'session.started', 'login.failed']);
    expect(await types({ type: 'session.' })).toEqual(['session.revoked', 'session.started']);
    expect(await types({ type: 'session.revoked' })).toEqual(['session.revoked']);
    expect(await types({ from: new Date(start.getTime() + 2000) })).toEqual(['session.revoked', 'session.started']);
    expect(await types({ to: new Date(start.getTime() + 2000) })).toEqual(['login.failed']);
    const [newest] = await records.find({ userId }, 1);
    expect(await types({ before: newest!.id }, 1)).toEqual(['session.started']);
  });
});

it('an event that the table cannot take is in the log, and stops no other event', async () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  Logger.overrideLogger({ log: write, warn: write, error: write });
  const database = await freshDatabase();
  const dataSource = await open(database);
  await dataSource.query('DROP TABLE coatcheck.audit_events');
  const trail = new DatabaseAuditSink(dataSource, new AuditLogLines(), new AuditDestinations(), new FakeClock());
  await trail.record({ type: 'login.failed' });
  await trail.record({ type: 'login.failed' });
  Logger.overrideLogger(true);
  expect(lines.filter((line) => line.includes('"type":"login.failed"'))).toHaveLength(2);
  expect(lines.filter((line) => line.includes('could not be stored'))).toHaveLength(2);
  await dataSource.destroy();
  await database.drop();
});

function open({ url, dataDir = '' }: { url?: string; dataDir?: string }): Promise<DataSource> {
  const entities = [AuditEventEntity];
  return openDataSource({
    databaseUrl: url,
    dataDir,
    poolSize: 10,
    entities,
    migrations,
    migrateOnStart: true,
  });
}

function circle(): object {
  const self: Record<string, unknown> = {};
  self.self = self;
  return self;
}
