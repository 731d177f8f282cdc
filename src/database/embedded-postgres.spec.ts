import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
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

  // Opening one takes a second of computing: what is asked of an open one is asked of the same.
  describe('open', () => {
    let dataSource: DataSource;
    beforeAll(async () => {
      dataSource = await open();
    });
    afterAll(() => dataSource.destroy());

    it('refuses a second opener of its folder, and serves the first on', async () => {
      await expect(open()).rejects.toThrow('only one process can use it');
      expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('serves concurrent queries and transactions one after the other', async () => {
      await dataSource.query('CREATE TABLE counted (n integer)');
      const inserts = Array.from({ length: 20 }, (_, n) =>
        dataSource.transaction((manager) => manager.query('INSERT INTO counted VALUES ($1)', [n])),
      );
      await Promise.all([...inserts, dataSource.query('SELECT 1')]);
      expect(await dataSource.query('SELECT count(*)::int AS count FROM counted')).toEqual([{ count: 20 }]);
    });

    it('recovers from an error in a query', async () => {
      await expect(dataSource.query('SELECT * FROM does_not_exist')).rejects.toThrow('does_not_exist');
      expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('keeps what was written when it is closed, and says loudly what it is for', async () => {
      await dataSource.query('CREATE TABLE kept AS SELECT 42 AS answer');
      await dataSource.destroy();
      dataSource = await open();
      expect(await dataSource.query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      expect(warn).toHaveBeenCalledWith(expect.stringContaining('For trials only'));
    });
  });

  it('gives its folder back when it could not be opened', async () => {
    for (const _ of ['first', 'second']) {
      const outcome = await open(database.dataDir, [Failing1999999999999]).catch((error: Error) => error.message);
      expect(outcome).toContain('does_not_exist');
    }
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
