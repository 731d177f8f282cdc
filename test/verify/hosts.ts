import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express from 'express';
import fastify from 'fastify';
import { refuse, type VerifiedAuth, type Verifier, VerifyModule } from '../../src/verify/index.js';
import { CurrentAuth, CurrentUser, Public, Roles, Scopes } from '../../src/verify/nest/index.js';

/** Another service: `/me`, `/orders` (scope `orders:read`), `/admin` (role `admin`), `/open`. */
export interface Host {
  readonly url: string;
  stop(): Promise<void>;
}

const shown = (auth: VerifiedAuth | undefined) => ({ by: auth?.by ?? null, userId: auth?.user.id ?? null });
const ORDERS = { scopes: ['orders:read'] };
const ADMIN = { roles: ['admin'] };

async function expressHost(verifier: Verifier): Promise<Host> {
  const app = express();
  const answer: express.RequestHandler = (request, response) => {
    response.json(shown((request as { auth?: VerifiedAuth }).auth));
  };
  app.get('/open', verifier.express({ optional: true }), answer);
  app.get('/orders', verifier.express(ORDERS), answer);
  app.get('/admin', verifier.express(ADMIN), answer);
  app.use(verifier.express());
  app.get('/me', answer);
  return listening(createServer(app as RequestListener));
}

async function fastifyHost(verifier: Verifier): Promise<Host> {
  const app = fastify();
  const add = (path: string, rule?: Parameters<Verifier['fastify']>[0]) =>
    app.register(async (part) => {
      part.register(verifier.fastify(rule) as never);
      part.get(path, async (request) => shown((request as unknown as { auth?: VerifiedAuth }).auth));
    });
  add('/me');
  add('/open', { optional: true });
  add('/orders', ORDERS);
  add('/admin', ADMIN);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, stop: () => app.close() };
}

async function nodeHost(verifier: Verifier): Promise<Host> {
  const rules: Record<string, object> = { '/me': {}, '/orders': ORDERS, '/admin': ADMIN, '/open': { optional: true } };
  return listening(
    createServer(async (request, response) => {
      try {
        const auth = await verifier.admit(request, rules[request.url!]!);
        response.setHeader('content-type', 'application/json').end(JSON.stringify(shown(auth ?? undefined)));
      } catch (error) {
        if (!refuse(error, request, response)) throw error;
      }
    }),
  );
}

@Controller()
class HostController {
  @Get('me')
  me(@CurrentUser() user: { id: string }, @CurrentAuth() auth: VerifiedAuth) {
    return { ...shown(auth), userId: user.id };
  }

  @Get('orders')
  @Scopes('orders:read')
  orders(@CurrentAuth() auth: VerifiedAuth) {
    return shown(auth);
  }

  @Get('admin')
  @Roles('admin')
  admin(@CurrentAuth() auth: VerifiedAuth) {
    return shown(auth);
  }

  @Get('open')
  @Public()
  open(@CurrentAuth() auth: VerifiedAuth | undefined) {
    return shown(auth);
  }
}

async function nestHost(verifier: Verifier, adapter: 'express' | 'fastify'): Promise<Host> {
  @Module({ imports: [VerifyModule.forRoot(verifier)], controllers: [HostController] })
  class HostModule {}
  const on = adapter === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  const app: INestApplication = await NestFactory.create(HostModule, on as ExpressAdapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  return { url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), stop: () => app.close() };
}

/** Every kind of service that the library is for. */
export const HOSTS: readonly (readonly [string, (verifier: Verifier) => Promise<Host>])[] = [
  ['Express', expressHost],
  ['Fastify', fastifyHost],
  ['plain Node', nodeHost],
  ['Nest on Express', (verifier) => nestHost(verifier, 'express')],
  ['Nest on Fastify', (verifier) => nestHost(verifier, 'fastify')],
];

async function listening(server: Server): Promise<Host> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}
