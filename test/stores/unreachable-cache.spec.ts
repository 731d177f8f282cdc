import { randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import { AuthError } from '../../src/kernel/auth-error.js';
import type { Storage } from '../../src/sessions/storage.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { aSession } from './a-session.js';
import { openMemcached, openRedis } from './store-setups.js';

type Opened = Storage & { onApplicationShutdown(): void };
const technologies = [
  ['redis', 'redis://', 'redis-server', openRedis],
  ['redis-cluster', 'redis+cluster://', 'redis-server', openRedis],
  ['memcached', 'memcached://', 'memcached', openMemcached],
] as const;

/** Longer than any call may take; the limit is 2 seconds, and the machine may be busy. */
const BOUND_MS = 4_500;

beforeAll(() => Logger.overrideLogger(false));

for (const [kind, scheme, program, open] of technologies) {
  const onIt = isInstalled(program) ? describe : describe.skip;
  onIt(`${kind} out of reach`, () => {
    const opened: Opened[] = [];
    const servers: { end(): unknown }[] = [];
    const track = async (url: string) => {
      const storage = (await open(url)) as Opened;
      opened.push(storage);
      return storage;
    };
    const own = async () => {
      const server = await ownServer(kind);
      servers.push(server);
      return server;
    };

    afterEach(async () => {
      for (const storage of opened.splice(0)) storage.onApplicationShutdown();
      await Promise.all(servers.splice(0).map((server) => server.end()));
    });

    it('is no reason not to start; every call says unavailable, at once', async () => {
      const storage = await track(`${scheme}127.0.0.1:1`);
      await expectUnavailable(storage, 500);
    });

    it('is unavailable within seconds when the server accepts and says nothing', async () => {
      const silent = new SilentServer();
      servers.push(silent);
      const storage = await track(`${scheme}127.0.0.1:${await silent.port()}`);
      await expectUnavailable(storage, BOUND_MS);
    });

    it('heals by itself after the server was killed and came back', async () => {
      const server = await own();
      const storage = await track(server.url);
      await storage.ping();
      await server.make('kill');
      await untilUnavailable(storage);
      await expectUnavailable(storage, 500);
      await server.make('start');
      await untilReachable(storage);
      await expectWorks(storage);
    });

    it('is unavailable while the server is frozen, and heals when it goes on', async () => {
      const server = await own();
      const storage = await track(server.url);
      await server.make('stop');
      await untilUnavailable(storage);
      await expectUnavailable(storage, BOUND_MS);
      await server.make('continue');
      await untilReachable(storage);
      await expectWorks(storage);
    });

    it('answers whoever waits when it is killed in the middle', async () => {
      const server = await own();
      const storage = await track(server.url);
      await server.make('stop');
      const waiting = Array.from({ length: 50 }, () => codeOf(storage.sessions.find(randomUUID())));
      await server.make('kill');
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unavailable']));
    });

    it('is unavailable after it was closed, and closing twice does no harm', async () => {
      const server = await own();
      const storage = await track(server.url);
      storage.onApplicationShutdown();
      await expectUnavailable(storage, 500);
    });
  });
}

const onRedis = isInstalled('redis-server') ? describe : describe.skip;

onRedis('a Redis that cannot serve now', () => {
  let server: OwnServer;
  let storage: Opened;
  let raw: ReturnType<typeof createClient>;

  beforeAll(async () => {
    server = await ownServer('redis');
    storage = await openRedis(server.url);
    raw = createClient({ url: server.url });
    raw.on('error', () => {});
    await raw.connect();
  });

  afterAll(async () => {
    storage.onApplicationShutdown();
    raw.destroy();
    await server.end();
  });

  it('is unavailable as a replica, which answers reads and refuses writes', async () => {
    await raw.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    expect(await codeOf(storage.sessions.insert(aSession()))).toBe('unavailable');
    expect(await codeOf(storage.ping())).toBe('unavailable');
    await raw.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    await expectWorks(storage);
  });

  it('is unavailable when it is full, and evicts nothing by default', async () => {
    await raw.configSet('maxmemory', '1');
    expect(await codeOf(storage.sessions.insert(aSession()))).toBe('unavailable');
    await raw.configSet('maxmemory', '0');
    await expectWorks(storage);
  });

  it('is unavailable when the password is refused', async () => {
    await raw.configSet('requirepass', 'right');
    const [refused, accepted] = await Promise.all([
      openRedis(server.url.replace('redis://', 'redis://:wrong@')),
      openRedis(server.url.replace('redis://', 'redis://:right@')),
    ]);
    expect(await codeOf(refused.ping())).toBe('unavailable');
    expect(await codeOf(accepted.ping())).toBe(null);
    for (const one of [refused, accepted]) one.onApplicationShutdown();
    await raw.configSet('requirepass', '');
  });

  it('is unavailable while it still loads', async () => {
    const loading = new SilentServer('-LOADING Redis is loading the dataset in memory\r\n');
    const early = await openRedis(`redis://127.0.0.1:${await loading.port()}`);
    await expectUnavailable(early, BOUND_MS);
    early.onApplicationShutdown();
    loading.end();
  });

  it('is unavailable where a cluster has a hole, and heals when that is mended', async () => {
    const cluster = await ownServer('redis-cluster');
    const [first] = cluster.url.replace('redis+cluster://', '').split(',');
    const node = createClient({ url: `redis://${first}` });
    await node.connect();
    const clustered = await openRedis(cluster.url);
    await expectWorks(clustered);
    await node.sendCommand(['CLUSTER', 'DELSLOTSRANGE', '0', '5461']);
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => codeOf(clustered.sessions.find(randomUUID()))));
    expect(outcomes).toContain('unavailable');
    expect(outcomes.filter((code) => code !== 'unavailable' && code !== null)).toEqual([]);
    await node.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '5461']);
    for (let i = 0; i < 10; i++) {
      await untilReachable(clustered);
      await expectWorks(clustered);
    }
    node.destroy();
    clustered.onApplicationShutdown();
    await cluster.end();
  });
});

