import { Logger } from '@nestjs/common';
import { type EmbeddedDatabase, freshEmbeddedDatabase } from '../../test/embedded-database.js';
import { openDataSource } from './open-data-source.js';

describe('the embedded database', () => {
  let database: EmbeddedDatabase;
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();

  beforeAll(async () => {
    database = await freshEmbeddedDatabase();
  });
  afterAll(async () => {
    warn.mockRestore();
    await database.drop();
  });

  it('keeps what was written when it is closed, and says loudly what it is for', async () => {
    const first = await open();
    await first.query('CREATE TABLE kept AS SELECT 42 AS answer');
    await first.destroy();
    const second = await open();
    expect(await second.query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.destroy();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('For trials only'));
  });

  it('refuses a second opener of its folder, and serves the first on', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow('only one process can use it');
    expect(await first.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await first.destroy();
  });

  it('serves concurrent queries and transactions one after the other', async () => {
    const dataSource = await open('memory://');
    await dataSource.query('CREATE TABLE counted (n integer)');
    const inserts = Array.from({ length: 20 }, (_, n) =>
      dataSource.transaction((manager) => manager.query('INSERT INTO counted VALUES ($1)', [n])),
    );
    await Promise.all([...inserts, dataSource.query('SELECT 1')]);
    expect(await dataSource.query('SELECT count(*)::int AS count FROM counted')).toEqual([{ count: 20 }]);
    await dataSource.destroy();
  });

  it('gives its folder back when it could not be opened', async () => {
    for (const _ of ['first', 'second']) {
      const outcome = await open(database.dataDir, [Failing1999999999999]).catch((error: Error) => error.message);
      expect(outcome).toContain('does_not_exist');
    }
  });

  it('recovers from an error in a query', async () => {
    const dataSource = await open();
    await expect(dataSource.query('SELECT * FROM does_not_exist')).rejects.toThrow('does_not_exist');
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await dataSource.destroy();
  });

  function open(dataDir = database.dataDir, migrations: (typeof Failing1999999999999)[] = []) {
    return openDataSource({ dataDir, poolSize: 10, entities: [], migrations, migrateOnStart: true });
  }
});

class Failing1999999999999 {
  up(runner: { query(sql: string): Promise<void> }): Promise<void> {
    return runner.query('SELECT * FROM does_not_exist');
  }

  async down(): Promise<void> {}
}
