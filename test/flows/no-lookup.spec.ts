import { AuthGuard } from '../../src/access/auth.guard.js';
import { ALL_STRATEGIES } from '../../src/access/ticket-strategy.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { RevocationFeed } from '../../src/revocation/revocation-feed.js';
import { Storage } from '../../src/sessions/storage.js';
import { MemoryStorage } from '../../src/stores/memory/memory.storage.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { TypeormUserStore } from '../../src/users/typeorm-user.store.js';
import { UserStore } from '../../src/users/user.store.js';
import { overEveryCombination, overStrategies, PUSHING_STORES } from './combinations.js';
import { StoreCalls, UNDISTURBED } from './counting-providers.js';
import { bootWithMadeUsers } from './made-users.js';

const REQUESTS = 30;

// A store without a feed cannot push, and is asked at every request: below.
overEveryCombination((strategy, store) => {
  const calls = new StoreCalls();
  let app: AuthTestApp;
  beforeAll(async () => {
    const options = { authStrategies: [strategy], sessionStore: store, ...UNDISTURBED };
    app = await bootWithMadeUsers(options, calls.providers);
    calls.watch(app);
  });
  afterAll(() => app.close());

  it('asks no store in steady state', async () => {
    const users = [await app.logIn(), await app.logIn(), await app.logIn()];
    const everyone = () => Promise.all(users.map((user) => user.get('/auth/me')));
    await everyone();
    const made = await calls.during(async () => {
      for (let request = 0; request < REQUESTS; request += 1) {
        expect((await everyone()).map(({ status }) => status)).toEqual([200, 200, 200]);
      }
    });
    expect(made).toBe(0);
  });

  it('touches no call of a request for spans while no SDK of OpenTelemetry is there', () => {
    const verifiers = app.app.get<{ verify: { name: string } }[]>(ALL_STRATEGIES).map(({ verify }) => verify.name);
    expect(new Set(verifiers)).toEqual(new Set(['bound verify']));
    expect(Object.hasOwn(app.app.get(AuthGuard), 'canActivate')).toBe(false);
    expect(Object.hasOwn(app.app.get(AUTH_DATA_SOURCE), 'createQueryRunner')).toBe(false);
  });

  it('asks once for many first requests of one session at once', async () => {
    const user = await app.logIn();
    // A session and its user: two look-ups.
    const made = await calls.during(() => Promise.all(Array.from({ length: 20 }, () => user.get('/auth/me'))));
    expect(made).toBeGreaterThan(0);
    const fresh = await app.logInAgain(user);
    const alone = await calls.during(() => fresh.get('/auth/me'));
    expect(made).toBe(alone);
  });

  it('does not ask about a session that is known to have ended', async () => {
    const user = await app.logIn();
    const replay = user.copy();
    await user.post('/auth/logout');
    await replay.get('/auth/me');
    const made = await calls.during(async () => {
      for (let request = 0; request < 10; request += 1) {
        expect((await replay.get('/auth/me')).body.code).toBe('session_ended');
      }
    });
    expect(made).toBe(0);
  });

  it('asks again once after a change of the user', async () => {
    const user = await app.logIn({ transport: 'body' });
    await user.get('/auth/me');
    await app.app.get(UserStore, { strict: false }).update(user.userId, { name: 'Ada' });
    expect((await user.get('/auth/me')).body.user.name).toBe('Ada');
    expect(await calls.during(() => user.get('/auth/me'))).toBe(0);
  });
}, PUSHING_STORES);

describe.each(PUSHING_STORES)('a key on the %s store', (store) => {
  const calls = new StoreCalls();
  let app: AuthTestApp;
  beforeAll(async () => {
    const late = { ...UNDISTURBED, apiKeyUsageSeconds: 3600 };
    app = await bootWithMadeUsers(
      { authStrategies: ['session', 'api-key'], sessionStore: store, ...late },
      calls.providers,
    );
    calls.watch(app);
  });
  afterAll(() => app.close());

  it('asks no store in steady state, and once for many first requests at once', async () => {
    const user = await app.logIn();
    const { apiKey } = (await user.post('/auth/api-keys', { name: 'export', scopes: ['example:read'] })).body;
    const client = app.client({ authorization: `Bearer ${apiKey}` });
    // The owner is told by mail, and a look into its queue would be counted.
    await app.mails();
    const first = await calls.during(() =>
      Promise.all(Array.from({ length: 20 }, () => client.get('/example/scoped'))),
    );
    // One statement finds the key with its owner; those who come while it is under way share the next.
    expect(first).toBeLessThanOrEqual(6);
    const made = await calls.during(async () => {
      for (let request = 0; request < REQUESTS; request += 1) {
        expect((await client.get('/example/scoped')).status).toBe(200);
      }
    });
    expect(made).toBe(0);
  });

  it('asks none about a key that is malformed, or is known to be revoked', async () => {
    const user = await app.logIn();
    const { id, apiKey } = (await user.post('/auth/api-keys', { name: 'export', scopes: [] })).body;
    await user.delete(`/auth/api-keys/${id}`);
    await app.mails();
    const refused = async (key: string) => (await app.client({ 'x-api-key': key }).get('/auth/me')).status;
    expect(await refused(apiKey)).toBe(401);
    const made = await calls.during(async () => {
      for (const key of [apiKey, apiKey, `${apiKey.slice(0, -1)}-`, 'cck_', apiKey.slice(0, -1)]) {
        expect(await refused(key)).toBe(401);
      }
    });
    expect(made).toBe(0);
  });
});

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

/** Somebody's own, that does not say it announces. */
class SilentUserStore extends TypeormUserStore {
  override readonly announces = false as never;
}

overStrategies((strategy) => {
  it('a storage without a feed is asked at every request, and revokes at once', async () => {
    const calls = new StoreCalls();
    const providers = [{ provide: Storage, useClass: PushlessStorage }, ...calls.providers];
    const app = await bootWithMadeUsers({ authStrategies: [strategy] }, providers);
    calls.watch(app);
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
  });

  it('a user store that announces nothing is asked at every request', async () => {
    const app = await bootWithMadeUsers({ authStrategies: [strategy] }, [
      { provide: UserStore, useClass: SilentUserStore },
    ]);
    const user = await app.logIn();
    expect((await user.get('/auth/me')).status).toBe(200);
    const dataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
    await dataSource.query('UPDATE coatcheck.users SET banned_at = $2 WHERE id = $1', [user.userId, new Date()]);
    expect((await user.get('/auth/me')).body.code).toBe('session_ended');
    await app.close();
  });
});
