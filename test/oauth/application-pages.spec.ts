import { RegistrationEndpoint } from '../../src/oauth/clients/registration-endpoint.js';
import { OAuthConsents } from '../../src/oauth/grants/oauth-consents.js';
import { followHome, startWithPages, visitorOf } from './interaction-node.js';
import { API, type OAuthNode, pkce, type TestOAuthClient } from './oauth-node.js';

describe('applications, on pages', () => {
  let node: OAuthNode;
  const proof = pkce();
  beforeAll(async () => {
    node = await startWithPages({ options: { oauthRegistration: 'open' } });
    await node.resource(API, { 'orders:read': 'Read your orders' });
  });
  afterAll(() => node.close());

  /** A user who has agreed to a client, by the page; with its tokens. */
  async function agreed(client: TestOAuthClient) {
    const ada = await node.logIn();
    const visitor = visitorOf(node, ada);
    const params = { scope: 'openid email orders:read', resource: API };
    await followHome(visitor, node, await visitor.open(node.authorizeUrl(client, proof, params)));
    const end = await followHome(visitor, node, await visitor.submit({ accept: 'yes', scope: 'orders:read' }));
    const code = new URL(end.location!).searchParams.get('code')!;
    const { body: tokens } = await node.exchange(client, { code, proof });
    return { ada, visitor, tokens };
  }
  const ledger = () => node.client({ name: 'Ledger', firstParty: false, resources: [API], scopes: ['orders:read'] });

  it('a user sees what has access, in words, and takes it back: over for the client, and forgotten', async () => {
    const client = await ledger();
    const { ada, visitor, tokens } = await agreed(client);
    const { html } = await visitor.open('/account/apps');
    for (const said of ['Ledger', 'Read your orders', 'Know who you are']) expect(html).toContain(said);
    expect(html).not.toContain('Read your e-mail address');
    expect(html).toMatch(/<a href="\/account\/apps" aria-current="page">/);
    const { location } = await visitor.submit({}, '/account/apps/revoke');
    expect(location).toBe('/account/apps');
    expect((await visitor.open('/account/apps')).html).toContain('no longer has access');
    expect((await visitor.open('/account/apps')).html).not.toContain('Ledger');
    expect((await node.introspect(client, tokens.access_token)).body).toEqual({ active: false });
    expect(await node.part(OAuthConsents).find(ada.userId, client.id)).toBeNull();
  });

  it('are listed a hundred at a time, the last one too', async () => {
    const client = await ledger();
    const { ada, visitor } = await agreed(client);
    const ids: { id: string }[] = await node.dataSource.query(
      `WITH made AS (
         INSERT INTO coatcheck.oauth_clients
         SELECT (jsonb_populate_record(kept, jsonb_build_object('id', gen_random_uuid(), 'name', 'Made ' || lpad(n::text, 3, '0')))).*
           FROM coatcheck.oauth_clients AS kept, generate_series(1, 150) n WHERE kept.id = $1 RETURNING id)
       SELECT id FROM made`,
      [client.id],
    );
    // Four of each: more grants than one look takes.
    await node.dataSource.query(
      `INSERT INTO coatcheck.oauth_grants
       SELECT (jsonb_populate_record(kept, jsonb_build_object('id', gen_random_uuid(), 'client_id', made))).*
         FROM coatcheck.oauth_grants AS kept, unnest($2::text[]) made, generate_series(1, 4)
        WHERE kept.user_id = $1 AND kept.client_id = $3`,
      [ada.userId, ids.map(({ id }) => id), client.id],
    );
    const first = (await visitor.open('/account/apps')).html!;
    expect(first.match(/Made \d{3}<\/bdi>/g)).toHaveLength(99);
    expect(first).toContain('Ledger');
    const next = /href="(\/account\/apps\?cursor=[\w-]+)"/.exec(first)![1]!;
    const second = (await visitor.open(next)).html!;
    expect([...second.matchAll(/(Made \d{3})<\/bdi>/g)].map(([, name]) => name).at(-1)).toBe('Made 150');
    expect([second.match(/Made \d{3}<\/bdi>/g)?.length, second.includes('Next page')]).toEqual([51, false]);
    for (const bad of ['x', 'A'.repeat(65)])
      expect((await visitor.open(`/account/apps?cursor=${bad}`)).status).toBe(400);
    // The other tests look for theirs on first pages.
    await node.dataSource.query(`DELETE FROM coatcheck.oauth_clients WHERE name LIKE 'Made %'`);
  });

  it('tells two applications of the same name apart that have registered themselves', async () => {
    const registered = async (redirectUri: string): Promise<TestOAuthClient> => {
      const fields = { client_name: 'Agent', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' };
      const { status, body } = await node.browser().post('/oauth/register', fields);
      expect(status).toBe(201);
      return { id: body.client_id, secret: undefined, redirectUri };
    };
    const first = await registered('http://127.0.0.1/back');
    const days = [node.app.clock.now()];
    node.app.clock.advance(3 * 86_400);
    const second = await registered('com.example.agent:/back');
    days.push(node.app.clock.now());
    const ada = await node.logIn();
    const visitor = visitorOf(node, ada);
    for (const [i, [client, host]] of (
      [
        [first, '127.0.0.1'],
        [second, 'com.example.agent'],
      ] as const
    ).entries()) {
      const shown = await followHome(visitor, node, await visitor.open(node.authorizeUrl(client, proof)));
      expect(shown.html).toContain('It registered itself: <time');
      expect(shown.html).toContain(`datetime="${days[i]!.toISOString()}"`);
      expect(shown.html).toContain(`<bdi>${host}</bdi>`);
      await followHome(visitor, node, await visitor.submit({ accept: 'yes' }));
    }
    const { html } = await visitor.open('/account/apps');
    const apps = html.split('<strong><bdi>Agent</bdi></strong>').slice(1);
    expect(apps).toHaveLength(2);
    const of = (host: string) => apps.find((app) => app.includes(`Leads to <bdi>${host}</bdi>`));
    for (const [i, host] of ['127.0.0.1', 'com.example.agent'].entries()) {
      expect(of(host)).toContain('Registered itself <time');
      expect(of(host)).toContain(`datetime="${days[i]!.toISOString()}"`);
    }
    const { grants } = (await node.here(ada).get('/auth/grants')).body;
    expect(grants.map(({ client }: { client: object }) => client)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'Agent',
          host: null,
          redirectHosts: ['127.0.0.1'],
          registeredAt: days[0]!.toISOString(),
        }),
        expect.objectContaining({
          name: 'Agent',
          redirectHosts: ['com.example.agent'],
          registeredAt: days[1]!.toISOString(),
        }),
      ]),
    );
  });

  it('an admin sees it at the user, and takes it back', async () => {
    const client = await ledger();
    const { ada, tokens } = await agreed(client);
    const desk = visitorOf(node, await node.logIn({ roles: ['admin'] }));
    const path = `/admin/ui/users/${ada.userId}/apps`;
    expect((await desk.open(path)).html).toContain('Ledger');
    await desk.submit({}, `${path}/revoke`);
    expect((await desk.open(path)).html).toContain('No application has access');
    expect((await node.introspect(client, tokens.access_token)).body).toEqual({ active: false });
  });

  it('an admin registers one, is shown its secret once, changes it, disables and deletes it', async () => {
    const desk = visitorOf(node, await node.logIn({ roles: ['admin'], amr: ['pwd'] }));
    await desk.open('/admin/ui/clients/new');
    const form = {
      name: 'Shop <b>',
      type: 'confidential',
      redirectUris: 'https://shop.example.com/callback\r\nhttps://shop.example.com/other',
      postLogoutRedirectUris: '',
      grantTypes: 'authorization_code',
      tokenEndpointAuthMethod: '',
      jwks: '',
      jwksUri: '',
      scopes: 'orders:read',
      resources: API,
      defaultResource: '',
      requirePkce: 'on',
      firstParty: 'on',
      idTokenSignedResponseAlg: 'ES256',
      backchannelLogoutUri: '',
      serviceUserId: '',
    };
    const wrong = await desk.submit({ ...form, redirectUris: 'http://shop.example.com/' });
    expect(wrong.html).toContain('<li>Redirect URIs: Each address must begin with https://');
    expect(wrong.status).toBe(400);
    expect(wrong.html).toContain('Shop &lt;b&gt;');
    const made = await desk.submit(form);
    const secret = /id="client-secret">([^<]+)</.exec(made.html)![1]!;
    const id = /id="client-id">([^<]+)</.exec(made.html)![1]!;
    const client = { id, secret, redirectUri: 'https://shop.example.com/callback' };
    const ada = await node.logIn();
    expect((await node.tokens(ada, client, { scope: 'openid' })).access_token).toEqual(expect.any(String));

    const page = await desk.open(`/admin/ui/clients/${id}`);
    expect(page.html).not.toContain(secret);
    expect(page.html).toContain('https://shop.example.com/other');
    const { location } = await desk.submit({ ...form, name: 'Shop two' }, `/admin/ui/clients/${id}`);
    expect(location).toBe(`/admin/ui/clients/${id}`);
    expect((await desk.open('/admin/ui/clients')).html).toContain('Shop two');

    await desk.open(`/admin/ui/clients/${id}/secret`);
    const renewed = await desk.submit({ overlap: '0' });
    const second = { ...client, secret: /id="client-secret">([^<]+)</.exec(renewed.html)![1]! };
    const code = async () => node.code(ada, client, { scope: 'openid' });
    expect((await node.exchange(client, await code())).status).toBe(401);
    expect((await node.exchange(second, await code())).status).toBe(200);

    await desk.open(`/admin/ui/clients/${id}`);
    await desk.submit({}, `/admin/ui/clients/${id}/disable`);
    const refused = await node.authorize(ada, client);
    expect([refused.reply.status, refused.reply.headers.get('location')]).toEqual([400, null]);
    await desk.open(`/admin/ui/clients/${id}`);
    await desk.submit({}, `/admin/ui/clients/${id}/enable`);
    await desk.open(`/admin/ui/clients/${id}/delete`);
    expect((await desk.submit()).location).toBe('/admin/ui/clients');
    expect((await desk.open(`/admin/ui/clients/${id}`)).status).toBe(404);
  });

  it('a client that may ask for all keeps that when its form is sent; an empty field is none', async () => {
    const desk = visitorOf(node, await node.logIn({ roles: ['admin'], amr: ['pwd'] }));
    const body = Buffer.from(JSON.stringify({ redirect_uris: ['https://agent.example.com/back'] }));
    const asked = { method: 'POST', clientId: null, authorization: undefined, contentType: 'application/json' };
    const made = await node.part(RegistrationEndpoint).answer({ ...asked, body, origin: null });
    const id = made.body!.client_id as string;
    const path = `/admin/ui/clients/${id}`;
    const reach = async () => {
      const [row] = await node.dataSource.query('SELECT scopes, resources FROM coatcheck.oauth_clients WHERE id = $1', [
        id,
      ]);
      return row;
    };
    expect(((await desk.open(path)).html.match(/>\*<\/textarea>|value="\*"/g) ?? []).length).toBe(2);
    const form = {
      ...{ name: 'Agent', type: 'public', redirectUris: 'https://agent.example.com/back', postLogoutRedirectUris: '' },
      ...{
        grantTypes: 'authorization_code',
        tokenEndpointAuthMethod: 'none',
        jwks: '',
        jwksUri: '',
        requirePkce: 'on',
      },
      ...{ defaultResource: '', idTokenSignedResponseAlg: 'ES256', backchannelLogoutUri: '', serviceUserId: '' },
    };
    expect((await desk.submit({ ...form, scopes: '*', resources: '*' }, path)).location).toBe(path);
    expect(await reach()).toEqual({ scopes: null, resources: null });
    await desk.open(path);
    expect((await desk.submit({ ...form, scopes: '', resources: '' }, path)).location).toBe(path);
    expect(await reach()).toEqual({ scopes: [], resources: [] });
  });

  it('an admin describes an API, which clients may then have', async () => {
    const desk = visitorOf(node, await node.logIn({ roles: ['admin'], amr: ['pwd'] }));
    await desk.open('/admin/ui/resources/edit');
    const form = {
      uri: 'https://stock.example.com/',
      name: 'Stock',
      scopes: 'stock:read See what is in stock\nstock:count',
      accessTokenSeconds: '60',
      operatorClientId: '',
    };
    expect((await desk.submit({ ...form, uri: 'no uri' })).status).toBe(400);
    expect((await desk.submit(form)).location).toBe('/admin/ui/resources');
    const { body } = await node
      .here(await node.logIn({ roles: ['admin'] }))
      .get(`/admin/resources/${encodeURIComponent(form.uri)}`);
    expect(body).toMatchObject({
      name: 'Stock',
      scopes: { 'stock:read': 'See what is in stock', 'stock:count': '' },
      accessTokenSeconds: 60,
    });
    await desk.open(`/admin/ui/resources/edit?uri=${encodeURIComponent(form.uri)}`);
    expect((await desk.submit({}, '/admin/ui/resources/delete')).location).toBe('/admin/ui/resources');
    expect((await desk.open('/admin/ui/resources')).html).not.toContain('stock.example.com');
  });

  it('an admin sees which applications were not told of the end of sessions, and has them told again', async () => {
    const client = await node.client({ name: 'Ledger <b>' });
    const { userId, sessionId } = await node.logIn();
    await node.dataSource.query(
      `INSERT INTO coatcheck.oauth_logout_jobs
         (session_id, client_id, user_id, sid, ended_at, attempts, due_at, claimed_until, last_error, dead_at)
       VALUES ($1, $2, $3, 'sid', now(), 10, now(), '-infinity', '<script>alert(1)</script>', now())`,
      [sessionId, client.id, userId],
    );
    const desk = visitorOf(node, await node.logIn({ roles: ['admin'] }));
    expect((await desk.open('/admin/ui/clients')).html).toContain('href="/admin/ui/logout-notices"');
    const { html } = await desk.open('/admin/ui/logout-notices');
    expect(html).toContain('Ledger &lt;b&gt;');
    expect(html).toContain(`/admin/ui/users/${userId}`);
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).not.toContain('<script>alert');
    const { html: after } = await desk.follow(await desk.submit({}, '/admin/ui/logout-notices/revive'));
    expect(after).toContain('1 notice is sent again.');
    expect(after).not.toContain('Notices that were given up');
  });

  it('a user who is no admin sees none of it, and no user sees a menu of what is off', async () => {
    const ada = visitorOf(node, await node.logIn());
    for (const path of [
      '/admin/ui/clients',
      '/admin/ui/clients/new',
      '/admin/ui/resources',
      '/admin/ui/resources/edit',
      '/admin/ui/logout-notices',
    ])
      expect((await ada.open(path)).status).toBe(403);
    const off = await startWithPages({ options: { authStrategies: ['session'] } });
    const visitor = visitorOf(off, await off.logIn({ roles: ['admin'] }));
    expect((await visitor.open('/account')).html).not.toContain('/account/apps');
    expect((await visitor.open('/admin/ui')).html).not.toContain('/admin/ui/clients');
    for (const path of [
      '/account/apps',
      '/admin/ui/clients',
      '/admin/ui/logout-notices',
      '/oauth/authorize',
      '/oauth/device',
      '/oauth/interaction/AAAAAAAAAAAAAAAAAAAAA',
    ])
      expect([path, (await visitor.open(path)).status]).toEqual([path, 404]);
    await off.close();
  });
});
