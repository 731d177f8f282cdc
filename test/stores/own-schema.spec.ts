import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { migrate } from '../../src/database/migrate.js';
import { connectDataSource, openDataSource } from '../../src/database/open-data-source.js';
import { inSchema } from '../../src/database/table-schema.js';
import { entities } from '../../src/features.js';
import { bootAuthApp } from '../../src/testing/index.js';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../real-postgres.js';

describe('the schema of the tables', () => {
  const databases: TestDatabase[] = [];
  const empty = async () => {
    const database = await emptyDatabase();
    databases.push(database);
    return database.url;
  };
  const opening = (databaseUrl: string, more: object = {}) =>
    openDataSource({ databaseUrl, dataDir: '', poolSize: 2, entities, migrations, migrateOnStart: true, ...more });
  afterAll(() => Promise.all(databases.map(({ drop }) => drop())));

  it.each([['coatcheck'], ['user']])(
    'is described completely: TypeORM finds nothing to change in %s',
    async (schema) => {
      const dataSource = await opening(await empty(), { schema });
      expect(await differences(dataSource)).toEqual([]);
      // Nothing would be found where nothing was looked at.
      for (const metadata of dataSource.entityMetadatas) metadata.synchronize = true;
      expect(await differences(dataSource)).toEqual([]);
      await dataSource.query('DROP INDEX coatcheck.users_admin_idx');
      expect(await differences(dataSource)).toEqual([expect.stringContaining('users_admin_idx')]);
      await dataSource.destroy();
    },
  );

  it('is the only one in which anything is, and two installations in one database know nothing of each other', async () => {
    const databaseUrl = await empty();
    const options = { databaseUrl, emailVerification: 'optional' as const };
    const [one, other] = [
      await bootAuthApp({ options: { ...options, databaseSchema: 'one' } }),
      await bootAuthApp({ options: { ...options, databaseSchema: 'other_1' } }),
    ];
    try {
      const user = await one.logIn({ strategy: 'jwt', transport: 'body' });
      expect((await user.post('/auth/refresh', { refreshToken: user.refreshToken })).status).toBe(200);
      const stranger = { email: user.email, password: user.password };
      expect((await other.client().post('/auth/login', stranger)).status).toBe(401);
      expect((await user.post('/auth/logout-all', {})).status).toBe(204);
      expect((await user.get('/auth/me')).status).toBe(401);
      expect(await schemasWithTables(databaseUrl)).toEqual(['one', 'other_1']);
      expect(await rows(databaseUrl, 'SELECT count(*)::int AS users FROM other_1.users')).toEqual([{ users: 0 }]);
      const ofParts = `SELECT schemaname, indexname FROM pg_indexes WHERE indexname LIKE 'users\\_%\\_part\\_idx' ORDER BY 1, 2`;
      expect((await rows(databaseUrl, ofParts)).map((row) => Object.values(row).join('.'))).toEqual([
        'one.users_email_part_idx',
        'one.users_name_part_idx',
        'other_1.users_email_part_idx',
        'other_1.users_name_part_idx',
      ]);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });

  it('is made by an operator for a role that may make none, and refused with a remedy while it is not', async () => {
    const databaseUrl = await empty();
    const name = `auth_owner_${process.pid}`;
    await rows(databaseUrl, `DROP ROLE IF EXISTS ${name}`);
    await rows(databaseUrl, `CREATE ROLE ${name} LOGIN PASSWORD 'secret'`);
    const url = new URL(databaseUrl);
    [url.username, url.password] = [name, 'secret'];
    try {
      await expect(opening(url.href)).rejects.toThrow(
        `DATABASE_SCHEMA names the schema coatcheck, which does not exist and which the role ${name} may not create\n    -> as a role that may: CREATE SCHEMA IF NOT EXISTS "coatcheck" AUTHORIZATION "${name}"`,
      );
      await rows(databaseUrl, 'CREATE SCHEMA coatcheck');
      await rows(databaseUrl, `GRANT USAGE ON SCHEMA coatcheck TO ${name}`);
      await expect(opening(url.href)).rejects.toThrow(`in which the role ${name} may not create tables`);
      expect(
        await rows(databaseUrl, `SELECT relname FROM pg_class WHERE relnamespace = 'coatcheck'::regnamespace`),
      ).toEqual([]);
      await rows(databaseUrl, `ALTER SCHEMA coatcheck OWNER TO ${name}`);
      await (await opening(url.href)).destroy();
      expect(await schemasWithTables(databaseUrl)).toEqual(['coatcheck']);
    } finally {
      await rows(databaseUrl, `REASSIGN OWNED BY ${name} TO CURRENT_USER`);
      await rows(databaseUrl, `DROP OWNED BY ${name}`);
      await rows(databaseUrl, `DROP ROLE ${name}`);
    }
  });

  it('is not begun empty beside tables of an earlier version', async () => {
    const databaseUrl = await empty();
    await (await opening(databaseUrl, { schema: 'public' })).destroy();
    await expect(opening(databaseUrl)).rejects.toThrow(/DATABASE_SCHEMA is coatcheck, but the tables of an earlier/);
    expect(await schemasWithTables(databaseUrl)).toEqual(['public']);
  });

  it('must be migrated first: a start that may not migrate says what is pending, and creates nothing', async () => {
    const databaseUrl = await empty();
    await expect(opening(databaseUrl, { migrateOnStart: false })).rejects.toThrow(
      `MIGRATE_ON_START is false, but ${migrations.length} migration(s) are pending in the schema coatcheck`,
    );
    expect(await schemasWithTables(databaseUrl)).toEqual([]);
  });

  it('is the one of the command line of TypeORM too', async () => {
    const databaseUrl = await empty();
    const dataSource = await connectDataSource({
      databaseUrl,
      dataDir: '',
      poolSize: 2,
      schema: 'auth',
      entities,
      migrations,
    });
    expect(await dataSource.runMigrations()).toHaveLength(migrations.length);
    await dataSource.destroy();
    expect(await schemasWithTables(databaseUrl)).toEqual(['auth']);
    await (await opening(databaseUrl, { schema: 'auth', migrateOnStart: false })).destroy();
  });

  it.each([
    [
      `SELECT 'see coatcheck.app, it''s at coatcheck.io' FROM coatcheck.users`,
      `SELECT 'see coatcheck.app, it''s at coatcheck.io' FROM "auth".users`,
    ],
    [
      `SELECT 1 AS "to coatcheck.x", coatcheck.users.id -- of coatcheck.users, isn't it\nFROM coatcheck.users`,
      `SELECT 1 AS "to coatcheck.x", "auth".users.id -- of coatcheck.users, isn't it\nFROM "auth".users`,
    ],
    [
      `SELECT current_setting('coatcheck.x'), ''::text FROM coatcheck."users"`,
      `SELECT current_setting('coatcheck.x'), ''::text FROM "auth"."users"`,
    ],
  ])('is what names of tables are replaced by, and no text of a user: %s', (statement, moved) => {
    expect(inSchema(statement, 'auth')).toBe(moved);
  });

  it('is one for each DataSource', async () => {
    const { url, drop } = await freshDatabase();
    const dataSource = await new DataSource({ type: 'postgres', url, poolSize: 2 }).initialize();
    await migrate(dataSource, { schema: 'one' });
    await expect(migrate(dataSource, { schema: 'other' })).rejects.toThrow('in the schema one, not other');
    await dataSource.destroy();
    await drop();
  });
});

async function differences(dataSource: DataSource): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

async function schemasWithTables(databaseUrl: string): Promise<string[]> {
  const sql = `SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`;
  return (await rows(databaseUrl, sql)).map(({ schemaname }) => schemaname as string);
}

async function rows(databaseUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
