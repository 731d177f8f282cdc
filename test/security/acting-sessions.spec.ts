import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient, TestReply, TestUser } from '../../src/testing/index.js';
import { overStoresAndStrategies } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';

type Pair = { admin: TestUser; victim: TestUser; acting: TestClient; refreshToken: string | undefined; id: string };

function answer({ status, body }: TestReply) {
  return [status, body?.code];
}

describe('M-3: a session in which an admin acts as a user', () => {
  overStoresAndStrategies((sessionStore, strategy) => {
    let app: AuthTestApp;
    beforeAll(async () => {
      app = await bootWithMadeUsers({ sessionStore, authStrategies: [strategy] });
    });
    afterAll(() => app.close());

    const begin = async (admin: TestUser, victim: TestUser): Promise<Pair> => {
      // By a copy: the admin's own browser would go on with the acting session's cookie.
      const copy = admin.copyInto(app.client(admin.defaults));
      const { status, body, setCookies } = await copy.post(`/admin/users/${victim.userId}/impersonate`, {
        transport: strategy === 'jwt' ? 'body' : undefined,
      });
      expect(status).toBe(200);
      const cookie = setCookies.map((line) => line.split(';')[0]).join('; ');
      const acting = app.client(body.accessToken ? { authorization: `Bearer ${body.accessToken}` } : { cookie });
      expect((await acting.get('/auth/me')).body.user.id).toBe(victim.userId);
      return { admin, victim, acting, refreshToken: body.refreshToken, id: body.session.id };
    };
    const newAdmin = () =>
      app.logIn({ changes: { roles: ['admin'] }, transport: strategy === 'jwt' ? 'body' : undefined });
    const begun = async () => begin(await newAdmin(), await app.logIn());
    const isOver = async ({ acting, refreshToken, victim, admin }: Pair) => {
      expect((await acting.get('/auth/me')).status).toBe(401);
      if (refreshToken) expect((await app.client().post('/auth/refresh', { refreshToken })).status).toBe(401);
      expect((await victim.get('/auth/me')).status).toBe(200);
      const again = await app.logInAgain(admin).catch(() => null);
      if (again) expect(await idsIn(again)).not.toContain(victim.userId);
    };
    const idsIn = async (client: TestClient) =>
      (await client.get('/auth/sessions')).body.sessions.map((session: { actingAs?: string }) => session.actingAs);

    it.each<[string, (pair: Pair) => Promise<TestReply>]>([
      ['the session it was begun from is logged out', ({ admin }) => admin.post('/auth/logout')],
      ['that is ended in the list', ({ admin }) => admin.delete(`/auth/sessions/${admin.sessionId}`)],
      ['the admin logs out everywhere', ({ admin }) => admin.post('/auth/logout-all', {})],
      ['the admin logs out all other sessions', ({ admin }) => admin.post('/auth/logout-all', { keepCurrent: true })],
      [
        'the admin’s password is changed',
        ({ admin }) =>
          admin.post('/auth/password/change', {
            currentPassword: admin.password,
            newPassword: 'a loom of silver numbers',
          }),
      ],
      ['the admin ends it in the list', ({ admin, id }) => admin.delete(`/auth/sessions/${id}`)],
      ['the user ends it in theirs', ({ victim, id }) => victim.delete(`/auth/sessions/${id}`)],
      ['the admin is deleted', ({ admin }) => admin.request('DELETE', '/auth/me', { password: admin.password })],
    ])('ends when %s', async (_when, doIt) => {
      await newAdmin();
      const pair = await begun();
      expect((await doIt(pair)).status).toBe(204);
      await isOver(pair);
    });

    it('ends when another admin ends the session it was begun from', async () => {
      const pair = await begun();
      expect((await (await newAdmin()).delete(`/admin/sessions/${pair.admin.sessionId}`)).status).toBe(204);
      await isOver(pair);
    });

    it('goes on when another session of the admin ends, and beside other acting sessions', async () => {
      const pair = await begun();
      const other = await app.logInAgain(pair.admin);
      const second = await begin(other, await app.logIn());
      expect((await other.post('/auth/logout')).status).toBe(204);
      await isOver(second);
      expect((await pair.acting.get('/auth/me')).status).toBe(200);
    });

    it('is in the admin’s own list, marked with the user, and in no other', async () => {
      const pair = await begun();
      const { sessions } = (await pair.admin.get('/auth/sessions')).body;
      const { id, victim, admin } = pair;
      expect(sessions.filter((session: { actingAs?: string }) => session.actingAs)).toEqual([
        expect.objectContaining({ id, actingAs: victim.userId, impersonatorId: admin.userId, current: false }),
      ]);
      expect(await idsIn(await newAdmin())).toEqual([undefined]);
      expect((await victim.get('/auth/sessions')).body.sessions.map((session: { id: string }) => session.id)).toContain(
        id,
      );
      expect(await idsIn(victim)).not.toContain(victim.userId);
      expect(answer(await (await newAdmin()).delete(`/auth/sessions/${id}`))).toEqual([404, 'not_found']);
      app.clock.advance(3600);
      if (strategy === 'session') expect(await idsIn(admin)).toEqual([undefined]);
      app.clock.advance(-3600);
    });

    it('is good for nothing without its row, whatever the store of sessions says', async () => {
      const pair = await begun();
      const source = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
      await source.query('DELETE FROM coatcheck.acting_sessions WHERE session_id = $1', [pair.id]);
      await isOver(pair);
    });

    it('leaves no row when the user or the admin is deleted', async () => {
      const pair = await begun();
      await pair.victim.request('DELETE', '/auth/me', { password: pair.victim.password });
      const source = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
      expect(await source.query('SELECT 1 FROM coatcheck.acting_sessions WHERE session_id = $1', [pair.id])).toEqual(
        [],
      );
    });
  });
});
