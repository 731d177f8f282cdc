import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Machines } from '../lab/races/machines.js';

const STALE_SECONDS = 601;
const NEVER_SEEN = '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f';

let app: AuthTestApp;
const patch = (by: TestUser, id: string, body: object) => by.request('PATCH', `/admin/users/${id}`, body);
const put = (by: TestUser, id: string, roles: string[]) => by.request('PUT', `/admin/users/${id}/roles`, { roles });
const record = (id: string) => app.app.get(UserStore, { strict: false }).find(id);

describe('the powers of admins over credentials, addresses and roles ask for a fresh proof', () => {
  let machines: Machines;
  beforeAll(async () => {
    machines = await Machines.make();
    app = await bootWithMadeUsers({ authStrategies: ['session', 'jwt', 'api-key', 'mtls'], ...machines.trusted });
  });
  afterAll(async () => {
    await app.close();
    machines.remove();
  });

  const users = async () =>
    (await app.app.get<DataSource>(AUTH_DATA_SOURCE).query('SELECT count(*) FROM coatcheck.users'))[0].count as string;

  const orders: [string, (by: TestUser, id: string) => Promise<{ status: number; body: { code?: string } }>][] = [
    ['another address', (by, id) => patch(by, id, { email: 'other@example.com' })],
    ['a verified address', (by, id) => patch(by, id, { emailVerified: true })],
    ['an unverified address', (by, id) => patch(by, id, { emailVerified: false })],
    ['roles', (by, id) => put(by, id, ['editor'])],
    ['a link to a new password', (by, id) => by.post(`/admin/users/${id}/password-reset`)],
    ['no second factors', (by, id) => by.post(`/admin/users/${id}/factor-reset`)],
    ['a user with roles', (by) => by.post('/admin/users', { email: 'new@example.com', roles: ['admin'] })],
    ['imported roles', (by) => by.post('/admin/import', { users: [{ email: 'new@example.com', roles: ['admin'] }] })],
    [
      'a name in certificates',
      (by, id) =>
        by.post(`/admin/users/${id}/certificate-names`, {
          anchor: 'default',
          kind: 'dns',
          value: 'orders.example',
          scopes: [],
        }),
    ],
  ];

  it.each(orders)('%s', async (_what, order) => {
    const by = await app.logIn({ changes: { roles: ['admin'] } });
    const user = await app.logIn();
    const before = await record(user.userId);
    const known = await users();
    app.clock.advance(STALE_SECONDS);
    const refused = await order(by, user.userId);
    expect(refused).toMatchObject({
      status: 403,
      body: { code: 'step_up_required', stepUp: { maxAgeSeconds: 600, amr: [] } },
    });
    expect(await record(user.userId)).toEqual(before);
    expect(await users()).toBe(known);
    expect((await by.post('/auth/step-up', { password: by.password })).status).toBe(200);
    expect((await order(by, user.userId)).status).not.toBe(403);
  });

  it('of the second factor, if the admin has one', async () => {
    const by = await app.logIn({ changes: { roles: ['admin'] } });
    const user = await app.logIn();
    await app.app
      .get<DataSource>(AUTH_DATA_SOURCE)
      .query('INSERT INTO coatcheck.enrolments (user_id, factor, enrolled_at) VALUES ($1, $2, $3)', [
        by.userId,
        'totp',
        app.clock.now(),
      ]);
    const refused = await patch(by, user.userId, { email: 'other@example.com' });
    expect(refused.body).toMatchObject({ code: 'step_up_required', stepUp: { amr: ['mfa'] } });
  });

  it.each([
    ['a ban', (by: TestUser, id: string) => by.post(`/admin/users/${id}/ban`, {})],
    ['a deletion', (by: TestUser, id: string) => by.request('DELETE', `/admin/users/${id}`)],
  ])('%s of another admin', async (_what, order) => {
    const by = await app.logIn({ changes: { roles: ['admin'] } });
    const other = await app.logIn({ changes: { roles: ['admin'] } });
    const before = await record(other.userId);
    app.clock.advance(STALE_SECONDS);
    const refused = await order(by, other.userId);
    expect(refused).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
    expect(await record(other.userId)).toEqual(before);
    expect((await other.get('/auth/me')).status).toBe(200);
    expect((await order(by, NEVER_SEEN)).status).toBe(404);
    expect((await by.post('/auth/step-up', { password: by.password })).status).toBe(200);
    expect((await order(by, other.userId)).status).toBe(204);
  });

  it('and nothing else does: names, bans, logouts', async () => {
    const by = await app.logIn({ changes: { roles: ['admin'] } });
    const user = await app.logIn();
    app.clock.advance(STALE_SECONDS);
    expect((await patch(by, user.userId, { name: 'Ada' })).status).toBe(200);
    expect((await by.post(`/admin/users/${user.userId}/logout`)).status).toBe(204);
    expect((await by.post(`/admin/users/${user.userId}/ban`, {})).status).toBe(204);
    expect((await by.request('DELETE', `/admin/users/${user.userId}`)).status).toBe(204);
  });
});

