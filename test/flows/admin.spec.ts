import { AuditRecords } from '../../src/audit/audit-records.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { overStores, overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';

const NOBODY = '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f';
const HOUR = 3600;

const put = (user: TestUser, path: string, body: unknown) => user.request('PUT', path, body);
const codeOf = async (user: { get: TestUser['get'] }) => {
  const { status, body } = await user.get('/auth/me');
  return status === 200 ? 200 : body.code;
};
const eventsOf = (app: AuthTestApp, userId: string, type: string) =>
  app.app.get(AuditRecords, { strict: false }).find({ userId, type }, 10);

overStrategies((strategy) => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: [strategy], accessTokenSeconds: 2 * HOUR });
    admin = await app.logIn({ changes: { roles: ['admin'] }, transport: 'body' });
  });
  afterAll(() => app.close());

  const logIn = () => app.logIn({ transport: 'body' });
  const tryLogIn = ({ email, password }: TestUser) => app.client().post('/auth/login', { email, password });

  describe('an admin', () => {
    it('bans a user: everything ends, no login succeeds, and the reason stays among admins', async () => {
      const user = await logIn();
      const ban = await admin.post(`/admin/users/${user.userId}/ban`, { reason: 'spam, again' });
      expect([ban.status, ban.text]).toEqual([204, '']);
      expect(await codeOf(user)).toBe('session_ended');
      const refused = await tryLogIn(user);
      expect([refused.status, refused.body.code]).toEqual([403, 'user_banned']);
      expect(refused.text).not.toContain('spam');
      const { body } = await admin.get(`/admin/users/${user.userId}`);
      expect(body).toMatchObject({ status: 'banned', bannedUntil: null, banReason: 'spam, again' });
      const [event] = await eventsOf(app, user.userId, 'user.banned');
      expect(event).toMatchObject({ actorId: admin.userId, reason: 'spam, again', requestId: expect.any(String) });

      expect((await admin.post(`/admin/users/${user.userId}/unban`)).status).toBe(204);
      expect(await codeOf(user)).toBe('session_ended');
      expect((await tryLogIn(user)).status).toBe(200);
      expect((await admin.get(`/admin/users/${user.userId}`)).body).toMatchObject({
        status: 'active',
        banReason: null,
      });
      expect(await eventsOf(app, user.userId, 'user.unbanned')).toHaveLength(1);
    });

    it('bans a user until an instant: just before it they are out, and from it on no admin has to lift it', async () => {
      const user = await logIn();
      const untilAt = app.clock.in(HOUR).toISOString();
      expect((await admin.post(`/admin/users/${user.userId}/ban`, { untilAt })).status).toBe(204);
      app.clock.advance(HOUR - 1);
      expect((await tryLogIn(user)).body.code).toBe('user_banned');
      const seen = await admin.get(`/admin/users/${user.userId}`);
      if (seen.status === 200) expect(seen.body).toMatchObject({ status: 'banned', bannedUntil: untilAt });
      app.clock.advance(1);
      expect((await tryLogIn(user)).status).toBe(200);
      expect(await codeOf(user)).toBe('session_ended');
      app.clock.advance(-HOUR);
    });

    it('gives and takes roles, which count from the next request', async () => {
      const user = await logIn();
      expect((await user.get('/admin/users')).body.code).toBe('forbidden');
      const reply = await put(admin, `/admin/users/${user.userId}/roles`, { roles: ['admin', 'editor'] });
      expect([reply.status, reply.body.roles]).toEqual([200, ['admin', 'editor']]);
      expect(await codeOf(user)).toBe(strategy === 'jwt' ? 'token_expired' : 200);
      const again = strategy === 'jwt' ? await refreshed(user) : user;
      expect((await again.get('/admin/users')).status).toBe(200);
      await put(admin, `/admin/users/${user.userId}/roles`, { roles: [] });
      const { body } = await again.get('/admin/users');
      expect(body.code).toBe(strategy === 'jwt' ? 'token_expired' : 'forbidden');
      const told = (await eventsOf(app, user.userId, 'user.roles_changed')).map(({ actorId, details }) => [
        actorId,
        details,
      ]);
      expect(told).toHaveLength(2);
      expect(told).toContainEqual([admin.userId, { ofAdmin: true, roles: [] }]);
    });

    it('deletes a user, whose sessions and address are gone', async () => {
      const user = await logIn();
      expect((await admin.delete(`/admin/users/${user.userId}`)).status).toBe(204);
      expect((await user.get('/auth/me')).status).toBe(401);
      expect((await admin.get(`/admin/users/${user.userId}`)).body.code).toBe('not_found');
      expect((await tryLogIn(user)).body.code).toBe('invalid_credentials');
      expect((await eventsOf(app, user.userId, 'user.deleted'))[0]).toMatchObject({ actorId: admin.userId });
    });
  });

  describe('an admin who acts as a user', () => {
    const impersonate = (userId: string, by = admin) =>
      by.post(`/admin/users/${userId}/impersonate`, {
        reason: 'ticket 4711',
        transport: strategy === 'jwt' ? 'body' : undefined,
      });

    async function acting(user: TestUser, by = admin) {
      const { status, body, setCookies } = await impersonate(user.userId, by);
      expect([status, body.status]).toEqual([200, 'authenticated']);
      const cookie = setCookies.map((line) => line.split(';')[0]).join('; ');
      const client = app.client(body.accessToken ? { authorization: `Bearer ${body.accessToken}` } : { cookie });
      return { client, body };
    }
    const anotherAdmin = () => app.logIn({ changes: { roles: ['admin'] }, transport: 'body' });

    it('is marked in the session and in the user, for an hour at most', async () => {
      const user = await logIn();
      const actingAdmin = await anotherAdmin();
      const { client, body } = await acting(user, actingAdmin);
      const me = (await client.get('/auth/me')).body;
      expect(me.user.id).toBe(user.userId);
      expect(me.session).toMatchObject({ id: body.session.id, impersonatorId: actingAdmin.userId, amr: [] });
      expect(new Date(me.session.expiresAt).getTime()).toBeLessThanOrEqual(app.clock.in(HOUR).getTime());
      if (strategy === 'jwt') {
        const claims = JSON.parse(Buffer.from(body.accessToken.split('.')[1], 'base64url').toString());
        expect(claims).toMatchObject({ sub: user.userId, act: { sub: actingAdmin.userId } });
      }
      const [begun] = await eventsOf(app, user.userId, 'impersonation.started');
      expect(begun).toMatchObject({ actorId: actingAdmin.userId, reason: 'ticket 4711' });
      const started = await eventsOf(app, user.userId, 'session.started');
      expect(started.map(({ actorId }) => actorId)).toContain(actingAdmin.userId);
      app.clock.advance(HOUR);
      expect((await client.get('/auth/me')).body.code).toMatch(/^(session_ended|token_expired)$/);
      app.clock.advance(-HOUR);
    });

    it('sees what the user sees, and changes nothing', async () => {
      const user = await logIn();
      const { client } = await acting(user, await anotherAdmin());
      expect((await client.get('/auth/sessions')).status).toBe(200);
      expect((await client.get('/example/protected')).status).toBe(200);
      const { password } = user;
      const refused = [
        await client.post('/auth/password/change', {
          currentPassword: password,
          newPassword: 'nine quiet otters swim',
        }),
        await client.post('/auth/email/change', { email: 'mallory@example.com', password }),
        await client.post('/auth/step-up', { password }),
        await client.post('/auth/logout-all', {}),
        await client.request('PATCH', '/auth/me', { name: 'Mallory' }),
        await client.request('DELETE', '/auth/me', {}),
        await client.delete(`/auth/sessions/${user.sessionId}`),
        await client.get('/admin/users'),
        await impersonateWith(client, NOBODY),
      ];
      expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [403, 'forbidden']));
      // Not by a role that the user is given meanwhile either.
      await put(admin, `/admin/users/${user.userId}/roles`, { roles: ['admin'] });
      expect((await client.get('/admin/users')).status).toBeGreaterThanOrEqual(401);
      expect((await client.get('/auth/me')).status).toBe(401);
    });

    it('ends it by a logout, which leaves the user’s own sessions alone', async () => {
      const user = await logIn();
      const { client } = await acting(user, await anotherAdmin());
      expect((await client.post('/auth/logout')).status).toBe(204);
      expect((await client.get('/auth/me')).body.code).toBe('session_ended');
      expect(await codeOf(user)).toBe(200);
    });

    it.each([
      ['the role', (actingAdmin: TestUser) => put(admin, `/admin/users/${actingAdmin.userId}/roles`, { roles: [] })],
      ['the right to log in', (actingAdmin: TestUser) => admin.post(`/admin/users/${actingAdmin.userId}/ban`, {})],
      ['all sessions', (actingAdmin: TestUser) => admin.post(`/admin/users/${actingAdmin.userId}/logout`)],
    ])('is out in the next request after losing %s', async (_what, lose) => {
      const actingAdmin = await anotherAdmin();
      const { client } = await acting(await logIn(), actingAdmin);
      expect((await client.get('/auth/me')).status).toBe(200);
      expect((await client.get('/auth/me')).status).toBe(200);
      expect((await lose(actingAdmin)).status).toBeLessThan(300);
      expect((await client.get('/auth/me')).body.code).toBe('session_ended');
    });

    it('is never an admin, nor a banned user, nor a missing one', async () => {
      const [other, banned] = [await anotherAdmin(), await logIn()];
      await app.app.get(UserStore, { strict: false }).update(banned.userId, { bannedAt: app.clock.now() });
      const actingAdmin = await anotherAdmin();
      const codes = [other.userId, actingAdmin.userId, banned.userId, NOBODY].map(
        async (id) => (await impersonate(id, actingAdmin)).body.code,
      );
      expect(await Promise.all(codes)).toEqual(['forbidden', 'forbidden', 'conflict', 'not_found']);
    });
  });

  async function refreshed(user: TestUser): Promise<TestUser> {
    const { body } = await app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
    return Object.assign(app.client({ authorization: `Bearer ${body.accessToken}` }), user, {
      defaults: { authorization: `Bearer ${body.accessToken}` },
    });
  }
  const impersonateWith = (client: { post: TestUser['post'] }, id: string) =>
    client.post(`/admin/users/${id}/impersonate`, {});
});

