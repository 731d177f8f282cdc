import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../src/config/configuration-error.js';
import { OAuthClients } from '../../src/oauth/clients/oauth-clients.js';
import { OAuthResources } from '../../src/oauth/resources/oauth-resources.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { APP_PAGE, OAuthNode, API as ORDERS, REDIRECT_URI } from './oauth-node.js';

const SECRET = 'a-secret-of-the-file-that-is-long-enough';
const SHOP = {
  ...{ id: 'shop', name: 'Shop', type: 'confidential', clientSecret: SECRET, firstParty: true },
  redirectUris: ['https://shop.example.com/callback'],
};
const API = { uri: 'https://api.example.com', scopes: { 'orders:read': 'See your orders' } };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oauth-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

describe('clients and resources of files', () => {
  const boot = (options: object) =>
    bootHost({
      adapter: 'express',
      // A key of RSA takes as long to make as this to start.
      options: { authStrategies: ['session', 'oauth'], oauthInteractionUrl: APP_PAGE, oauthRs256: false, ...options },
    });
  async function problemsOf(options: object): Promise<readonly string[]> {
    const app = await boot(options).catch((error: unknown) => error);
    if (app instanceof ConfigurationError)
      return app.problems.map(({ option, problem, remedy }) => `${option} ${problem} -> ${remedy}`);
    await (app as Partial<AuthTestApp>).close?.();
    throw new Error('it has started');
  }

  it('are there beside those of the database, and no route changes them', async () => {
    const app = await boot({ oauthClients: file('clients.json', [SHOP]), oauthResources: file('apis.json', [API]) });
    const clients = app.app.get(OAuthClients, { strict: false });
    const shop = (await clients.find('shop'))!;
    expect(shop).toMatchObject({ id: 'shop', origin: 'file', firstParty: true, serviceUser: null });
    expect([clients.isSecretRight(shop, SECRET), clients.isSecretRight(shop, `${SECRET}x`)]).toEqual([true, false]);
    expect(clients.find('shop')).toBe(shop);
    const admin = await app.actAs({ roles: ['admin'] });
    const { body } = await admin.get('/admin/clients');
    expect(body.fileClients).toEqual([expect.objectContaining({ id: 'shop', origin: 'file' })]);
    expect(JSON.stringify(body)).not.toContain(SECRET);
    expect((await admin.get('/admin/clients/shop')).body).toEqual(body.fileClients[0]);
    for (const [method, path, sent] of [
      ['PATCH', '/admin/clients/shop', { disabled: true }],
      ['DELETE', '/admin/clients/shop', undefined],
      ['POST', '/admin/clients/shop/secret', {}],
      ['PUT', `/admin/resources/${encodeURIComponent(API.uri)}`, { scopes: {} }],
      ['DELETE', `/admin/resources/${encodeURIComponent(API.uri)}`, undefined],
    ] as const)
      expect([path, (await admin.request(method, path, sent)).body.code]).toEqual([path, 'conflict']);
    expect(await app.app.get(OAuthResources, { strict: false }).find(API.uri)).toMatchObject({ origin: 'file' });
    await app.close();
  });

  it('stop the start with all that is wrong in both, each with its remedy', async () => {
    const { clientSecret: _, ...secretless } = SHOP;
    const problems = await problemsOf({
      oauthClients: file('wrong-clients.json', [
        secretless,
        SHOP,
        { ...SHOP, id: 'other', redirectUris: ['http://shop.example.com'] },
        { ...SHOP, id: 'third', clientSecret: 'short' },
        { ...SHOP, id: 'fourth', type: 'public' },
        { ...SHOP, id: 'fifth', color: 'red' },
      ]),
      oauthResources: file('wrong-apis.json', [{ uri: 'orders', scopes: [] }, API, API]),
    });
    const told = problems.join('\n');
    for (const part of [
      'client shop: clientSecret is required',
      'client shop: id must not be used twice',
      'client other: redirectUris must contain only valid URIs: each must be https',
      'client third: clientSecret must have 32 to 512',
      'client fourth: clientSecret must be absent',
      'client fifth: color is not a known property',
      'resource number 1: uri must be an absolute URI',
      'resource number 1: scopes must be an object',
      'resource https://api.example.com: uri must not be used twice',
    ])
      expect(told).toContain(part);
    expect(told).not.toContain('short');
    expect(problems.every((problem) => / -> correct the entry in the file, or remove it$/.test(problem))).toBe(true);
  });

  it.each<[string, string, RegExp]>([
    ['is not there', 'absent.json', /cannot be read: ENOENT/],
    ['is no JSON', 'text.json', /not JSON/],
    ['is no list', 'object.json', /must be a JSON list of objects/],
    ['has lists for clients', 'lists.json', /must be a JSON list of objects/],
  ])('stop the start when the file %s', async (_what, name, expected) => {
    file('text.json', '{');
    file('object.json', {});
    file('lists.json', [[]]);
    const [problem] = await problemsOf({ oauthClients: join(folder, name) });
    expect(problem).toMatch(expected);
    expect(problem).toMatch(/^oauthClients /);
  });

  it('are not looked at while oauth is off', async () => {
    const app = await boot({ authStrategies: ['session'], oauthClients: join(folder, 'absent.json') });
    await app.close();
  });
});

