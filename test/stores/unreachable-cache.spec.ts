import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import type { Storage } from '../../src/sessions/storage.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import {
  answeredAtOnce,
  codeOf,
  expectUnavailable,
  expectUnavailableAtOnce,
  expectWorks,
  SilentServer,
  untilReachable,
  untilUnavailable,
} from './out-of-reach.js';
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

beforeAll(() => Logger.overrideLogger(false));

// Seconds are waited here, as nodes wait them: all technologies at the same time.
(technologies.length > 0 ? describe : describe.skip)('Redis, Redis Cluster and Memcached out of reach', () => {
  const servers = new Map<Technology, OwnServer>();
  const opened: Opened[] = [];

  /** The same rule for each of them, to its end also where another broke it. */
  const each = async (
    rule: (server: OwnServer, open: (url: string) => Promise<Opened>, scheme: string) => Promise<void>,
  ) => {
    const outcomes = await Promise.allSettled(
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
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
  /** Ends the trouble in any case: a server that is left in it would keep the rules that follow waiting. */
  const inTrouble = async (
    server: OwnServer,
    begin: 'kill' | 'stop',
    end: 'start' | 'continue',
    rule: () => Promise<void>,
  ) => {
    await server.make(begin);
    await rule().finally(() => server.make(end));
  };

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
      await inTrouble(server, 'kill', 'start', async () => {
        await untilUnavailable(storage);
        await expectUnavailableAtOnce(storage);
      });
      await untilReachable(storage);
      await expectWorks(storage);
    }));

  it('are unavailable while the server is frozen, and heal when it goes on', () =>
    each(async (server, open) => {
      const storage = await open(server.url);
      await inTrouble(server, 'stop', 'continue', async () => {
        await untilUnavailable(storage);
        await expectUnavailable(storage);
      });
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

  // From here on a server stays dead.
  (cluster ? it : it.skip)(
    'a cluster answers for all nodes but one that was never reached, of which it says so at once',
    async () => {
      const { url } = servers.get(cluster!)!;
      const lost = createClient({ url: `redis://${url.replace('redis+cluster://', '').split(',')[2]}` });
      lost.on('error', () => {});
      await lost.connect();
      await lost.sendCommand(['SHUTDOWN', 'NOSAVE']).catch(() => {});
      lost.destroy();

      const clustered = await openRedis(url);
      opened.push(clustered);
      const askForMany = () =>
        Promise.all(Array.from({ length: 30 }, () => codeOf(clustered.sessions.find(randomUUID()))));
      while (!(await askForMany()).includes('unavailable'));
      const outcomes = await answeredAtOnce(askForMany());
      expect(new Set(outcomes)).toEqual(new Set([null, 'unavailable']));
    },
  );

  (cluster ? it : it.skip)(
    'a cluster answers for all nodes again when another has the keys of the one that was never reached',
    async () => {
      const { url } = servers.get(cluster!)!;
      const [first, , lost] = url.replace('redis+cluster://', '').split(',');
      const clustered = await openRedis(url);
      opened.push(clustered);
      const askForMany = () =>
        Promise.all(Array.from({ length: 30 }, () => codeOf(clustered.sessions.find(randomUUID()))));
      while (!(await askForMany()).includes('unavailable'));

      const heir = createClient({ url: `redis://${first}` });
      await heir.connect();
      const ranges = (await heir.sendCommand(['CLUSTER', 'SLOTS'])) as [number, number, [string, number]][];
      for (const [from, to] of ranges.filter(([, , master]) => lost!.endsWith(`:${master[1]}`)))
        for (const command of ['DELSLOTSRANGE', 'ADDSLOTSRANGE'])
          await heir.sendCommand(['CLUSTER', command, String(from), String(to)]);
      await heir.sendCommand(['CLUSTER', 'BUMPEPOCH']);
      heir.destroy();
      while ((await askForMany()).some((code) => code !== null)) await new Promise(setImmediate);
      await expectWorks(clustered);
    },
  );

  it('answer waiting callers when they are killed in the middle', () =>
    each(async (server, open) => {
      const storage = await open(server.url);
      await server.make('stop');
      const waiting = Array.from({ length: 50 }, () => codeOf(storage.sessions.find(randomUUID())));
      await server.make('kill');
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unavailable']));
    }));
});
