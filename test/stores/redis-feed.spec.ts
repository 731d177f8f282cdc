import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { FeedListener, Subject } from '../../src/revocation/revocation-feed.js';
import { isInstalled, ownServer } from '../servers-of-this-run.js';
import { ownRedis } from './own-redis.js';
import { openRedis } from './store-setups.js';

const onRedis = isInstalled('redis-server') ? describe : describe.skip;

onRedis('the feed on Redis', () => {
  const own = ownRedis();

  it.each([
    ['was emptied', () => own.raw.flushAll()],
    ['lost its head and leases alone', () => own.raw.del('coatcheck:{feed}:state')],
  ])('makes revokers wait for the leases it may have forgotten when it %s', async (_, forget) => {
    const { feed } = own.storage;
    const lease = randomUUID();
    await feed.grant(lease, 60);
    await feed.append([{ subject: 'key:a', kind: 'ended' }]);
    await forget();
    await feed.append([{ subject: 'key:b', kind: 'ended' }]);
    const { head, leases } = await feed.status();
    expect(head).toBe(1);
    expect(leases).toEqual([{ leaseId: '', appliedSeq: -1, expiresInMilliseconds: expect.any(Number) }]);
    expect(leases[0]!.expiresInMilliseconds).toBeGreaterThan(50_000);
    expect(await feed.renew(lease, 5, 60)).toBe(null);
    expect(await feed.since(0, 10)).toEqual([{ seq: 1, subject: 'key:b', kind: 'ended' }]);
  });

  it('says nothing of a stretch that it keeps no more, rather than leave a gap', async () => {
    const { head } = await own.storage.feed.status();
    for (let i = 0; i < 3; i++) await own.storage.feed.append([{ subject: 'key:c', kind: 'ended' }]);
    await own.raw.xTrim('coatcheck:{feed}:stream', 'MAXLEN', 1);
    expect(await own.storage.feed.since(head, 10)).toEqual([]);
    expect(await own.storage.feed.since(head + 2, 10)).toHaveLength(1);
  });

  it('tells a new node what was announced and not settled, as often as it was', async () => {
    const subject: Subject = `user:${randomUUID()}`;
    const unsettled = async () =>
      (await own.storage.feed.grant(randomUUID(), 1)).unsettled.filter(
        (announcement) => announcement.subject === subject,
      );
    const [open, settle] = [
      { subject, kind: 'changed', unsettled: true } as const,
      { subject, kind: 'changed', settles: true } as const,
    ];
    await own.storage.feed.append([open]);
    await own.storage.feed.append([open]);
    expect(await unsettled()).toEqual([open, open]);
    await own.storage.feed.append([settle]);
    expect(await unsettled()).toEqual([open]);
    await own.storage.feed.append([settle, settle]);
    expect(await unsettled()).toEqual([]);
  });

  it('leaves a change unsettled whose outcome it never learnt', async () => {
    const subject: Subject = `session:${randomUUID()}`;
    const failing = own.storage.feed.around(
      [{ subject, kind: 'ended' }],
      () => Promise.reject(new Error('cut')),
      () => [],
    );
    await expect(failing).rejects.toThrow('cut');
    const { unsettled } = await own.storage.feed.grant(randomUUID(), 1);
    expect(unsettled).toContainEqual({ subject, kind: 'changed', unsettled: true });
  });

  it('wakes a listener, tells it once when it was cut off, and then no more', async () => {
    const listener = new Recorder();
    await own.storage.feed.listen(listener);
    await own.storage.feed.append([{ subject: 'key:d', kind: 'ended' }]);
    await listener.until('revoked');
    const lease = randomUUID();
    const { head } = await own.storage.feed.grant(lease, 60);
    await own.storage.feed.append([{ subject: 'key:e', kind: 'ended' }]);
    await own.storage.feed.renew(lease, head + 1, 60);
    await listener.until('acknowledged');
    await own.raw.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await listener.until('lost');
    const { length } = listener.heard;
    await own.storage.feed.append([{ subject: 'key:f', kind: 'ended' }]);
    expect([listener.heard.length, listener.heard.filter((word) => word === 'lost').length]).toEqual([length, 1]);
  });

  it('tells its listener when the connection went silent', async () => {
    const listener = new Recorder();
    await own.storage.feed.listen(listener);
    await own.server.make('stop');
    await listener.until('lost');
    await own.server.make('continue');
  });
});

onRedis('the feed on a Redis Cluster', () => {
  /** A cluster passes what is published to everyone on to all of its servers. */
  it('wakes nodes in its shard, where they listen, and publishes nothing to everyone', async () => {
    const own = await ownServer('redis-cluster');
    const storage = await openRedis(own.url);
    const hosts = own.url.replace(/^.*:\/\//, '').split(',');
    const servers = await Promise.all(hosts.map((host) => createClient({ url: `redis://${host}` }).connect()));
    const listener = new Recorder();
    await storage.feed.listen(listener);
    await storage.feed.append([{ subject: 'key:a', kind: 'ended' }]);
    await listener.until('revoked');
    const asked = async (...command: string[]) =>
      (await Promise.all(servers.map((server) => server.sendCommand(['PUBSUB', ...command])))).flat();
    expect((await asked('SHARDCHANNELS')).sort()).toEqual([
      'coatcheck:{feed}:acknowledged',
      'coatcheck:{feed}:revoked',
    ]);
    expect(await asked('CHANNELS')).toEqual([]);
    for (const server of servers) server.destroy();
    storage.onApplicationShutdown();
    await own.end();
  });
});

class Recorder implements FeedListener {
  readonly heard: string[] = [];

  onRevoked(): void {
    this.heard.push('revoked');
  }

  onAcknowledged(): void {
    this.heard.push('acknowledged');
  }

  onLost(): void {
    this.heard.push('lost');
  }

  async until(word: string): Promise<void> {
    while (!this.heard.includes(word)) await new Promise((resolve) => setImmediate(resolve));
  }
}
