import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootService } from './combinations.js';

describe('service users', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootService();
    admin = await app.logIn({ email: 'root@example.com', changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const make = (body: object) => admin.post('/admin/users', { kind: 'service', ...body });

  it('are made by admins with a name and roles, and have neither address nor password', async () => {
    const made = await make({ name: 'orders', roles: ['clerk'] });
    expect(made.status).toBe(201);
    const facts = { kind: 'service', email: null, emailVerified: false, name: 'orders', roles: ['clerk'] };
    expect(made.body).toMatchObject({ ...facts, status: 'active' });
    expect((await admin.get(`/admin/users/${made.body.id}`)).body).toEqual(made.body);
  });

  it.each([
    ['an address', { name: 'orders', email: 'orders@example.com' }, 'email'],
    ['a password', { name: 'orders', password: 'nine quiet otters swim' }, 'password'],
    ['a verified address', { name: 'orders', emailVerified: true }, 'emailVerified'],
    ['no name', {}, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['null for an address', { name: 'orders', email: null }, 'email'],
  ])('are refused with %s', async (_what, body, field) => {
    const { status, body: problem } = await make(body);
    expect([status, problem.code]).toEqual([400, 'validation_failed']);
    expect(problem.errors.map((error: { field: string }) => error.field)).toEqual([field]);
  });

  it('are a kind of their own: a person still needs an address, and no other kind exists', async () => {
    expect((await admin.post('/admin/users', { kind: 'person', name: 'Ada' })).body.code).toBe('validation_failed');
    expect((await admin.post('/admin/users', { name: 'Ada' })).body.code).toBe('validation_failed');
    expect((await make({ kind: 'robot', name: 'r2' })).body.code).toBe('validation_failed');
  });

  it('are listed apart from persons, and are never unverified', async () => {
    const { id } = (await make({ name: 'Nightly import' })).body;
    const idsOf = async (query: string) =>
      (await admin.get(`/admin/users?limit=100&${query}`)).body.users.map((user: { id: string }) => user.id);
    expect(await idsOf('kind=service')).toContain(id);
    expect(await idsOf('kind=service')).not.toContain(admin.userId);
    expect(await idsOf('kind=person')).not.toContain(id);
    expect(await idsOf('search=nightly')).toEqual([id]);
    expect(await idsOf('status=unverified')).not.toContain(id);
    expect(await idsOf('status=active')).toContain(id);
  });

  it('are renamed, given roles, banned and deleted like any other user', async () => {
    const { id } = (await make({ name: 'orders' })).body;
    const path = `/admin/users/${id}`;
    expect((await admin.request('PATCH', path, { name: 'invoices' })).body.name).toBe('invoices');
    expect((await admin.request('PUT', `${path}/roles`, { roles: ['clerk'] })).body.roles).toEqual(['clerk']);
    expect((await admin.post(`${path}/ban`, {})).status).toBe(204);
    expect((await admin.get(path)).body.status).toBe('banned');
    expect((await admin.post(`${path}/unban`)).status).toBe(204);
    expect((await admin.post(`${path}/unlock`)).status).toBe(204);
    expect((await admin.post(`${path}/logout`)).status).toBe(204);
    expect((await admin.delete(path)).status).toBe(204);
    expect((await admin.get(path)).status).toBe(404);
  });

  it('cannot be turned into a user who logs in', async () => {
    const { id } = (await make({ name: 'orders' })).body;
    const path = `/admin/users/${id}`;
    const amended = await admin.request('PATCH', path, { email: 'orders@example.com' });
    expect([amended.status, amended.body.code]).toEqual([400, 'validation_failed']);
    expect((await admin.request('PATCH', path, { emailVerified: true })).body.code).toBe('validation_failed');
    expect((await admin.request('PATCH', path, { name: null })).body.code).toBe('validation_failed');
    expect((await admin.post(`${path}/password-reset`)).body.code).toBe('conflict');
    expect((await admin.post(`${path}/impersonate`, {})).body.code).toBe('conflict');
    expect((await admin.get(path)).body).toMatchObject({ email: null, emailVerified: false, name: 'orders' });
    expect((await admin.get(`${path}/sessions`)).body.sessions).toEqual([]);
  });

  it('with the role admin are no admins: the last person with it keeps it', async () => {
    await make({ name: 'robot', roles: ['admin'] });
    const reply = await admin.request('PUT', `/admin/users/${admin.userId}/roles`, { roles: [] });
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict']);
  });

  it('leave a trace that names the admin', async () => {
    const { id } = (await make({ name: 'orders', roles: ['clerk'] })).body;
    const { events } = (await admin.get(`/admin/audit?userId=${id}`)).body;
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'user.created', userId: id, actorId: admin.userId });
  });
});
