import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { BackChannelLogout } from '../../src/oauth/logout/back-channel-logout.js';
import { AFTER_LOGOUT, FoundationSuite } from './foundation-suite.js';
import { visitorOf } from './interaction-node.js';
import { LogoutReceiver } from './logout-receiver.js';
import { claimsOf } from './oauth-node.js';

/** What the OpenID Foundation's plans ask, in our words: a case for each of their modules, by its name. They are run against us apart from this. */
let suite: FoundationSuite;
beforeAll(async () => {
  suite = await FoundationSuite.start();
});
afterAll(() => suite?.close());

const unsigned = (claims: object) =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;

describe('plan oidcc-config', () => {
  it('oidcc-discovery-endpoint-verification: the document says what there is, at addresses of the issuer', async () => {
    const document = await suite.discovery();
    const { issuer } = suite.node;
    expect(document).toMatchObject({
      issuer,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      claims_parameter_supported: false,
      request_uri_parameter_supported: false,
    });
    expect(document.id_token_signing_alg_values_supported).toEqual(expect.arrayContaining(['ES256', 'RS256']));
    expect(document.id_token_signing_alg_values_supported).not.toContain('none');
    // Absent is no: OpenID Connect Discovery §3.
    expect(document.request_parameter_supported ?? false).toBe(false);
    expect(document.scopes_supported).toContain('openid');
    expect(document.grant_types_supported).not.toContain('implicit');
    for (const endpoint of ['authorization', 'token', 'userinfo', 'end_session', 'revocation', 'introspection'])
      expect(document[`${endpoint}_endpoint`]).toMatch(`${issuer}/oauth/`);
    const { body } = await suite.anybody().get(new URL(document.jwks_uri).pathname);
    for (const key of body.keys)
      expect(Object.keys(key).filter((name) => ['d', 'p', 'q', 'k'].includes(name))).toEqual([]);
  });
});

