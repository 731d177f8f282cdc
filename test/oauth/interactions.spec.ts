import type { TestClient } from '../../src/testing/index.js';
import { HTML, startWithPages } from './interaction-node.js';
import { API, type OAuthNode, pkce, type TestOAuthClient } from './oauth-node.js';

describe('an interaction, for a page of the application’s own', () => {
  let node: OAuthNode;
  let client: TestOAuthClient;

  beforeAll(async () => {
    node = await startWithPages();
    await node.resource(API, { 'orders:read': 'Read your orders', 'orders:write': 'Change your orders' });
    client = await node.client({
      name: 'Ledger',
      firstParty: false,
      resources: [API],
      scopes: ['orders:read', 'orders:write'],
    });
  });
  afterAll(() => node.close());

  /** Begins one in this browser; returns its path. */
  async function begin(browser: TestClient, params: Record<string, string> = {}, of = client): Promise<string> {
    const location = await ask(browser, params, of);
    if (!location.pathname.startsWith('/oauth/interaction/')) throw new Error(`no interaction: ${location.href}`);
    return location.pathname;
  }
  const proof = pkce();
  /** Where the browser is sent for it. */
  async function ask(browser: TestClient, params: Record<string, string>, of = client): Promise<URL> {
    const reply = await browser.get(node.authorizeUrl(of, proof, params));
    return new URL(reply.headers.get('location') ?? `about:blank#${reply.status}:${reply.text}`, node.issuer);
  }
  /** Goes on where a reply says; returns where the browser ends. */
  async function goOn(browser: TestClient, redirectTo: string): Promise<URL> {
    const { pathname, search } = new URL(redirectTo);
    const reply = await browser.get(pathname + search);
    return new URL(reply.headers.get('location') ?? `about:blank#${reply.status}:${reply.text}`, node.issuer);
  }

  it('says who asks for what in words, and leads to a code with what was allowed of it', async () => {
    const ada = node.here(await node.logIn());
    const path = await begin(ada, { scope: 'openid email orders:read orders:write', resource: API });
    const { status, body, headers } = await ada.get(path);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({
      prompt: 'consent',
      client: { id: client.id, name: 'Ledger', isSelfRegistered: false, registeredAt: null },
      scopes: ['openid', 'email', 'orders:read', 'orders:write'],
      descriptions: { 'orders:read': 'Read your orders' },
      resource: API,
      redirectHost: 'app.example.com',
      user: { email: expect.stringContaining('@') },
    });
    const consent = await ada.post(`${path}/consent`, { accept: true, scopes: ['openid', 'orders:read'] });
    expect([consent.status, consent.body]).toEqual([200, { redirectTo: expect.stringContaining('/oauth/authorize/') }]);
    const end = await goOn(ada, consent.body.redirectTo);
    const { body: tokens } = await node.exchange(client, { code: end.searchParams.get('code')!, proof });
    expect(tokens).toMatchObject({ scope: 'orders:read', id_token: expect.any(String) });
  });

  it('asks for all that the client may ask of the API it names, where it names no scope', async () => {
    const ada = node.here(await node.logIn());
    const url = node.authorizeUrl(client, proof, { resource: API }).replace('scope=openid&', '');
    const { pathname } = new URL((await ada.get(url)).headers.get('location')!, node.issuer);
    expect((await ada.get(pathname)).body.scopes).toEqual(['orders:read', 'orders:write']);
    const consent = await ada.post(`${pathname}/consent`, { accept: true, scopes: ['orders:read'] });
    const codes = [await goOn(ada, consent.body.redirectTo), new URL((await ada.get(url)).headers.get('location')!)];
    for (const { searchParams } of codes) {
      const code = searchParams.get('code')!;
      const { body } = await node.exchange(client, { code, proof }, { resource: API });
      expect(body).toMatchObject({ scope: 'orders:read' });
    }
  });

  it.each([
    ['no scope, and no API', {}, ''],
    ['an unknown scope', { scope: 'nonsense' }, 'scope=openid&'],
    ['a scope that the API does not have', { scope: 'nonsense', resource: API }, 'scope=openid&'],
  ])('asks no user for %s', async (_, params, left) => {
    const ada = node.here(await node.logIn());
    const url = node.authorizeUrl(client, proof, params).replace(left || 'scope=openid&', '');
    const { searchParams } = new URL((await ada.get(url)).headers.get('location')!, node.issuer);
    expect(Object.fromEntries(searchParams)).toMatchObject({ error: 'invalid_scope', state: 'a-state' });
  });

  it('asks for nothing that was allowed before, and again for what was not', async () => {
    const ada = node.here(await node.logIn());
    const path = await begin(ada, { scope: 'openid email' });
    await goOn(ada, (await ada.post(`${path}/consent`, { accept: true })).body.redirectTo);
    expect((await ask(ada, { scope: 'openid email' })).searchParams.get('code')).not.toBeNull();
    expect((await ada.get(await begin(ada, { scope: 'openid email profile' }))).body.scopes).toEqual([
      'openid',
      'profile',
      'email',
    ]);
  });

  it('begins with a login where no user is logged in', async () => {
    const browser = node.browser();
    const path = await begin(browser, { scope: 'openid' });
    expect((await browser.get(path)).body).toMatchObject({ prompt: 'login' });
    expect((await browser.get(path)).body).not.toHaveProperty('user');
    const refused = await browser.post(`${path}/login`);
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
    const user = await node.app.register({ password: 'an engine weaves algebra' });
    const credentials = { email: user.email, password: 'an engine weaves algebra', strategy: 'session' };
    expect((await browser.post('/auth/login', credentials)).status).toBe(200);
    const { status, body } = await browser.post(`${path}/login`);
    expect(status).toBe(200);
    const next = await goOn(browser, body.redirectTo);
    expect((await browser.get(next.pathname)).body).toMatchObject({ prompt: 'consent', user: { email: user.email } });
  });

  it('`prompt=login` needs a login newer than the question', async () => {
    const password = 'an engine weaves algebra';
    const user = await node.app.register({ password });
    const browser = node.browser();
    const login = () => browser.post('/auth/login', { email: user.email, password, strategy: 'session' });
    await login();
    const path = await begin(browser, { scope: 'openid', prompt: 'login' });
    const old = await browser.post(`${path}/login`);
    expect([old.status, old.body.code]).toEqual([403, 'step_up_required']);
    await login();
    expect((await browser.post(`${path}/login`)).status).toBe(200);
  });

  it('a refusal is the client’s to know, and the audit’s', async () => {
    const user = await node.logIn();
    const ada = Object.assign(node.here(user), { userId: user.userId });
    const end = async (path: string, act: string, body?: object) =>
      (await goOn(ada, (await ada.post(`${path}/${act}`, body)).body.redirectTo)).searchParams.get('error');
    expect(await end(await begin(ada), 'consent', { accept: false })).toBe('access_denied');
    expect(await end(await begin(ada), 'abort')).toBe('access_denied');
    const admin = await node.logIn({ roles: ['admin'] });
    const { body } = await node.here(admin).get(`/admin/audit?type=oauth.consent.denied&userId=${ada.userId}`);
    expect(body.events.map((event: { details: { clientId: string } }) => event.details.clientId)).toEqual([
      client.id,
      client.id,
    ]);
  });

  it('is this browser’s alone, and answered once', async () => {
    const ada = node.here(await node.logIn());
    const path = await begin(ada);
    const stranger = node.here(await node.logIn());
    for (const other of [stranger, node.browser()]) {
      expect((await other.get(path)).status).toBe(404);
      expect((await other.post(`${path}/consent`, { accept: true })).status).toBe(404);
      expect((await other.post(`${path}/abort`)).status).toBe(404);
    }
    const answers = await Promise.all(Array.from({ length: 6 }, () => ada.post(`${path}/consent`, { accept: true })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404 || status === 409)).toHaveLength(5);
    expect((await ada.get(path)).status).toBe(404);
  });

  it('what a user has allowed leads to one code, of however many requests go on with it together', async () => {
    for (let round = 0; round < 3; round++) {
      const ada = node.here(await node.logIn());
      const { body } = await ada.post(`${await begin(ada)}/consent`, { accept: true });
      const ends = await Promise.all(Array.from({ length: 8 }, () => goOn(ada, body.redirectTo)));
      expect(ends.filter(({ searchParams }) => searchParams.has('code'))).toHaveLength(1);
    }
  });

  it('a page of another site cannot answer for the user', async () => {
    const ada = node.here(await node.logIn());
    const path = await begin(ada);
    for (const act of ['consent', 'login', 'abort']) {
      const { status, body } = await ada.post(`${path}/${act}`, { accept: true }, { 'sec-fetch-site': 'cross-site' });
      expect([act, status, body.code]).toEqual([act, 403, 'csrf_rejected']);
    }
  });

  it.each([
    ['a scope that was not asked for', 'isAsked', { accept: true, scopes: ['admin'] }],
    ['scopes that are no list', 'isArray', { accept: true, scopes: 'openid' }],
    ['no word on whether it is allowed', 'isBoolean', {}],
    ['a yes that is none', 'isBoolean', { accept: 'yes' }],
  ])('refuses %s', async (_what, rule, body) => {
    const ada = node.here(await node.logIn());
    const path = await begin(ada);
    const reply = await ada.post(`${path}/consent`, body);
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    expect(reply.body.errors.map((error: { rule: string }) => error.rule)).toContain(rule);
  });

  it.each(['x', 'a%00b', '..', 'a'.repeat(200), 'AAAAAAAAAAAAAAAAAAAAA'])('there is none %s', async (uid) => {
    const { status } = await node.here(await node.logIn()).get(`/oauth/interaction/${uid}`);
    expect([400, 404, 414]).toContain(status);
  });
});

it('a page of the application’s own is called with the interaction, and a program is answered as ever', async () => {
  const node = await startWithPages({ options: { oauthInteractionUrl: 'https://shop.example.com/login?x=1' } });
  const client = await node.client({ firstParty: false });
  const ada = node.here(await node.logIn());
  const begun = await ada.get(node.authorizeUrl(client, pkce()));
  const path = new URL(begun.headers.get('location')!, node.issuer).pathname;
  const { status, headers } = await ada.get(path, HTML);
  const uid = path.split('/').at(-1);
  expect([status, headers.get('location')]).toEqual([303, `https://shop.example.com/login?x=1&interaction=${uid}`]);
  expect((await ada.get(path)).body).toMatchObject({ prompt: 'consent' });
  await node.close();
});
