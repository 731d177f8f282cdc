import { LiveConnections } from '../../src/access/live-connections.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { STORES } from '../flows/combinations.js';
import { sharedServer } from '../servers-of-this-run.js';
import { bootEdge, ORIGIN } from './boot-edge.js';
import { openAs, ShopGateway, useSockets } from './socket-host.js';

const isThere = (STORES as readonly string[]).includes('memcached');

(isThere ? describe : describe.skip)('a socket whose revocations are not announced, with sessions on Memcached', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    const { url: memcachedUrl } = await sharedServer('memcached');
    const options = { sessionStore: 'memcached', memcachedUrl, authStrategies: ['session', 'jwt'] } as const;
    app = await bootEdge({ adapter: 'fastify', parts: [ShopGateway], prepare: useSockets('ws'), options });
  });
  afterAll(() => app.close());

  const endings = [
    ['a logout', '/auth/logout', undefined],
    ['a logout everywhere', '/auth/logout-all', {}],
  ] as const;
  it.each(['session', 'jwt'].flatMap((strategy) => endings.map((ending) => [strategy, ...ending] as const)))(
    'by %s: its next message after %s is refused, and without one it is closed when it is next looked at',
    async (strategy, _what, path, body) => {
      const ada = await app.logIn({ strategy });
      const [busy, idle] = [await openAs('ws', app.url, ada), await openAs('ws', app.url, ada)];
      expect((await busy.ask('me')).event).toBe('me');
      const { handled } = app.app.get(ShopGateway);
      expect((await ada.post(path, body, { origin: ORIGIN })).status).toBe(204);
      const { event, data } = await busy.ask('me');
      expect([event, data.code]).toEqual(['exception', 'session_ended']);
      expect(app.app.get(ShopGateway).handled).toBe(handled);
      app.clock.advance(31);
      for (const socket of [busy, idle]) expect(await socket.closed).toMatch(/session_ended$/);
      expect(app.app.get(LiveConnections).size).toBe(0);
    },
  );
});
