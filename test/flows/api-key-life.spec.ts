import { DataSource } from 'typeorm';
import { ScopePolicy } from '../../src/access/scope-policy.js';
import { CleanupScheduler } from '../../src/cleanup/cleanup-scheduler.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthUser } from '../../src/kernel/auth-context.js';
import type { AuthTestApp, TestClient, TestReply, TestUser } from '../../src/testing/index.js';
import { protectedUser } from './authenticator-app.js';
import { bootWithMadeUsers } from './made-users.js';

const DAY = 86_400;

class ClerksScopes extends ScopePolicy {
  override mayHold(user: AuthUser, scope: string): boolean {
    if (scope === 'example:read') return !user.roles.includes('trainee');
    return scope !== 'orders:write' || user.roles.includes('clerk');
  }
}

describe('the life of a key', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    const options = { authStrategies: ['session', 'api-key'], apiKeysPerUser: 3, apiKeyUsageSeconds: 3600 };
    app = await bootWithMadeUsers(options, [{ provide: ScopePolicy, useClass: ClerksScopes }]);
    admin = await app.logIn({ email: 'root@example.com', changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const make = (user: TestClient, body: object = {}) =>
    user.post('/auth/api-keys', { name: 'export', scopes: ['example:read'], ...body });
  const by = (apiKey: string) => app.client({ 'x-api-key': apiKey });
  const outcome = ({ status, body }: TestReply) => [status, body?.code];
  const keysOf = async (user: TestClient) => (await user.get('/auth/api-keys')).body.apiKeys;
  const dataSource = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const eventsOf = async (userId: string) => {
    const { events } = (await admin.get(`/admin/audit?userId=${userId}&type=api_key.`)).body;
    return events as Record<string, unknown>[];
  };

  it('is made only shortly after a login, and again after a step-up', async () => {
    const user = await app.logIn();
    app.clock.advance(299);
    const { status, body } = await make(user);
    expect(status).toBe(201);
    app.clock.advance(1);
    for (const late of [await make(user), await user.post(`/auth/api-keys/${body.id}/rotate`, {})]) {
      expect(outcome(late)).toEqual([403, 'step_up_required']);
      expect(late.body.stepUp).toEqual({ maxAgeSeconds: 300, amr: [] });
    }
    expect((await user.get('/auth/api-keys')).status).toBe(200);
    await user.post('/auth/step-up', { password: user.password });
    expect((await make(user)).status).toBe(201);
    expect((await user.delete(`/auth/api-keys/${body.id}`)).status).toBe(204);
  });

  it('is made by a fresh second factor where its owner has one: a password and a stolen session are not enough', async () => {
    const ada = await protectedUser(app);
    const { id } = (await make(ada.user)).body;
    app.clock.advance(300);
    expect((await ada.user.post('/auth/step-up', { password: ada.password })).status).toBe(200);
    for (const weak of [await make(ada.user), await ada.user.post(`/auth/api-keys/${id}/rotate`, {})]) {
      expect(outcome(weak)).toEqual([403, 'step_up_required']);
      expect(weak.body.stepUp).toEqual({ maxAgeSeconds: 300, amr: ['mfa'] });
    }
    expect(await keysOf(ada.user)).toHaveLength(1);
    expect((await ada.user.post('/auth/step-up', { factor: 'totp', code: ada.code() })).status).toBe(200);
    expect((await make(ada.user)).status).toBe(201);
  });

  it.each([
    ['an owner', { userId: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' }],
    ['a limit', { rateLimit: 1_000_000 }],
    ['a quota', { quota: 1_000_000 }],
    ['roles', { roles: ['admin'] }],
    ['an expiry in the past', { expiresInSeconds: 0 }],
    ['an expiry of another type', { expiresInSeconds: '60' }],
    ['no scopes', { scopes: undefined }],
    ['scopes that are no list', { scopes: 'example:read' }],
    ['a scope with a blank', { scopes: ['a b'] }],
    ['a scope twice', { scopes: ['a', 'a'] }],
    ['no name', { name: '' }],
  ])('is refused with %s from the body (KEY-02)', async (_what, body) => {
    const user = await app.logIn();
    expect(outcome(await make(user, body))).toEqual([400, 'validation_failed']);
    expect(await keysOf(user)).toEqual([]);
  });

  it('is created only by a user who is logged in (KEY-02)', async () => {
    expect(outcome(await make(app.client()))).toEqual([401, 'unauthenticated']);
  });

  it('is no more than its owner is: a scope goes with the role that gave it (KEY-03)', async () => {
    const user = await app.logIn();
    expect(outcome(await make(user, { scopes: ['orders:write'] }))).toEqual([400, 'validation_failed']);
    await admin.post('/auth/step-up', { password: admin.password });
    await admin.request('PUT', `/admin/users/${user.userId}/roles`, { roles: ['clerk'] });
    expect((await make(user, { scopes: ['orders:write'] })).status).toBe(201);
    const { apiKey } = (await make(user)).body;
    expect((await by(apiKey).get('/example/scoped')).status).toBe(200);
    await admin.request('PUT', `/admin/users/${user.userId}/roles`, { roles: ['trainee'] });
    expect(outcome(await by(apiKey).get('/example/scoped'))).toEqual([403, 'forbidden']);
  });

  it('comes at most three times to a user, however many are asked for at once', async () => {
    const user = await app.logIn();
    const made = await Promise.all(Array.from({ length: 12 }, () => make(user)));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(made.filter(({ body }) => body.code === 'conflict')).toHaveLength(9);
    const [{ id }] = await keysOf(user);
    await user.delete(`/auth/api-keys/${id}`);
    expect((await make(user)).status).toBe(201);
  });

  it('comes at most twice as often by rotating, each for its overlap, however often', async () => {
    const user = await app.logIn();
    let { id } = (await make(user)).body;
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const { status, body } = await user.post(`/auth/api-keys/${id}/rotate`, {});
      statuses.push(status);
      id = body.id ?? id;
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 409]);
    expect(await keysOf(user)).toHaveLength(6);
  });

  it('has one winner when twenty rotate it at once', async () => {
    const user = await app.logIn();
    const { id } = (await make(user)).body;
    const rotations = await Promise.all(Array.from({ length: 20 }, () => user.post(`/auth/api-keys/${id}/rotate`, {})));
    expect(rotations.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(rotations.filter(({ body }) => body.code === 'conflict')).toHaveLength(19);
    expect(await keysOf(user)).toHaveLength(2);
  });

  it('has one winner when twenty revoke it at once, and no node accepts it after any answer', async () => {
    const user = await app.logIn();
    const { id, apiKey } = (await make(user)).body;
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { status } = await user.delete(`/auth/api-keys/${id}`);
        return [status, (await by(apiKey).get('/auth/me')).status];
      }),
    );
    expect(outcomes.filter(([status]) => status === 204)).toHaveLength(1);
    for (const [, after] of outcomes) expect(after).toBe(401);
  });

  it('cannot be seen, rotated or revoked by another user', async () => {
    const [user, other] = [await app.logIn(), await app.logIn()];
    const { id, apiKey } = (await make(user)).body;
    expect(outcome(await other.get(`/auth/api-keys/${id}/usage`))).toEqual([404, 'not_found']);
    expect(outcome(await other.post(`/auth/api-keys/${id}/rotate`, {}))).toEqual([404, 'not_found']);
    expect(outcome(await other.delete(`/auth/api-keys/${id}`))).toEqual([404, 'not_found']);
    expect(await keysOf(other)).toEqual([]);
    expect((await by(apiKey).get('/auth/me')).status).toBe(200);
  });

  it('tells when it was last used, and how often a day', async () => {
    const user = await app.logIn();
    const { id, apiKey } = (await make(user)).body;
    const first = app.clock.now().toISOString();
    for (let request = 0; request < 5; request += 1) await by(apiKey).get('/auth/me');
    expect((await keysOf(user))[0].lastUsedAt).toBe(first);
    app.clock.advance(DAY);
    await by(apiKey).get('/auth/me');
    const again = await app.logInAgain(user);
    const days = [
      { day: app.clock.now().toISOString().slice(0, 10), requests: 1, refused: 0 },
      { day: first.slice(0, 10), requests: 5, refused: 0 },
    ];
    expect((await again.get(`/auth/api-keys/${id}/usage`)).body).toEqual({ days });
    expect((await keysOf(again))[0].lastUsedAt).toBe(app.clock.now().toISOString());
    admin = await app.logInAgain(admin);
  });

  it('is told to its owner by mail, without the key', async () => {
    const user = await app.logIn();
    const { apiKey, prefix } = (await make(user)).body;
    const [mail] = await app.mails(user.email);
    expect(mail!.subject).toContain('key');
    expect(mail!.text).toContain(prefix);
    expect(mail!.text + mail!.html).not.toContain(apiKey.slice(prefix.length + 1));
  });

  it('leaves a trace of each change, without the key', async () => {
    const user = await app.logIn();
    const made = (await make(user)).body;
    const next = (await user.post(`/auth/api-keys/${made.id}/rotate`, {})).body;
    await user.delete(`/auth/api-keys/${next.id}`);
    const events = await eventsOf(user.userId);
    const types = events.map(({ type }) => type).sort();
    expect(types).toEqual(['api_key.created', 'api_key.revoked', 'api_key.rotated']);
    for (const { apiKey } of [made, next]) {
      expect(JSON.stringify(events)).not.toContain(apiKey.split('_')[2]);
    }
  });

  it('is stored as a hash only (KEY-01)', async () => {
    const user = await app.logIn();
    const { apiKey } = (await make(user)).body;
    const rows = await dataSource().query('SELECT k::text AS row FROM coatcheck.api_keys k');
    expect(JSON.stringify(rows)).not.toContain(apiKey.split('_')[2].slice(0, 43));
  });

  it('is deleted some time after it has run out, with its usage', async () => {
    const user = await app.logIn();
    const { id, apiKey } = (await make(user, { expiresInSeconds: 60 })).body;
    await by(apiKey).get('/auth/me');
    await keysOf(user);
    const rows = async () => {
      const [{ keys, days }] = await dataSource().query(
        `SELECT (SELECT count(*)::int FROM coatcheck.api_keys WHERE id = $1) AS keys,
                (SELECT count(*)::int FROM coatcheck.api_key_usage WHERE key_id = $1) AS days`,
        [id],
      );
      return { keys, days };
    };
    await app.app.get(CleanupScheduler, { strict: false }).cleanUp();
    expect(await rows()).toEqual({ keys: 1, days: 1 });
    app.clock.advance(31 * DAY);
    await app.app.get(CleanupScheduler, { strict: false }).cleanUp();
    expect(await rows()).toEqual({ keys: 0, days: 1 });
    app.clock.advance(60 * DAY);
    await app.app.get(CleanupScheduler, { strict: false }).cleanUp();
    expect(await rows()).toEqual({ keys: 0, days: 0 });
    admin = await app.logInAgain(admin);
  });

  it('an address change that is undone takes it away', async () => {
    const user = await app.logIn();
    const { apiKey } = (await make(user)).body;
    await user.post('/auth/email/change', { email: `moved-${user.email}`, password: user.password });
    const token = await app.mailedToken(user.email);
    expect((await app.client().post('/auth/email/change/undo', { token })).status).toBe(204);
    expect(outcome(await by(apiKey).get('/auth/me'))).toEqual([401, 'unauthenticated']);
  });

  it('outlives a logout and a new password of its owner, as the policy says', async () => {
    const user = await app.logIn();
    const { apiKey } = (await make(user)).body;
    await user.post('/auth/logout-all', {});
    expect((await by(apiKey).get('/auth/me')).status).toBe(200);
  });

  describe('of a service user', () => {
    const service = async (body: object = {}) =>
      (await admin.post('/admin/users', { kind: 'service', name: 'orders', ...body })).body.id as string;

    it('is made, listed, rotated and revoked by admins', async () => {
      admin = await app.logInAgain(admin);
      const id = await service({ roles: ['clerk'] });
      const path = `/admin/users/${id}/api-keys`;
      const made = await admin.post(path, { name: 'sync', scopes: ['example:read'], quota: 5 });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({ name: 'sync', quota: 5, quotaWindowSeconds: null });
      const me = await by(made.body.apiKey).get('/auth/me');
      expect(me.body.user).toMatchObject({ id, email: null, name: 'orders', roles: ['clerk'] });
      expect((await by(made.body.apiKey).get('/example/scoped')).status).toBe(200);
      const { apiKey: _, ...metadata } = made.body;
      expect((await admin.get(path)).body.apiKeys[0]).toMatchObject({ id: metadata.id, prefix: metadata.prefix });
      const next = await admin.post(`${path}/${metadata.id}/rotate`, { overlapSeconds: 0 });
      expect(next.status).toBe(201);
      expect((await by(made.body.apiKey).get('/auth/me')).status).toBe(401);
      expect((await admin.delete(`${path}/${next.body.id}`)).status).toBe(204);
      expect((await by(next.body.apiKey).get('/auth/me')).status).toBe(401);
      expect((await admin.get(`${path}/${next.body.id}/usage`)).status).toBe(404);
      const actors = (await eventsOf(id)).map(({ actorId }) => actorId);
      expect(actors).toEqual([admin.userId, admin.userId, admin.userId]);
    });

    it('dies with a ban', async () => {
      const id = await service();
      const { apiKey } = (await admin.post(`/admin/users/${id}/api-keys`, { name: 'sync', scopes: [] })).body;
      expect((await by(apiKey).get('/auth/me')).status).toBe(200);
      await admin.post(`/admin/users/${id}/ban`, {});
      expect((await by(apiKey).get('/auth/me')).status).toBe(401);
      const late = await admin.post(`/admin/users/${id}/api-keys`, { name: 'sync', scopes: [] });
      expect(outcome(late)).toEqual([409, 'conflict']);
    });
  });

  it('of a person is no admin’s to make, but to list and to revoke', async () => {
    const user = await app.logIn();
    const { id, apiKey } = (await make(user)).body;
    const path = `/admin/users/${user.userId}/api-keys`;
    expect(outcome(await admin.post(path, { name: 'spy', scopes: [] }))).toEqual([409, 'conflict']);
    expect(outcome(await admin.post(`${path}/${id}/rotate`, {}))).toEqual([409, 'conflict']);
    expect((await admin.get(path)).body.apiKeys).toHaveLength(1);
    expect((await admin.delete(`${path}/${id}`)).status).toBe(204);
    expect((await by(apiKey).get('/auth/me')).status).toBe(401);
  });
});

describe('keys that are switched off', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'] });
  });
  afterAll(() => app.close());

  it('are neither made nor accepted', async () => {
    const user = await app.logIn();
    const made = await user.post('/auth/api-keys', { name: 'export', scopes: [] });
    expect([made.status, made.body.code]).toEqual([404, 'not_found']);
  });
});

it.each([
  ['for ever', null],
  ['for ten years', 3650 * DAY],
])('a key that lives %s is rotated to one that lives as long as keys may by now', async (_what, life) => {
  const app = await bootWithMadeUsers({ authStrategies: ['session', 'api-key'], apiKeyMaxSeconds: DAY });
  const user = await app.logIn();
  const { id } = (await user.post('/auth/api-keys', { name: 'old', scopes: [] })).body;
  const expiresAt = life === null ? null : app.clock.in(life);
  const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  await dataSource.query('UPDATE coatcheck.api_keys SET expires_at = $2 WHERE id = $1', [id, expiresAt]);
  const { status, body } = await user.post(`/auth/api-keys/${id}/rotate`, {});
  expect([status, body.expiresAt]).toEqual([201, app.clock.in(DAY).toISOString()]);
  await app.close();
});
