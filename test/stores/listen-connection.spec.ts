import { setImmediate as turn } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { PostgresRevocationFeed } from '../../src/stores/postgres/postgres-revocation.feed.js';
import { DatabaseProxy } from '../database-proxy.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { openTestDataSource } from './store-setups.js';

describe('listening to the feed on PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let dataSource: DataSource;
  let lost: number;
  let heardOfLoss: () => void;
  const listener = {
    onRevoked: () => {},
    onAcknowledged: () => {},
    onLost: () => {
      lost += 1;
      heardOfLoss();
    },
  };
  beforeAll(async () => {
    database = await freshDatabase();
    proxy = new DatabaseProxy(new URL(database.url));
    dataSource = await openTestDataSource(await proxy.open(), false);
  });
  beforeEach(() => {
    lost = 0;
    heardOfLoss = () => {};
  });
  afterAll(async () => {
    await dataSource.destroy();
    proxy.close();
    await database.drop();
  });

  it('rejects while the database is out of reach and tells of no loss, or a node would try again without a pause', async () => {
    proxy.cut();
    await expect(new PostgresRevocationFeed(dataSource).listen(listener)).rejects.toThrow();
    await settled();
    expect(lost).toBe(0);
    proxy.mend();
  });

  it('tells once that an open connection was lost', async () => {
    await new PostgresRevocationFeed(dataSource).listen(listener);
    const told = new Promise<void>((resolve) => {
      heardOfLoss = resolve;
    });
    proxy.cut();
    await told;
    await settled();
    expect(lost).toBe(1);
    proxy.mend();
  });
});

/** What a socket has to say when it ends, it says within a few turns. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await turn();
}
