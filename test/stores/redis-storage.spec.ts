import { parseRedisUrl, type RedisAddress } from '../../src/stores/redis/redis-address.js';
import { RedisConnection } from '../../src/stores/redis/redis-connection.js';
import { RedisSessionStore } from '../../src/stores/redis/redis-session.store.js';
import { INSERT } from '../../src/stores/redis/session-scripts.js';
import { isInstalled } from '../servers-of-this-run.js';
import { aSession, NO_IDS } from './a-session.js';
import { exerciseForgetting } from './forgetful-store.js';
import { ownRedis } from './own-redis.js';

const onRedis = isInstalled('redis-server') ? describe : describe.skip;

onRedis('the Redis storage', () => {
  const own = ownRedis();

  exerciseForgetting(async () => ({
    storage: own.storage,
    forgetList: async (userId) =>
      void (await own.raw.del([`coatcheck:{user:${userId}}:mark`, `coatcheck:{user:${userId}}:sessions`])),
    forgetSession: async (id) => void (await own.raw.del(`coatcheck:{${id}}:session`)),
    forgetRefreshTokens: async (id) => void (await own.raw.del(`coatcheck:{${id}}:refresh`)),
  }));

  it('a session that is listed and not yet kept looks once it is kept, so that no two logins at once go beyond the bound', async () => {
    const gate = new Gate();
    const slow = new PausingConnection(parseRedisUrl(own.server.url)!, gate);
    await slow.open();
    const session = aSession();
    const bound = { most: 1, inForce: { epochSum: session.epochSum, excepted: null }, endReason: 'too_many' };
    const inserting = new RedisSessionStore(slow, own.storage.feed).insert(session, undefined, bound);
    await gate.reached;
    const second = aSession({ userId: session.userId });
    expect(await own.storage.sessions.insert(second, undefined, bound)).toEqual([]);
    gate.open();
    // It was entered first, so it is the one too many.
    expect(await inserting).toEqual([session.id]);
    const { sessions } = await own.storage.sessions.listLive(session.userId, new Date(), { after: null, limit: 10 });
    expect(sessions.map(({ id }) => id)).toEqual([second.id]);
    slow.close();
  });

  it('leaves nothing for ever, and nothing outside its prefix', async () => {
    await own.raw.flushDb();
    const now = new Date();
    const session = aSession();
    const expiresAt = new Date(now.getTime() + 60_000);
    const token = { tokenHash: 'R1', sessionId: session.id, createdAt: now, expiresAt, consumedAt: null };
    await own.storage.sessions.insert(session);
    await own.storage.sessions.insert(aSession({ userId: session.userId }));
    await own.storage.refreshTokens.insert(token);
    const successor = { ...token, tokenHash: 'R2' };
    await own.storage.refreshTokens.rotate({
      sessionId: session.id,
      tokenHash: 'R1',
      successor,
      now,
      graceSeconds: 10,
    });
    await own.storage.sessions.touch(session.id, { lastSeenAt: expiresAt, idleExpiresAt: expiresAt });
    await own.storage.sessions.markSuperseded(session.userId, 99, now, 'logout_all', session.id);
    await own.storage.sessions.consumeLive(session.id, now, 'logout');
    await own.storage.atomics.offer('offer', 1, { expiresAt, now });
    await own.storage.atomics.compareAndAdvance('offer', { expected: 1, next: 2, now });
    await own.storage.atomics.addIfBelow('counter', { limit: 5, windowSeconds: 60, now });
    await own.storage.atomics.addIfBelow('counter', { limit: 5, windowSeconds: 60, now });
    await own.storage.ping();
    const keys = await own.raw.keys('*');
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => !key.startsWith('coatcheck:'))).toEqual([]);
    for (const key of keys) expect([key, (await own.raw.pTTL(key)) > 0]).toEqual([key, true]);
  });

  it('lets nothing that is no id become a key', async () => {
    await own.raw.flushDb();
    const now = new Date();
    for (const id of NO_IDS) {
      const successor = { tokenHash: 'R2', sessionId: id, createdAt: now, expiresAt: now, consumedAt: null };
      expect(await own.storage.sessions.find(id)).toBe(null);
      expect(await own.storage.sessions.consumeLive(id, now, 'logout')).toBe(null);
      expect(await own.storage.sessions.markSuperseded(id, 99, now, 'logout_all', id)).toBe(0);
      expect(await own.storage.refreshTokens.exists(id, 'R1')).toBe(false);
      expect(
        await own.storage.refreshTokens.rotate({ sessionId: id, tokenHash: 'R1', successor, now, graceSeconds: 0 }),
      ).toBe('unknown');
      await expect(own.storage.sessions.insert(aSession({ id }))).rejects.toThrow(TypeError);
      await expect(own.storage.sessions.insert(aSession({ userId: id }))).rejects.toThrow(TypeError);
      await expect(own.storage.refreshTokens.insert(successor)).rejects.toThrow(TypeError);
    }
    expect(await own.raw.dbSize()).toBe(0);
  });

  it('goes on after Redis has forgotten its scripts', async () => {
    const session = aSession();
    await own.storage.sessions.insert(session);
    await own.raw.scriptFlush();
    expect(await own.storage.sessions.consumeLive(session.id, new Date(), 'logout')).toBe(session.userId);
  });
});

class Gate {
  reach!: () => void;
  open!: () => void;
  readonly reached = new Promise<void>((resolve) => {
    this.reach = resolve;
  });
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

/** Stands still just before a session is written. */
class PausingConnection extends RedisConnection {
  constructor(
    address: RedisAddress,
    private readonly gate: Gate,
  ) {
    super(address);
  }

  override async run(...given: Parameters<RedisConnection['run']>): Promise<unknown> {
    if (given[0] === INSERT) {
      this.gate.reach();
      await this.gate.opened;
    }
    return super.run(...given);
  }
}
