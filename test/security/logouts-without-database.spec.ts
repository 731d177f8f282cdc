import pg from 'pg';
import type { AuthTestApp } from '../../src/testing/index.js';
import { DatabaseProxy } from '../database-proxy.js';
import { overStores, STORES, STRATEGIES } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { expected } from './holder.js';

const APART = STORES.filter((store) => store === 'redis' || store === 'memcached');

overStores((sessionStore) => {
  describe('a logout', () => {
    let database: TestDatabase;
    let proxy: DatabaseProxy;
    let app: AuthTestApp;
    beforeAll(async () => {
      database = await freshDatabase();
      proxy = new DatabaseProxy(new URL(database.url));
      app = await bootWithMadeUsers({ sessionStore, databaseUrl: await proxy.open() });
    });
    afterEach(() => proxy.mend());
    afterAll(async () => {
      await app.close();
      proxy.close();
      await database.drop();
    });

    const admin = () => app.logIn({ changes: { roles: ['admin'] } });

    describe.each(STRATEGIES)('by %s', (strategy) => {
      it.each([
        ['who has no role', {}],
        ['who may act on others, and has not', { changes: { roles: ['admin'] } }],
      ])('of a user %s is 204, also again, while PostgreSQL is out of reach', async (_who, params) => {
        const user = await app.logIn({ strategy, ...params });
        const other = user.copy();
        proxy.cut();
        expect([(await user.post('/auth/logout')).status, (await other.post('/auth/logout')).status]).toEqual([
          204, 204,
        ]);
        proxy.mend();
        expect((await other.get('/auth/me')).status).toBe(401);
      });
    });

    it('of a session that has acted on another account cannot tell what became of that meanwhile, and is good for nothing', async () => {
      const boss = await admin();
      const user = await app.logIn();
      await expected(204, boss.post(`/admin/users/${user.userId}/logout`));
      const other = boss.copy();
      proxy.cut();
      for (const client of [boss, other]) {
        const { status, body } = await client.post('/auth/logout');
        expect([status, body.code]).toEqual([503, 'unavailable']);
      }
      proxy.mend();
      expect((await other.get('/auth/me')).status).toBe(401);
      expect((await other.post('/auth/logout')).status).toBe(204);
    });

    it('locks no row of a user, but of one whose session has acted on another account', async () => {
      const [boss, user] = [await admin(), await app.logIn()];
      await expected(204, boss.post(`/admin/users/${user.userId}/unlock`));
      const spy = jest.spyOn(pg.Client.prototype, 'query');
      const waits = async (client: typeof user) => {
        spy.mockClear();
        await expected(204, client.post('/auth/logout'));
        const texts = spy.mock.calls.map(([given]) =>
          typeof given === 'string' ? given : (given as unknown as { text: string }).text,
        );
        return texts.filter((sql) => sql.includes('FOR SHARE')).length;
      };
      expect([await waits(user), await waits(boss)]).toEqual([0, 1]);
      spy.mockRestore();
    });
  });
}, APART);
