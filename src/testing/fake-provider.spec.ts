import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import { FakeClock } from './fake-clock.js';
import type { FakeProvider } from './fake-provider.js';
import { startFakeProvider } from './fake-provider-server.js';
import type { FakeProviderSettings, ProviderMisbehaviour } from './fake-provider-settings.js';

const REDIRECT_URI = 'http://127.0.0.1:9/callback';
const VERIFIER = client.randomPKCECodeVerifier();
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const NONCE = 'n-0S6_WzA2Mj';

let provider: FakeProvider;

async function started(settings: FakeProviderSettings = {}): Promise<FakeProvider> {
  provider = await startFakeProvider(settings);
  return provider;
}

async function configured(): Promise<client.Configuration> {
  const { issuer, clientId, clientSecret } = provider;
  const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
  return client.discovery(new URL(issuer), clientId, clientSecret, undefined, { execute });
}

async function askedBack(config: client.Configuration, more: Record<string, string> = {}): Promise<URL> {
  const asked = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid email profile',
    state: 'of-this-browser',
    nonce: NONCE,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...more,
  });
  const reply = await fetch(asked, { redirect: 'manual' });
  return new URL(reply.headers.get('location')!);
}

function exchanged(config: client.Configuration, callback: URL) {
  const checks = { pkceCodeVerifier: VERIFIER, expectedState: 'of-this-browser', expectedNonce: NONCE };
  return client.authorizationCodeGrant(config, callback, checks);
}

async function loggedIn() {
  const config = await configured();
  return { config, tokens: await exchanged(config, await askedBack(config)) };
}

