import { EventEmitter } from 'node:events';
import { LiveConnections } from '../../src/access/live-connections.js';
import type { AuthContext } from '../../src/kernel/auth-context.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import { SnapshotSource } from '../../src/revocation/session-view.js';
import { SessionResolver } from '../../src/sessions/session-resolver.js';
import type { StoredSnapshots } from '../../src/sessions/session-snapshot.source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootEdge, ORIGIN } from './boot-edge.js';
import { open, openAs, ShopGateway, ticketOf, useSockets } from './socket-host.js';

type Node = AuthTestApp & { databaseUrl: string };

const options = { authStrategies: ['session', 'jwt', 'api-key'], sessionIdleSeconds: 1_800 };
const node = (databaseUrl?: string): Promise<Node> =>
  bootEdge({
    adapter: 'fastify',
    parts: [ShopGateway],
    prepare: useSockets('ws', { anonymous: true }),
    options,
    databaseUrl,
  });

/** Comes to the result without a moment that anybody guessed. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a socket that is open', () => {
  let app: Node;
  let other: Node;
  let admin: TestUser;
  let connections: LiveConnections;

  beforeAll(async () => {
    app = await node();
    other = await node(app.databaseUrl);
    admin = await app.logIn({ strategy: 'session', changes: { roles: ['admin'] } });
    connections = app.app.get(LiveConnections);
  });

  afterAll(async () => {
    await other.close();
    await app.close();
  });

  const byAdmin = async (method: string, path: string, body?: object) => {
    // The clock has moved since.
    const fresh = await app.logInAgain(admin);
    return fresh.request(method, `/admin/users/${path}`, body, { origin: ORIGIN });
  };

  const endings: [string, (user: TestUser) => Promise<unknown>, string][] = [
    ['its user logs out everywhere', (user) => user.post('/auth/logout-all', {}, { origin: ORIGIN }), 'session_ended'],
    ['its user is banned', ({ userId }) => byAdmin('POST', `${userId}/ban`, {}), 'session_ended'],
    ['its user is deleted', ({ userId }) => byAdmin('DELETE', `${userId}`), '(unauthenticated|session_ended)'],
    [
      'the roles of its user change',
      ({ userId }) => byAdmin('PUT', `${userId}/roles`, { roles: ['x'] }),
      'token_expired',
    ],
  ];

  describe.each(['session', 'jwt'])('by %s', (strategy) => {
    it.each(endings)('is closed on every node when %s', async (_name, end, code) => {
      const ada = await app.logIn({ strategy });
      const sockets = [await openAs('ws', app.url, ada), await openAs('ws', other.url, ada)];
      for (const socket of sockets) expect((await socket.ask('me')).event).toBe('me');
      const { status } = (await end(ada)) as { status: number };
      expect(status).toBeLessThan(300);
      for (const socket of sockets) expect(await socket.closed).toMatch(new RegExp(`^4401 ${code}$`));
    });
  });

  it('is closed when its session has not been used for too long, and kept open by messages', async () => {
    const ada = await app.logIn({ strategy: 'session' });
    const sockets = [await openAs('ws', app.url, ada), await openAs('ws', app.url, ada)];
    app.clock.advance(600);
    // One deadline for both: a message on the one keeps the other.
    expect((await sockets[0]!.ask('me')).event).toBe('me');
    app.clock.advance(1_799);
    expect((await sockets[1]!.ask('open')).event).toBe('open');
    app.clock.advance(2);
    for (const socket of sockets) expect(await socket.closed).toBe('4401 session_ended');
  });

  it('is closed when its access token expires, and another token of the session opens one again', async () => {
    const ada = await app.logIn({ strategy: 'jwt', transport: 'body' });
    const socket = await openAs('ws', app.url, ada);
    // Beyond what is allowed to clocks that differ.
    app.clock.advance(960);
    expect(await socket.closed).toBe('4401 token_expired');
    await expect(open('ws', app.url, { headers: ticketOf(ada) }).then((one) => one.ask('me'))).resolves.toMatchObject({
      data: { code: 'token_expired' },
    });
    const { body } = await ada.post('/auth/refresh', { refreshToken: ada.refreshToken });
    const again = await open('ws', app.url, { headers: { authorization: `Bearer ${body.accessToken}` } });
    expect((await again.ask('me')).event).toBe('me');
    again.close();
  });

  it('of a machine is closed when its key is revoked', async () => {
    const ada = await app.logIn({ strategy: 'session' });
    const made = await ada.post('/auth/api-keys', { name: 'k', scopes: ['shop:read'] }, { origin: ORIGIN });
    const { apiKey, id } = made.body;
    const sockets = [app, other].map(({ url }) => open('ws', url, { headers: { 'x-api-key': apiKey } }));
    for (const socket of sockets) expect((await (await socket).ask('machine')).data).toEqual({ by: 'api-key' });
    expect((await (await sockets[0]!).ask('me')).data.code).toBe('forbidden');
    expect((await ada.delete(`/auth/api-keys/${id}`, { origin: ORIGIN })).status).toBe(204);
    for (const socket of sockets) expect(await (await socket).closed).toBe('4401 unauthenticated');
  });

  it('without a ticket hears public messages alone, and is not tracked', async () => {
    const before = connections.size;
    const socket = await open('ws', app.url);
    expect((await socket.ask('open', 'x')).data).toEqual({ user: null, data: 'x' });
    expect((await socket.ask('me')).data).toMatchObject({ status: 'error', code: 'unauthenticated' });
    expect(connections.size).toBe(before);
    socket.close();
  });

  it('is forgotten when it dies', async () => {
    const before = connections.size;
    const ada = await app.logIn({ strategy: 'session' });
    const sockets = await Promise.all([openAs('ws', app.url, ada), openAs('ws', app.url, ada)]);
    expect(connections.size).toBe(before + 1);
    for (const socket of sockets) socket.close();
    await until(() => connections.size === before);
  });

  describe('tracked by hand', () => {
    class HeldSocket extends EventEmitter {
      destroyed = false;
      destroy() {
        this.destroyed = true;
        this.emit('close');
      }
    }

    async function authOf(user: TestUser): Promise<AuthContext> {
      const auth = await app.app.get(SessionResolver).resolveSession(user.sessionId, 'session', () => true);
      return { ...auth, permissions: [] };
    }

    it('closes at once when its session has ended before', async () => {
      const ada = await app.logIn({ strategy: 'session' });
      const auth = await authOf(ada);
      await ada.post('/auth/logout', {}, { origin: ORIGIN });
      const before = connections.size;
      const socket = new HeldSocket();
      connections.track(socket, auth);
      await until(() => socket.destroyed);
      expect(connections.size).toBe(before);
      expect(connections.authOf(socket)).toBeUndefined();
    });

    it('leaves nothing when it was closed before', async () => {
      const ada = await app.logIn({ strategy: 'session' });
      const before = connections.size;
      const socket = new HeldSocket();
      socket.destroy();
      connections.track(socket, await authOf(ada));
      expect(connections.size).toBe(before);
      expect(socket.listenerCount('close')).toBe(0);
    });

    it('a hundred thousand of one session cost one look-up, and are all closed', async () => {
      const ada = await app.logIn({ strategy: 'session' });
      const auth = await authOf(ada);
      const sockets = Array.from({ length: 100_000 }, () => new HeldSocket());
      const source = app.app.get(SnapshotSource) as StoredSnapshots;
      const before = source.storeCalls;
      for (const socket of sockets) connections.track(socket, auth);
      await new Promise((resolve) => setImmediate(resolve));
      // None by the view; one where this node's lease ran out while it made them.
      expect(source.storeCalls).toBeLessThanOrEqual(before + 1);
      await ada.post('/auth/logout', {}, { origin: ORIGIN });
      await until(() => sockets.every(({ destroyed }) => destroyed));
      expect(sockets.filter((socket) => socket.listenerCount('close') > 0)).toEqual([]);
    });

    it('whose ticket is of a strategy that cannot look again is closed at any change of its user', async () => {
      const ada = await app.logIn({ strategy: 'session' });
      const { user } = await authOf(ada);
      const credential = { id: 'x', name: null, createdAt: new Date(0), lastUsedAt: null, expiresAt: null };
      const socket = new HeldSocket();
      connections.track(socket, { by: 'oauth', strategy: 'elsewhere', user, credential, scopes: [], permissions: [] });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(socket.destroyed).toBe(false);
      await ada.request('PATCH', '/auth/me', { name: 'Ada' }, { origin: ORIGIN });
      await until(() => socket.destroyed);
    });

    it('is kept for a while when nothing can be looked up, and not for ever', async () => {
      const ada = await app.logIn({ strategy: 'session' });
      const auth = await authOf(ada);
      const resolver = app.app.get(SessionResolver);
      const recheck = resolver.recheck.bind(resolver);
      const socket = new HeldSocket();
      connections.track(socket, auth);
      let asked = 0;
      resolver.recheck = () => {
        asked += 1;
        throw new AuthError('unavailable', { reason: 'test' });
      };
      connections.clear();
      await until(() => asked > 0);
      expect(socket.destroyed).toBe(false);
      app.clock.advance(31);
      await until(() => socket.destroyed);
      resolver.recheck = recheck;
    });
  });
});
