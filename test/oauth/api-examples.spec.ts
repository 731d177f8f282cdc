import { OAUTH_OPERATIONS } from '../../src/service/oauth-operations.js';
import type { TestReply } from '../../src/testing/index.js';
import { API, OAuthNode, pkce, type TestOAuthClient } from './oauth-node.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

/** The examples of the API document, beside what the provider answers. */
describe('examples of the provider’s routes', () => {
  let node: OAuthNode;
  let client: TestOAuthClient;
  let asked: Record<string, () => Promise<TestReply>>;

  beforeAll(async () => {
    node = await OAuthNode.start({ options: { oauthRegistration: 'open' } });
    await node.resource(API);
    const { id: serviceUserId } = (
      await node.here(await node.logIn({ roles: ['admin'] })).post('/admin/users', { kind: 'service', name: 'ledger' })
    ).body;
    client = await node.client({
      resources: [API],
      scopes: ['orders:read'],
      grantTypes: ['authorization_code', 'refresh_token', 'client_credentials', DEVICE],
      serviceUserId,
    });
    const wrong = { ...client, secret: 'not-the-secret-not-the-secret-not-the-secret' };
    const poor = await node.client({ name: 'Poor' });
    const ada = await node.logIn();
    const { access_token } = await node.tokens(ada, client, { scope: 'openid email' });
    const { challenge } = pkce();
    const request = {
      response_type: 'code',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      scope: 'openid',
    };
    const browser = node.browser();
    const metadata = {
      client_name: 'Ledger',
      redirect_uris: ['http://127.0.0.1/callback'],
      token_endpoint_auth_method: 'none',
    };
    const registered = (await browser.post('/oauth/register', metadata)).body;
    const own = `/oauth/register/${registered.client_id}`;
    const wrongToken = { authorization: 'Bearer nothing' };
    asked = {
      'get /.well-known/openid-configuration 200': () => browser.get('/.well-known/openid-configuration'),
      'get /.well-known/oauth-authorization-server 200': () => browser.get('/.well-known/oauth-authorization-server'),
      'get /.well-known/oauth-protected-resource 200': () => browser.get('/.well-known/oauth-protected-resource'),
      'post /oauth/par 201': () =>
        node.form('/oauth/par', { ...request, client_id: client.id, redirect_uri: client.redirectUri }, client),
      'post /oauth/par 400': () => node.form('/oauth/par', { scope: 'openid' }, client),
      'post /oauth/par 401': () => node.form('/oauth/par', request, wrong),
      'post /oauth/token 200': () =>
        node.token(client, { grant_type: 'client_credentials', resource: API, scope: 'orders:read' }),
      'post /oauth/token 400': () => node.refresh(client, 'a'.repeat(43)),
      'post /oauth/token 401': () => node.token(wrong, { grant_type: 'client_credentials' }),
      'get /oauth/userinfo 200': () => node.userinfo(access_token),
      'get /oauth/userinfo 400': () => browser.get(`/oauth/userinfo?access_token=${access_token}`),
      'get /oauth/userinfo 401': () => node.userinfo('a'.repeat(44)),
      'post /oauth/userinfo 200': () =>
        node.form('/oauth/userinfo', {}, undefined, { authorization: `Bearer ${access_token}` }),
      'post /oauth/userinfo 400': () => browser.post('/oauth/userinfo', { access_token }),
      'post /oauth/userinfo 401': () => node.form('/oauth/userinfo', { access_token: 'a'.repeat(44) }),
      'post /oauth/introspect 200': () => node.introspect(client, 'a'.repeat(44)),
      'post /oauth/introspect 400': () => node.form('/oauth/introspect', {}, client),
      'post /oauth/introspect 401': () => node.introspect(wrong, 'a'.repeat(44)),
      'post /oauth/revoke 400': () => node.form('/oauth/revoke', {}, client),
      'post /oauth/revoke 401': () => node.form('/oauth/revoke', { token: 'x' }, wrong),
      'post /oauth/device/authorize 200': () => node.form('/oauth/device/authorize', { scope: 'openid' }, client),
      'post /oauth/device/authorize 400': () => node.form('/oauth/device/authorize', { scope: 'openid' }, poor),
      'post /oauth/device/authorize 401': () => node.form('/oauth/device/authorize', { scope: 'openid' }, wrong),
      'post /oauth/register 201': () => browser.post('/oauth/register', metadata),
      'post /oauth/register 400': () => browser.post('/oauth/register', { ...metadata, redirect_uris: [] }),
      'get /oauth/register/{id} 400': () => browser.get(`${own}?a=%00`),
      'delete /oauth/register/{id} 400': () => browser.delete(`${own}?a=%00`),
      'get /oauth/register/{id} 401': () => browser.get(own, wrongToken),
      'put /oauth/register/{id} 400': () =>
        browser.put(
          own,
          { ...metadata, client_id: registered.client_id, redirect_uris: [] },
          { authorization: `Bearer ${registered.registration_access_token}` },
        ),
      'put /oauth/register/{id} 401': () => browser.put(own, metadata, wrongToken),
      'delete /oauth/register/{id} 401': () => browser.delete(own, wrongToken),
    };
  });
  afterAll(() => node.close());

  /** Of floods and of stores out of reach, other tests tell; of a registration token, `OAUTH_REGISTRATION=token`. */
  const examples = OAUTH_OPERATIONS.flatMap(({ method, path, replies }) =>
    Object.entries(replies).flatMap(([status, { content = {} }]) => {
      const { value } = (content as { 'application/json'?: { examples?: { usual: { value: object } } } })[
        'application/json'
      ]?.examples?.usual ?? { value: null };
      return value === null || ['429', '503'].includes(status) ? [] : [[`${method} ${path} ${status}`, value] as const];
    }),
  ).filter(([name]) => name !== 'post /oauth/register 401');

  it.each(examples)('%s', async (name, example) => {
    const ask = asked[name];
    if (!ask) throw new Error(`${name} is not asked`);
    const { status, body, text } = await ask();
    expect([String(status), text]).toEqual([name.split(' ').at(-1), text]);
    expect(body).toMatchObject(shapeOf(example));
  });
});

/** The same members, each of the same type; an error is the very same. */
function shapeOf(example: object): object {
  if ('error' in example) return example;
  const types = Object.entries(example).map(([member, value]) => [
    member,
    Array.isArray(value) ? expect.any(Array) : typeof value === 'boolean' ? value : expect.any(value.constructor),
  ]);
  return Object.fromEntries(types);
}