describe.each([
  ['is not listed any more', []],
  ['is listed as disabled', [{ disabled: true }]],
])('a client of the file that %s', (_what, changes) => {
  let first: OAuthNode;
  let serviceUserId: string;
  const listed = () => ({
    ...SHOP,
    redirectUris: [REDIRECT_URI],
    resources: [ORDERS],
    scopes: ['orders:read'],
    serviceUserId,
  });
  const shop = { id: 'shop', secret: SECRET, redirectUri: REDIRECT_URI };
  beforeAll(async () => {
    first = await OAuthNode.start();
    await first.resource();
    const admin = await first.logIn({ roles: ['admin'] });
    const made = await first.here(admin).post('/admin/users', { kind: 'service', name: 'shop' });
    serviceUserId = made.body.id;
  });
  afterAll(() => first?.close());

  const node = (clients: readonly object[]) =>
    first.another({ options: { oauthClients: file(`of-${clients.length}.json`, clients) } });

  it('is over on every node before the next one serves, and begins with nothing when it is put back', async () => {
    const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'];
    const withShop = [{ ...listed(), grantTypes }];
    const old = await node(withShop);
    const ada = await old.logIn();
    const given = async () => {
      const tokens = await old.tokens(ada, shop, { scope: 'openid offline_access' });
      const own = await old.token(shop, { grant_type: 'client_credentials', resource: ORDERS, scope: 'orders:read' });
      return { ...tokens, own: own.body.access_token as string };
    };
    const tokens = await given();
    const isGood = async (at: OAuthNode, of = tokens) => {
      const [user, own] = [await at.userinfo(of.access_token), await at.introspect(shop, of.own)];
      return [user.status === 200, own.body.active === true];
    };
    // What begins with the same file changes nothing.
    const same = await node(withShop);
    expect([await isGood(old), await isGood(same)]).toEqual([
      [true, true],
      [true, true],
    ]);
    await same.close();

    const without = await node(changes.map((change) => ({ ...withShop[0], ...change })));
    for (const at of [old, without]) {
      expect((await at.userinfo(tokens.access_token)).status).toBe(401);
      expect((await at.refresh(shop, tokens.refresh_token!)).status).toBe(401);
      expect((await at.introspect(shop, tokens.own)).status).toBe(401);
      expect((await at.authorize(ada, shop)).location.searchParams.get('code')).toBeNull();
    }
    const [event] = await old.dataSource.query(
      `SELECT details, reason FROM coatcheck.audit_events WHERE type = 'oauth.client.deleted'`,
    );
    expect(event).toEqual({ details: { clientId: 'shop' }, reason: 'not_listed' });
    await without.close();

    const back = await node(withShop);
    for (const at of [old, back]) {
      expect(await isGood(at)).toEqual([false, false]);
      expect((await at.refresh(shop, tokens.refresh_token!)).body.error).toBe('invalid_grant');
    }
    expect(await isGood(back, await given())).toEqual([true, true]);
    expect(await old.dataSource.query('SELECT * FROM coatcheck.oauth_file_clients')).toEqual([
      { id: 'shop', generation: 1, removed_at: null },
    ]);
    await back.close();
    await old.close();
  });
});
