import { type INestApplication, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthModule } from '../../src/auth.module.js';
import type { AuthExtras, AuthOptions } from '../../src/auth-options.js';
import { Clock } from '../../src/kernel/clock.js';
import { AuthTestApp, FakeClock, testOptions } from '../../src/testing/index.js';
import { closedAtTheEnd } from '../left-open.js';
import { freshDatabase } from '../real-postgres.js';

interface EdgeSettings extends Pick<ModuleMetadata, 'imports' | 'controllers'> {
  readonly adapter?: 'express' | 'fastify';
  readonly options?: AuthOptions & AuthExtras;
  /** Gateways and resolvers. */
  readonly parts?: ModuleMetadata['providers'];
  /** Before it listens, e.g. to set the adapter of WebSockets. */
  prepare?(app: INestApplication): unknown;
  /** Nodes of one database. */
  readonly databaseUrl?: string;
}

export const ORIGIN = 'http://localhost:3000';

/** A host with what {@link bootHost} cannot have: parts that want the application before it listens. */
export async function bootEdge(settings: EdgeSettings = {}): Promise<AuthTestApp & { databaseUrl: string }> {
  const { adapter = 'express', options, imports = [], controllers = [], parts = [], prepare } = settings;
  const database = settings.databaseUrl ? { url: settings.databaseUrl, drop: async () => {} } : await freshDatabase();
  const clock = new FakeClock();

  @Module({
    imports: [
      AuthModule.forRoot({
        ...testOptions,
        databaseUrl: database.url,
        publicUrl: ORIGIN,
        ...options,
        providers: [{ provide: Clock, useValue: clock }, ...(options?.providers ?? [])],
      }),
      ...imports,
    ],
    controllers,
    providers: parts,
  })
  class EdgeRoot {}

  const http = adapter === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  const app = await NestFactory.create(EdgeRoot, http, { logger: ['fatal'], abortOnError: false });
  await prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const test = closedAtTheEnd(
    Object.assign(new AuthTestApp(app, await app.getUrl(), clock), { databaseUrl: database.url }),
  );
  const close = test.close.bind(test);
  return Object.assign(test, { close: () => close().finally(() => database.drop()) });
}