describe('plan oidcc-basic-certification', () => {
  it('oidcc-server: a user signs in, and the client is told who by a code', async () => {
    const { answer, tokens } = await suite.loginByPages();
    expect(answer).toEqual({ code: expect.any(String), state: 'state-1', iss: suite.node.issuer });
    const claims = await suite.claims(tokens.id_token);
    expect(claims.nonce).toBe('nonce-1');
    expect(claims.auth_time).toEqual(expect.any(Number));
    expect((await suite.userinfo(tokens.access_token)).sub).toBe(claims.sub);
  });

  it('oidcc-server-client-secret-post: a client may show its secret in the form', async () => {
    const { browser } = await suite.login();
    const { params } = await suite.ask(browser, {}, suite.bySecretPost);
    const { id, secret, redirectUri } = suite.bySecretPost;
    const fields = { grant_type: 'authorization_code', code: params.code!, redirect_uri: redirectUri, client_id: id };
    const wrong = await suite.post('/oauth/token', { ...fields, client_secret: `${secret}x` });
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
    const { status, body } = await suite.post('/oauth/token', { ...fields, client_secret: secret! });
    expect(status).toBe(200);
    await suite.claims(body.id_token, suite.bySecretPost);
  });

  it('oidcc-response-type-missing: a request without a response type is refused', async () => {
    const { params } = await suite.ask(suite.browser(), { response_type: undefined });
    expect(params).toMatchObject({ error: 'invalid_request', state: 'state-1' });
  });

  it('oidcc-idtoken-signature: ID tokens are signed by a published key, by the algorithm that the client is registered for', async () => {
    const { browser, tokens } = await suite.login();
    expect((await suite.claims(tokens.id_token)).header.alg).toBe('ES256');
    const rsa = await suite.register({ name: 'RSA', idTokenSignedResponseAlg: 'RS256' });
    const { params } = await suite.ask(browser, {}, rsa);
    const { id_token } = await suite.tokens(params.code!, rsa);
    expect((await suite.claims(id_token, rsa)).header.alg).toBe('RS256');
  });

  it('oidcc-idtoken-unsigned: no client gets ID tokens without a signature', async () => {
    const params = { name: 'None', idTokenSignedResponseAlg: 'none' };
    await expect(suite.node.client(params)).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('oidcc-userinfo-get: who it is is told to a GET', async () => {
    const { tokens } = await suite.login();
    expect(await suite.userinfo(tokens.access_token)).toEqual({ sub: claimsOf(tokens.id_token).sub });
  });

  it('oidcc-userinfo-post-header: and to a POST with the token in its header', async () => {
    const { tokens } = await suite.login();
    const { status, body } = await suite.post(
      '/oauth/userinfo',
      {},
      { authorization: `Bearer ${tokens.access_token}` },
    );
    expect([status, body.sub]).toEqual([200, claimsOf(tokens.id_token).sub]);
  });

  it('oidcc-userinfo-post-body: and to a POST with the token in its body', async () => {
    const { access_token, id_token } = (await suite.login()).tokens;
    const { status, body } = await suite.post('/oauth/userinfo', { access_token });
    expect([status, body.sub]).toEqual([200, claimsOf(id_token).sub]);
  });

  it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow: a nonce may be left out', async () => {
    const { tokens } = await suite.login({ nonce: undefined });
    expect(await suite.claims(tokens.id_token)).not.toHaveProperty('nonce');
  });

  it.each([
    ['oidcc-scope-profile', 'profile', ['name']],
    ['oidcc-scope-email', 'email', ['email', 'email_verified']],
    ['oidcc-scope-address', 'address', []],
    ['oidcc-scope-phone', 'phone', []],
    ['oidcc-scope-all', 'address email phone profile', ['name', 'email', 'email_verified']],
  ])('%s: scopes `openid %s` succeed, and show %j', async (_module, scope, shown) => {
    const { tokens } = await suite.loginByPages({ scope: `openid ${scope}` });
    await suite.claims(tokens.id_token);
    const { sub: _sub, locale: _locale, ...claims } = await suite.userinfo(tokens.access_token);
    expect(Object.keys(claims).sort()).toEqual([...shown].sort());
  });

  it('oidcc-alternate-happy-flow: the order of scopes and parameters does not matter', async () => {
    const browser = suite.browser();
    const pairs = [...suite.query({ scope: 'email profile openid' })].reverse();
    await browser
      .open(`/oauth/authorize?${new URLSearchParams(pairs)}`)
      .then((opened) => suite.answerIn(browser, opened));
    const { params } = await suite.signIn(browser);
    await suite.claims((await suite.tokens(params.code!)).id_token);
  });

  it.each([
    ['oidcc-display-page', { display: 'page' }],
    ['oidcc-display-popup', { display: 'popup' }],
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    ['oidcc-login-hint', { login_hint: 'buffy@example.com' }],
    ['oidcc-ui-locales', { ui_locales: 'se' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
    ['oidcc-claims-essential', { claims: '{"userinfo":{"name":{"essential":true}}}' }],
    [
      'oidcc-ensure-request-with-valid-pkce-succeeds',
      { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
    ],
  ])('%s: a request with it succeeds', async (_module, more) => {
    const browser = suite.browser();
    const { shown } = await suite.ask(browser, more);
    expect(shown.html).toContain('name="password"');
    const { params } = await suite.signIn(browser);
    const verifier: Record<string, string> =
      'code_challenge' in more ? { code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' } : {};
    const fields = { grant_type: 'authorization_code', code: params.code!, redirect_uri: suite.client.redirectUri };
    const { status, body } = await suite.node.token(suite.client, { ...fields, ...verifier });
    expect(status).toBe(200);
    await suite.claims(body.id_token);
  });

  it('oidcc-prompt-login: asks for the password again, and says when that was', async () => {
    const { browser, tokens } = await suite.loginLongAgo();
    const { shown } = await suite.ask(browser, { prompt: 'login' });
    expect(shown.html).toContain('name="password"');
    const { params } = await suite.confirm(browser);
    const [before, after] = [
      await suite.claims(tokens.id_token),
      await suite.claims((await suite.tokens(params.code!)).id_token),
    ];
    expect(after.sub).toBe(before.sub);
    expect(after.auth_time).toBeGreaterThan(before.auth_time);
  });

  it('oidcc-prompt-none-not-logged-in: shows no page, and says that a login is needed', async () => {
    const state = 's'.repeat(128);
    const { params } = await suite.ask(suite.browser(), { prompt: 'none', state });
    expect(params).toMatchObject({ error: 'login_required', state });
  });

  it('oidcc-prompt-none-logged-in: answers at once for a user who is signed in', async () => {
    const { browser, tokens } = await suite.login();
    const { params } = await suite.ask(browser, { prompt: 'none' });
    const again = await suite.claims((await suite.tokens(params.code!)).id_token);
    const { sub, auth_time } = await suite.claims(tokens.id_token);
    expect(again).toMatchObject({ sub, auth_time });
  });

  it('oidcc-max-age-1: asks for the password again of who signed in longer ago', async () => {
    const { browser, tokens } = await suite.loginLongAgo();
    const { shown } = await suite.ask(browser, { max_age: '1' });
    expect(shown.html).toContain('name="password"');
    const { params } = await suite.confirm(browser);
    const after = await suite.claims((await suite.tokens(params.code!)).id_token);
    expect(after.auth_time).toBeGreaterThan((await suite.claims(tokens.id_token)).auth_time);
  });

  it('oidcc-max-age-10000: does not ask who signed in since', async () => {
    const { browser, tokens } = await suite.loginLongAgo({ max_age: '15000' });
    const { params } = await suite.ask(browser, { max_age: '10000' });
    const { sub, auth_time } = await suite.claims(tokens.id_token);
    expect(await suite.claims((await suite.tokens(params.code!)).id_token)).toMatchObject({ sub, auth_time });
  });

  it('oidcc-id-token-hint: answers at once for the user whom the hint names, and for no other', async () => {
    const { browser, tokens } = await suite.login();
    const hint = { prompt: 'none', id_token_hint: tokens.id_token };
    const { params } = await suite.ask(browser, hint);
    const { sub, auth_time } = await suite.claims(tokens.id_token);
    expect(await suite.claims((await suite.tokens(params.code!)).id_token)).toMatchObject({ sub, auth_time });
    const other = visitorOf(suite.node, await suite.node.logIn());
    expect((await suite.ask(other, hint)).params.error).toBe('login_required');
  });

  it('oidcc-codereuse: a code is exchanged once', async () => {
    const { browser } = await suite.login();
    const { params } = await suite.ask(browser);
    await suite.tokens(params.code!);
    const { status, body } = await suite.exchange(params.code!);
    expect([status, body.error]).toEqual([400, 'invalid_grant']);
  });

  it('oidcc-codereuse-30seconds: a code that comes again later ends the tokens of the first', async () => {
    const { browser } = await suite.login();
    const { params } = await suite.ask(browser);
    const { access_token } = await suite.tokens(params.code!);
    suite.node.app.clock.advance(30);
    const { status, body } = await suite.exchange(params.code!);
    suite.node.app.clock.advance(-30);
    expect([status, body.error]).toEqual([400, 'invalid_grant']);
    expect((await suite.node.userinfo(access_token)).status).toBe(401);
  });

  it.each([
    'https://suite.example.com/callback/x',
    'https://suite.example.com/callback?foo=bar',
    'https://evil.example.com/callback',
  ])(
    'oidcc-ensure-registered-redirect-uri: no browser is sent to %s, which is not registered',
    async (redirect_uri) => {
      const { shown } = await suite.ask(suite.browser(), { redirect_uri });
      expect([shown.status, shown.location]).toEqual([400, null]);
    },
  );

  it('oidcc-ensure-post-request-succeeds: a request may come by a form of the client’s site', async () => {
    const browser = suite.browser();
    const posted = await browser.send('POST', '/oauth/authorize', suite.query({}).toString(), {
      'sec-fetch-site': 'cross-site',
    });
    await suite.answerIn(browser, posted);
    const { params } = await suite.signIn(browser);
    expect(params.state).toBe('state-1');
    await suite.tokens(params.code!);
  });

  it('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: requests by reference are refused as unsupported', async () => {
    const { params } = await suite.ask(suite.browser(), { request_uri: 'https://suite.example.com/request.jwt' });
    expect(params).toMatchObject({ error: 'request_uri_not_supported', state: 'state-1' });
  });

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: request objects are refused as unsupported', async () => {
    const request = unsigned({ client_id: suite.client.id, scope: 'openid' });
    expect((await suite.ask(suite.browser(), { request })).params).toMatchObject({ error: 'request_not_supported' });
  });

  it('oidcc-ensure-request-object-with-redirect-uri: no browser is sent where a request object says', async () => {
    const request = unsigned({ client_id: suite.client.id, redirect_uri: 'https://evil.example.com/' });
    const { shown } = await suite.ask(suite.browser(), { request });
    expect(shown.location).toContain(suite.client.redirectUri);
    expect(shown.location).toContain('request_not_supported');
  });

  it('oidcc-refresh-token: refreshes for its own client and for no other', async () => {
    const { tokens } = await suite.login({ scope: 'openid offline_access' });
    const { status, body } = await suite.node.refresh(suite.bySecretPost, tokens.refresh_token!);
    expect([status, body.error]).toEqual([400, 'invalid_grant']);
    const mine = await suite.node.refresh(suite.client, tokens.refresh_token!);
    expect(mine.status).toBe(200);
    const { sub, auth_time } = await suite.claims(tokens.id_token);
    expect(await suite.claims(mine.body.id_token)).toMatchObject({ sub, auth_time });
    expect((await suite.userinfo(mine.body.access_token)).sub).toBe(sub);
  });
});

describe('plan oidcc-rp-initiated-logout', () => {
  it('oidcc-rp-initiated-logout-discovery-endpoint-verification: the document says where sessions end', async () => {
    expect((await suite.discovery()).end_session_endpoint).toBe(`${suite.node.issuer}/oauth/logout`);
  });

  it('oidcc-rp-initiated-logout: the user is signed out and sent back with the state', async () => {
    const { browser, tokens } = await suite.login();
    const shown = await suite.logOut(browser, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: AFTER_LOGOUT,
      state: 'state-2',
    });
    expect([shown.status, shown.location]).toEqual([303, `${AFTER_LOGOUT}?state=state-2`]);
    expect(await suite.isSignedIn(browser)).toBe(false);
  });

  it('oidcc-rp-initiated-logout-no-state: and without a state where none was given', async () => {
    const { browser, tokens } = await suite.login();
    const params = { id_token_hint: tokens.id_token, post_logout_redirect_uri: AFTER_LOGOUT };
    expect((await suite.logOut(browser, params)).location).toBe(AFTER_LOGOUT);
    expect(await suite.isSignedIn(browser)).toBe(false);
  });

  it.each([
    ['oidcc-rp-initiated-logout-no-params', () => ({})],
    ['oidcc-rp-initiated-logout-no-post-logout-redirect-uri', (hint: string) => ({ id_token_hint: hint, state: 's' })],
    ['oidcc-rp-initiated-logout-only-state', () => ({ state: 's' })],
  ])('%s: the user is signed out, and told so on a page of ours', async (_module, params) => {
    const { browser, tokens } = await suite.login();
    const shown = await suite.answerIn(browser, await suite.logOut(browser, params(tokens.id_token)));
    expect([shown.shown.status, shown.shown.location]).toEqual([200, null]);
    expect(shown.shown.html).toContain('signed out');
    expect(await suite.isSignedIn(browser)).toBe(false);
  });

  const foreign = (claims: object) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

  it.each([
    [
      'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
      'an address that is not registered',
      async (hint: string) => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://suite.example.com/other' }),
    ],
    [
      'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
      'an address with a query that was added',
      async (hint: string) => ({ id_token_hint: hint, post_logout_redirect_uri: `${AFTER_LOGOUT}?foo=bar` }),
    ],
    [
      'oidcc-rp-initiated-logout-modified-id-token-hint',
      'an ID token without a signature',
      async (hint: string) => ({ id_token_hint: unsigned(claimsOf(hint)), post_logout_redirect_uri: AFTER_LOGOUT }),
    ],
    [
      'oidcc-rp-initiated-logout-bad-id-token-hint',
      'an ID token that another party signed',
      async (hint: string) => ({
        id_token_hint: await foreign(claimsOf(hint)),
        post_logout_redirect_uri: AFTER_LOGOUT,
      }),
    ],
  ])('%s: with %s no browser is sent anywhere, nor signed out', async (_module, _what, params) => {
    const { browser, tokens } = await suite.login();
    const shown = await browser.open(`/oauth/logout?${new URLSearchParams(await params(tokens.id_token))}`);
    expect([shown.status, shown.location]).toEqual([400, null]);
    expect(await suite.isSignedIn(browser)).toBe(true);
  });

  it('oidcc-rp-initiated-logout-no-id-token-hint: without an ID token the user is asked, and stays here', async () => {
    const { browser } = await suite.login();
    const shown = await suite.logOut(browser, { post_logout_redirect_uri: AFTER_LOGOUT, state: 's' });
    const { shown: last } = await suite.answerIn(browser, shown);
    expect([last.status, last.location]).toEqual([200, null]);
    expect(await suite.isSignedIn(browser)).toBe(false);
  });
});

describe('plan oidcc-backchannel-rp-initiated-logout', () => {
  it('oidcc-backchannel-logout-discovery-endpoint-verification: the document says that clients are told, and of which session', async () => {
    expect(await suite.discovery()).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      end_session_endpoint: `${suite.node.issuer}/oauth/logout`,
    });
  });

  it('oidcc-backchannel-rp-initiated-logout: a client is told of the session that it ended, by a token that it can verify', async () => {
    const receiver = await LogoutReceiver.start(suite.node.app);
    try {
      const client = await suite.register({ name: 'Told', backchannelLogoutUri: receiver.uri });
      const browser = await suite.signedIn();
      const { params } = await suite.ask(browser, {}, client);
      const { id_token } = await suite.tokens(params.code!, client);
      const { sub, sid } = claimsOf(id_token);
      const logout = { id_token_hint: id_token, post_logout_redirect_uri: AFTER_LOGOUT, state: 'state-2' };
      expect((await suite.logOut(browser, logout)).location).toBe(`${AFTER_LOGOUT}?state=state-2`);
      await suite.node.part(BackChannelLogout).deliverDue();
      expect(receiver.told.map(({ claims }) => claims)).toEqual([
        expect.objectContaining({
          ...{ aud: client.id, sub, sid },
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
        }),
      ]);
      expect(receiver.told[0]!.claims).not.toHaveProperty('nonce');
      expect(await suite.isSignedIn(browser)).toBe(false);
    } finally {
      await receiver.stop();
    }
  });
});
