import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from './made-users.js';

const NOBODY = '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f';

describe('managed users', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  let user: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers();
    admin = await app.logIn({ email: 'root@example.com', changes: { roles: ['admin'] } });
    user = await app.logIn({ email: 'plain@example.com' });
  });
  afterAll(() => app.close());

  const list = async (query: string) => (await admin.get(`/admin/users?${query}`)).body;
  const emails = (body: { users: { email: string }[] }) => body.users.map(({ email }) => email).sort();
  const make = (body: object) => admin.post('/admin/users', body);

  it('are made with a password, verified or not, and log in by it', async () => {
    const password = 'nine quiet otters swim';
    const made = await make({
      email: 'Ada@Example.com',
      password,
      name: 'Ada King',
      roles: ['editor'],
      emailVerified: true,
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      email: 'ada@example.com',
      roles: ['editor'],
      status: 'active',
      emailVerified: true,
    });
    expect((await app.client().post('/auth/login', { email: 'ada@example.com', password })).status).toBe(200);
    expect((await make({ email: 'ADA@example.com', password })).body.code).toBe('conflict');
    expect((await make({ email: 'weak@example.com', password: 'password1' })).body.code).toBe('validation_failed');
    expect((await make({ email: 'x@example.com', roles: ['no role'] })).body.code).toBe('validation_failed');
    expect((await make({ email: 'x@example.com', revision: 7 })).body.code).toBe('validation_failed');
  });

  it('are invited without one: the mailed link sets it, and proves the address', async () => {
    const email = 'invited@example.com';
    const made = await make({ email });
    expect([made.status, made.body.status]).toEqual([201, 'unverified']);
    const token = await app.mailedToken(email);
    const password = 'eleven loud herons fly';
    expect((await app.client().post('/auth/password/reset', { token, password })).status).toBe(204);
    expect((await app.client().post('/auth/login', { email, password })).status).toBe(200);
  });

  it('are found by any part of the address or the name, whatever the case, and by standing', async () => {
    await make({ email: 'grace@example.com', name: 'Grace Hopper', emailVerified: true });
    const gone = (await make({ email: 'gregor@example.com', name: '100%_sure', emailVerified: true })).body;
    await admin.post(`/admin/users/${gone.id}/ban`, {});
    expect(emails(await list('search=GR'))).toEqual(['grace@example.com', 'gregor@example.com']);
    expect(emails(await list('search=grace+h'))).toEqual(['grace@example.com']);
    expect(emails(await list('search=100%25_'))).toEqual(['gregor@example.com']);
    expect(emails(await list('search=ce+hop'))).toEqual(['grace@example.com']);
    expect(emails(await list('search=EGOR%40EXAMPLE.com'))).toEqual(['gregor@example.com']);
    expect(emails(await list('search=0%25_'))).toEqual(['gregor@example.com']);
    expect(emails(await list('search=ce%25hop'))).toEqual([]);
    expect(emails(await list('search=gr&status=banned'))).toEqual(['gregor@example.com']);
    expect(emails(await list('search=gr&status=active'))).toEqual(['grace@example.com']);
    await make({ email: 'gruff@example.com' });
    expect(emails(await list('search=gr&status=unverified'))).toEqual(['gruff@example.com']);
  });

  it('are found by one or two letters in any part of the address or the name', async () => {
    await make({ email: 'kiwi@example.com', name: 'Wu Quist' });
    await make({ email: '_mark@example.com', name: "O'Hara-Świt" });
    const found = async (search: string) => emails(await list(`search=${encodeURIComponent(search)}`));
    expect(await found('IW')).toEqual(['kiwi@example.com']);
    expect(await found('u')).toContain('kiwi@example.com');
    expect(await found('qu')).toEqual(['kiwi@example.com']);
    expect(await found("o'")).toEqual(['_mark@example.com']);
    expect(await found('a-')).toEqual(['_mark@example.com']);
    expect(await found('_m')).toEqual(['_mark@example.com']);
    expect(await found('\\')).toEqual([]);
    expect(emails(await list('search=iw&status=unverified'))).toEqual(['kiwi@example.com']);
    expect(emails(await list('search=iw&status=banned'))).toEqual([]);
  });

  it('are paged, each once, though others are made meanwhile', async () => {
    const before: string[] = emails(await list('limit=100'));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { users: { email: string }[]; nextCursor: string | null } = await list(
        `limit=2${cursor && `&cursor=${cursor}`}`,
      );
      expect(page.users.length).toBeLessThanOrEqual(2);
      seen.push(...emails(page));
      cursor = page.nextCursor;
      app.clock.advance(1);
      await make({ email: `meanwhile-${seen.length}@example.com` });
    }
    expect(seen.sort()).toEqual(before);
  });

  it('are changed in name, address and verification', async () => {
    const { id } = (await make({ email: 'first@example.com' })).body;
    const change = (body: object) => admin.request('PATCH', `/admin/users/${id}`, body);
    expect((await change({ name: 'Joan', emailVerified: true })).body).toMatchObject({
      name: 'Joan',
      status: 'active',
    });
    expect((await change({ email: 'second@example.com' })).body).toMatchObject({
      email: 'second@example.com',
      name: 'Joan',
      emailVerified: false,
    });
    expect((await change({ email: 'root@example.com' })).body.code).toBe('conflict');
    expect((await change({ roles: ['admin'] })).body.code).toBe('validation_failed');
    expect((await change({ name: null })).body.name).toBe(null);
  });

  it('are mailed a link to reset the password', async () => {
    expect((await admin.post(`/admin/users/${user.userId}/password-reset`)).status).toBe(202);
    const [mail] = await app.mails(user.email);
    expect(mail!.text).toContain('/auth/password/reset?token=');
  });

  it('are unlocked, and shown as locked until then', async () => {
    const { email, password } = await app.register({ email: 'forgetful@example.com' });
    const tryWith = (word: string) => app.client().post('/auth/login', { email, password: word });
    for (let i = 0; i < 10; i += 1) {
      await tryWith('wrong');
      app.clock.advance(301);
    }
    await app.mails(email);
    expect((await tryWith(password)).status).toBe(401);
    expect(emails(await list('status=locked'))).toEqual([email]);
    expect(emails(await list('search=forget&status=active'))).toEqual([]);
    const [{ id, status }] = (await list('search=forget')).users;
    expect(status).toBe('locked');
    expect((await admin.post(`/admin/users/${id}/unlock`)).status).toBe(204);
    expect((await list('status=locked')).users).toEqual([]);
    expect((await tryWith(password)).status).toBe(200);
    await admin.post('/auth/step-up', { password: admin.password });
  });

  const routes = [
    ['GET', '/admin/users'],
    ['POST', '/admin/users', { email: 'x@example.com' }],
    ['GET', `/admin/users/${NOBODY}`],
    ['PATCH', `/admin/users/${NOBODY}`, {}],
    ['DELETE', `/admin/users/${NOBODY}`],
    ['POST', `/admin/users/${NOBODY}/ban`, {}],
    ['POST', `/admin/users/${NOBODY}/unban`],
    ['POST', `/admin/users/${NOBODY}/unlock`],
    ['POST', `/admin/users/${NOBODY}/logout`],
    ['POST', `/admin/users/${NOBODY}/password-reset`],
    ['PUT', `/admin/users/${NOBODY}/roles`, { roles: [] }],
    ['POST', `/admin/users/${NOBODY}/impersonate`, {}],
    ['GET', `/admin/users/${NOBODY}/sessions`],
    ['GET', '/admin/sessions'],
    ['DELETE', `/admin/sessions/${NOBODY}`],
    ['GET', '/admin/audit'],
    ['POST', '/admin/keys/rotate'],
    ['POST', '/admin/revoke-all'],
  ] as const;

  it.each(routes.map(([method, path, body]) => [method, path, body ?? undefined] as const))(
    'are closed to who is none: %s %s',
    async (method, path, body) => {
      const refused = await user.request(method, path, body);
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
      const anonymous = await app.client().request(method, path, body);
      expect([anonymous.status, anonymous.body.code]).toEqual([401, 'unauthenticated']);
      if (!path.includes(NOBODY)) return;
      const missing = await admin.request(method, path, body);
      expect([missing.status, missing.body.code]).toEqual([404, 'not_found']);
    },
  );

  it.each([
    'users?limit=0',
    'users?limit=101',
    'users?limit=1e1',
    'users?limit=-1',
    'users?status=gone',
    'users?status=active&status=banned',
    'users?cursor=x',
    'users?cursor=%27%20OR%201=1',
    'users?cursor=AAAAAAAAAAAAAAAAAAAAAAAA',
    'users?sort=password',
    'users?search=%00',
    'users/x',
    'users/..%2faudit',
    'users/x/sessions',
    'sessions?cursor=AAAAAAAAAAAAAAAAAAAAAA',
    'audit?userId=x',
    'audit?from=yesterday',
    'audit?from=2026-13-45T00:00:00Z',
    'audit?from=2026-W12',
    'audit?type=X',
    'audit?limit=5&limit=6',
  ])('are asked for properly: not by %s', async (query) => {
    const { status, body } = await admin.get(`/admin/${query}`);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
  });

  it.each([
    { untilAt: '2000-01-01T00:00:00Z' },
    { untilAt: 'soon' },
    { untilAt: '2099-02-30T00:00:00Z' },
    { untilAt: null },
    { reason: 5 },
    { reason: 'x\0' },
  ])('are not banned by %j', async (ban) => {
    const { status, body } = await admin.post(`/admin/users/${user.userId}/ban`, ban);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
  });

  describe('and what happened to them', () => {
    it('is told by user, type and time, in pages, the newest first', async () => {
      const from = app.clock.now().toISOString();
      app.clock.advance(1);
      for (const roles of [['a'], ['b'], ['c']]) {
        await admin.request('PUT', `/admin/users/${user.userId}/roles`, { roles });
        app.clock.advance(1);
      }
      const query = `userId=${user.userId}&type=user.roles_changed&from=${from}`;
      const roles = ({ events }: { events: { details: { roles: string[] } }[] }) =>
        events.flatMap(({ details }) => details.roles);
      const first = (await admin.get(`/admin/audit?${query}&limit=2`)).body;
      expect(roles(first)).toEqual(['c', 'b']);
      const second = (await admin.get(`/admin/audit?${query}&limit=2&cursor=${first.nextCursor}`)).body;
      expect([roles(second), second.nextCursor]).toEqual([['a'], null]);
      expect((await admin.get(`/admin/audit?${query}&to=${from}`)).body.events).toEqual([]);
    });

    it('is exported whole as JSON lines', async () => {
      const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
      await dataSource.query(`INSERT INTO coatcheck.audit_events (id, at, type, details)
        SELECT gen_random_uuid(), now(), 'old.event', '{}' FROM generate_series(1, 1203)`);
      const reply = await admin.get('/admin/audit?type=old.event', { accept: 'application/x-ndjson' });
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
      const lines = reply.text.trimEnd().split('\n');
      expect(new Set(lines.map((line) => JSON.parse(line).id)).size).toBe(1203);
      const refused = await user.get('/admin/audit', { accept: 'application/x-ndjson' });
      expect(refused.body.code).toBe('forbidden');
    });
  });
});
