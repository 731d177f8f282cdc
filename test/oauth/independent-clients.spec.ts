import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import type { ActingUser, TestClient } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { API, OAuthNode, type TestOAuthClient } from './oauth-node.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const AFTER_LOGOUT = 'https://app.example.com/bye';

/** Where the browser is sent, as a client sees it. */
async function visit(node: OAuthNode, browser: TestClient, { pathname, search }: URL): Promise<URL> {
  const { headers, status, text } = await node.here(browser).get(pathname + search);
  const location = headers.get('location');
  if (location === null) throw new Error(`shown a page: ${status} ${text}`);
  return new URL(location, node.issuer);
}

/** Sends the form that the pages of these tests are. */
function send(browser: TestClient, path: string, fields: Record<string, string>) {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return browser.request('POST', path, new URLSearchParams(fields).toString(), type);
}
const xsrfIn = (text: string) => /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';

describe.each(['fastify', 'express'] as const)('`openid-client`, with the service on %s', (adapter) => {
  let node: OAuthNode;
  let ada: ActingUser;
  beforeAll(async () => {
    node = await OAuthNode.start({ adapter });
    await node.resource(API, { 'orders:read': 'Read orders' });
    ada = await node.logIn();
  });
  afterAll(() => node?.close());

  const configured = ({ id, secret }: TestOAuthClient) =>
    openid.discovery(new URL(node.issuer), id, undefined, secret ? openid.ClientSecretBasic(secret) : openid.None(), {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    });

  /** What one keeps of an authorization request until its answer. */
  async function request(params: Record<string, string> = {}) {
    const [pkceCodeVerifier, expectedState, expectedNonce] = [
      openid.randomPKCECodeVerifier(),
      openid.randomState(),
      openid.randomNonce(),
    ];
    const asked = {
      redirect_uri: 'https://app.example.com/callback',
      scope: 'openid email',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      ...params,
    };
    return { asked, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
  }

  async function logIn(config: openid.Configuration, browser: TestClient, params: Record<string, string> = {}) {
    const { asked, checks } = await request(params);
    const answer = await visit(node, browser, openid.buildAuthorizationUrl(config, asked));
    return openid.authorizationCodeGrant(config, answer, checks);
  }

  it('logs a user in, reads who it is, and refreshes', async () => {
    const config = await configured(await node.client());
    const tokens = await logIn(config, ada);
    expect(tokens.claims()).toMatchObject({ sub: ada.userId, email: ada.email });
    const { email } = await openid.fetchUserInfo(config, tokens.access_token, ada.userId);
    expect(email).toBe(ada.email);
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token!);
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect((await openid.fetchUserInfo(config, next.access_token, ada.userId)).sub).toBe(ada.userId);
  });

  it('pushes its request first', async () => {
    const config = await configured(await node.client({ requirePushedAuthorizationRequests: true }));
    const { asked, checks } = await request();
    const url = await openid.buildAuthorizationUrlWithPAR(config, asked);
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const tokens = await openid.authorizationCodeGrant(config, await visit(node, ada, url), checks);
    expect(tokens.claims()?.sub).toBe(ada.userId);
    const direct = await visit(node, ada, openid.buildAuthorizationUrl(config, asked));
    expect(direct.searchParams.get('error')).toBe('invalid_request');
  });

  it('acts for itself', async () => {
    const { id } = (await node.part(UserStore).insert({ kind: 'service', email: null, name: 'Robot' }))!;
    const access = { resources: [API], scopes: ['orders:read'] };
    const grantTypes = ['client_credentials'];
    const robot = await node.client({ ...access, grantTypes, redirectUris: [], serviceUserId: id });
    const config = await configured(robot);
    const { access_token } = await openid.clientCredentialsGrant(config, { scope: 'orders:read', resource: API });
    expect(await openid.tokenIntrospection(config, access_token)).toMatchObject({
      active: true,
      aud: API,
      sub: robot.id,
    });
    const wrong = await configured({ ...robot, secret: `${robot.secret}x` });
    await expect(openid.clientCredentialsGrant(wrong, { resource: API })).rejects.toThrow(
      openid.WWWAuthenticateChallengeError,
    );
  });

  it('introspects and revokes tokens of both kinds', async () => {
    const config = await configured(await node.client({ resources: [API], scopes: ['orders:read'] }));
    const kinds: Record<string, string>[] = [{}, { scope: 'openid orders:read', resource: API }];
    for (const params of kinds) {
      const tokens = await logIn(config, ada, params);
      expect((await openid.tokenIntrospection(config, tokens.access_token)).active).toBe(true);
      await openid.tokenRevocation(config, tokens.access_token);
      expect(await openid.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
      await openid.tokenRevocation(config, tokens.refresh_token!);
      await expect(openid.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    }
  });

  it('binds tokens to a key (DPoP), without which they are good for nothing', async () => {
    const config = await configured(await node.client({ dpopBoundAccessTokens: true }));
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
    const { asked, checks } = await request();
    const answer = await visit(node, ada, openid.buildAuthorizationUrl(config, asked));
    const tokens = await openid.authorizationCodeGrant(config, answer, checks, undefined, { DPoP });
    expect(tokens.token_type).toBe('dpop');
    expect((await openid.fetchUserInfo(config, tokens.access_token, ada.userId, { DPoP })).sub).toBe(ada.userId);
    await expect(openid.fetchUserInfo(config, tokens.access_token, ada.userId)).rejects.toThrow();
    const other = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
    await expect(openid.fetchUserInfo(config, tokens.access_token, ada.userId, { DPoP: other })).rejects.toThrow();
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token!, undefined, { DPoP });
    expect((await openid.fetchUserInfo(config, next.access_token, ada.userId, { DPoP })).sub).toBe(ada.userId);
  });

  it('gets tokens for a device whose user confirms its code', async () => {
    const tv = await node.client({ type: 'public', grantTypes: [DEVICE, 'refresh_token'], redirectUris: [] });
    const config = await configured(tv);
    const codes = await openid.initiateDeviceAuthorization(config, { scope: 'openid email' });
    expect(codes.interval).toBe(5);
    const browser = node.here(ada);
    const form = { user_code: codes.user_code, xsrf: xsrfIn((await browser.get('/oauth/device')).text) };
    await send(browser, '/oauth/device', form);
    await send(browser, '/oauth/device', { ...form, confirm: 'yes' });
    // It is confirmed already: nothing to wait for.
    const tokens = await openid.pollDeviceAuthorizationGrant(config, { ...codes, interval: 0.001 });
    expect(tokens.claims()).toMatchObject({ sub: ada.userId });
    expect((await openid.refreshTokenGrant(config, tokens.refresh_token!)).access_token).toEqual(expect.any(String));
  });

  it('logs its user out, after which nothing of it works', async () => {
    const bea = await node.logIn();
    const config = await configured(await node.client({ postLogoutRedirectUris: [AFTER_LOGOUT] }));
    const tokens = await logIn(config, bea);
    const { pathname, search } = openid.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: AFTER_LOGOUT,
      state: 's',
    });
    const browser = node.here(bea);
    const { text } = await browser.get(pathname + search);
    const { headers } = await send(browser, '/oauth/logout/confirm', { xsrf: xsrfIn(text), logout: 'yes' });
    expect(headers.get('location')).toBe(`${AFTER_LOGOUT}?state=s`);
    await expect(openid.fetchUserInfo(config, tokens.access_token, bea.userId)).rejects.toThrow();
    await expect(openid.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});

describe('`oauth4webapi`, which checks each answer by itself', () => {
  let node: OAuthNode;
  let ada: ActingUser;
  let server: oauth.AuthorizationServer;
  let client: TestOAuthClient;
  const insecure = { [oauth.allowInsecureRequests]: true };
  beforeAll(async () => {
    node = await OAuthNode.start();
    ada = await node.logIn();
    client = await node.client();
    const issuer = new URL(node.issuer);
    const reply = await oauth.discoveryRequest(issuer, insecure);
    server = await oauth.processDiscoveryResponse(issuer, reply);
  });
  afterAll(() => node?.close());

  const asClient = (): oauth.Client => ({ client_id: client.id });
  async function answered(nonce: string) {
    const { location, proof } = await node.authorize(ada, client, { nonce, state: 'state-1' });
    return { location, proof };
  }
  async function exchanged(params: URLSearchParams, verifier: string) {
    const proof = oauth.ClientSecretBasic(client.secret!);
    const { redirectUri } = client;
    return oauth.authorizationCodeGrantRequest(server, asClient(), proof, params, redirectUri, verifier, insecure);
  }

  it('takes ours', async () => {
    const { location, proof } = await answered('nonce-1');
    const params = oauth.validateAuthResponse(server, asClient(), location, 'state-1');
    const reply = await exchanged(params, proof.verifier);
    const options = { expectedNonce: 'nonce-1', requireIdToken: true };
    const result = await oauth.processAuthorizationCodeResponse(server, asClient(), reply, options);
    expect(oauth.getValidatedIdTokenClaims(result)?.sub).toBe(ada.userId);
    await oauth.validateApplicationLevelSignature(server, reply, insecure);
  });

  it('tells an answer of another issuer, state or client apart, and one that says no issuer', async () => {
    const { location } = await answered('nonce-1');
    const check =
      (url: URL, of = server, state = 'state-1') =>
      () =>
        oauth.validateAuthResponse(of, asClient(), url, state);
    expect(check(location)).not.toThrow();
    expect(check(location, { ...server, issuer: 'https://evil.example.com' })).toThrow('"iss"');
    expect(check(location, server, 'state-2')).toThrow('"state"');
    const without = new URL(location);
    without.searchParams.delete('iss');
    expect(check(without)).toThrow('"iss"');
  });

  it('tells an ID token for another request or client apart', async () => {
    const { location, proof } = await answered('nonce-1');
    const reply = await exchanged(oauth.validateAuthResponse(server, asClient(), location, 'state-1'), proof.verifier);
    const process = (of: oauth.AuthorizationServer, as: oauth.Client, expectedNonce: string) =>
      oauth.processAuthorizationCodeResponse(of, as, reply.clone(), { expectedNonce });
    await expect(process(server, asClient(), 'nonce-2')).rejects.toThrow('"nonce"');
    await expect(process(server, { client_id: 'other' }, 'nonce-1')).rejects.toThrow('"aud"');
    const other = { ...server, issuer: 'https://evil.example.com' };
    await expect(process(other, asClient(), 'nonce-1')).rejects.toThrow('"iss"');
  });
});
