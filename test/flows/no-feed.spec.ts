import type { RevocationFeed } from '../../src/revocation/revocation-feed.js';
import { Storage } from '../../src/sessions/storage.js';
import { MemoryStorage } from '../../src/stores/memory/memory.storage.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService, STRATEGIES } from './combinations.js';
import { StoreCalls } from './counting-providers.js';

const { sessions, refreshTokens, atomics } = new MemoryStorage();

/** A technology that cannot push. */
class PushlessStorage extends Storage {
  readonly name = 'pushless';
  readonly sessions = sessions;
  readonly refreshTokens = refreshTokens;
  readonly atomics = atomics;
  readonly feed: RevocationFeed | null = null;

  async ping(): Promise<void> {}
}

it.each(STRATEGIES)(
  'a storage without a feed is asked at every request, and revokes at once, by %s',
  async (strategy) => {
    const calls = new StoreCalls();
    const providers = [{ provide: Storage, useClass: PushlessStorage }, ...calls.providers];
    const app = await bootService({ authStrategies: [strategy] }, providers);
    const user = await app.logIn();
    await user.get('/auth/me');
    expect(await calls.during(() => user.get('/auth/me'))).toBeGreaterThan(0);
    await app.app.get(UserStore, { strict: false }).update(user.userId, { bannedAt: app.clock.now() });
    expect((await user.get('/auth/me')).body.code).toBe('session_ended');
    const other = await app.logIn();
    const replay = other.copy();
    expect((await other.post('/auth/logout')).status).toBe(204);
    expect((await (strategy === 'session' ? replay : other).get('/auth/me')).body.code).toBe('session_ended');
    await app.close();
  },
);
