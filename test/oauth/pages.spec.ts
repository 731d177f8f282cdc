import { followHome, HTML, startWithPages, visitorOf } from './interaction-node.js';
import { API, type OAuthNode, pkce, type TestOAuthClient } from './oauth-node.js';

const PASSWORD = 'an engine weaves algebra';

describe('the pages of the provider, without scripts', () => {
  let node: OAuthNode;
  let client: TestOAuthClient;
  const proof = pkce();

  beforeAll(async () => {
    node = await startWithPages();
    await node.resource(API, { 'orders:read': 'Read your orders', 'orders:write': 'Change your orders' });
    client = await node.client({
      name: 'Ledger <b>',
      firstParty: false,
      resources: [API],
      scopes: ['orders:read', 'orders:write'],
      postLogoutRedirectUris: ['https://app.example.com/bye'],
    });
  });
  afterAll(() => node.close());

  it('lead a stranger to signing in, to consent, and to the client with what was allowed', async () => {
    const { email } = await node.app.register({ password: PASSWORD });
    const visitor = visitorOf(node);
    const params = { scope: 'openid email orders:read orders:write', resource: API };
    let shown = await followHome(visitor, node, await visitor.open(node.authorizeUrl(client, proof, params)));
    expect(shown.html).toContain('name="password"');
    shown = await visitor.submit({ email, password: PASSWORD });
    // What follows a form must not lead to a client by redirects: the policy of the form's page names none.
    const between = await visitor.open(shown.location!);
    expect([between.status, between.headers.get('refresh')]).toEqual([200, expect.stringMatching(/^0;url=http/)]);
    expect(between.html).toContain('id="continue"');
    shown = await followHome(visitor, node, between);
    expect(shown.html).toContain('Ledger &lt;b&gt;');
    expect(shown.html).not.toContain('<b>');
    for (const said of ['Read your orders', 'Change your orders', 'app.example.com', email, API])
      expect(shown.html).toContain(said);
    expect(shown.headers.get('content-security-policy')).toContain("form-action 'self' https://app.example.com;");
    const end = await followHome(
      visitor,
      node,
      await visitor.submit({ accept: 'yes', scope: 'orders:read' }, visitor.form().action),
    );
    const code = new URL(end.location!).searchParams.get('code')!;
    const { body } = await node.exchange(client, { code, proof });
    expect(body).toMatchObject({ scope: 'orders:read', id_token: expect.any(String) });
  });

  it('“not you?” signs out, and asks the user who signs in then', async () => {
    const ada = await node.logIn();
    const bob = await node.app.register({ password: PASSWORD });
    const visitor = visitorOf(node, ada);
    let shown = await followHome(visitor, node, await visitor.open(node.authorizeUrl(client, proof)));
    expect(shown.html).toContain('id="switch"');
    const { action } = visitor.form();
    shown = await visitor.submit({ switch: 'yes' }, action.replace('/consent/', '/switch/'));
    shown = await visitor.follow(shown);
    expect((await ada.get('/auth/me')).status).toBe(401);
    shown = await followHome(visitor, node, await visitor.submit({ email: bob.email, password: PASSWORD }));
    expect(shown.html).toContain(bob.email);
    expect(shown.html).toContain('id="accept"');
    const end = await followHome(visitor, node, await visitor.submit({ accept: 'no' }));
    expect(new URL(end.location!).searchParams.get('error')).toBe('access_denied');
  });

  it('`prompt=login` asks to prove oneself, and goes on', async () => {
    const user = await node.app.register({ password: PASSWORD });
    const visitor = visitorOf(node);
    const own = await node.client({ name: 'Own' });
    await visitor.open('/sign-in');
    await visitor.submit({ email: user.email, password: PASSWORD });
    let shown = await visitor.open(node.authorizeUrl(own, proof, { prompt: 'login' }));
    shown = await followHome(visitor, node, shown);
    expect(shown.html).toContain('action="/confirm"');
    shown = await followHome(visitor, node, await visitor.submit({ password: PASSWORD }));
    expect(new URL(shown.location!).searchParams.get('code')).not.toBeNull();
  });

  it('a device is connected by its code, which the page shows before it is allowed', async () => {
    const tv = await node.client({
      name: 'TV',
      firstParty: false,
      redirectUris: [],
      grantTypes: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    });
    const { body: codes } = await node.form('/oauth/device/authorize', { scope: 'openid email' }, tv);
    const visitor = visitorOf(node, await node.logIn());
    expect((await visitor.open('/oauth/device')).html).toContain('name="user_code"');
    const wrong = await visitor.submit({ user_code: 'BCDF-BCDF' });
    expect(wrong.html).toContain('There is no such code');
    let shown = await visitor.submit({ user_code: codes.user_code.toLowerCase() });
    expect(shown.html).toMatch(new RegExp(`id="shown-code">${codes.user_code}<`));
    expect(shown.html).toContain('TV');
    shown = await followHome(visitor, node, await visitor.submit({ confirm: 'yes' }));
    expect(shown.html).toContain('The access is for your device.');
    shown = await followHome(visitor, node, await visitor.submit({ accept: 'yes', scope: 'email' }));
    expect(shown.html).toContain('Your device is connected');
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const tokens = await node.token(tv, { grant_type, device_code: codes.device_code });
    expect([tokens.status, tokens.body]).toMatchObject([200, { id_token: expect.any(String) }]);
  });

  it.each([
    ['when its code is shown', false],
    ['when it is said what it may do', true],
  ])('a device that is refused %s gets nothing', async (_when, isLater) => {
    const tv = await node.client({
      name: 'TV',
      firstParty: false,
      redirectUris: [],
      grantTypes: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    });
    const { body: codes } = await node.form('/oauth/device/authorize', { scope: 'openid' }, tv);
    const visitor = visitorOf(node, await node.logIn());
    await visitor.open('/oauth/device');
    await visitor.submit({ user_code: codes.user_code });
    if (isLater) await followHome(visitor, node, await visitor.submit({ confirm: 'yes' }));
    const refused = await visitor.submit(isLater ? { accept: 'no' } : { abort: 'yes' });
    expect((await followHome(visitor, node, refused)).html).toContain('The device was refused');
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const { status, body } = await node.token(tv, { grant_type, device_code: codes.device_code });
    expect([status, body.error]).toEqual([400, 'access_denied']);
  });

  it('signing out for a client asks first, and goes back to it', async () => {
    const ada = await node.logIn();
    const visitor = visitorOf(node, ada);
    const query = new URLSearchParams({
      client_id: client.id,
      post_logout_redirect_uri: 'https://app.example.com/bye',
      state: 's',
    });
    const asked = await visitor.open(`/oauth/logout?${query}`);
    expect(asked.html).toContain('id="logout"');
    expect(asked.headers.get('content-security-policy')).toContain("form-action 'self' https://app.example.com;");
    const end = await visitor.submit({ logout: 'yes' });
    expect(end.location).toBe('https://app.example.com/bye?state=s');
    expect((await ada.get('/auth/me')).status).toBe(401);
  });

  it('without a client to go back to, it ends on a page', async () => {
    const ada = await node.logIn();
    const visitor = visitorOf(node, ada);
    await visitor.open('/oauth/logout');
    const shown = await followHome(visitor, node, await visitor.submit({ logout: 'yes' }));
    expect(shown.html).toContain('You are signed out');
  });

  it.each([
    ['a client that is none', '/oauth/authorize?client_id=none&response_type=code'],
    ['a redirect URI of somebody else', 'evil'],
  ])('%s ends on a page of our own', async (_what, given) => {
    const path =
      given === 'evil' ? node.authorizeUrl({ ...client, redirectUri: 'https://evil.example' }, proof) : given;
    const shown = await visitorOf(node).open(path);
    expect([shown.status, shown.location]).toEqual([400, null]);
    expect(shown.html).toContain('id="error"');
    expect(shown.html).toContain('<link rel="stylesheet" href="/assets/');
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('an interaction that is over is said to be, as a page and as JSON', async () => {
    const path = '/oauth/interaction/AAAAAAAAAAAAAAAAAAAAA';
    const page = await visitorOf(node).open(path);
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.html).toContain('This sign-in has expired');
    const json = await node.browser().get(path);
    expect([json.status, json.body.code]).toEqual([404, 'not_found']);
  });

  it('a form of another site answers nothing', async () => {
    const ada = await node.logIn();
    const visitor = visitorOf(node, ada);
    await followHome(visitor, node, await visitor.open(node.authorizeUrl(client, proof)));
    const { action, hidden } = visitor.form();
    for (const [fields, headers] of [
      [{ ...hidden, accept: 'yes' }, { 'sec-fetch-site': 'cross-site' }],
      [{ accept: 'yes' }, {}],
      [{ _csrf: 'x', accept: 'yes' }, {}],
    ] as const) {
      const { status } = await visitor.send('POST', action, fields, { ...HTML, ...headers });
      expect(status).toBe(403);
    }
  });
});

it('are the same in an application on Express that has a prefix, and pages at a path of their own', async () => {
  const node = await startWithPages({
    adapter: 'express',
    options: { pagesPath: '/auth-pages' },
    configure: (host) => {
      host.setGlobalPrefix('api');
    },
  });
  const client = await node.client({ name: 'Ledger', firstParty: false });
  const proof = pkce();
  const { email } = await node.app.register({ password: PASSWORD });
  const visitor = visitorOf(node);
  let shown = await followHome(visitor, node, await visitor.open(node.authorizeUrl(client, proof)));
  expect(shown.html).toContain('action="/api/auth-pages/sign-in"');
  shown = await followHome(visitor, node, await visitor.submit({ email, password: PASSWORD }));
  expect(visitor.form().action).toMatch(/^\/api\/oauth\/interaction\/[\w-]+\/consent\/form$/);
  const end = await followHome(visitor, node, await visitor.submit({ accept: 'yes' }));
  const { status } = await node.exchange(client, { code: new URL(end.location!).searchParams.get('code')!, proof });
  expect(status).toBe(200);
  const device = await visitor.open('/oauth/device');
  expect([device.status, device.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(device.html).toContain(email);
  await visitor.open('/oauth/logout');
  shown = await followHome(visitor, node, await visitor.submit({ logout: 'yes' }));
  expect(shown.html).toContain('You are signed out');
  await node.close();
});
