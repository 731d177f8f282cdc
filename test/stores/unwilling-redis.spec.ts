import { Logger } from '@nestjs/common';
import { isInstalled } from '../servers-of-this-run.js';
import { aSession } from './a-session.js';
import { codeOf, expectUnavailable, expectWorks, SilentServer } from './out-of-reach.js';
import { ownRedis } from './own-redis.js';
import { openRedis } from './store-setups.js';

beforeAll(() => Logger.overrideLogger(false));

const onRedis = isInstalled('redis-server') ? describe : describe.skip;

onRedis('a Redis that cannot serve now', () => {
  const own = ownRedis();

  it('is unavailable as a replica, which answers reads and refuses writes', async () => {
    await own.raw.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    expect(await codeOf(own.storage.sessions.insert(aSession()))).toBe('unavailable');
    expect(await codeOf(own.storage.ping())).toBe('unavailable');
    await own.raw.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    await expectWorks(own.storage);
  });

  it('is unavailable when it is full, and evicts nothing by default', async () => {
    await own.raw.configSet('maxmemory', '1');
    expect(await codeOf(own.storage.sessions.insert(aSession()))).toBe('unavailable');
    await own.raw.configSet('maxmemory', '0');
    await expectWorks(own.storage);
  });

  it('is unavailable when the password is refused', async () => {
    await own.raw.configSet('requirepass', 'right');
    const [refused, accepted] = await Promise.all([
      openRedis(own.server.url.replace('redis://', 'redis://:wrong@')),
      openRedis(own.server.url.replace('redis://', 'redis://:right@')),
    ]);
    expect(await codeOf(refused.ping())).toBe('unavailable');
    expect(await codeOf(accepted.ping())).toBe(null);
    for (const one of [refused, accepted]) one.onApplicationShutdown();
    await own.raw.configSet('requirepass', '');
  });

  it('is unavailable while it still loads', async () => {
    const loading = new SilentServer('-LOADING Redis is loading the dataset in memory\r\n');
    const early = await openRedis(`redis://127.0.0.1:${await loading.port()}`);
    await expectUnavailable(early);
    early.onApplicationShutdown();
    loading.end();
  });
});
