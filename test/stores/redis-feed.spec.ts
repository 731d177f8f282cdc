import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { FeedListener, Subject } from '../../src/revocation/revocation-feed.js';
import type { RedisStorage } from '../../src/stores/redis/redis.storage.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { openRedis } from './store-setups.js';

const onRedis = isInstalled('redis-server') ? describe : describe.skip;

onRedis('the feed on Redis', () => {
  let server: OwnServer;
  let storage: RedisStorage;
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

  it.each([
    ['was emptied', () => raw.flushAll()],
    ['lost its head and leases alone', () => raw.del('coatcheck:{feed}:state')],
  ])('makes revokers wait for the leases it may have forgotten when it %s', async (_, forget) => {
    const { feed } = storage;
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
    const { head } = await storage.feed.status();
    for (let i = 0; i < 3; i++) await storage.feed.append([{ subject: 'key:c', kind: 'ended' }]);
    await raw.xTrim('coatcheck:{feed}:stream', 'MAXLEN', 1);
    expect(await storage.feed.since(head, 10)).toEqual([]);
    expect(await storage.feed.since(head + 2, 10)).toHaveLength(1);
  });

  it('tells a new node what was announced and not settled, as often as it was', async () => {
    const subject: Subject = `user:${randomUUID()}`;
    const unsettled = async () =>
      (await storage.feed.grant(randomUUID(), 1)).unsettled.filter((announcement) => announcement.subject === subject);
    const [open, settle] = [
      { subject, kind: 'changed', unsettled: true } as const,
      { subject, kind: 'changed', settles: true } as const,
    ];
    await storage.feed.append([open]);
    await storage.feed.append([open]);
    expect(await unsettled()).toEqual([open, open]);
    await storage.feed.append([settle]);
    expect(await unsettled()).toEqual([open]);
    await storage.feed.append([settle, settle]);
    expect(await unsettled()).toEqual([]);
  });

  it('leaves a change unsettled whose outcome it never learnt', async () => {
    const subject: Subject = `session:${randomUUID()}`;
    const failing = storage.feed.around(
      [{ subject, kind: 'ended' }],
      () => Promise.reject(new Error('cut')),
      () => [],
    );
    await expect(failing).rejects.toThrow('cut');
    const { unsettled } = await storage.feed.grant(randomUUID(), 1);
    expect(unsettled).toContainEqual({ subject, kind: 'changed', unsettled: true });
  });

  it('wakes a listener, tells it once when it was cut off, and then no more', async () => {
    const listener = new Recorder();
    await storage.feed.listen(listener);
    await storage.feed.append([{ subject: 'key:d', kind: 'ended' }]);
    await listener.until('revoked');
    const lease = randomUUID();
    const { head } = await storage.feed.grant(lease, 60);
    await storage.feed.append([{ subject: 'key:e', kind: 'ended' }]);
    await storage.feed.renew(lease, head + 1, 60);
    await listener.until('acknowledged');
    await raw.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await listener.until('lost');
    const { length } = listener.heard;
    await storage.feed.append([{ subject: 'key:f', kind: 'ended' }]);
    expect([listener.heard.length, listener.heard.filter((word) => word === 'lost').length]).toEqual([length, 1]);
  });

  it('tells its listener when the connection went silent', async () => {
    const listener = new Recorder();
    await storage.feed.listen(listener);
    await server.make('stop');
    await listener.until('lost');
    await server.make('continue');
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
