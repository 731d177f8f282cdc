import { type INestApplication, Module, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule } from '../auth.module.js';
import type { AuthExtras, AuthOptions } from '../auth-options.js';
import { Clock } from '../kernel/clock.js';
import type { AuthTestApp } from './auth-test-app.js';
import { FakeClock } from './fake-clock.js';
import { hostTables } from './host-tables.js';
import { wrapAuthApp } from './wrap-auth-app.js';

/** How an application under test is run. */
export interface TestRunSettings {
  /** Default: the one that is installed; `express` where both are. */
  readonly adapter?: 'express' | 'fastify';
  /** As your `main.ts` does before it listens: a global prefix, versions, pipes, interceptors. */
  readonly configure?: (app: INestApplication) => unknown;
}

/** A whole application, which imports `AuthModule` by itself. */
export interface WholeAppSettings extends TestRunSettings {
  readonly module: NonNullable<ModuleMetadata['imports']>[number];
}

/** The settings that a test may change in the application it boots. */
export interface TestAppSettings
  extends TestRunSettings,
    Pick<AuthExtras, 'features' | 'globalGuard' | 'dataSource' | 'registrationFields'> {
  /** Merged over {@link testOptions}; e.g. `{ authStrategies: ['jwt'] }`. */
  readonly options?: AuthOptions;
  /** Your modules and controllers under test. */
  readonly imports?: ModuleMetadata['imports'];
  readonly controllers?: ModuleMetadata['controllers'];
  /** Replacements, as in `AuthModule.forRoot`. */
  readonly providers?: Provider[];
  /**
   * Your entities, for `TypeOrmModule.forFeature` and repositories in `imports`: they get a default DataSource on the test's database,
   * with their tables made from their metadata.
   */
  readonly entities?: readonly Type[];
  readonly module?: undefined;
}

/**
 * Values under which tests are fast and leave nothing behind: an embedded database in memory, both strategies, and an
 * argon2id so cheap that production refuses it. All requests of a suite come from one address, so `loginAttempts` is as good as
 * none, and with it every limit that follows from it; a test of limits sets its own.
 *
 * The database begins with all tables: the first test of a version makes them, which takes seconds, and later ones copy them.
 */
export const testOptions: AuthOptions = {
  nodeEnv: 'test',
  publicUrl: 'http://localhost:3000',
  secretKey: 'dGVzdHMgb25seTogdGhpcyBrZXkgaXMgbm90IGEga2U',
  dataDir: 'memory://template',
  authStrategies: ['session', 'jwt'],
  passwordHashMemoryKib: 64,
  passwordHashTimeCost: 2,
  passwordHashProcess: false,
  loginAttempts: 1_000_000,
};

/**
 * Boots your modules around an `AuthModule` of its own, or a whole application (`module`), listening on a free port, with a clock that
 * the test moves. To test an application as it is put together elsewhere, see `wrapAuthApp`.
 *
 * @throws whatever stops the boot; nothing is left open then
 * @example
 * const app = await bootAuthApp({ imports: [OrdersModule] });
 * const ada = await app.logIn({ strategy: 'jwt' });
 * expect((await ada.get('/orders')).status).toBe(200);
 * await app.close();
 * @example
 * const app = await bootAuthApp({ module: AppModule, configure: (host) => host.setGlobalPrefix('api') });
 */
export async function bootAuthApp(settings: TestAppSettings | WholeAppSettings = {}): Promise<AuthTestApp> {
  const { adapter, configure } = settings;
  const app = await createOn(adapter ?? (await installedAdapter()), rootOf(settings));
  try {
    await configure?.(app);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  return wrapAuthApp(app);
}

function rootOf(settings: TestAppSettings | WholeAppSettings): Type {
  if (settings.module === undefined) return partsRoot(settings as TestAppSettings);

  @Module({ imports: [settings.module] })
  class WholeRoot {}

  return WholeRoot;
}

function partsRoot(settings: TestAppSettings): Type {
  const {
    adapter,
    configure,
    module,
    options,
    imports = [],
    controllers = [],
    providers = [],
    entities,
    ...extras
  } = settings;
  const clock = { provide: Clock, useValue: new FakeClock() };

  @Module({
    imports: [
      AuthModule.forRoot({ ...testOptions, ...options, ...extras, providers: [clock, ...providers] }),
      ...(entities ? [hostTables(entities)] : []),
      ...imports,
    ],
    controllers,
  })
  class TestRoot {}

  return TestRoot;
}

/** Nest's own choice where there is one. */
async function installedAdapter(): Promise<'express' | 'fastify'> {
  if (await isInstalled(() => import('@nestjs/platform-express'))) return 'express';
  if (await isInstalled(() => import('@nestjs/platform-fastify'))) return 'fastify';
  throw new Error(
    'No HTTP adapter is installed: npm install @nestjs/platform-express, or @nestjs/platform-fastify, of the version of @nestjs/core.',
  );
}

function isInstalled(load: () => Promise<unknown>): Promise<boolean> {
  return load().then(
    () => true,
    () => false,
  );
}

async function createOn(adapter: 'express' | 'fastify', root: Type): Promise<INestApplication> {
  const quiet = { logger: ['error', 'warn', 'fatal'] as ('error' | 'warn' | 'fatal')[], abortOnError: false };
  if (adapter === 'fastify') {
    const { FastifyAdapter } = await import('@nestjs/platform-fastify');
    return NestFactory.create(root, new FastifyAdapter(), quiet);
  }
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  return NestFactory.create(root, new ExpressAdapter(), quiet);
}
