import { execFile } from 'node:child_process';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createWay } from 'node:net';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { type AuthTestApp, TestClient, type TestUser } from '../../src/testing/index.js';
import type { Verifier } from '../../src/verify/index.js';
import { type Exports, runGuideCode } from '../docs/guide-code.js';
import { bootService } from '../flows/combinations.js';
import { verifyKey } from '../followers/raw-follower.js';

const GUIDE = 'docs/guides/microservices.md';
const LIBRARY = pathToFileURL(resolve(__dirname, '../../dist/src/verify/index.js'));
/** A process that has nothing else to do. */
const WAITING = `
import { createVerifier } from '${LIBRARY}';
const { ACCOUNTS_URL: url, VERIFY_KEY: credential } = process.env;
const verifier = createVerifier({ url, credential, log: () => undefined });
await verifier.ready();
process.stdout.write(String(verifier.status().isFollowing));
await verifier.close();
`;

/** The services of the guide, as they are printed, beside the real one. */
describe('the guide of other services', () => {
  let app: AuthTestApp;
  let user: TestUser;
  let apiKey: string;
  let environment: Record<string, string>;
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session', 'jwt', 'api-key'] });
    const { key } = await verifyKey(app);
    environment = { ACCOUNTS_URL: app.url, VERIFY_KEY: key };
    user = await app.logIn({ strategy: 'jwt', transport: 'body' });
    apiKey = (await user.post('/auth/api-keys', { name: 'export', scopes: ['orders:read'] })).body.apiKey;
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(() => app.close());

  const run = async (file: string): Promise<Exports & { verifier: Verifier }> => {
    const block = (await runGuideCode(GUIDE, file, environment)) as Exports & { verifier: Verifier };
    if (block.verifier) {
      await block.verifier.ready();
      ends.push(() => block.verifier.close());
    }
    return block;
  };
  const at = async (server: Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const told = async (url: string, path: string, authorization?: string) => {
    const { status, body } = await new TestClient(url).get(path, authorization ? { authorization } : {});
    return status === 200 ? body : `${status} ${body.code}`;
  };
  const expectOrders = async (url: string) => {
    expect(await told(url, '/orders')).toBe('401 unauthenticated');
    expect(await told(url, '/orders', user.defaults.authorization)).toEqual({ of: user.userId });
    expect(await told(url, '/orders', `Bearer ${apiKey}`)).toEqual({ of: user.userId });
  };

  it('has a service on Express', async () => {
    const { app: orders } = await run('orders.ts');
    const url = await at(createServer(orders as RequestListener));
    await expectOrders(url);
    expect(await told(url, '/me', user.defaults.authorization)).toEqual({ id: user.userId });
    expect(await told(url, '/me', `Bearer ${apiKey}`)).toBe('403 forbidden');
    expect(await told(url, '/')).toEqual({ known: false });
    expect(await told(url, '/', 'Bearer a.b.c')).toBe('401 unauthenticated');
    expect((await new TestClient(url).delete('/orders', { authorization: user.defaults.authorization! })).status).toBe(
      403,
    );
  });

  it('has a service on Fastify', async () => {
    const { app: orders } = await run('orders-fastify.ts');
    await orders.listen({ port: 0, host: '127.0.0.1' });
    ends.push(() => orders.close());
    await expectOrders(`http://127.0.0.1:${orders.server.address().port}`);
  });

  it('has a service on plain Node', async () => {
    const { server } = await run('orders-node.ts');
    await expectOrders(await at(server));
  });

  it('has a service on Nest', async () => {
    const { OrdersModule } = await run('orders.module.ts');
    const orders = await NestFactory.create(OrdersModule, { logger: false });
    await orders.listen(0, '127.0.0.1');
    ends.push(() => orders.close());
    const url = `http://127.0.0.1:${(orders.getHttpServer().address() as AddressInfo).port}`;
    await expectOrders(url);
    expect(await told(url, '/orders/all', user.defaults.authorization)).toBe('403 forbidden');
    expect(await told(url, '/orders/health')).toEqual({ ok: true });
  });

  it('waits for a service that cannot be reached yet, and ends with the verifier', async () => {
    let tries = 0;
    const way = createWay((socket) => {
      tries += 1;
      if (tries < 3) socket.destroy();
      else pipeline(socket, connect(Number(new URL(app.url).port), '127.0.0.1'), socket, () => undefined);
    });
    ends.push(() => way.close());
    await new Promise<void>((listening) => way.listen(0, '127.0.0.1', listening));
    const env = { ...environment, ACCOUNTS_URL: `http://127.0.0.1:${(way.address() as AddressInfo).port}` };
    const ended = promisify(execFile)(process.execPath, ['--input-type=module', '-e', WAITING], { env });
    expect(await ended).toEqual({ stdout: 'true', stderr: '' });
  });

  it('shows how to test a service without another one', async () => {
    const { verifier, clerk, robot } = (await runGuideCode(GUIDE, 'orders.test-verifier.ts')) as Exports;
    const admit = async (headers: object, rule: object) => {
      try {
        return (await verifier.admit({ method: 'GET', headers }, rule))?.by ?? null;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(await admit(clerk.headers, { roles: ['clerk'] })).toBe('session');
    expect(await admit(clerk.headers, { roles: ['admin'] })).toBe('forbidden');
    expect(await admit(robot.headers, {})).toBe('forbidden');
    expect(await admit(robot.headers, { scopes: ['orders:read'] })).toBe('credential');
    expect(await admit({}, {})).toBe('unauthenticated');
    clerk.end();
    expect(await admit(clerk.headers, {})).toBe('session_ended');
    verifier.beUnavailable(true);
    expect(await admit(robot.headers, { scopes: [] })).toBe('unavailable');
  });
});