describe('fake provider', () => {
  afterEach(() => provider.stop());

  it.each(['RS256', 'ES256'] as const)('logs an independent client in, with %s', async (algorithm) => {
    await started({ algorithm, path: '/tenant/v2.0' });
    const ada = provider.addPerson({ email: 'ada@example.com', name: 'Ada', claims: { hd: 'example.com' } });
    const { config, tokens } = await loggedIn();
    const told = {
      iss: provider.issuer,
      sub: ada.subject,
      email: 'ada@example.com',
      email_verified: true,
      name: 'Ada',
    };
    expect(tokens.claims()).toMatchObject({
      ...told,
      hd: 'example.com',
      nonce: NONCE,
      sid: provider.logins[0]?.sessionId,
    });
    expect(await client.fetchUserInfo(config, tokens.access_token, ada.subject)).toMatchObject({ name: 'Ada' });
  });

  it('answers for whom is chosen, also by what was asked', async () => {
    await started();
    const people = [provider.addPerson(), provider.addPerson({ email: 'bob@example.com' })];
    expect((await loggedIn()).tokens.claims()?.sub).toBe(people[0]?.subject);
    provider.chosen = (asked) => people.find(({ email }) => email === asked.get('login_hint'))!;
    const config = await configured();
    const tokens = await exchanged(config, await askedBack(config, { login_hint: 'bob@example.com' }));
    expect(tokens.claims()?.sub).toBe(people[1]?.subject);
  });

  it('takes a code once, by its verifier, its redirect URI and its client alone', async () => {
    await started();
    const config = await configured();
    const callback = await askedBack(config);
    const wrong = client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: client.randomPKCECodeVerifier(),
      expectedState: 'of-this-browser',
      expectedNonce: NONCE,
    });
    await expect(wrong).rejects.toMatchObject({ error: 'invalid_grant' });
    await exchanged(config, callback);
    await expect(exchanged(config, callback)).rejects.toMatchObject({ error: 'invalid_grant' });
    const stranger = await postToken({
      grant_type: 'authorization_code',
      client_id: provider.clientId,
      client_secret: 'x',
    });
    expect([stranger.status, await stranger.json()]).toMatchObject([401, { error: 'invalid_client' }]);
  });

  it('sends no browser to a redirect URI that is not registered', async () => {
    await started({ redirectUris: [`${REDIRECT_URI}/other`] });
    const config = await configured();
    const asked = client.buildAuthorizationUrl(config, { redirect_uri: REDIRECT_URI, scope: 'openid' });
    const reply = await fetch(asked, { redirect: 'manual' });
    expect([reply.status, reply.headers.get('location')]).toEqual([400, null]);
  });

  it('rotates refresh tokens: the old one is refused', async () => {
    await started();
    const { config, tokens } = await loggedIn();
    const next = await client.refreshTokenGrant(config, tokens.refresh_token!);
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    const again = client.refreshTokenGrant(config, tokens.refresh_token!);
    await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await client.refreshTokenGrant(config, next.refresh_token!)).toBeDefined();
  });

  it('has rotated a refresh token whose answer was lost, and not one whose request was', async () => {
    await started();
    const { config, tokens } = await loggedIn();
    provider.failNext('token', 'cut');
    await expect(client.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toThrow('fetch failed');
    provider.failNext('token', 'lost');
    await expect(client.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toThrow('fetch failed');
    const retry = client.refreshTokenGrant(config, tokens.refresh_token!);
    await expect(retry).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('refreshes as another person when told so', async () => {
    await started();
    const [, other] = [provider.addPerson(), provider.addPerson()];
    const { config, tokens } = await loggedIn();
    provider.wrong = { refreshesAs: other };
    expect((await client.refreshTokenGrant(config, tokens.refresh_token!)).claims()?.sub).toBe(other.subject);
  });

  it('revokes what one person granted, and nothing of another', async () => {
    await started();
    const [ada, bob] = [provider.addPerson(), provider.addPerson()];
    const ofAda = await loggedIn();
    provider.chosen = bob;
    const ofBob = await loggedIn();
    provider.revoke({ person: ada });
    const { config } = ofAda;
    const refreshed = client.refreshTokenGrant(config, ofAda.tokens.refresh_token!);
    await expect(refreshed).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(client.fetchUserInfo(config, ofAda.tokens.access_token, ada.subject)).rejects.toThrow();
    expect(await client.fetchUserInfo(config, ofBob.tokens.access_token, bob.subject)).toBeDefined();
    expect(await client.refreshTokenGrant(config, ofBob.tokens.refresh_token!)).toBeDefined();
  });

  it('lets tokens run out by the clock it was given', async () => {
    const clock = new FakeClock();
    await started({ clock, tokenSeconds: 60 });
    const { config, tokens } = await loggedIn();
    const { sub } = tokens.claims()!;
    clock.advance(59);
    expect(await client.fetchUserInfo(config, tokens.access_token, sub)).toBeDefined();
    clock.advance(1);
    await expect(client.fetchUserInfo(config, tokens.access_token, sub)).rejects.toThrow();
  });

  describe.each<[string, ProviderMisbehaviour]>([
    ['a wrong nonce', claims({ nonce: 'another' })],
    ['no nonce', claims({ nonce: undefined })],
    ['a wrong issuer', claims({ iss: 'https://evil.example' })],
    ['a wrong audience', claims({ aud: 'another' })],
    ['several audiences without azp', claims({ aud: ['coatcheck', 'another'] })],
    ['a wrong azp', claims({ aud: ['coatcheck', 'another'], azp: 'another' })],
    ['an exp that is over', claims({ exp: 1 })],
    ['no iat', claims({ iat: undefined })],
    ['a sub of null', claims({ sub: null })],
    ['a sub of 0', claims({ sub: 0 })],
    ['no sub', claims({ sub: undefined })],
    ['alg none', { idToken: { signature: 'none' } }],
    ['HS256', { idToken: { signature: 'hmac' } }],
    ['a flipped signature', { idToken: { signature: 'flipped' } }],
    ['an empty signature', { idToken: { signature: 'empty' } }],
    ['a stranger’s signature', { idToken: { signature: 'stranger' } }],
    ['no ID token', { idToken: 'omitted' }],
    ['no iss in the response', { response: { iss: undefined } }],
    ['another iss in the response', { response: { iss: 'https://evil.example' } }],
    ['another state', { response: { state: 'another' } }],
    ['a refusal', { refusal: 'access_denied' }],
    ['a token reply that is an error', { faults: { token: 'error_in_200' } }],
    ['a token reply that is a page', { faults: { token: 'not_json' } }],
    ['keys that are out of reach', { faults: { jwks: 500 } }],
  ])('with %s', (_, wrong) => {
    it('is refused by an independent client', async () => {
      await started();
      const config = await configured();
      provider.wrong = wrong;
      await expect(askedBack(config).then((callback) => exchanged(config, callback))).rejects.toThrow();
      provider.wrong = {};
      expect(await exchanged(config, await askedBack(config))).toBeDefined();
    });
  });

  it('tells an empty sub, which an independent client takes', async () => {
    await started();
    provider.wrong = claims({ sub: '' });
    expect((await loggedIn()).tokens.claims()?.sub).toBe('');
  });

  it('names another issuer in its discovery when told so', async () => {
    await started();
    provider.wrong = { metadata: { issuer: 'https://evil.example' } };
    await expect(configured()).rejects.toThrow();
  });

  it('hangs, trickles, pours and redirects where it is told to', async () => {
    await started();
    const url = `${provider.issuer}/jwks`;
    const right = await (await fetch(url)).text();
    provider.failNext('jwks', 'redirect');
    const redirected = await fetch(url, { redirect: 'manual' });
    expect(redirected.status).toBe(307);
    expect(await (await fetch(new URL(redirected.headers.get('location')!, url))).text()).toBe(right);
    provider.failNext('jwks', 'huge');
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBeGreaterThan(60_000_000);
    provider.failNext('jwks', 'trickle');
    provider.failNext('jwks', 'hang');
    const [body, silent] = [fetch(url).then((reply) => reply.text()), fetch(url).then((reply) => reply.text())];
    const ends = expect(Promise.all([body, silent])).rejects.toThrow();
    while (provider.requestsTo('jwks').length < 6) await new Promise(setImmediate);
    await provider.stop();
    await ends;
    await started();
  });

  it('signs by a new key from a rotation on, and publishes it', async () => {
    await started();
    const before = await loggedIn();
    await provider.rotateKeys();
    const after = await loggedIn();
    const kid = (token: string) => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;
    expect(kid(after.tokens.id_token!)).not.toBe(kid(before.tokens.id_token!));
  });

  it('posts logout tokens, right or with whatever is wrong', async () => {
    await started();
    const ada = provider.addPerson();
    const token = await provider.logoutToken({ person: ada, sessionId: 'one' });
    const [header, payload] = token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    expect(header).toMatchObject({ typ: 'logout+jwt', alg: 'ES256' });
    expect(payload).toMatchObject({ iss: provider.issuer, aud: provider.clientId, sub: ada.subject, sid: 'one' });
    expect(Object.keys(payload.events)).toEqual(['http://schemas.openid.net/event/backchannel-logout']);
    const wrong = await provider.logoutToken(
      { person: ada },
      { claims: { nonce: 'x', events: undefined }, header: { typ: 'JWT' } },
    );
    const broken = JSON.parse(Buffer.from(wrong.split('.')[1]!, 'base64url').toString());
    expect([broken.nonce, broken.events, 'sid' in broken]).toEqual(['x', undefined, false]);
  });

  it('posts the response as a form when asked to', async () => {
    await started();
    const config = await configured();
    const parameters = { redirect_uri: REDIRECT_URI, scope: 'openid', response_mode: 'form_post', state: '"<s' };
    const challenge = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    const reply = await fetch(client.buildAuthorizationUrl(config, { ...parameters, ...challenge }));
    const page = await reply.text();
    expect(page).toContain(`action="${REDIRECT_URI}"`);
    expect(page).toContain('name="state" value="&quot;&lt;s"');
  });

  it('speaks plain OAuth 2: no discovery, no ID token, userinfo by the access token', async () => {
    await started({ kind: 'oauth2' });
    const ada = provider.addPerson();
    expect((await fetch(`${provider.issuer}/.well-known/openid-configuration`)).status).toBe(404);
    const tokens = await tokensBy('/authorize', '/token');
    expect(tokens.id_token).toBeUndefined();
    const told = await fetch(`${provider.issuer}/userinfo`, bearer(tokens.access_token!));
    expect(await told.json()).toMatchObject({ sub: ada.subject, email: ada.email });
  });

  it('speaks as a GitHub: a numeric id, addresses apart, a check that answers 404, errors with status 200', async () => {
    await started({ kind: 'github' });
    const ada = provider.addPerson();
    const tokens = await tokensBy('/login/oauth/authorize', '/login/oauth/access_token');
    expect(tokens).toMatchObject({ token_type: 'bearer' });
    const api = `${provider.issuer}/api/v3`;
    const user = await (await fetch(`${api}/user`, bearer(tokens.access_token!))).json();
    expect(user).toMatchObject({ id: Number(ada.subject), email: null });
    const emails = await (await fetch(`${api}/user/emails`, bearer(tokens.access_token!))).json();
    expect(emails).toContainEqual({ email: ada.email, primary: true, verified: true, visibility: 'private' });
    expect((await checked(tokens.access_token!)).status).toBe(200);
    provider.revoke({ person: ada });
    expect((await checked(tokens.access_token!)).status).toBe(404);
    const again = await postToken({
      code: 'no-such',
      client_id: provider.clientId,
      client_secret: provider.clientSecret,
    });
    expect([again.status, await again.json()]).toMatchObject([200, { error: 'bad_verification_code' }]);
  });
});

function claims(changed: Record<string, unknown>): ProviderMisbehaviour {
  return { idToken: { claims: changed } };
}

function bearer(token: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } };
}

