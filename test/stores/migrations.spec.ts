import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { buildLaterIndexes } from '../../src/database/later-indexes.js';
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

  it('give way to who uses a table, and begin anew: nobody has to wait behind them', async () => {
    const { dataSource, extended } = await withMigration(AddsColumn1999999999998);
    const reader = dataSource.createQueryRunner();
    await reader.startTransaction();
    await reader.query('SELECT count(*) FROM coatcheck.users');
    const migrating = migrate(extended);
    // Until the migration waits for the reader, another waits behind it, and is let pass.
    while (!(await waitsForALock(dataSource))) await new Promise((resolve) => setImmediate(resolve));
    await dataSource.query('SELECT count(*) FROM coatcheck.users');
    expect(await columns(dataSource)).not.toContain('nickname');
    await reader.commitTransaction();
    await reader.release();
    await migrating;
    expect(await columns(dataSource)).toContain('nickname');
    await Promise.all([extended.destroy(), dataSource.destroy()]);
  });

  it('build indexes of large tables while these are written to, once, and anew where building was broken off', async () => {
    const { dataSource, extended } = await withMigration(IndexesLater1999999999997);
    const writer = dataSource.createQueryRunner();
    await writer.startTransaction();
    await writer.query('DELETE FROM coatcheck.mail_jobs WHERE false');
    const migrating = migrate(extended);
    while (!(await isThere(dataSource))) await new Promise((resolve) => setImmediate(resolve));
    // It is being built, and waits for the writer; who writes now does not wait for it.
    await dataSource.query('DELETE FROM coatcheck.mail_jobs WHERE false');
    await writer.commitTransaction();
    await writer.release();
    await migrating;
    expect(await isThere(dataSource)).toEqual({ valid: true });
    await dataSource.query('UPDATE pg_index SET indisvalid = false WHERE indexrelid = $1::regclass', [
      `coatcheck.${LATER.name}`,
    ]);
    expect(await isThere(dataSource)).toEqual({ valid: false });
    await Promise.all([migrate(extended), migrate(extended)]);
    expect(await isThere(dataSource)).toEqual({ valid: true });
    await Promise.all([extended.destroy(), dataSource.destroy()]);
  });

  it('build such an index on the embedded database too', async () => {
    const { dataSource, close } = await openEmbeddedDataSource();
    const runner = dataSource.createQueryRunner();
    await buildLaterIndexes(runner, [LATER], { isShared: false });
    await buildLaterIndexes(runner, [LATER], { isShared: false });
    // It has one connection.
    await runner.release();
    expect(await isThere(dataSource)).toEqual({ valid: true });
    await close();
  });

  /** A migrated database, and the same with one more migration, which is pending. */
  async function withMigration(another: new () => unknown): Promise<{ dataSource: DataSource; extended: DataSource }> {
    const dataSource = await openTestDataSource(await empty());
    const extended = new DataSource({ ...dataSource.options, migrations: [...migrations, another] } as never);
    return { dataSource, extended: await extended.initialize() };
  }

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

class AddsColumn1999999999998 {
  up(runner: { query(sql: string): Promise<void> }): Promise<void> {
    return runner.query('ALTER TABLE coatcheck.users ADD COLUMN nickname text');
  }

  async down(): Promise<void> {}
}

const LATER = { name: 'mail_jobs_later_idx', table: 'mail_jobs', on: '(id)' };

class IndexesLater1999999999997 {
  readonly laterIndexes = [LATER];

  async up(): Promise<void> {}

  async down(): Promise<void> {}
}

async function waitsForALock(dataSource: DataSource): Promise<boolean> {
  const [{ waits }] = await dataSource.query('SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted) AS waits');
  return waits;
}

async function isThere(dataSource: DataSource): Promise<{ valid: boolean } | undefined> {
  const rows = await dataSource.query('SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)', [
    `coatcheck.${LATER.name}`,
  ]);
  return rows[0];
}

async function columns(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'users'",
  );
  return rows.map(({ name }: { name: string }) => name);
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
