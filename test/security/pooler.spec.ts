import type { DataSource } from 'typeorm';
import { databaseProblems } from '../../src/database/database-assumptions.js';
import { connectDataSource } from '../../src/database/open-data-source.js';
import { PINNED } from '../../src/database/pinned-settings.js';
import { poolingOf } from '../../src/database/pooling.js';
import { Pooler, type PoolerMode } from '../pooler.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

describe('a database behind', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  const through = async <T>(mode: PoolerMode | null, look: (dataSource: DataSource) => Promise<T>): Promise<T> => {
    const pooler = mode && new Pooler(database.url, mode);
    const databaseUrl = pooler ? await pooler.open() : database.url;
    const settings = { databaseUrl, dataDir: '', poolSize: 1, entities: [], migrations: [] };
    const dataSource = await connectDataSource(settings);
    try {
      return await look(dataSource);
    } finally {
      await dataSource.destroy();
      pooler?.close();
    }
  };

  it.each([
    ['nothing', null, 'none'],
    ['a pooler in session mode', 'session', 'session'],
    ['a pooler in transaction mode', 'transaction', 'transaction'],
  ] as const)('%s is told by what the connections see', async (_, mode, told) => {
    expect(await through(mode, poolingOf)).toBe(told);
  });

  it.each(['session', 'transaction'] as const)(
    'a pooler in %s mode that refuses start-up parameters is given our settings by a statement',
    async (mode) => {
      const names = Object.keys(PINNED);
      const read = `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`)}`;
      const [settings, problems] = await through(mode, async (dataSource) => {
        return [await dataSource.query(read), await databaseProblems(dataSource, true)];
      });
      expect(settings).toEqual([PINNED]);
      expect(problems).toEqual([]);
    },
  );
});
