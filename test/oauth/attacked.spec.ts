import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { ScopePolicy } from '../../src/access/scope-policy.js';
import { PublicFetch } from '../../src/http/public-fetch.js';
import type { AuthUser } from '../../src/kernel/auth-context.js';
import { RateLimiter } from '../../src/limits/rate-limiter.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthConsents } from '../../src/oauth/grants/oauth-consents.js';
import { OAuthGrants } from '../../src/oauth/grants/oauth-grants.js';
import { AccountSecurity } from '../../src/security/account-security.js';
import { SessionService } from '../../src/sessions/session.service.js';
import type { ActingUser } from '../../src/testing/index.js';
import { startWithPages } from './interaction-node.js';
import { API, claimsOf, type OAuthNode, type TestOAuthClient } from './oauth-node.js';

const BY_NOBODY = { actorId: null, origin: null };
const SCOPES = ['orders:read', 'orders:write'];
const DOCUMENT = 'https://agent.example.com/client.json';
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

class ClerksWrite extends ScopePolicy {
  override mayHold({ roles, kind }: AuthUser, scope: string) {
    return scope !== 'orders:write' || roles.includes('clerk') || kind === 'service';
  }
}

/** What the world answers to whoever asks for a document. */
class World {
  answer: () => Response = () => new Response('', { status: 404 });
  async fetch(): Promise<Response> {
    return this.answer();
  }
}

