import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import type { Storage } from '../../src/sessions/storage.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { aSession } from './a-session.js';
import { codeOf, expectUnavailable, expectWorks, SilentServer } from './out-of-reach.js';
import { openRedis } from './store-setups.js';

type Opened = Storage & { onApplicationShutdown(): void };

beforeAll(() => Logger.overrideLogger(false));

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