describe('the powers of admins', () => {
  beforeEach(async () => {
    app = await bootWithMadeUsers();
  });
  afterEach(() => app.close());

  const admin = (email: string) => app.logIn({ email, changes: { roles: ['admin'] } });
  const texts = async (to: string) => (await app.mails(to)).map(({ subject, text }) => `${subject}\n${text}`);
  const subjects = async (to: string) => (await app.mails(to)).map(({ subject }) => subject);
  const events = (type: string): Promise<{ details: Record<string, unknown> }[]> =>
    app.app
      .get<DataSource>(AUTH_DATA_SOURCE)
      .query('SELECT details FROM coatcheck.audit_events WHERE type = $1', [type]);

  describe('over addresses', () => {
    it('tell both mailboxes, and the old one can take the change back', async () => {
      const by = await admin('root@example.com');
      const user = await app.logIn({ email: 'old@example.com' });
      expect((await patch(by, user.userId, { email: 'new@example.com', emailVerified: true })).status).toBe(200);
      expect((await subjects('new@example.com'))[0]).toBe('An admin changed your account');
      expect((await subjects('old@example.com'))[0]).toBe('Your e-mail address was changed');
      const token = await app.mailedToken('old@example.com');
      expect((await app.client().post('/auth/email/change/undo', { token })).status).toBe(204);
      expect(await record(user.userId)).toMatchObject({ email: 'old@example.com' });
      const { email, password } = user;
      expect((await app.client().post('/auth/login', { email, password })).status).toBe(401);
    });

    it('tell a former mailbox too that can still take an earlier change back', async () => {
      const by = await admin('root@example.com');
      const user = await app.logIn({ email: 'first@example.com' });
      await user.post('/auth/email/change', { email: 'second@example.com', password: user.password });
      const token = await app.mailedToken('second@example.com');
      expect((await app.client().post('/auth/email/change/confirm', { token })).status).toBe(204);
      await patch(by, user.userId, { email: 'third@example.com' });
      expect((await subjects('first@example.com'))[0]).toBe('An admin changed your account');
      expect((await subjects('second@example.com'))[0]).toBe('Your e-mail address was changed');
    });

    it('give no way back, nor the new address, to an unproven mailbox', async () => {
      const by = await admin('root@example.com');
      const { id } = (await by.post('/admin/users', { email: 'mistyped@example.com' })).body;
      await patch(by, id, { email: 'right@example.com' });
      const told = await texts('mistyped@example.com');
      expect(told[0]).toContain('An admin changed your account');
      expect(told.join()).not.toContain('right@example.com');
      expect(told.join()).not.toContain('/auth/email/change/undo');
    });

    it('end the sessions of a user who is set to unverified, and tell them', async () => {
      const by = await admin('root@example.com');
      const user = await app.logIn();
      expect((await patch(by, user.userId, { emailVerified: false })).status).toBe(200);
      expect((await user.get('/auth/me')).status).toBe(401);
      expect((await subjects(user.email))[0]).toBe('An admin changed your account');
    });

    it('end nothing and send no mail when nothing changes', async () => {
      const by = await admin('root@example.com');
      const user = await app.logIn();
      const before = await subjects(user.email);
      expect((await patch(by, user.userId, { email: user.email, emailVerified: true })).status).toBe(200);
      expect((await user.get('/auth/me')).status).toBe(200);
      expect(await subjects(user.email)).toEqual(before);
    });
  });

  it('over roles tell the user', async () => {
    const by = await admin('root@example.com');
    const user = await app.logIn();
    expect((await put(by, user.userId, ['editor'])).status).toBe(200);
    expect((await subjects(user.email))[0]).toBe('An admin changed your account');
    const told = await subjects(user.email);
    await put(by, user.userId, ['editor']);
    expect(await subjects(user.email)).toEqual(told);
  });

  describe('over another admin', () => {
    let by: TestUser;
    let other: TestUser;
    let third: TestUser;
    beforeEach(async () => {
      [by, other, third] = [
        await admin('root@example.com'),
        await admin('ada@example.com'),
        await admin('eve@example.com'),
      ];
      await app.mails();
    });

    const alerted = async (what: string) => {
      for (const reader of [by, third]) {
        const [text] = await texts(reader.email);
        expect(text).toContain('An admin’s account was changed');
        expect(text).toContain(`root@example.com ${what} ada@example.com`);
      }
    };

    it('do not extend to the address: neither is it changed, nor does an admin log in as them', async () => {
      const before = await record(other.userId);
      const refused = await patch(by, other.userId, { email: 'thief@example.com', emailVerified: true });
      expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(await record(other.userId)).toEqual(before);
      expect((await other.get('/auth/me')).status).toBe(200);
    });

    it('take the role away first, which its mailboxes and all admins are told', async () => {
      expect((await put(by, other.userId, [])).status).toBe(200);
      await alerted('changed the roles of');
      expect((await subjects(other.email))[0]).toBe('An admin changed your account');
      expect((await patch(by, other.userId, { email: 'thief@example.com', emailVerified: true })).status).toBe(200);
      expect((await subjects(other.email))[0]).toBe('Your e-mail address was changed');
      expect((await put(by, other.userId, ['admin'])).status).toBe(200);
      expect((await subjects(other.email))[0]).toBe('An admin changed your account');
      expect((await texts(third.email))[0]).toContain('root@example.com changed the roles of thief@example.com');
    });

    it('tell its mailboxes and all admins of a link to a new password, and mark it in the audit', async () => {
      expect((await by.post(`/admin/users/${other.userId}/password-reset`)).status).toBe(202);
      await alerted('sent a password reset link to');
      expect(await subjects(other.email)).toEqual(
        expect.arrayContaining(['An admin changed your account', 'Reset your password']),
      );
      expect((await events('password.reset_requested'))[0]?.details).toMatchObject({ ofAdmin: true });
    });

    it('tell of removed second factors, and mark it in the audit', async () => {
      expect((await by.post(`/admin/users/${other.userId}/factor-reset`)).status).toBe(204);
      await alerted('removed the second factors of');
      expect((await subjects(other.email))[0]).toBe('A way to sign in has changed');
      expect((await events('factor.reset'))[0]?.details).toMatchObject({ ofAdmin: true });
    });

    it('tell of an address set to unverified, of a ban and of a deletion', async () => {
      expect((await patch(by, other.userId, { emailVerified: false })).status).toBe(200);
      await alerted('marked the e-mail address of');
      expect((await by.post(`/admin/users/${other.userId}/ban`, {})).status).toBe(204);
      await alerted('banned');
      expect((await by.request('DELETE', `/admin/users/${other.userId}`)).status).toBe(204);
      await alerted('deleted');
    });

    it('tell all admins of a new one, however it is made', async () => {
      await by.post('/admin/users', { email: 'made@example.com', roles: ['admin'] });
      expect((await texts(third.email))[0]).toContain('root@example.com made made@example.com an admin');
      await by.post('/admin/import', { users: [{ email: 'brought@example.com', roles: ['admin'] }] });
      expect((await texts(third.email))[0]).toContain('root@example.com made brought@example.com an admin');
      const user = await app.logIn({ email: 'raised@example.com' });
      await put(by, user.userId, ['admin']);
      expect((await texts(third.email))[0]).toContain('root@example.com changed the roles of raised@example.com');
    });

    it('are not reached by acting as them', async () => {
      expect((await by.post(`/admin/users/${other.userId}/impersonate`, {})).body.code).toBe('forbidden');
    });
  });

  describe('over oneself', () => {
    it('leave the own address alone, which has a route that asks for the password', async () => {
      const by = await admin('root@example.com');
      await admin('ada@example.com');
      const before = await record(by.userId);
      for (const params of [{ email: 'mistyped@example.com' }, { email: 'x@example.com', emailVerified: true }])
        expect((await patch(by, by.userId, params)).body.code).toBe('conflict');
      expect((await patch(by, by.userId, { emailVerified: false })).body.code).toBe('conflict');
      expect(await record(by.userId)).toEqual(before);
      expect((await patch(by, by.userId, { name: 'Root' })).status).toBe(200);
    });
  });

  it('refuse no more than before where there is no such user', async () => {
    const by = await admin('root@example.com');
    expect((await patch(by, NEVER_SEEN, { email: 'x@example.com' })).status).toBe(404);
  });
});

