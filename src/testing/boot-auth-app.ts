import { type INestApplication, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AuthExtras, AuthModule, type AuthOptions } from '../auth.module.js';
import { Clock } from '../kernel/clock.js';
import { AuthTestApp } from './auth-test-app.js';
import { FakeClock } from './fake-clock.js';

/** What a test may change about the application it boots. */
export interface TestAppSettings extends Pick<AuthExtras, 'features' | 'globalGuard' | 'registrationFields'> {
  /** Merged over {@link testOptions}; e.g. `{ authStrategies: ['jwt'] }`. */
  readonly options?: AuthOptions;
  /** Your modules and controllers under test. */
  readonly imports?: ModuleMetadata['imports'];
  readonly controllers?: ModuleMetadata['controllers'];
  /** Replacements, as in `AuthModule.forRoot`. */
  readonly providers?: Provider[];
  /** Default `fastify`. The adapter's package must be installed. */
  readonly adapter?: 'express' | 'fastify';
}

/**
 * Values under which tests are fast and leave nothing behind: an embedded database in memory, both strategies, and an
 * argon2id so cheap that production refuses it. All requests of a suite come from one address, so `loginAttempts` is as good as
 * none, and with it every limit that follows from it; a test of limits sets its own.
 */
export const testOptions: AuthOptions = {
  nodeEnv: 'test',
  publicUrl: 'http://localhost:3000',
  secretKey: 'dGVzdHMgb25seTogdGhpcyBrZXkgaXMgbm90IGEga2U',
  dataDir: 'memory://',
  authStrategies: ['session', 'jwt'],
  passwordHashMemoryKib: 64,
  passwordHashTimeCost: 2,
  passwordHashProcess: false,
  loginAttempts: 1_000_000,
};

/**
 * Boots an application around AuthModule, listening on a free port, with a clock that the test moves.
 *
 * @example
 * const app = await bootAuthApp({ imports: [OrdersModule] });
 * const ada = await app.logIn({ strategy: 'jwt' });
 * expect((await ada.get('/orders')).status).toBe(200);
 * await app.close();
 */
export async function bootAuthApp(settings: TestAppSettings = {}): Promise<AuthTestApp> {
  const { options, imports = [], controllers = [], providers = [], adapter = 'fastify', ...extras } = settings;
  const clock = new FakeClock();

  @Module({
    imports: [
      AuthModule.forRoot({
        ...testOptions,
        ...options,
        ...extras,
        providers: [{ provide: Clock, useValue: clock }, ...providers],
      }),
      ...imports,
    ],
    controllers,
  })
  class TestRoot {}

  const app = await createOn(adapter, TestRoot);
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    // Its database would keep the run of tests from ending.
    await app.close().catch(() => undefined);
    throw error;
  }
  return new AuthTestApp(app, await app.getUrl(), clock);
}

async function createOn(adapter: 'express' | 'fastify', root: new () => object): Promise<INestApplication> {
  const quiet = { logger: ['error', 'warn', 'fatal'] as ('error' | 'warn' | 'fatal')[], abortOnError: false };
  if (adapter === 'fastify') {
    const { FastifyAdapter } = await import('@nestjs/platform-fastify');
    return NestFactory.create(root, new FastifyAdapter(), quiet);
  }
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  return NestFactory.create(root, new ExpressAdapter(), quiet);
}
