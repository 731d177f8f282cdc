import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AuthTestApp, TestClient, TestReply, TestUser } from '../../src/testing/index.js';
import { overStores, overStrategies, STORES } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';

const KEY = /^cck_[0-9a-f]{32}_[0-9A-Za-z]{49}$/;
const DAY = 86_400;

// Memcached pushes nothing: there a key is asked for at every request.
const STORES_OF_EACH_KIND = STORES.filter((store) => store !== 'redis-cluster' && store !== 'memory');

overStores((sessionStore) => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'api-key'], sessionStore });
    admin = await app.logIn({ email: 'root@example.com', changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const make = (user: TestClient, body: object = {}) =>
    user.post('/auth/api-keys', { name: 'export', scopes: ['example:read'], ...body });
  const bearer = (apiKey: string) => app.client({ authorization: `Bearer ${apiKey}` });
  const header = (apiKey: string) => app.client({ 'x-api-key': apiKey });
  const refusal = ({ status, body }: TestReply) => [status, body.code];
  const REFUSED = [401, 'unauthenticated'];

  describe('a key', () => {
    it('that is revoked is refused in the next request, and is in no list (KEY-04)', async () => {
      const user = await app.logIn();
      const { apiKey, id } = (await make(user)).body;
      expect((await bearer(apiKey).get('/auth/me')).status).toBe(200);
      expect((await user.delete(`/auth/api-keys/${id}`)).status).toBe(204);
      expect(refusal(await bearer(apiKey).get('/auth/me'))).toEqual(REFUSED);
      expect(refusal(await header(apiKey).get('/auth/me'))).toEqual(REFUSED);
      expect((await user.get('/auth/api-keys')).body.apiKeys).toEqual([]);
      expect(refusal(await user.delete(`/auth/api-keys/${id}`))).toEqual([404, 'not_found']);
    });

    it('is refused while its owner is banned, and no longer (KEY-04)', async () => {
      const user = await app.logIn();
      const { apiKey } = (await make(user)).body;
      expect((await bearer(apiKey).get('/auth/me')).status).toBe(200);
      expect((await admin.post(`/admin/users/${user.userId}/ban`, {})).status).toBe(204);
      expect(refusal(await bearer(apiKey).get('/auth/me'))).toEqual(REFUSED);
      await admin.post(`/admin/users/${user.userId}/unban`);
      expect((await bearer(apiKey).get('/auth/me')).status).toBe(200);
    });

    it('has its owner’s roles as they are at each request', async () => {
      const user = await app.logIn();
      const { apiKey } = (await make(user)).body;
      const roles = async () => (await bearer(apiKey).get('/auth/me')).body.user.roles;
      expect(await roles()).toEqual([]);
      await admin.request('PUT', `/admin/users/${user.userId}/roles`, { roles: ['clerk'] });
      expect(await roles()).toEqual(['clerk']);
      await admin.request('PUT', `/admin/users/${user.userId}/roles`, { roles: [] });
      expect(await roles()).toEqual([]);
    });

    it('goes when its owner is deleted', async () => {
      const user = await app.logIn();
      const { apiKey } = (await make(user)).body;
      expect((await bearer(apiKey).get('/auth/me')).status).toBe(200);
      expect((await admin.delete(`/admin/users/${user.userId}`)).status).toBe(204);
      expect(refusal(await bearer(apiKey).get('/auth/me'))).toEqual(REFUSED);
    });

    it('ends when everything issued before now does', async () => {
      const user = await app.logIn();
      const root = await app.logIn({ changes: { roles: ['admin'] } });
      const { apiKey } = (await make(user)).body;
      expect((await bearer(apiKey).get('/auth/me')).status).toBe(200);
      expect((await root.post('/admin/revoke-all')).status).toBe(204);
      expect(refusal(await bearer(apiKey).get('/auth/me'))).toEqual(REFUSED);
      const again = await app.logInAgain(user);
      expect((await again.get('/auth/api-keys')).body.apiKeys).toEqual([]);
      expect((await bearer((await make(again)).body.apiKey).get('/auth/me')).status).toBe(200);
      admin = await app.logInAgain(admin);
    });

    it('is rotated without an overlap where that is wished', async () => {
      const user = await app.logIn();
      const old = (await make(user)).body;
      const { status, body } = await user.post(`/auth/api-keys/${old.id}/rotate`, { overlapSeconds: 0 });
      expect(status).toBe(201);
      expect(refusal(await bearer(old.apiKey).get('/auth/me'))).toEqual(REFUSED);
      expect((await bearer(body.apiKey).get('/auth/me')).status).toBe(200);
    });
  });
}, STORES_OF_EACH_KIND);

