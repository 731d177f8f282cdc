import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Column, DataSource, DefaultNamingStrategy, Entity, PrimaryColumn } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { AuthModule } from '../../src/auth.module.js';
import { migrate } from '../../src/database/migrate.js';
import { entities } from '../../src/features.js';
import { Clock } from '../../src/kernel/clock.js';
import { AuthTestApp, FakeClock, testOptions } from '../../src/testing/index.js';
import { emptyDatabase, type TestDatabase } from '../real-postgres.js';

/** A host's own, named as ours are. */
@Entity('users')
class UserEntity {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'text' })
  userName!: string;
}

@Entity('sessions')
class SessionEntity {
  @PrimaryColumn({ type: 'text' })
  id!: string;
}

/** Of a feature of the host, which lists it nowhere else. */
@Entity({ schema: 'coatcheck', name: 'vouchers', synchronize: false })
class VoucherEntity {
  @PrimaryColumn({ type: 'text' })
  code!: string;
}

/** Of every name, given or not. */
class PrefixedSnakeCase extends DefaultNamingStrategy {
  override tableName(target: string, given: string | undefined) {
    return `app_${snake(given ?? target)}`;
  }
  override columnName(property: string, given: string | undefined) {
    return `c_${snake(given ?? property)}`;
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');
}

describe.each([
  ['lists our entities and migrations', true, 'coatcheck'],
  ['lists nothing of ours', false, 'coatcheck'],
  ['lists nothing of ours, which are in another schema', false, 'auth'],
])('a host with tables users and sessions, a naming strategy and synchronize, that %s', (_, isListed, schema) => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let app: AuthTestApp;
  beforeAll(async () => {
    database = await emptyDatabase();
    dataSource = await new DataSource({
      type: 'postgres',
      url: database.url,
      entities: [UserEntity, SessionEntity, ...(isListed ? entities : [])],
      migrations: isListed ? migrations : [],
      namingStrategy: new PrefixedSnakeCase(),
      entityPrefix: 'x_',
      synchronize: true,
      poolSize: 5,
    }).initialize();
    await migrate(dataSource, { schema });
    await dataSource.query(`CREATE TABLE ${schema}.vouchers (code text PRIMARY KEY)`);
    app = await bootHost(dataSource, schema);
  });
  afterAll(async () => {
    await app?.close();
    await dataSource?.destroy();
    await database.drop();
  });

  it('keeps its own tables under its own names, and Coatcheck works beside them', async () => {
    await dataSource.getRepository(UserEntity).save({ id: 1, userName: 'Ada' });
    const user = await app.logIn({ strategy: 'session' });
    expect((await user.get('/auth/me')).body.user.email).toBe(user.email);
    expect((await user.get('/auth/sessions')).body.sessions).toHaveLength(1);
    expect((await user.get('/auth/devices')).status).toBe(200);
    expect((await user.post('/auth/logout-all', {})).status).toBe(204);
    expect((await user.get('/auth/me')).status).toBe(401);
    expect(await dataSource.query('SELECT c_id, c_user_name FROM x_app_users')).toEqual([
      { c_id: 1, c_user_name: 'Ada' },
    ]);
    expect(await dataSource.getRepository(UserEntity).count()).toBe(1);
  });

  it('has the tables of its features where the migrations put them, without listing them', async () => {
    await dataSource.getRepository(VoucherEntity).save({ code: 'ten' });
    expect(await dataSource.query(`SELECT * FROM ${schema}.vouchers`)).toEqual([{ code: 'ten' }]);
  });

  it('finds nothing to change in our tables, and drops none, however often it synchronizes', async () => {
    const before = await tables();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
    await dataSource.synchronize();
    expect(await tables()).toEqual(before);
    expect(before).toContain(`${schema}.users`);
    expect(before).toContain('public.x_app_users');
    expect(before.filter((name) => !name.startsWith(`${schema}.`))).toEqual([
      ...(isListed ? ['public.migrations'] : []),
      'public.x_app_sessions',
      'public.x_app_users',
    ]);
  });

  it('has what it changes in a transaction with ours done or undone together', async () => {
    const OurUser = entities.find(({ name }) => name === 'UserEntity')!;
    await expect(
      dataSource.transaction(async (tx) => {
        await tx.getRepository(UserEntity).save({ id: 2, userName: 'Grace' });
        expect(await tx.getRepository(OurUser).count()).toBeGreaterThan(0);
        await tx.query('DELETE FROM coatcheck.users');
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await dataSource.getRepository(UserEntity).count()).toBe(1);
    expect(await dataSource.getRepository(OurUser).count()).toBeGreaterThan(0);
  });

  async function tables(): Promise<string[]> {
    const rows = await dataSource.query(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    return rows.map(({ name }: { name: string }) => name);
  }
});

it('a host whose DataSource has no tables of ours is refused at start, with what to do', async () => {
  const database = await emptyDatabase();
  const dataSource = await new DataSource({ type: 'postgres', url: database.url, poolSize: 2 }).initialize();
  try {
    await expect(bootHost(dataSource, 'coatcheck')).rejects.toThrow(
      /DATABASE_SCHEMA is coatcheck, where your DataSource has no tables of Coatcheck\n +-> call `migrate\(dataSource\)`/,
    );
  } finally {
    await dataSource.destroy();
    await database.drop();
  }
});

async function bootHost(dataSource: DataSource, databaseSchema: string): Promise<AuthTestApp> {
  const clock = new FakeClock();
  @Module({ providers: [{ provide: 'host', useValue: dataSource }], exports: ['host'] })
  class HostData {}
  const { dataDir: _, ...options } = testOptions;
  const providers = [{ provide: Clock, useValue: clock }];
  const root = AuthModule.forRoot({
    ...options,
    databaseSchema,
    imports: [HostData],
    dataSource: 'host',
    features: [{ name: 'vouchers', entities: [VoucherEntity] }],
    providers,
  });
  const app: INestApplication = await NestFactory.create(root, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  return new AuthTestApp(app, await app.getUrl(), clock);
}