/** What an attack found, so that it stays mended. */
describe('the provider, attacked', () => {
  const world = new World();
  let node: OAuthNode;
  let client: TestOAuthClient;
  let boss: ActingUser;

  beforeAll(async () => {
    node = await startWithPages({
      options: { oauthClientDocuments: 'any' },
      providers: [
        { provide: ScopePolicy, useClass: ClerksWrite },
        { provide: PublicFetch, useValue: world },
      ],
    });
    await node.resource(API, { 'orders:read': 'Read orders', 'orders:write': 'Write orders' });
    client = await node.client({ resources: [API], scopes: SCOPES });
    boss = await node.logIn({ roles: ['admin'] });
  });
  afterAll(() => node?.close());

  it.each(['authorize', 'logout'])('a form to %s that holds what no header may is moved, escaped', async (page) => {
    for (const [sent, moved] of [
      ['a=b\r\nSet-Cookie: x=y', 'a=b%0D%0ASet-Cookie:%20x=y'],
      ['a=\x01\x7f"', 'a=%01%7F%22'],
      ['a=\u00e9#c', 'a=%C3%A9%23c'],
    ] as const) {
      const { status, headers } = await node.browser().request('POST', `/oauth/${page}`, sent, FORM);
      expect([status, headers.get('location')]).toEqual([303, `/oauth/${page}?${moved}`]);
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  it('an assertion of a client is good for a day at most, however late it says that it expires', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { id } = await node.client({
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'a' }] },
    });
    const askWith = async (seconds: number) => {
      const exp = Math.floor(Date.now() / 1000) + seconds;
      const assertion = await new SignJWT({ iss: id, sub: id, aud: node.issuer, exp, jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid: 'a' })
        .sign(privateKey);
      const proof = { client_assertion_type: JWT_BEARER, client_assertion: assertion };
      const { status, body } = await node.form('/oauth/token', {
        grant_type: 'refresh_token',
        refresh_token: 'a'.repeat(43),
        ...proof,
      });
      return [status, body.error];
    };
    expect(await askWith(3_600)).toEqual([400, 'invalid_grant']);
    for (const seconds of [100_000, 1e12, 9e15, 1e300]) expect(await askWith(seconds)).toEqual([401, 'invalid_client']);
  });

  it('a session whose end is acknowledged allows nothing that would outlive it, however long its request was on the way', async () => {
    const [grants, consents, sessions] = [node.part(OAuthGrants), node.part(OAuthConsents), node.part(SessionService)];
    const browser = await node.logIn();
    const { body } = await node.here(browser).get('/auth/me');
    const by = { sessionId: body.session.id as string };
    const user = { id: body.user.id as string, sessionEpoch: (await sessions.userEpochOf(by.sessionId))! };
    const offline = { clientId: client.id, user, sessionId: null, by, payload: { openid: { scope: 'openid' } } };
    const before = (await grants.create(offline))!;
    expect(await grants.judge(before)).not.toBeNull();
    const more = { openid: { scope: 'openid email' } };
    expect(await grants.save(before, more, { userId: user.id, by })).toBe(true);

    expect((await node.here(browser).post('/auth/logout')).status).toBe(204);
    expect(await grants.create(offline)).toBeNull();
    expect(await consents.give(user, client.id, { openid: ['openid'] }, by)).toBe(false);
    expect(await consents.find(user.id, client.id)).toBeNull();
    const most = { openid: { scope: 'openid email profile' } };
    expect(await grants.save(before, most, { userId: user.id, by })).toBe(false);
    expect((await grants.judge(before))?.payload).toEqual(more);
  });

  it.each(['mailbox_proven', 'not_me', 'email_change_undone'] as const)(
    'what a user consented to in an account is asked anew when its owner has it back by %s, and stays remembered through a ban',
    async (event) => {
      const [consents, sessions] = [node.part(OAuthConsents), node.part(SessionService)];
      const thief = await node.logIn();
      const { body } = await node.here(thief).get('/auth/me');
      const user = { id: body.user.id as string, sessionEpoch: (await sessions.userEpochOf(body.session.id))! };
      await consents.give(user, client.id, { openid: ['openid', 'offline_access'] });
      for (const step of ['ban', 'unban'])
        expect((await node.here(boss).post(`/admin/users/${user.id}/${step}`, {})).status).toBeLessThan(300);
      expect(await consents.find(user.id, client.id)).not.toBeNull();
      await node.part(AccountSecurity).apply(event, { userId: user.id, origin: null });
      expect(await consents.find(user.id, client.id)).toBeNull();
    },
  );

  it('a network whose proofs fail makes no counters for the names that it makes up', async () => {
    const stranger = await startWithPages({ options: { loginAttempts: 5 } });
    const { node: counters } = stranger.part(RateLimiter) as unknown as { node: { size: number } };
    const guess = (client_id: string) => stranger.form('/oauth/token', { client_id, client_secret: 'wrong' });
    let status = 0;
    for (let i = 0; status !== 429 && i < 200; i += 1) ({ status } = await guess(randomUUID()));
    expect(status).toBe(429);
    const before = counters.size;
    for (let i = 0; i < 20; i += 1) expect((await guess(randomUUID())).status).toBe(429);
    expect(counters.size).toBe(before);
    await stranger.close();
  });

  it('tokens that a client has revoked burden its grant no longer than they would have been good', async () => {
    const [grants, ada] = [node.part(OAuthGrants), await node.logIn()];
    const { access_token } = await node.tokens(ada, client, { scope: 'openid orders:read', resource: API });
    const { gid } = claimsOf(access_token);
    const { clock } = node.app;
    for (let i = 0; i < 20; i += 1) await grants.revokeToken(`grant:${gid}`, `over-${i}`, clock.in(-1));
    await grants.revokeToken(`grant:${gid}`, 'good', clock.in(60));
    expect((await grants.judge(gid))?.revokedJtis.size).toBe(1);
  });

  it('a user who may no longer hand out a scope does not by a refresh, and no API is told that they do', async () => {
    const clerk = await node.logIn({ roles: ['clerk'] });
    const scope = `openid ${SCOPES.join(' ')}`;
    const { access_token, refresh_token } = await node.tokens(clerk, client, { scope, resource: API });
    expect(claimsOf(access_token).scope).toBe(SCOPES.join(' '));
    expect((await node.introspect(client, access_token)).body).toMatchObject({ active: true, scope: SCOPES.join(' ') });
    const { status } = await node.here(boss).put(`/admin/users/${clerk.userId}/roles`, { roles: [] });
    expect(status).toBe(200);
    expect((await node.introspect(client, access_token)).body).toMatchObject({ active: true, scope: 'orders:read' });
    const { body } = await node.refresh(client, refresh_token!);
    expect([body.scope, claimsOf(body.access_token).scope]).toEqual(['orders:read', 'orders:read']);
  });

  it('a client from which a scope was taken is known by no API to have it', async () => {
    const narrowed = await node.client({ resources: [API], scopes: ['orders:read'] });
    const ada = await node.logIn();
    const { access_token } = await node.tokens(ada, narrowed, { scope: 'openid orders:read', resource: API });
    expect((await node.introspect(narrowed, access_token)).body.scope).toBe('orders:read');
    await node.part(OAuthClientAdmin).change(narrowed.id, { scopes: [] }, BY_NOBODY);
    expect((await node.introspect(narrowed, access_token)).body).not.toHaveProperty('scope');
  });

  it.each([
    ['its user is banned', (_id: string, user: string) => node.here(boss).post(`/admin/users/${user}/ban`, {})],
    ['its secret is void', (id: string) => node.here(boss).post(`/admin/clients/${id}/secret`, { overlapSeconds: 0 })],
  ])('no token that a client has for itself is active once %s, also of those that are no JWTs', async (_what, end) => {
    const { body: service } = await node.here(boss).post('/admin/users', { kind: 'service', name: 'orders' });
    const machine = await node.client({
      serviceUserId: service.id,
      grantTypes: ['client_credentials'],
      redirectUris: [],
      firstParty: false,
    });
    const { body } = await node.token(machine, { grant_type: 'client_credentials' });
    expect(body.access_token).toHaveLength(45);
    expect((await node.introspect(machine, body.access_token)).body.active).toBe(true);
    const ended = await end(machine.id, service.id);
    expect(ended.status).toBeLessThan(300);
    const now = { ...machine, secret: ended.body?.clientSecret ?? machine.secret };
    expect((await node.introspect(now, body.access_token)).body).toEqual({ active: false });
  });

  it.each([
    ['application/json', 'Coatcheck\u202e\u200b'],
    ['text/plain', 'x'.repeat(2_000)],
    ['text/html', 'Agent\nof\nnobody'],
  ])('a client by a document of %s has a name of its own only where people can see it', async (type, name) => {
    const id = `${DOCUMENT}?${randomUUID()}`;
    const document = { client_id: id, client_name: name, redirect_uris: ['https://agent.example.com/cb'] };
    world.answer = () => new Response(JSON.stringify(document), { headers: { 'content-type': type } });
    const ada = await node.logIn();
    const agent = { id, secret: undefined, redirectUri: 'https://agent.example.com/cb' };
    const { location, reply } = await node.authorize(ada, agent);
    const cookie = (reply.headers.get('set-cookie') ?? '').split(';', 1)[0];
    expect(cookie).toContain('oauth-interaction');
    const { status, body } = await node
      .browser()
      .get(location.pathname, { cookie: `${ada.headers.cookie}; ${cookie}`, accept: 'application/json' });
    expect([status, body.client]).toEqual([200, expect.objectContaining({ name: 'agent.example.com' })]);
  });
});
