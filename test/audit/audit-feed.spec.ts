import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { AuditEventEntity } from '../../src/audit/audit-event.entity.js';
import { AuditFeed } from '../../src/audit/audit-feed.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

describe('the feed of audit events', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let feed: AuditFeed;

  beforeAll(async () => {
    database = await freshDatabase();
    const settings = { databaseUrl: database.url, dataDir: '', poolSize: 2, migrateOnStart: false };
    dataSource = await openDataSource({ ...settings, entities: [AuditEventEntity], migrations });
    feed = new AuditFeed(dataSource, new SystemClock());
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** @param numbersAhead of the transaction that a row says to be of; null: as the table fills it in */
  async function record(numbersAhead: number | null): Promise<string> {
    const id = randomUUID();
    const number = numbersAhead === null ? 'DEFAULT' : `txid_current() + ${numbersAhead}`;
    await dataSource.query(
      `INSERT INTO coatcheck.audit_events (id, at, type, details, transaction_id) VALUES ($1, now(), 'app.x', '{}', ${number})`,
      [id],
    );
    return id;
  }
  const idsIn = ({ events }: { readonly events: readonly { readonly id: string }[] }) => events.map(({ id }) => id);

  it('brings each event once', async () => {
    const start = await feed.position();
    const ids = [await record(null), await record(null)];
    const news = await feed.since(start, 10);
    expect([idsIn(news), news.isCut]).toEqual([ids, false]);
    expect(await feed.since(news.position, 10)).toMatchObject({ events: [], isCut: false });
  });

  it('brings an event that was written within a part of a transaction', async () => {
    const start = await feed.position();
    const id = randomUUID();
    await dataSource.transaction(async (outer) => {
      await outer.query('SELECT txid_current()');
      await outer.transaction(async (inner) => {
        await inner.query(
          `INSERT INTO coatcheck.audit_events (id, at, type, details) VALUES ($1, now(), 'app.x', '{}')`,
          [id],
        );
      });
    });
    expect(idsIn(await feed.since(start, 10))).toEqual([id]);
  });

  it('says that more may have happened after the position of another server, and goes on from here', async () => {
    const start = await feed.position();
    const foreign = start.replace(/^[^/]+/, '1700000000.000000');
    await record(null);
    const news = await feed.since(foreign, 10);
    expect(news).toMatchObject({ events: [], isCut: true });
    const id = await record(null);
    const next = await feed.since(news.position, 10);
    expect([idsIn(next), next.isCut]).toEqual([[id], false]);
  });

  it('never brings an event of a restored dump, whose transaction has a number that is given out here later', async () => {
    await record(20);
    const start = await feed.position();
    // Each takes a number of its own.
    for (let n = 0; n < 30; n++) await dataSource.query('SELECT txid_current()');
    const id = await record(null);
    expect(idsIn(await feed.since(start, 10))).toEqual([id]);
  });
});
