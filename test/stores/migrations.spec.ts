import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { migrate, revertMigrations } from '../../src/database/migrate.js';
import { prepareDataSource } from '../../src/database/open-data-source.js';
import { emptyDatabase, type TestDatabase } from '../real-postgres.js';
import { openEmbeddedDataSource, openTestDataSource } from './store-setups.js';

describe('migrations', () => {
  const databases: TestDatabase[] = [];

  afterAll(() => Promise.all(databases.map(({ drop }) => drop())));

  it('20 processes that start at once on one empty database all succeed, and migrate once', async () => {
    const url = await empty();
    const started = await Promise.all(Array.from({ length: 20 }, () => openTestDataSource(url)));
    const names = await executed(started[0]!);
    expect(names).toEqual(migrations.map(({ name }) => name));
    await Promise.all(started.map((dataSource) => dataSource.destroy()));
  });

  it('up, down and up again leave the same schema, and down leaves nothing', async () => {
    const dataSource = await openTestDataSource(await empty());
    const first = await schemaOf(dataSource);
    await revertMigrations(dataSource);
    expect((await schemaOf(dataSource)).filter((line) => !line.includes('coatcheck_migrations'))).toEqual([]);
    expect(await executed(dataSource)).toEqual([]);
    await migrate(dataSource);
    expect(await schemaOf(dataSource)).toEqual(first);
    expect(first.length).toBeGreaterThan(20);
    await dataSource.destroy();
  });

  it('run on the embedded database too, down and up', async () => {
    const { dataSource, close } = await openEmbeddedDataSource();
    const first = await schemaOf(dataSource);
    expect(first.length).toBeGreaterThan(20);
    await revertMigrations(dataSource);
    await migrate(dataSource);
    expect(await schemaOf(dataSource)).toEqual(first);
    await close();
  });

  it('leave the database as it was when one of them fails', async () => {
    const url = await empty();
    const settings = { databaseUrl: url, dataDir: 'memory://', poolSize: 10, entities: [], migrations };
    const dataSource = await (await prepareDataSource(settings)).initialize();
    const broken = new DataSource({ ...dataSource.options, migrations: [...migrations, Broken1999999999999] } as never);
    await broken.initialize();
    await expect(migrate(broken)).rejects.toThrow('does_not_exist');
    expect((await schemaOf(dataSource)).filter((line) => line.includes('sessions'))).toEqual([]);
    await migrate(dataSource);
    await Promise.all([broken.destroy(), dataSource.destroy()]);
  });

  async function empty(): Promise<string> {
    const database = await emptyDatabase();
    databases.push(database);
    return database.url;
  }
});

class Broken1999999999999 {
  up(runner: { query(sql: string): Promise<void> }): Promise<void> {
    return runner.query('SELECT * FROM does_not_exist');
  }

  async down(): Promise<void> {}
}

async function executed(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query('SELECT name FROM coatcheck.coatcheck_migrations ORDER BY id');
  return rows.map(({ name }: { name: string }) => name);
}

/** Every column, constraint and index of every table, a line each. */
async function schemaOf(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query(`
    SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema = 'coatcheck'
    UNION ALL
    SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
     WHERE connamespace::regnamespace::text = 'coatcheck'
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'coatcheck'
    ORDER BY line`);
  return rows.map(({ line }: { line: string }) => line);
}
