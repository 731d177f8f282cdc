import { Logger } from '@nestjs/common';
import type { AuthTestApp } from '../../src/testing/index.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { bootService, overStrategies } from './combinations.js';

exercise('redis', 'redis-server');
exercise('memcached', 'memcached');

function exercise(store: 'redis' | 'memcached', program: 'redis-server' | 'memcached'): void {
  (isInstalled(program) ? describe : describe.skip)(`an outage of ${store}`, () => exerciseOutage(store));
}

function exerciseOutage(store: 'redis' | 'memcached'): void {
  let server: OwnServer;
  let app: AuthTestApp;
  beforeAll(async () => {
    server = await ownServer(store);
    const address = store === 'redis' ? { redisUrl: server.url } : { memcachedUrl: server.url };
    app = await bootService({ sessionStore: store, ...address });
    // The outages are expected here: they need not be written out.
    Logger.overrideLogger(false);
  });
  afterAll(async () => {
    await app.close();
    await server.end();
  });

  const ready = () => app.client().get('/health/ready');

  overStrategies((strategy) => {
    it('is 503 with Retry-After, never 401, and leaves the cookies alone; no user was logged out when it is over', async () => {
      const user = await app.logIn({ strategy });
      expect((await ready()).status).toBe(200);
      await server.make('stop');
      const refused = [user.get('/auth/me'), user.post('/auth/logout'), user.get('/auth/sessions'), ready()];
      for (const reply of await Promise.all(refused)) {
        expect([reply.status, reply.body.code]).toEqual([503, 'unavailable']);
        expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(reply.setCookies).toEqual([]);
      }
      await server.make('continue');
      await healed();
      expect((await user.get('/auth/me')).status).toBe(200);
    });

    it('that forgot everything is a logout, and logging in works again', async () => {
      const user = await app.logIn({ strategy });
      await server.make('kill');
      const during = await user.get('/auth/me');
      expect([during.status, during.body.code]).toEqual([503, 'unavailable']);
      await server.make('start');
      await healed();
      const after = await user.get('/auth/me');
      expect([after.status, after.body.code]).toEqual([401, 'unauthenticated']);
      expect((await (await app.logInAgain({ ...user, strategy })).get('/auth/me')).status).toBe(200);
    });
  });

  async function healed(): Promise<void> {
    while ((await ready()).status !== 200);
  }
}
