import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { resolve } from 'node:path';
import { ConfigurationError } from '../../src/config/configuration-error.js';
import { ManagementServer } from '../../src/metrics/management-server.js';
import { Metrics } from '../../src/metrics/metrics.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { bootService } from '../flows/combinations.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { Scrape } from './scrape.js';

const MAIN = resolve(__dirname, '../../dist/src/main.js');

function occupied(port: number): Promise<Server> {
  const server = createServer().unref();
  return new Promise((done, fail) => {
    server.once('error', fail).listen(port, '127.0.0.1', () => done(server));
  });
}

async function freePort(): Promise<number> {
  const server = await occupied(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Another process may take a port between our looking and the boot: then on another one. */
async function onFreePort<T>(boot: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await boot(await freePort());
    } catch (error) {
      if (tries === 5 || !/is already in use/.test(String(error))) throw error;
    }
  }
}

/** What the server says to these bytes, until it closes the connection. */
function exchange(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
  return new Promise((done, fail) => {
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => done(answer)).on('error', fail);
  });
}

describe('the management port', () => {
  let app: AuthTestApp;
  let url: string;
  beforeAll(async () => {
    app = await bootService({ sessionStore: 'memory' });
    url = await app.app.get(ManagementServer).listen(0);
  });
  afterAll(() => app.close());

  it('answers GET /metrics as Prometheus wants it, the process included, and lets no cache keep it', async () => {
    const reply = await fetch(`${url}?format=prometheus`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(await reply.text()).toContain('\nprocess_resident_memory_bytes ');
  });

  it.each(['/', '/metrics/', '//metrics', '/health/live', '/auth/me', '/docs'])('knows nothing of %s', async (path) => {
    expect((await fetch(new URL(url).origin + path)).status).toBe(404);
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const reply = await fetch(url, { method });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('answers without waiting for a body, and hangs up on a client that sends one', async () => {
    const length = 10_000_000;
    const post = await exchange(url, `POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\nabc`);
    expect(post).toMatch(/^HTTP\/1.1 405 [\s\S]*\r\nConnection: close\r\n/);
    const get = await exchange(url, `GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\nabc`);
    expect(get).toMatch(/^HTTP\/1.1 200 [\s\S]*\r\nConnection: close\r\n/);
  });

  it('is reached by whatever name, or none', async () => {
    for (const host of ['Host: metrics.internal\r\n', '']) {
      const answer = await exchange(url, `GET /metrics HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 200 /);
    }
  });

  it('is the only way to the metrics: the public port knows no /metrics, with or without a ticket', async () => {
    const user = await app.logIn();
    for (const client of [app.client(), user]) {
      const reply = await client.get('/metrics');
      expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
      expect(reply.text).not.toContain('coatcheck_');
    }
  });

  it('that another process has stops the boot with a remedy; so does an address of another machine', async () => {
    const taken = await occupied(0);
    const server = app.app.get(ManagementServer);
    const error = await server.listen((taken.address() as AddressInfo).port).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/MANAGEMENT_PORT \d+ is already in use\n {4}-> choose another/);
    taken.close();
    const elsewhere = await bootService({ sessionStore: 'memory', managementHost: '192.0.2.1' });
    const refused = await elsewhere.app
      .get(ManagementServer)
      .listen(0)
      .catch((thrown: unknown) => thrown);
    expect((refused as Error).message).toContain('MANAGEMENT_HOST cannot be opened');
    await elsewhere.close();
  });
});

describe.each(['fastify', 'express'] as const)('a host application on %s', (adapter) => {
  it('opens no port unless asked, and reads its metrics by `Metrics`', async () => {
    const app = await bootHost({ adapter, options: { sessionStore: 'memory' } });
    const user = await app.logIn();
    await user.get('/auth/me');
    await user.get('/auth/me');
    const text = await app.app.get(Metrics).text();
    expect(text).toContain('\ncoatcheck_view_hits_total 1\n');
    expect(text).not.toContain('process_');
    expect((await user.get('/metrics')).status).toBe(404);
    await app.close();
  });
});

it('a host application has a management port when it asks, until it is closed', async () => {
  const [app, port] = await onFreePort(async (managementPort) => {
    const booted = await bootHost({ options: { sessionStore: 'memory', managementPort } });
    return [booted, managementPort] as const;
  });
  const url = `http://127.0.0.1:${port}/metrics`;
  expect((await Scrape.of(url)).value('coatcheck_lease_held')).toBe(1);
  await app.close();
  // A connection of its own: one that `fetch` has kept may just be closing.
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

describe('the service as a process', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  const children: ChildProcess[] = [];
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await database.drop();
  });

  /** Its output until `pattern` is in it, or it ended. */
  async function start(environment: Record<string, string>, pattern: RegExp) {
    const common = { NODE_ENV: 'test', DATABASE_URL: database.url, SESSION_STORE: 'memory', PORT: '0' };
    const url = { PUBLIC_URL: 'http://localhost:3000', NO_COLOR: '1' };
    const env = { ...process.env, ...url, ...common, ...environment };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    let output = '';
    await new Promise<void>((done) => {
      const read = (chunk: Buffer) => {
        output += chunk;
        if (pattern.test(output)) done();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('close', () => done());
    });
    return { output, stop: () => child.kill('SIGTERM') && ended, ended };
  }
  const listening = /Coatcheck listens on/;

  it('takes any free port when the usual one is taken and it was told none: nodes on one machine need no settings', async () => {
    const first = await occupied(9464).catch(() => null);
    const { output, stop } = await start({}, listening);
    const url = /metrics are served at (http:\/\/127\.0\.0\.1:(\d+)\/metrics)/.exec(output);
    expect(output).toContain('port 9464 is already in use');
    expect(Number(url?.[2])).not.toBe(9464);
    expect((await Scrape.of(url![1]!)).value('coatcheck_lease_held')).toBe(1);
    expect(await stop()).toBe(0);
    await expect(fetch(url![1]!)).rejects.toThrow();
    first?.close();
  });

  it('does not start on a taken port it was told, and says what to do', async () => {
    const taken = await occupied(0);
    const { port } = taken.address() as AddressInfo;
    const { output, ended } = await start({ MANAGEMENT_PORT: String(port) }, listening);
    expect(await ended).toBe(1);
    expect(output).toContain(`MANAGEMENT_PORT ${port} is already in use`);
    expect(output).toContain('-> choose another');
    taken.close();
  });

  it('serves no metrics when the port is 0', async () => {
    const { output, stop } = await start({ MANAGEMENT_PORT: '0' }, listening);
    expect(output).not.toContain('metrics are served');
    expect(await stop()).toBe(0);
  });
});