describe('the last admin who can log in', () => {
  let last: TestUser;
  let shut: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers();
    last = await app.logIn({ email: 'root@example.com', changes: { roles: ['admin'] } });
    shut = await app.logIn({ email: 'shut@example.com', changes: { roles: ['admin'] } });
    await last.request('PATCH', `/admin/users/${shut.userId}`, { emailVerified: false });
  });
  afterAll(() => app.close());

  const ways: [string, () => Promise<{ status: number; body: { code: string } }>][] = [
    ['its role', () => last.request('PUT', `/admin/users/${last.userId}/roles`, { roles: [] })],
    ['its address', () => last.request('PATCH', `/admin/users/${last.userId}`, { email: 'mistyped@example.com' })],
    ['the proof of its address', () => last.request('PATCH', `/admin/users/${last.userId}`, { emailVerified: false })],
    ['its account', () => last.request('DELETE', '/auth/me', { password: last.password })],
    ['its account by its own order', () => last.request('DELETE', `/admin/users/${last.userId}`)],
    ['its standing', () => last.post(`/admin/users/${last.userId}/ban`, {})],
  ];

  it.each(ways)(
    'does not lose %s, though another has the role and an address that is not verified',
    async (_, lose) => {
      expect(await lose()).toMatchObject({ status: 409, body: { code: 'conflict' } });
      expect((await last.get('/admin/users')).status).toBe(200);
    },
  );

  it('takes away the role of the one who cannot log in', async () => {
    expect((await last.request('PUT', `/admin/users/${shut.userId}/roles`, { roles: [] })).status).toBe(200);
  });
});
