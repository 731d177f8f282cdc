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
const technologies = (
  [
    ['redis', 'redis://', 'redis-server', openRedis],
    ['redis-cluster', 'redis+cluster://', 'redis-server', openRedis],
    ['memcached', 'memcached://', 'memcached', openMemcached],
  ] as const
).filter(([, , program]) => isInstalled(program));
type Technology = (typeof technologies)[number];

/** Of the event loop, for whoever needs no answer from anywhere; a wait of half a second takes a multiple of them. */
const TURNS_AT_ONCE = 5_000;

beforeAll(() => Logger.overrideLogger(false));

// Seconds are waited here, as nodes wait them: all technologies at the same time.
(technologies.length > 0 ? describe : describe.skip)('Redis, Redis Cluster and Memcached out of reach', () => {
  const servers = new Map<Technology, OwnServer>();
  const opened: Opened[] = [];

  /** The same rule for each of them. */
  const each = (rule: (server: OwnServer, open: (url: string) => Promise<Opened>, scheme: string) => Promise<void>) =>
    Promise.all(
      technologies.map(async (technology) => {
        const [kind, scheme, , open] = technology;
        const track = async (url: string) => {
          const storage = (await open(url)) as Opened;
          opened.push(storage);
          return storage;
        };
        await rule(servers.get(technology)!, track, scheme).catch((cause) => {
          throw new Error(`${kind}: ${(cause as Error).message}`, { cause });
        });
      }),
    );

  beforeAll(async () => {
    await Promise.all(technologies.map(async (each) => servers.set(each, await ownServer(each[0]))));
  });
  afterEach(() => {
    for (const storage of opened.splice(0)) storage.onApplicationShutdown();
  });
  afterAll(() => Promise.all([...servers.values()].map((server) => server.end())));

  it('are no reason not to start; every call says unavailable, at once', () =>
    each(async (_server, open, scheme) => {
      await expectUnavailableAtOnce(await open(`${scheme}127.0.0.1:1`));
    }));

  it('are unavailable when the server accepts and says nothing', () =>
    each(async (_server, open, scheme) => {
      const silent = new SilentServer();
      await expectUnavailable(await open(`${scheme}127.0.0.1:${await silent.port()}`));
      silent.end();
    }));

  it('are unavailable after they were closed, and closing twice does no harm', () =>
    each(async (server, open) => {
      const storage = await open(server.url);
      storage.onApplicationShutdown();
      await expectUnavailableAtOnce(storage);
    }));

  it('heal by themselves after the server was killed and came back', () =>
    each(async (server, open) => {
      const storage = await open(server.url);
      await storage.ping();
      await server.make('kill');
      await untilUnavailable(storage);
      await expectUnavailableAtOnce(storage);
      await server.make('start');
      await untilReachable(storage);
      await expectWorks(storage);
    }));

  it('are unavailable while the server is frozen, and heal when it goes on', () =>
    each(async (server, open) => {
      const storage = await open(server.url);
      await server.make('stop');
      await untilUnavailable(storage);
      await expectUnavailable(storage);
      await server.make('continue');
      await untilReachable(storage);
      await expectWorks(storage);
    }));

  const cluster = technologies.find(([kind]) => kind === 'redis-cluster');
  (cluster ? it : it.skip)('a cluster is unavailable where it has a hole, and heals when that is mended', async () => {
    const { url } = servers.get(cluster!)!;
    const clustered = await openRedis(url);
    opened.push(clustered);
    await untilReachable(clustered);
    const node = createClient({ url: `redis://${url.replace('redis+cluster://', '').split(',')[0]}` });
    await node.connect();
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
  });

  // The last: the servers stay dead.
  it('answer whoever waits when they are killed in the middle', () =>
    each(async (server, open) => {
      const storage = await open(server.url);
      await server.make('stop');
      const waiting = Array.from({ length: 50 }, () => codeOf(storage.sessions.find(randomUUID())));
      await server.make('kill');
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unavailable']));
    }));
});

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
    await expectUnavailable(early);
    early.onApplicationShutdown();
    loading.end();
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

async function expectUnavailable(storage: Storage): Promise<void> {
  const now = new Date();
  const calls = [
    () => storage.ping(),
    () => storage.sessions.find(randomUUID()),
    () => storage.sessions.consumeLive(randomUUID(), now, 'logout'),
    () => storage.refreshTokens.exists(randomUUID(), 'x'),
    () => storage.atomics.consumeOnce('x', now),
  ];
  const errors = await Promise.all(calls.map((call) => call().catch((error: unknown) => error)));
  for (const error of errors) expect(error).toMatchObject({ code: 'unavailable', status: 503, retryAfterSeconds: 2 });
}

/** Counted in turns: in seconds, a busy machine would be what is judged. */
async function expectUnavailableAtOnce(storage: Storage): Promise<void> {
  const asked = { isAnswered: false, turns: 0 };
  const answers = expectUnavailable(storage).finally(() => {
    asked.isAnswered = true;
  });
  for (; !asked.isAnswered && asked.turns <= TURNS_AT_ONCE; asked.turns += 1) await new Promise(setImmediate);
  await answers;
  expect(asked.turns).toBeLessThanOrEqual(TURNS_AT_ONCE);
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
  while ((await codeOf(storage.ping())) !== null) await new Promise((resolve) => setTimeout(resolve, 20));
}

function codeOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    (error) => (error instanceof AuthError ? error.code : String(error)),
  );
}
