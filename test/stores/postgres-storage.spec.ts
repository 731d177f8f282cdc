import type { DataSource } from 'typeorm';
import { asUnavailable } from '../../src/database/unreachable-database.js';
import type { AuthError } from '../../src/kernel/auth-error.js';
import type { RevocationFeed } from '../../src/revocation/revocation-feed.js';
import { PostgresStorage } from '../../src/stores/postgres/postgres.storage.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { openTestDataSource } from './store-setups.js';

describe('the PostgreSQL storage', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await freshDatabase();
    dataSource = await openTestDataSource(database.url);
  });

  afterAll(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.drop();
  });

  it('has entities that describe the migrated tables exactly', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    // Foreign keys live in migrations only: no entity knows another feature's.
    const differences = upQueries
      .map(({ query }) => query)
      .filter((query) => !/DROP CONSTRAINT "\w+_fkey"/.test(query));
    expect(differences).toEqual([]);
  });

  it('answers a ping', async () => {
    await expect(new PostgresStorage(dataSource).ping()).resolves.toBe(undefined);
  });

  it.each([
    ['renewals', (feed: RevocationFeed, id: string, seq: number) => feed.renew(id, seq, 60)],
    ['acknowledgements', (feed: RevocationFeed, id: string, seq: number) => feed.acknowledge(id, seq)],
  ])(
    'carries %s that come together out together: one revocation brings all of a node, and renewals wait for the disk',
    async (_, tell) => {
      const { feed } = new PostgresStorage(dataSource);
      // Once in a while a renewal also takes away what is out of date.
      await feed.renew('no lease', 0, 60);
      const leases = Array.from({ length: 20 }, (_one, at) => `lease-${at}`);
      for (const id of leases) await feed.grant(id, 60);
      await feed.append([{ subject: 'key:together', kind: 'ended' }]);
      const { head } = await feed.status();
      const asked = jest.spyOn(dataSource, 'query');
      expect(await Promise.all(leases.map((id) => tell(feed, id, head)))).toEqual(leases.map(() => head));
      // The first is on its way before the second comes.
      expect(asked).toHaveBeenCalledTimes(2);
      asked.mockRestore();
      const { leases: running } = await feed.status();
      expect(running.map(({ appliedSeq }) => appliedSeq)).toEqual(leases.map(() => head));
      for (const id of leases) await feed.releaseLease(id);
    },
  );

  it('says unavailable, not "no such session", when its connection is cut, and heals by itself', async () => {
    const { sessions } = new PostgresStorage(dataSource);
    const outcomes = [await outcomeOf(dataSource.query('SELECT pg_terminate_backend(pg_backend_pid())'))];
    // The pool may hand out the dying connection once more before it hears of its end.
    while (outcomes.at(-1) !== null && outcomes.length < 20) outcomes.push(await outcomeOf(sessions.find(NOBODY)));
    expect(outcomes).toEqual([...outcomes.slice(0, -1).map(() => 'unavailable'), null]);
  });

  it('says unavailable after the pool was closed', async () => {
    const { sessions } = new PostgresStorage(dataSource);
    await dataSource.destroy();
    expect(await outcomeOf(sessions.find(NOBODY))).toBe('unavailable');
  });
});

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** What came of it, or the code of the failure. */
function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error) => (asUnavailable(error) as AuthError).code);
}
