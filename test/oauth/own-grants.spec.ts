import { CleanupScheduler } from '../../src/cleanup/cleanup-scheduler.js';
import { OfflineGrantHolding, SessionGrantHolding } from '../../src/oauth/grants/oauth-grants.holding.js';
import type { AuthTestApp, TestClient, TestReply, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Granting } from './granting.js';

const DAY = 86_400;
const API = 'https://api.example.com';

describe('applications with access', () => {
  let app: AuthTestApp;
  let on: Granting;
  let admin: TestUser;
  let clientId: string;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'api-key', 'oauth'], apiKeyFreshSeconds: 3600 });
    on = new Granting(app);
    admin = await app.logIn({ email: 'root@example.com', changes: { roles: ['admin'] } });
    clientId = await on.client();
  });
  afterAll(() => app.close());

  const outcome = ({ status, body }: TestReply) => [status, body?.code];
  const listed = async (user: TestClient, query = '') => {
    const { status, body } = await user.get(`/auth/grants${query}`);
    expect(status).toBe(200);
    return body as {
      grants: Record<string, unknown>[];
      consents: Record<string, unknown>[];
      nextCursor: string | null;
    };
  };
  const idsOf = async (user: TestClient) => (await listed(user)).grants.map(({ id }) => id);
  const events = async (userId: string) => {
    const { events } = (await admin.get(`/admin/audit?userId=${userId}&type=oauth.`)).body;
    return events as Record<string, unknown>[];
  };

  it('are listed with what they may do, and how they hang on a session', async () => {
    const user = await app.logIn();
    const other = await app.logInAgain(user);
    const own = await on.grant(user, clientId);
    const elsewhere = await on.grant(other, clientId);
    const device = await on.client({ redirectUris: ['http://127.0.0.1/back'], name: 'A CLI' });
    const offline = await on.grant(user, device, 'offline');
    await on.consents.give(await on.owner(user), clientId, { openid: ['openid'], [API]: ['read'] });
    await on.grants.judge(own);
    const { grants, consents, nextCursor } = await listed(user);
    expect(nextCursor).toBeNull();
    const client = {
      ...{ id: clientId, name: 'Reports', host: 'reports.example.com', redirectHosts: ['reports.example.com'] },
      ...{ registeredAt: null, firstParty: false },
    };
    const scopes = { openid: ['openid', 'profile'], [API]: ['read', 'write'] };
    const at = app.clock.now().toISOString();
    const byId = new Map(grants.map((grant) => [grant.id, grant]));
    expect(byId.size).toBe(3);
    expect(byId.get(own)).toEqual({
      ...{ id: own, client, scopes, offline: false, current: true, createdAt: at, lastUsedAt: at },
      expiresAt: (await on.row(own)).expires_at.toISOString(),
    });
    expect(byId.get(elsewhere)).toMatchObject({ offline: false, current: false, lastUsedAt: null });
    expect(byId.get(offline)).toMatchObject({ offline: true, current: false, client: { name: 'A CLI', host: null } });
    expect(consents).toEqual([{ clientId, client, scopes: { openid: ['openid'], [API]: ['read'] }, givenAt: at }]);
    const seen = await admin.get(`/admin/users/${user.userId}/grants`);
    expect(seen.status).toBe(200);
    expect(seen.body.grants.map(({ id }: { id: string }) => id).sort()).toEqual([own, elsewhere, offline].sort());
    expect(seen.body.grants.every(({ current }: { current: boolean }) => !current)).toBe(true);
    expect(seen.body.consents).toBeUndefined();
  });

  it('are not listed when they are over: ended, expired, of a session or client that is', async () => {
    const user = await app.logIn();
    const other = await app.logInAgain(user);
    const client = await on.client();
    const goesOn = await on.grant(user, clientId, 'offline');
    await on.grant(other, clientId);
    await on.grant(user, client);
    await on.grant(user, clientId, 'offline', { expiresAt: app.clock.in(60) });
    const ended = await on.grant(user, clientId);
    expect(await idsOf(user)).toHaveLength(5);
    await other.post('/auth/logout');
    await on.disable(client);
    await on.grants.end(ended, 'test');
    app.clock.advance(60);
    expect(await idsOf(user)).toEqual([goesOn]);
  });

  it('are paged, each once, the latest first', async () => {
    const user = await app.logIn();
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      app.clock.advance(1);
      made.unshift(await on.grant(user, clientId, 'offline'));
    }
    await on.consents.give(await on.owner(user), clientId, { openid: ['openid'] });
    const seen: unknown[] = [];
    const consents: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof listed>> = await listed(user, `?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.grants.map(({ id }) => id));
      consents.push(page.consents.length);
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made);
    expect(consents).toEqual([1, 0, 0]);
    for (const bad of ['?cursor=x', '?limit=0', '?limit=101', '?cursor=', '?cursor=a&cursor=b', '?foo=1'])
      expect(outcome(await user.get(`/auth/grants${bad}`))).toEqual([400, 'validation_failed']);
  });

  it('are ended by their own user alone, and the audit says by whom', async () => {
    const [user, stranger] = [await app.logIn(), await app.logIn()];
    const id = await on.grant(user, clientId);
    for (const other of [stranger, admin])
      expect(outcome(await other.delete(`/auth/grants/${id}`))).toEqual([404, 'not_found']);
    expect(await on.isGood(id)).toBe(true);
    expect((await user.delete(`/auth/grants/${id.toUpperCase()}`)).status).toBe(204);
    expect(await on.isGood(id)).toBe(false);
    expect(outcome(await user.delete(`/auth/grants/${id}`))).toEqual([404, 'not_found']);
    for (const bad of ['x', '%00', 'a'.repeat(600)])
      expect((await user.delete(`/auth/grants/${bad}`)).status).toBeLessThan(500);
    expect(outcome(await user.delete('/auth/grants/x'))).toEqual([400, 'validation_failed']);
    const found = await events(user.userId);
    const [revoked, created] = ['revoked', 'created'].map((end) =>
      found.find(({ type }) => type === `oauth.grant.${end}`),
    );
    const sessionId = await on.sessionOf(user);
    expect(revoked).toMatchObject({
      type: 'oauth.grant.revoked',
      userId: user.userId,
      actorId: null,
      sessionId,
      reason: 'ended_by_user',
    });
    expect(revoked).toMatchObject({ details: { grantId: id, clientId }, ip: '127.0.0.1' });
    expect(created).toMatchObject({
      type: 'oauth.grant.created',
      details: { grantId: id, clientId, isOffline: false },
    });
    const log = (await user.get('/auth/me/log')).body.entries as Record<string, unknown>[];
    const shown = log.filter(({ type }) => String(type).startsWith('oauth.'));
    expect(shown.map(({ type, details }) => [type, details]).sort()).toEqual([
      ['oauth.grant.created', { clientId }],
      ['oauth.grant.revoked', { clientId }],
    ]);
  });

  it('lose all their grants with the consent, whatever those hang on, and those of others stay', async () => {
    const [user, other, another] = [await app.logIn(), await app.logIn(), await on.client()];
    const gone = [await on.grant(user, clientId), await on.grant(user, clientId, 'offline')];
    const stay = [await on.grant(user, another), await on.grant(other, clientId)];
    const owner = await on.owner(user);
    await on.consents.give(owner, clientId, { openid: ['openid', 'email'] });
    for (const id of [...gone, ...stay]) expect(await on.isGood(id)).toBe(true);
    expect(outcome(await other.delete(`/auth/consents/nobody`))).toEqual([404, 'not_found']);
    expect((await user.delete(`/auth/consents/${clientId}`)).status).toBe(204);
    for (const id of gone) expect(await on.isGood(id)).toBe(false);
    for (const id of stay) expect(await on.isGood(id)).toBe(true);
    expect(await on.consents.find(user.userId, clientId)).toBeNull();
    expect(outcome(await user.delete(`/auth/consents/${clientId}`))).toEqual([404, 'not_found']);
    expect(outcome(await user.delete('/auth/consents/a%00b'))).toEqual([400, 'validation_failed']);
    const address = `https://agent.example.com/${'client/'.repeat(20)}metadata.json`;
    await on.consents.give(owner, address, { openid: ['openid'] });
    expect((await user.delete(`/auth/consents/${encodeURIComponent(address)}`)).status).toBe(204);
    const types = (await events(user.userId)).map(({ type }) => type);
    expect(types.filter((type) => type === 'oauth.consent.withdrawn')).toHaveLength(2);
  });

  it('are nothing for machines, nor for an admin who acts as the user but to read', async () => {
    const user = await app.logIn();
    const id = await on.grant(user, clientId);
    const { apiKey } = (await user.post('/auth/api-keys', { name: 'k', scopes: ['example:read'] })).body;
    const machine = app.client({ 'x-api-key': apiKey });
    for (const [method, path] of [
      ['GET', '/auth/grants'],
      ['DELETE', `/auth/grants/${id}`],
      ['DELETE', `/auth/consents/${clientId}`],
    ] as const)
      expect(outcome(await machine.request(method, path))).toEqual([403, 'forbidden']);
    const acting = await admin.copy();
    expect((await acting.post(`/admin/users/${user.userId}/impersonate`, { transport: 'cookie' })).status).toBe(200);
    expect((await acting.get('/auth/me')).body.user.id).toBe(user.userId);
    expect((await acting.get('/auth/grants')).status).toBe(200);
    expect(outcome(await acting.delete(`/auth/grants/${id}`))).toEqual([403, 'forbidden']);
    expect(outcome(await acting.delete(`/auth/consents/${clientId}`))).toEqual([403, 'forbidden']);
    const { id: sessionId } = (await acting.get('/auth/me')).body.session;
    expect(await on.grants.create({ clientId, user: await on.owner(user), sessionId, payload: {} })).toBeNull();
    expect(await on.isGood(id)).toBe(true);
  });

  it('are shown to admins only', async () => {
    const user = await app.logIn();
    expect(outcome(await user.get(`/admin/users/${user.userId}/grants`))).toEqual([403, 'forbidden']);
    expect(outcome(await admin.get('/admin/users/01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f/grants'))).toEqual([
      404,
      'not_found',
    ]);
    expect(outcome(await admin.get('/admin/users/x/grants'))).toEqual([400, 'validation_failed']);
  });

  it('are part of what users take along, and gone with their user', async () => {
    const user = await app.logIn();
    const id = await on.grant(user, clientId, 'offline');
    await on.consents.give(await on.owner(user), clientId, { openid: ['openid'] });
    await on.grants.revokeToken(`grant:${id}`, 'one', app.clock.in(300));
    await on.grants.end(await on.grant(user, clientId), 'test');
    const { parts } = (await user.get('/auth/me/export')).body;
    expect(parts.oauthGrants).toHaveLength(2);
    expect(parts.oauthGrants.find((one: { id: string }) => one.id === id)).toMatchObject({
      clientId,
      offline: true,
      endedAt: null,
    });
    expect(parts.oauthConsents).toEqual([
      { clientId, scopes: { openid: ['openid'] }, givenAt: app.clock.now().toISOString() },
    ]);
    expect((await admin.delete(`/admin/users/${user.userId}`)).status).toBe(204);
    expect(await on.isGood(id)).toBe(false);
    for (const [table, column, value] of [
      ['oauth_grants', 'user_id::text', user.userId],
      ['oauth_consents', 'user_id::text', user.userId],
      ['oauth_revoked_tokens', 'owner', `grant:${id}`],
    ])
      expect(await on.database.query(`SELECT FROM coatcheck.${table} WHERE ${column} = $1`, [value])).toEqual([]);
  });

  it('are counted, and a new one that goes on by itself is a way in', async () => {
    const user = await app.logIn();
    const since = app.clock.now();
    app.clock.advance(10);
    await on.grant(user, clientId, 'offline');
    const self = await on.client({ name: 'Backup' });
    app.clock.advance(10);
    await on.grant(user, self, 'offline');
    await on.grant(user, self, 'offline');
    await on.grant(user, clientId);
    const at = app.clock.now();
    const offline = app.app.get(OfflineGrantHolding, { strict: false });
    const bound = app.app.get(SessionGrantHolding, { strict: false });
    const tx = on.database.manager;
    const of = { userId: user.userId, at, most: 10 };
    expect([await offline.countHeld(of, tx), await bound.countHeld(of, tx)]).toEqual([3, 1]);
    expect(await offline.countHeld({ ...of, most: 2 }, tx)).toBe(2);
    expect(await offline.countHeld({ ...of, userId: null }, tx)).toBeGreaterThanOrEqual(3);
    const before = new Date(at.getTime() + 1);
    const added = await offline.addedWithin({ userId: user.userId, since, before, at }, tx);
    expect(added.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['oauth_client', 'Reports'],
      ['oauth_client', 'Backup'],
    ]);
    expect(await offline.addedWithin({ userId: user.userId, since: at, before, at }, tx)).toHaveLength(1);
  });

  it('are deleted thirty days after their end, and revoked tokens when they have expired', async () => {
    const user = await app.logIn();
    const [ended, live] = [await on.grant(user, clientId, 'offline'), await on.grant(user, clientId, 'offline')];
    await on.grants.revokeToken(`grant:${live}`, 'one', app.clock.in(300));
    await on.grants.end(ended, 'test');
    const tidy = () => app.app.get(CleanupScheduler, { strict: false }).cleanUp();
    const tokens = () =>
      on.database.query('SELECT FROM coatcheck.oauth_revoked_tokens WHERE owner = $1', [`grant:${live}`]);
    app.clock.advance(299);
    await tidy();
    expect(await tokens()).toHaveLength(1);
    app.clock.advance(30 * DAY - 300);
    await tidy();
    expect([await tokens(), await on.row(ended)]).toEqual([[], expect.anything()]);
    app.clock.advance(2);
    await tidy();
    expect([await on.row(ended), await on.row(live)]).toEqual([undefined, expect.anything()]);
  });
});

it('no route is there while OAuth is off', async () => {
  const app = await bootWithMadeUsers();
  const user = await app.logIn({ changes: { roles: ['admin'] } });
  for (const path of ['/auth/grants', `/admin/users/${user.userId}/grants`])
    expect((await user.get(path)).status).toBe(404);
  await app.close();
});