function postToken(form: Record<string, string>): Promise<Response> {
  const path = provider.kind === 'github' ? '/login/oauth/access_token' : '/token';
  const headers = { accept: 'application/json' };
  return fetch(provider.issuer + path, { method: 'POST', body: new URLSearchParams(form), headers });
}

async function tokensBy(authorize: string, token: string): Promise<Record<string, string>> {
  const asked = new URL(provider.issuer + authorize);
  const { clientId: client_id, clientSecret: client_secret } = provider;
  const challenge = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  const parameters = { client_id, redirect_uri: REDIRECT_URI, response_type: 'code', state: 's', ...challenge };
  asked.search = new URLSearchParams(parameters).toString();
  const reply = await fetch(asked, { redirect: 'manual' });
  const code = new URL(reply.headers.get('location')!).searchParams.get('code')!;
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER };
  const body = new URLSearchParams({ ...form, client_id, client_secret });
  const headers = { accept: 'application/json' };
  return (await fetch(provider.issuer + token, { method: 'POST', body, headers })).json() as Promise<
    Record<string, string>
  >;
}

function checked(token: string): Promise<Response> {
  const { clientId, clientSecret, issuer } = provider;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const body = JSON.stringify({ access_token: token });
  return fetch(`${issuer}/api/v3/applications/${clientId}/token`, { method: 'POST', headers, body });
}
