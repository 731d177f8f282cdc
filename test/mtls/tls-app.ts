import { Controller, Get, type INestApplication, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Scopes } from '../../src/access/route-decorators.js';
import { AuthModule } from '../../src/auth.module.js';
import type { AuthOptions } from '../../src/auth-options.js';
import { Clock } from '../../src/kernel/clock.js';
import { createService } from '../../src/service/create-service.js';
import { httpsOptions } from '../../src/strategies/mtls/https-options.js';
import {
  AuthTestApp,
  FakeClock,
  TestClient,
  type TestReply,
  type TestUser,
  testOptions,
} from '../../src/testing/index.js';
import { closedAtTheEnd } from '../left-open.js';
import { freshDatabase } from '../real-postgres.js';
import { Authority, type Identity } from './authority.js';
import { call, type TlsReply } from './tls-client.js';

/** Reaches a server whose certificate nobody vouches for. Keeps no cookies. */
class TlsTestClient extends TestClient {
  protected override blank(): TestClient {
    return new TlsTestClient(this.baseUrl, { ...this.defaults });
  }

  override async request(method: string, path: string, body?: unknown, headers = {}): Promise<TestReply> {
    const given = { ...this.defaults, ...headers };
    const reply = await call(this.baseUrl + path, { headers: given }, undefined, method, body as object | undefined);
    return { ...reply, headers: new Headers(), setCookies: [], text: JSON.stringify(reply.body ?? '') };
  }
}

/** An application that speaks https by itself, and what admins do with it. */
export class TlsApp extends AuthTestApp {
  private actingAdmin: Promise<TestUser> | undefined;

  override client(headers?: Record<string, string>): TestClient {
    return this.url.startsWith('https:') ? new TlsTestClient(this.url, headers) : super.client(headers);
  }

  admin(): Promise<TestUser> {
    this.actingAdmin ??= this.logIn({ strategy: 'jwt', transport: 'body', changes: { roles: ['admin'] } });
    return this.actingAdmin;
  }

  /** `GET` with this certificate. */
  as(
    identity: Pick<Identity, 'cert' | 'key'> | undefined,
    path = '/auth/me',
    headers?: Record<string, string>,
  ): Promise<TlsReply> {
    return call(this.url + path, { identity, headers });
  }

  /** A service user that these names stand for; answers its id. */
  async service(names: readonly object[], { roles = [] as string[], scopes = ['orders:read'] } = {}): Promise<string> {
    const admin = await this.admin();
    const made = await admin.post('/admin/users', { kind: 'service', name: 'orders', roles });
    if (made.status !== 201) throw new Error(`no service user was made: ${made.text}`);
    for (const name of names) {
      const reply = await admin.post(`/admin/users/${made.body.id}/certificate-names`, {
        anchor: 'default',
        scopes,
        ...name,
      });
      if (reply.status !== 201) throw new Error(`no certificate name was made: ${reply.text}`);
    }
    return made.body.id;
  }
}

const server = new Authority('/CN=Servers');
let shown: Identity | undefined;

/** What the servers of the tests show. */
export function serverIdentity(): Identity {
  shown ??= server.issue({ subject: '/CN=localhost', eku: 'serverAuth', names: ['DNS:localhost', 'IP:127.0.0.1'] });
  return shown;
}

export const ADAPTERS = ['fastify', 'express'] as const;

/** The service on Fastify, or a host's application on Express; https unless `tlsClientCa` is missing. */
export async function bootTls(
  adapter: (typeof ADAPTERS)[number],
  options: AuthOptions & Record<string, unknown> = {},
): Promise<TlsApp> {
  const database = options.databaseUrl ? null : await freshDatabase();
  const clock = new FakeClock();
  const given = {
    authStrategies: ['jwt', 'mtls'],
    databaseUrl: database?.url,
    logLevel: 'error',
    mtlsReloadSeconds: 3600,
  };
  const tls =
    options.tlsClientCa === undefined ? {} : { tlsCert: serverIdentity().certFile, tlsKey: serverIdentity().keyFile };
  const publicUrl = options.tlsClientCa === undefined ? 'http://localhost:3000' : 'https://localhost:3000';
  const values = { ...testOptions, ...given, publicUrl, ...options };
  const providers = [{ provide: Clock, useValue: clock }];
  const app: INestApplication =
    adapter === 'fastify'
      ? await createService({ ...values, ...tls }, providers)
      : await expressHost(values, providers);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address();
  const url = `${options.tlsClientCa === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return closedAtTheEnd(new TlsApp(app, url, clock, () => database?.drop()));
}

@Controller('example')
class OrdersController {
  @Get('scoped')
  @Scopes('example:read')
  read() {
    return { message: 'hello' };
  }

  @Get('closed')
  readClosed() {
    return { message: 'not for machines' };
  }

  @Post('scoped')
  @Scopes('example:read')
  write() {
    return { message: 'written' };
  }
}

async function expressHost(
  { logLevel: _, ...values }: AuthOptions & Record<string, unknown>,
  providers: [] | object[],
): Promise<INestApplication> {
  @Module({
    imports: [AuthModule.forRoot({ ...values, providers: providers as never })],
    controllers: [OrdersController],
  })
  class Host {}
  const { certFile: cert, keyFile: key } = serverIdentity();
  const tls = values.tlsClientCa ? { httpsOptions: httpsOptions({ cert, key, clientCa: values.tlsClientCa }) } : {};
  return NestFactory.create(Host, new ExpressAdapter(), { ...tls, logger: ['error', 'fatal'], abortOnError: false });
}
