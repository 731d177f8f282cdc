import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, SignJWT } from 'jose';
import { TokenOutcomes } from '../../src/oauth/provider/token-outcomes.js';
import { type ActingUser, TestClient } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { StoreCalls, UNDISTURBED } from '../flows/counting-providers.js';
import { API, claimsOf, OAuthNode, pkce, REDIRECT_URI, type TestOAuthClient } from './oauth-node.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('the provider, over what a client may ask for', () => {
  let node: OAuthNode;
  let other: OAuthNode;
  let client: TestOAuthClient;
  let ada: ActingUser;
  const calls = new StoreCalls();

  beforeAll(async () => {
    node = await OAuthNode.start({ options: UNDISTURBED });
    other = await node.another();
    calls.watch(node.app);
    await node.resource(API, { 'orders:read': 'Read orders' });
    client = await node.client({ resources: [API], scopes: ['orders:read'] });
    ada = await node.logIn();
  });
  afterAll(async () => {
    await other?.close();
    await node?.close();
  });

  async function machine(): Promise<TestOAuthClient> {
    const { id } = (await node.part(UserStore).insert({ kind: 'service', email: null, name: 'Robot' }))!;
    const grantTypes = ['client_credentials'];
    return node.client({ grantTypes, redirectUris: [], serviceUserId: id, resources: [API], scopes: ['orders:read'] });
  }

  it('lets a client act for itself, without a call to any store', async () => {
    const robot = await machine();
    const ask = () => node.token(robot, { grant_type: 'client_credentials', scope: 'orders:read', resource: API });
    const { status, body } = await ask();
    expect([status, body.token_type, body.refresh_token]).toEqual([200, 'Bearer', undefined]);
    expect(claimsOf(body.access_token)).toMatchObject({ sub: robot.id, client_id: robot.id, aud: API, gen: 1 });
    expect(await calls.during(ask)).toBe(0);
    expect(await calls.during(() => node.introspect(robot, body.access_token))).toBe(0);
    expect((await other.introspect(robot, body.access_token)).body).toMatchObject({ active: true, sub: robot.id });
  });

  it('asks few stores in steady state: three statements to authorize, to exchange and to refresh at most, one for userinfo', async () => {
    const eve = await node.logIn();
    const first = await node.tokens(eve, client);
    await node.userinfo(first.access_token);
    let code: Awaited<ReturnType<OAuthNode['code']>> | undefined;
    let tokens: Record<string, string> = {};
    const made = [
      await calls.during(async () => {
        code = await node.code(eve, client);
      }),
      await calls.during(async () => {
        tokens = (await node.exchange(client, code!)).body;
      }),
      await calls.during(() => node.refresh(client, tokens.refresh_token!)),
      await calls.during(() => node.userinfo(tokens.access_token!)),
    ];
    expect(made[0]).toBeLessThanOrEqual(3);
    expect(made[1]).toBeLessThanOrEqual(3);
    expect(made[2]).toBeLessThanOrEqual(3);
    expect(made[3]).toBeLessThanOrEqual(1);
  });

  it('keeps nothing in clear that a client or a device holds', async () => {
    const { code } = await node.code(ada, client);
    const { access_token, refresh_token } = await node.tokens(ada, client);
    const device = await node.client({ type: 'public', grantTypes: [DEVICE], redirectUris: [] });
    const { body } = await node.form('/oauth/device/authorize', { scope: 'openid' }, device);
    const { body: pushed } = await node.form('/oauth/par', parParams(client, pkce().challenge), client);
    const rows = await node.dataSource.query('SELECT row_to_json(a)::text AS text FROM coatcheck.oauth_artifacts a');
    const all = rows.map(({ text }: { text: string }) => text).join('\n');
    const userCode = body.user_code.replace('-', '');
    for (const held of [
      code,
      access_token,
      refresh_token,
      body.device_code,
      userCode,
      pushed.request_uri.split(':').at(-1),
    ])
      expect(all).not.toContain(held);
    expect(all.length).toBeGreaterThan(100);
  });

  function parParams(of: TestOAuthClient, challenge: string): Record<string, string> {
    const common = { response_type: 'code', scope: 'openid', redirect_uri: of.redirectUri, state: 's' };
    return { ...common, code_challenge: challenge, code_challenge_method: 'S256', client_id: of.id };
  }

  it('takes a pushed request once, of many at once', async () => {
    const proof = pkce();
    const { status, body } = await node.form('/oauth/par', parParams(client, proof.challenge), client);
    expect([status, body.expires_in]).toEqual([201, 60]);
    const query = new URLSearchParams({ client_id: client.id, request_uri: body.request_uri });
    const replies = await Promise.all(
      [node, other, node, other, node, other].map((at) => at.here(ada).get(`/oauth/authorize?${query}`)),
    );
    const codes = replies.flatMap(
      ({ headers }) => new URL(headers.get('location') ?? 'a:b').searchParams.get('code') ?? [],
    );
    expect(codes).toHaveLength(1);
    expect((await node.exchange(client, { code: codes[0]!, proof })).status).toBe(200);
    expect((await node.here(ada).get(`/oauth/authorize?${query}`)).text).not.toContain('code=');
  });

  describe('a device', () => {
    let device: TestOAuthClient;
    beforeAll(async () => {
      const grantTypes = [DEVICE, 'refresh_token'];
      device = await node.client({ type: 'public', grantTypes, redirectUris: [] });
    });

    const begin = async () => (await node.form('/oauth/device/authorize', { scope: 'openid' }, device)).body;
    const poll = (code: string, at = node) => at.token(device, { grant_type: DEVICE, device_code: code });
    /** The form of the page that this browser is shown. */
    async function page(browser: TestClient, query = '') {
      const { text } = await browser.get(`/oauth/device${query}`);
      return /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    }
    const confirm = (browser: TestClient, xsrf: string, userCode: string, more = '&confirm=yes') =>
      browser.request('POST', '/oauth/device', `xsrf=${xsrf}&user_code=${userCode}${more}`, FORM);

    it('gets tokens once its user has entered the code, and once only', async () => {
      const { device_code, user_code, interval, verification_uri, expires_in } = await begin();
      expect([interval, verification_uri, expires_in]).toEqual([5, `${node.issuer}/oauth/device`, 600]);
      expect((await poll(device_code)).body.error).toBe('authorization_pending');
      const browser = node.here(ada);
      const xsrf = await page(browser);
      expect((await confirm(browser, xsrf, user_code, '')).text).toContain(user_code);
      expect((await confirm(browser, xsrf, user_code)).status).toBe(200);
      node.app.clock.advance(6);
      const replies = await Promise.all(Array.from({ length: 10 }, (_, i) => poll(device_code, i % 2 ? node : other)));
      const won = replies.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(claimsOf(won[0]!.body.id_token).sub).toBe(ada.userId);
      expect((await other.userinfo(won[0]!.body.access_token)).status).toBe(200);
      expect((await node.refresh(device, won[0]!.body.refresh_token)).status).toBe(200);
    });

    it('is told to slow down, on whichever node, and longer each time', async () => {
      const { device_code } = await begin();
      const errors = [];
      for (const [seconds, at] of [
        [0, node],
        [2, other],
        [5.5, other],
        [9, node],
        [15, node],
        [14, other],
      ] as const) {
        node.app.clock.advance(seconds);
        errors.push((await poll(device_code, at)).body.error);
      }
      // 5 s at first; 10 after the second poll; 15 after the third; 20 after the fourth.
      expect(errors).toEqual([
        'authorization_pending',
        'slow_down',
        'slow_down',
        'slow_down',
        'slow_down',
        'slow_down',
      ]);
      node.app.clock.advance(35);
      expect((await poll(device_code)).body.error).toBe('authorization_pending');
    });

    it('is approved once, of two browsers that do so at once', async () => {
      const { device_code, user_code } = await begin();
      const users = await Promise.all([node.logIn(), node.logIn(), node.logIn(), node.logIn()]);
      const browsers = users.map((user, i) => (i % 2 ? node : other).here(user));
      const secrets = await Promise.all(browsers.map((browser) => page(browser)));
      const replies = await Promise.all(browsers.map((browser, i) => confirm(browser, secrets[i]!, user_code)));
      // Whoever came too late is shown the form again.
      const hasWon = ({ status, text }: { status: number; text: string }) =>
        status === 200 && !text.includes('name="user_code"');
      expect(replies.filter(hasWon)).toHaveLength(1);
      const { body } = await poll(device_code);
      const winner = users[replies.findIndex(hasWon)]!;
      expect(claimsOf(body.id_token).sub).toBe(winner.userId);
    });

    it('has its form shown anew to who has logged out meanwhile, or never was here', async () => {
      const ada = await node.logIn();
      const browser = node.here(ada);
      const xsrf = await page(browser);
      const { user_code } = await begin();
      expect((await browser.post('/auth/logout')).status).toBe(204);
      for (const late of [browser, node.browser()]) {
        const { status, text } = await confirm(late, xsrf, user_code, '');
        expect([status, text.includes('name="user_code"')]).toEqual([400, true]);
        const anew = /name="xsrf" value="([^"]+)"/.exec(text)![1]!;
        expect((await confirm(late, anew, user_code, '')).text).toContain(user_code);
      }
    });

    it('cannot be given to a client that guesses codes, nor taken over by its stored name', async () => {
      const { user_code } = await begin();
      const [{ id_hash }] = await node.dataSource.query(
        `SELECT id_hash FROM coatcheck.oauth_artifacts WHERE kind = 'DeviceCode' ORDER BY expires_at DESC LIMIT 1`,
      );
      expect((await poll(`~${id_hash}`)).body.error).toBe('invalid_grant');
      expect(user_code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
      const { status, text } = await confirm(node.here(ada), await page(node.here(ada)), 'WRNG-WRNG', '');
      expect([status < 500, text.includes('WRNG')]).toEqual([true, true]);
    });
  });

  describe('proofs of possession (DPoP)', () => {
    const newKey = promisify(generateKeyPair);
    async function prover() {
      const { privateKey, publicKey } = await newKey('ec', { namedCurve: 'P-256' });
      const jwk = await exportJWK(publicKey);
      return (htm: string, path: string, claims: object = {}) =>
        new SignJWT({ htm, htu: `${node.issuer}${path}`, jti: randomUUID(), ...claims })
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
          .setIssuedAt()
          .sign(privateKey);
    }

    it('bind tokens to a key, and one proof is taken once on all nodes', async () => {
      const spa = await node.client({ type: 'public' });
      const prove = await prover();
      const body = { grant_type: 'authorization_code', redirect_uri: spa.redirectUri };
      const native = await node.client({ type: 'public' });
      expect(native.secret).toBeUndefined();
      const codes = await Promise.all([node.code(ada, spa), node.code(ada, spa)]);
      const dpop = await prove('POST', '/oauth/token');
      const replies = await Promise.all(
        codes.map(({ code, proof }, i) =>
          (i ? other : node).token(spa, { ...body, code, code_verifier: proof.verifier }, { dpop }),
        ),
      );
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
      const won = replies.find(({ status }) => status === 200)!.body;
      expect(won.token_type).toBe('DPoP');
      expect((await node.userinfo(won.access_token)).status).toBe(401);
      const refreshed = await node.refresh(spa, won.refresh_token);
      expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant']);
      const proof = await prove('POST', '/oauth/token');
      expect(
        (await node.token(spa, { grant_type: 'refresh_token', refresh_token: won.refresh_token }, { dpop: proof }))
          .status,
      ).toBe(200);
    });
  });

  it('knows six clients that are authorised at once in one browser, each in a row of its own', async () => {
    const bea = await node.logIn();
    const clients = await Promise.all(Array.from({ length: 6 }, () => node.client()));
    await Promise.all(clients.map((one, i) => (i % 2 ? node : other).code(bea, one)));
    const [{ count }] = await node.dataSource.query(
      'SELECT count(*)::int AS count FROM coatcheck.oauth_session_clients WHERE session_id = $1',
      [bea.sessionId],
    );
    expect(count).toBe(6);
  });

  it('answers prompt=none without a session with login_required, and asks again for a login that is too old', async () => {
    const nobody = await node.authorize(node.browser(), client, { prompt: 'none' });
    expect(nobody.location.searchParams.get('error')).toBe('login_required');
    expect(nobody.location.searchParams.get('iss')).toBe(node.issuer);
    const fine = await node.authorize(ada, client, { prompt: 'none' });
    expect(fine.location.searchParams.get('code')).toEqual(expect.any(String));
    const late = await node.authorize(ada, client, { max_age: '0', prompt: 'none' });
    expect(late.location.searchParams.get('error')).toBe('login_required');
    const asked = await node.authorize(ada, client, { prompt: 'login' });
    expect(asked.location.pathname).toMatch(/^\/oauth\/interaction\//);
  });

  it('asks for consent of a client that is not the operator’s own, and of a native one each time', async () => {
    for (const params of [
      { firstParty: false },
      { type: 'public' as const, redirectUris: ['http://127.0.0.1/cb'], firstParty: false },
    ]) {
      const { location } = await node.authorize(ada, await node.client(params));
      expect(location.pathname).toMatch(/^\/oauth\/interaction\//);
    }
  });

  it('hangs a grant on the user for offline_access of a client of the operator, and on the session else', async () => {
    const bea = await node.logIn();
    const online = await node.tokens(bea, client);
    const offline = await node.tokens(bea, client, { scope: 'openid offline_access' });
    const proof = pkce();
    const pushed = await node.form(
      '/oauth/par',
      { ...parParams(client, proof.challenge), scope: 'openid offline_access' },
      client,
    );
    const query = new URLSearchParams({ client_id: client.id, request_uri: pushed.body.request_uri });
    const { headers } = await node.here(bea).get(`/oauth/authorize?${query}`);
    const code = new URL(headers.get('location')!).searchParams.get('code')!;
    const { body: byPushed } = await node.exchange(client, { code, proof });
    expect((await node.here(bea).post('/auth/logout')).status).toBe(204);
    expect((await node.refresh(client, online.refresh_token!)).body.error).toBe('invalid_grant');
    for (const token of [offline.refresh_token!, byPushed.refresh_token])
      expect((await other.refresh(client, token)).status).toBe(200);
  });

  it('is refused to an admin who acts as a user', async () => {
    const admin = await node.logIn({ roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
    const acting = node.here(admin);
    const begun = await acting.post(`/admin/users/${ada.userId}/impersonate`, {});
    expect([begun.status, (await acting.get('/auth/me')).body.user.id]).toEqual([200, ada.userId]);
    const { location } = await node.authorize(acting, client, { prompt: 'none' });
    expect(location.searchParams.get('error')).toBe('login_required');
  });

  it('tells the audit of what came twice, and of who did not prove themselves, and no secret with it', async () => {
    const bea = await node.logIn();
    const code = await node.code(bea, client);
    await node.exchange(client, code);
    await node.exchange(client, code);
    const { refresh_token } = await node.tokens(bea, client);
    const { body } = await node.refresh(client, refresh_token!);
    await node.refresh(client, body.refresh_token);
    await node.refresh(client, refresh_token!);
    await node.token({ ...client, secret: 'a-wrong-secret' }, { grant_type: 'refresh_token', refresh_token: 'a' });
    const admin = node.here(await node.logIn({ roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] }));
    const told = async (query: string) => (await admin.get(`/admin/audit?${query}`)).body.events;
    const ofBea = await told(`userId=${bea.userId}&type=oauth.`);
    const types = ofBea.map(({ type }: { type: string }) => type);
    expect(types).toEqual(expect.arrayContaining(['oauth.code.replayed', 'oauth.refresh_token.reused']));
    const reasons = ofBea.flatMap(({ type, reason }: Record<string, string>) =>
      type === 'oauth.grant.revoked' ? reason : [],
    );
    expect(reasons.sort()).toEqual(['code_replayed', 'refresh_token_reused']);
    const failed = await told('type=oauth.client_authentication.failed');
    expect(failed[0]).toMatchObject({ details: { clientId: client.id } });
    const all = JSON.stringify([ofBea, failed]);
    for (const secret of [code.code, refresh_token!, body.refresh_token, 'a-wrong-secret', client.secret!])
      expect(all).not.toContain(secret);
  });

  it('counts what was asked of the token endpoint', () => {
    const counted = node.part(TokenOutcomes).metricValues();
    const of = (grant: string, outcome: string) =>
      counted.find(({ labels }) => labels.grant === grant && labels.outcome === outcome)?.value ?? 0;
    expect(of('client_credentials', 'issued')).toBeGreaterThan(1);
    expect(of('device_code', 'authorization_pending')).toBeGreaterThan(0);
    expect(of('device_code', 'slow_down')).toBeGreaterThan(0);
    expect(of('authorization_code', 'issued')).toBeGreaterThan(0);
  });

  it('refuses what it does not have: another redirect URI, no PKCE, plain, other response types', async () => {
    const refusals: Record<string, string>[] = [
      { redirect_uri: `${REDIRECT_URI}/` },
      { code_challenge: '', code_challenge_method: '' },
      { code_challenge_method: 'plain' },
      { response_type: 'token' },
      { response_type: 'code id_token' },
      { resource: 'https://unknown.example.com' },
    ];
    for (const params of refusals) {
      const { reply, location } = await node.authorize(ada, client, params);
      const said = new URLSearchParams(location.search || location.hash.slice(1));
      const error = said.get('error') ?? /invalid_redirect_uri/.exec(reply.text)?.[0];
      expect([params, said.get('code'), error]).toEqual([params, null, expect.any(String)]);
    }
  });
});