describe('a key', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'jwt', 'api-key'] });
    admin = await app.logIn({ email: 'root@example.com', changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const make = (user: TestClient, body: object = {}) =>
    user.post('/auth/api-keys', { name: 'export', scopes: ['example:read'], ...body });
  const bearer = (apiKey: string) => app.client({ authorization: `Bearer ${apiKey}` });
  const header = (apiKey: string) => app.client({ 'x-api-key': apiKey });
  const refusal = ({ status, body }: TestReply) => [status, body.code];
  const REFUSED = [401, 'unauthenticated'];

  it('is shown once, and only its beginning afterwards (KEY-01)', async () => {
    const user = await app.logIn();
    const made = await make(user, { expiresInSeconds: DAY });
    expect(made.status).toBe(201);
    const { apiKey, ...metadata } = made.body;
    expect(apiKey).toMatch(KEY);
    expect(apiKey.startsWith(`${metadata.prefix}_`)).toBe(true);
    const facts = { name: 'export', scopes: ['example:read'], lastUsedAt: null, rotatedAt: null };
    expect(metadata).toMatchObject({ ...facts, expiresAt: app.clock.in(DAY).toISOString() });
    const listed = await user.get('/auth/api-keys');
    expect(listed.body).toEqual({ apiKeys: [metadata], nextCursor: null });
    expect(listed.text).not.toContain(apiKey.slice(metadata.prefix.length + 1));
  });

  it('acts for its owner, in either header', async () => {
    const user = await app.logIn();
    const { apiKey, id } = (await make(user)).body;
    for (const client of [bearer(apiKey), header(apiKey)]) {
      const { status, body } = await client.get('/auth/me');
      expect(status).toBe(200);
      expect(body.user.id).toBe(user.userId);
      expect(body.session).toMatchObject({ id, strategy: 'api-key', current: true });
      expect((await client.get('/example/protected')).body.userId).toBe(user.userId);
    }
  });

  it('opens what asks for its scopes, and nothing else (KEY-03)', async () => {
    const user = await app.logIn();
    const [right, wrong] = [
      (await make(user)).body.apiKey,
      (await make(user, { scopes: ['orders:read'] })).body.apiKey,
    ];
    expect((await bearer(right).get('/example/scoped')).status).toBe(200);
    expect(refusal(await bearer(wrong).get('/example/scoped'))).toEqual([403, 'forbidden']);
    expect((await user.get('/example/scoped')).status).toBe(200);
    const admins = await make(admin, { scopes: ['admin', 'example:read'] });
    expect(refusal(await bearer(admins.body.apiKey).get('/example/admin'))).toEqual([403, 'forbidden']);
    expect(refusal(await bearer(admins.body.apiKey).get('/admin/users'))).toEqual([403, 'forbidden']);
  });

  it('is refused alike whether unknown, revoked, expired, wrong or mistyped', async () => {
    const user = await app.logIn();
    const good = (await make(user)).body.apiKey as string;
    const revoked = (await make(user)).body;
    await user.delete(`/auth/api-keys/${revoked.id}`);
    const expired = (await make(user, { expiresInSeconds: 1 })).body.apiKey;
    app.clock.advance(1);
    const [, id] = good.split('_');
    const answers = await Promise.all(
      [
        revoked.apiKey,
        expired,
        forged(id!),
        forged(randomUUID().replaceAll('-', '')),
        `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`,
        'cck_',
        good.slice(0, -1),
        `${good}0`,
        good.toUpperCase(),
      ].map((key) => header(key).get('/auth/me')),
    );
    const [first] = answers;
    for (const { status, body, headers } of answers) {
      expect([status, { ...body, requestId: '' }]).toEqual([401, { ...first!.body, requestId: '' }]);
      expect(headers.get('www-authenticate')).toContain('Bearer');
    }
    expect(first!.body.code).toBe('unauthenticated');
  });

  it('counts in a header only, once, and beside no other ticket (KEY-06)', async () => {
    const user = await app.logIn();
    const key = (await make(user)).body.apiKey as string;
    const other = (await make(user)).body.apiKey as string;
    const client = app.client();
    expect(refusal(await client.get(`/auth/me?apiKey=${key}`))).toEqual(REFUSED);
    expect(refusal(await client.get(`/auth/me?access_token=${key}`))).toEqual(REFUSED);
    for (const name of ['session', 'access', '__Host-session', '__Host-access', 'apiKey']) {
      expect(refusal(await client.get('/auth/me', { cookie: `${name}=${key}` }))).toEqual(REFUSED);
    }
    expect(refusal(await client.request('POST', '/auth/step-up', { apiKey: key }))).toEqual(REFUSED);
    for (const second of [key, other]) {
      const both = { authorization: `Bearer ${key}`, 'x-api-key': second };
      expect(refusal(await client.get('/auth/me', both))).toEqual(REFUSED);
      expect(refusal(await client.get('/auth/me', { 'x-api-key': `${key}, ${second}` }))).toEqual(REFUSED);
    }
    expect(refusal(await user.get('/auth/me', { 'x-api-key': key }))).toEqual(REFUSED);
  });

  it('is rotated with an overlap, once', async () => {
    const user = await app.logIn();
    const old = (await make(user, { expiresInSeconds: 10 * DAY })).body;
    expect((await bearer(old.apiKey).get('/auth/me')).status).toBe(200);
    const rotated = await user.post(`/auth/api-keys/${old.id}/rotate`, { overlapSeconds: 60 });
    expect(rotated.status).toBe(201);
    expect(rotated.body).toMatchObject({ name: 'export', scopes: ['example:read'] });
    expect(rotated.body.expiresAt).toBe(app.clock.in(10 * DAY).toISOString());
    expect(rotated.body.apiKey).not.toBe(old.apiKey);
    expect(refusal(await user.post(`/auth/api-keys/${old.id}/rotate`, {}))).toEqual([409, 'conflict']);
    app.clock.advance(59);
    expect((await bearer(old.apiKey).get('/auth/me')).status).toBe(200);
    app.clock.advance(1);
    expect(refusal(await bearer(old.apiKey).get('/auth/me'))).toEqual(REFUSED);
    expect((await bearer(rotated.body.apiKey).get('/auth/me')).status).toBe(200);
  });

  overStrategies((strategy) => {
    it('leaves other bearer tokens, and other systems’ keys, to those whose they are', async () => {
      const user = await app.logIn({ strategy, transport: 'body' });
      expect((await user.get('/auth/me', { 'x-api-key': 'sk_live_of_another_system' })).status).toBe(200);
      expect(refusal(await app.client().get('/auth/me', { authorization: 'Bearer abc' }))).toEqual(REFUSED);
    });
  });
});

/** A well-formed key with this public id that nobody has made. */
function forged(publicId: string): string {
  const body = `cck_${publicId}_${'A'.repeat(43)}`;
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let [rest, sum] = [crc32(body), ''];
  for (let place = 0; place < 6; place += 1) [rest, sum] = [Math.floor(rest / 62), digits[rest % 62] + sum];
  return body + sum;
}
