import { type INestApplication, Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { LiveConnections } from '../../src/access/live-connections.js';
import { SnapshotSource } from '../../src/revocation/session-view.js';
import { StoredSnapshots } from '../../src/sessions/session-snapshot.source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootEdge, ORIGIN } from './boot-edge.js';
import { LIBRARIES, open, openAs, ShopGateway, useSockets } from './socket-host.js';

const COMBINATIONS = LIBRARIES.flatMap((library) =>
  (library === 'ws' ? (['fastify'] as const) : (['express'] as const)).map((adapter) => ({ library, adapter })),
);

describe.each(COMBINATIONS)('$library on $adapter', ({ library, adapter }) => {
  let app: AuthTestApp;
  let connections: LiveConnections;

  beforeAll(async () => {
    app = await bootEdge({ adapter, parts: [ShopGateway], prepare: useSockets(library) });
    connections = app.app.get(LiveConnections);
  });

  afterAll(() => app.close());

  const user = (strategy: string, roles: string[] = []): Promise<TestUser> =>
    app.logIn({ strategy, changes: { roles } });

  it.each(['session', 'jwt'])('a message handler sees who is logged in by %s', async (strategy) => {
    const ada = await user(strategy);
    const socket = await openAs(library, app.url, ada);
    const { event, data } = await socket.ask('me');
    expect(event).toBe('me');
    expect(data).toEqual({ user: ada.userId, by: 'session', strategy, session: ada.sessionId, ip: '127.0.0.1' });
    socket.close();
  });

  it.each([
    ['a role is missing', 'boss', 'forbidden'],
    ['a role is there', 'boss', undefined],
  ])('%s', async (_name, event, code) => {
    const ada = await user('session', code ? [] : ['boss']);
    const socket = await openAs(library, app.url, ada);
    const reply = await socket.ask(event);
    if (!code) expect(reply.event).toBe('boss');
    else
      expect(reply).toEqual({
        event: 'exception',
        data: expect.objectContaining({ status: 'error', code, cause: { pattern: event } }),
      });
    socket.close();
  });

  it('asks no store about messages', async () => {
    const ada = await user('session');
    const socket = await openAs(library, app.url, ada);
    await socket.ask('me');
    const source = app.app.get(SnapshotSource) as StoredSnapshots;
    const before = source.storeCalls;
    for (let i = 0; i < 20; i += 1) await socket.ask('me');
    expect(source.storeCalls).toBe(before);
    socket.close();
  });

  it.each(['session', 'jwt'])('a logout closes the sockets of a session by %s, and no others', async (strategy) => {
    const ada = await user(strategy);
    const other = await app.logInAgain({ ...ada, strategy });
    const sockets = await Promise.all([openAs(library, app.url, ada), openAs(library, app.url, ada)]);
    const spared = await openAs(library, app.url, other);
    expect((await ada.post('/auth/logout')).status).toBe(204);
    for (const socket of sockets) expect(await socket.closed).toMatch(/session_ended$/);
    expect((await spared.ask('me')).event).toBe('me');
    spared.close();
    await expect(openAs(library, app.url, ada)).rejects.toThrow();
  });

  it('refuses pages of other origins at the handshake', async () => {
    const ada = await user('session');
    const before = connections.size;
    for (const origin of ['https://evil.example', 'http://sub.localhost:3000', 'null']) {
      await expect(openAs(library, app.url, ada, { headers: { origin } })).rejects.toThrow(
        library === 'ws' ? '403 csrf_rejected' : 'websocket error',
      );
      if (library === 'ws') continue;
      const polled = await ada.get('/socket.io/?EIO=4&transport=polling', { origin });
      expect(polled).toMatchObject({ status: 403, body: { message: 'csrf_rejected' } });
    }
    expect(connections.size).toBe(before);
    const socket = await openAs(library, app.url, ada, { headers: { origin: ORIGIN } });
    expect((await socket.ask('me')).event).toBe('me');
    socket.close();
  });

  it('two different tickets are refused at the handshake, and one in the URL is none', async () => {
    const [ada, bob] = [await user('session'), await user('jwt')];
    const bearer = { authorization: `Bearer ${bob.accessToken}` };
    const refused = library === 'ws' ? '401 unauthenticated' : 'websocket error';
    await expect(openAs(library, app.url, ada, { headers: bearer })).rejects.toThrow(refused);
    const query = `?token=${bob.accessToken}&access_token=${bob.accessToken}&session=${ada.cookie('session')}`;
    await expect(open(library, app.url, { query })).rejects.toThrow('unauthenticated');
    if (library === 'ws') return;
    await expect(openAs(library, app.url, ada, { token: bob.accessToken })).rejects.toThrow('unauthenticated');
    for (const token of ['x', '', 'x'.repeat(10_000)])
      await expect(open(library, app.url, { token })).rejects.toThrow('unauthenticated');
    const socket = await open(library, app.url, { token: bob.accessToken });
    expect((await socket.ask('me')).data.user).toBe(bob.userId);
    await bob.post('/auth/logout');
    expect(await socket.closed).toBe('session_ended');
  });

  it('limits, step-up, scopes and optional tickets count for messages, and nothing of it is an error in the log', async () => {
    const error = jest.spyOn(Logger.prototype, 'error');
    const ada = await user('session');
    const socket = await openAs(library, app.url, ada);
    expect((await socket.ask('perhaps')).data.user).toBe(ada.userId);
    expect((await socket.ask('open')).data.user).toBeNull();
    expect((await socket.ask('fresh')).event).toBe('fresh');
    app.clock.advance(61);
    expect((await socket.ask('fresh')).data).toMatchObject({ code: 'step_up_required', stepUp: { maxAgeSeconds: 60 } });
    for (const code of [undefined, undefined, 'rate_limited'])
      expect((await socket.ask('limited')).data.code).toBe(code);
    expect((await socket.ask('machine')).event).toBe('machine');
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
    socket.close();
  });

  it('refuses a client without a ticket', async () => {
    await expect(open(library, app.url)).rejects.toThrow('unauthenticated');
  });
});

describe.each(LIBRARIES)('%s without guarded handshakes', (library) => {
  it('has its messages guarded all the same, and hears public ones', async () => {
    const plain = (host: INestApplication) =>
      void host.useWebSocketAdapter(library === 'ws' ? new WsAdapter(host) : new IoAdapter(host));
    const app = await bootEdge({ parts: [ShopGateway], prepare: plain });
    const ada = await app.logIn({ strategy: 'session' });
    const [own, foreign] = [
      await openAs(library, app.url, ada, { headers: { origin: ORIGIN } }),
      await openAs(library, app.url, ada, { headers: { origin: 'https://evil.example' } }),
    ];
    // A plain WebSocket does not know its handshake.
    expect((await own.ask('me')).data.code).toBe(library === 'ws' ? 'forbidden' : undefined);
    expect((await foreign.ask('me')).data.code).toBe(library === 'ws' ? 'forbidden' : 'csrf_rejected');
    expect((await foreign.ask('open', 1)).data).toEqual({ user: null, data: 1 });
    await ada.post('/auth/logout');
    if (library === 'socket.io') expect(await own.closed).toBe('session_ended');
    else own.close();
    foreign.close();
    await app.close();
  });
});
