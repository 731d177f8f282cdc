import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { type PasswordCheck, PasswordHasher } from '../../src/factors/password/password-hasher.js';
import { ManagementServer } from '../../src/metrics/management-server.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { Scrape } from './scrape.js';

/** A host's hasher that takes as long as the test wants. */
class SlowHasher extends PasswordHasher {
  private readonly held: (() => void)[] = [];

  owns(): boolean {
    return true;
  }

  async hash(): Promise<string> {
    return 'slow';
  }

  async verify(): Promise<PasswordCheck> {
    await new Promise<void>((resolve) => this.held.push(resolve));
    return { matches: false, needsRehash: false };
  }

  /** Ends the one under way, when there is one. */
  finish(): void {
    this.held.shift()?.();
  }
}

describe.each(['postgres', 'memory'])('on the %s store', (store) => {
  const hasher = new SlowHasher();
  let app: AuthTestApp;
  let url: string;
  beforeAll(async () => {
    const options = { sessionStore: store, passwordHashConcurrency: 1, databasePoolSize: 2 };
    app = await bootService(options, [{ provide: PasswordHasher, useValue: hasher }]);
    url = await app.app.get(ManagementServer).listen(0);
  });
  afterAll(() => app.close());

  async function until(expected: Record<string, number>): Promise<Scrape> {
    for (;;) {
      const seen = await Scrape.of(url);
      if (Object.entries(expected).every(([sample, value]) => seen.value(sample) === value)) return seen;
      hasher.finish();
    }
  }

  it('passwords being hashed and in line are told, and how long they were in line', async () => {
    const waits = 'coatcheck_hash_wait_seconds_count';
    const before = (await Scrape.of(url)).value(waits);
    let done = 0;
    const logins = [1, 2, 3].map(async (n) => {
      const body = { email: `nobody-${n}@example.com`, password: 'no such password' };
      const { status } = await app.client().post('/auth/login', body);
      done += 1;
      return status;
    });
    for (;;) {
      const seen = await Scrape.of(url);
      if (seen.value('coatcheck_hashes_running') === 1 && seen.value('coatcheck_hashes_waiting') === 2) break;
    }
    expect(done).toBe(0);
    const after = await until({ coatcheck_hashes_running: 0, coatcheck_hashes_waiting: 0, [waits]: before + 3 });
    expect(await Promise.all(logins)).toEqual([401, 401, 401]);
    expect(after.value('coatcheck_hash_wait_seconds_sum')).toBeGreaterThan(0);
  });

  it('connections in use, and queries that wait for one, are told', async () => {
    const dataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
    const runners = [dataSource.createQueryRunner(), dataSource.createQueryRunner()];
    await Promise.all(runners.map((runner) => runner.connect()));
    const query = dataSource.query('SELECT 1');
    const all = { coatcheck_postgres_connections_open: 2, coatcheck_postgres_connections_in_use: 2 };
    // The service's own jobs may come to wait beside it.
    while ((await until(all)).value('coatcheck_postgres_queries_waiting') < 1);
    await Promise.all(runners.map((runner) => runner.release()));
    await query;
    await until({ coatcheck_postgres_connections_in_use: 0, coatcheck_postgres_queries_waiting: 0 });
  });
});
