import type { AuthTestApp, TestClient, TestReply, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { expected, freshAddress, SCOPE } from './holder.js';

const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

describe('acting as a user, within that', () => {
  let app: AuthTestApp;
  let boss: TestUser;
  let ada: TestUser;
  let acting: TestClient;
  beforeAll(async () => {
    app = await bootWithMadeUsers({
      authStrategies: ['session', 'api-key'],
      apiKeyScopes: [SCOPE],
      apiKeyFreshSeconds: 3600,
    });
  });
  beforeEach(async () => {
    [boss, ada] = [await app.logIn({ changes: { roles: ['admin'] } }), await app.logIn()];
    acting = await actingAs(boss, ada);
  });
  afterAll(() => app.close());

  const actingAs = async (admin: TestUser, user: TestUser) => {
    const copy = admin.copyInto(app.client());
    await expected(200, copy.post(`/admin/users/${user.userId}/impersonate`, {}));
    expect((await copy.get('/auth/me')).body.user.id).toBe(user.userId);
    return copy;
  };

  it('is refused, as is everything of an admin', async () => {
    const other = await app.logIn();
    expect(told(await acting.post(`/admin/users/${other.userId}/impersonate`, {}))).toBe('403 forbidden');
    expect(told(await acting.post('/admin/revoke-all', {}))).toBe('403 forbidden');
    expect(told(await acting.post('/admin/invitations', { email: freshAddress() }))).toBe('403 forbidden');
  });

  it.each([
    ['the user becomes an admin, before anything of an admin is done by it', () => ada, ['admin'], []],
    ['the admin is none any more', () => boss, [], ['admin']],
  ])('is over when %s, also when that is taken back', async (_when, whose, roles, former) => {
    const [other, chief] = [await app.logIn(), await app.logIn({ changes: { roles: ['admin'] } })];
    const { userId } = whose();
    await expected(200, chief.put(`/admin/users/${userId}/roles`, { roles }));
    expect(told(await acting.post(`/admin/users/${other.userId}/impersonate`, {}))).toBe('401 session_ended');
    await expected(200, chief.put(`/admin/users/${userId}/roles`, { roles: former }));
    expect(told(await acting.get('/auth/me'))).toMatch(/^401/);
  });

  it('leaves no key, no pending address, no password, and cannot prove itself anew', async () => {
    const asked = [
      acting.post('/auth/api-keys', { name: 'a key', scopes: [SCOPE] }),
      acting.post('/auth/email/change', { email: freshAddress(), password: ada.password }),
      acting.post('/auth/password/change', { currentPassword: ada.password, newPassword: 'nine quiet walruses' }),
      acting.post('/auth/step-up', { factor: 'password', password: ada.password }),
    ];
    expect((await Promise.all(asked)).map(told)).toEqual(Array(4).fill('403 forbidden'));
  });

  it('stands for no user beside the admin’s own cookie', async () => {
    const cookie = `${boss.headers.cookie}; ${acting.headers.cookie}`;
    expect((await app.client({ cookie }).get('/auth/me')).status).toBe(401);
  });
});

describe('what an admin has made', () => {
  let app: AuthTestApp;
  let boss: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers({
      authStrategies: ['session', 'api-key'],
      apiKeyScopes: [SCOPE],
      apiKeyFreshSeconds: 3600,
    });
    boss = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const machineOf = async (admin: TestUser) => {
    const { id } = await expected(201, admin.post('/admin/users', { kind: 'service', name: 'nightly import' }));
    const order = { name: 'a key', scopes: [SCOPE] };
    const { apiKey } = await expected(201, admin.post(`/admin/users/${id}/api-keys`, order));
    return { id, read: () => app.client({ 'x-api-key': apiKey }).get('/example/scoped') };
  };

  it.each([
    ['banned', 'POST', '/ban', 204],
    ['deleted', 'DELETE', '', 204],
    ['no admin any more', 'PUT', '/roles', 200],
  ])(
    'goes on when that admin is %s: a machine belongs to no admin; the audit names who created it',
    async (_w, method, path, is) => {
      const maker = await app.logIn({ changes: { roles: ['admin'] } });
      const { id, read } = await machineOf(maker);
      expect(told(await read())).toBe(200);
      const body = path === '/roles' ? { roles: [] } : path === '/ban' ? {} : undefined;
      await expected(is, boss.request(method, `/admin/users/${maker.userId}${path}`, body));
      expect(told(await read())).toBe(200);
      const { events } = await expected(200, boss.get(`/admin/audit?userId=${id}`));
      expect(events.map(({ actorId }: { actorId: string }) => actorId)).toContain(maker.userId);
      await expected(204, boss.delete(`/admin/users/${id}`));
      expect(told(await read())).toMatch(/^401/);
    },
  );

  it('an own key of that admin is refused with its owner’s ban', async () => {
    const maker = await app.logIn({ changes: { roles: ['admin'] } });
    const { apiKey } = await expected(201, maker.post('/auth/api-keys', { name: 'a key', scopes: [SCOPE] }));
    const read = () => app.client({ 'x-api-key': apiKey }).get('/example/scoped');
    expect(told(await read())).toBe(200);
    await expected(204, boss.post(`/admin/users/${maker.userId}/ban`, {}));
    expect(told(await read())).toMatch(/^40[13]/);
  });
});