overStores((sessionStore) => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ sessionStore });
    admin = await app.logIn({ changes: { roles: ['admin'] }, transport: 'body' });
  });
  afterAll(() => app.close());

  const logIn = () => app.logIn({ transport: 'body' });

  describe('an admin', () => {
    it('sees and ends sessions: one, or all of a user', async () => {
      const phone = await logIn();
      const laptop = await app.logInAgain({ ...phone, transport: 'body' });
      const { body } = await admin.get(`/admin/users/${phone.userId}/sessions`);
      const ids = body.sessions.map(({ id }: { id: string }) => id).sort();
      expect(ids).toEqual([phone.sessionId, laptop.sessionId].sort());
      expect((await admin.delete(`/admin/sessions/${phone.sessionId}`)).status).toBe(204);
      expect((await admin.delete(`/admin/sessions/${phone.sessionId}`)).body.code).toBe('not_found');
      expect([await codeOf(phone), await codeOf(laptop)]).toEqual(['session_ended', 200]);
      expect((await admin.post(`/admin/users/${phone.userId}/logout`)).status).toBe(204);
      expect(await codeOf(laptop)).toBe('session_ended');
      const events = await eventsOf(app, phone.userId, 'session.revoked');
      const event = events.find(({ sessionId }) => sessionId === phone.sessionId);
      expect(event).toMatchObject({ actorId: admin.userId, sessionId: phone.sessionId });
    });

    it('pages through all live sessions, each once, whatever is started meanwhile', async () => {
      const users = [await logIn(), await logIn(), await logIn()];
      const second = await app.logInAgain({ ...users[0]!, transport: 'body' });
      const seen: string[] = [];
      let path: string | null = '/admin/sessions?limit=1';
      while (path !== null) {
        const { status, body } = await admin.get(path);
        expect([status, body.sessions.length]).toEqual([200, 1]);
        seen.push(body.sessions[0].id);
        if (seen.length === 2) await logIn();
        path = body.nextCursor && `/admin/sessions?limit=1&cursor=${body.nextCursor}`;
      }
      expect(new Set(seen).size).toBe(seen.length);
      for (const { sessionId } of [...users, second, admin]) expect(seen).toContain(sessionId);
    });
  });
});