/** Accepts everybody and says nothing, or always the same. */
class SilentServer {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => {
    this.sockets.add(socket.on('error', () => {}));
    socket.on('data', () => this.says && socket.write(this.says));
  });

  constructor(private readonly says = '') {}

  port(): Promise<number> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as { port: number }).port));
    });
  }

  end(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

async function expectUnavailable(storage: Storage, withinMs: number): Promise<void> {
  const now = new Date();
  const calls = [
    () => storage.ping(),
    () => storage.sessions.find(randomUUID()),
    () => storage.sessions.consumeLive(randomUUID(), now, 'logout'),
    () => storage.refreshTokens.exists(randomUUID(), 'x'),
    () => storage.atomics.consumeOnce('x', now),
  ];
  const before = performance.now();
  const errors = await Promise.all(calls.map((call) => call().catch((error: unknown) => error)));
  expect(performance.now() - before).toBeLessThan(withinMs);
  for (const error of errors) expect(error).toMatchObject({ code: 'unavailable', status: 503, retryAfterSeconds: 2 });
}

async function expectWorks(storage: Storage): Promise<void> {
  const session = aSession();
  await storage.sessions.insert(session);
  expect(await storage.sessions.find(session.id)).toEqual(session);
  expect(await storage.sessions.consumeLive(session.id, new Date(), 'logout')).toBe(session.userId);
}

async function untilUnavailable(storage: Storage): Promise<void> {
  while ((await codeOf(storage.ping())) === null) await new Promise((resolve) => setImmediate(resolve));
}

async function untilReachable(storage: Storage): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    if ((await codeOf(storage.ping())) === null) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not heal');
}

function codeOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    (error) => (error instanceof AuthError ? error.code : String(error)),
  );
}
