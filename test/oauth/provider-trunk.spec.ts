import { OAuthArtifacts } from '../../src/oauth/artifacts/oauth-artifacts.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import type { ActingUser } from '../../src/testing/index.js';
import { storageOptions } from '../flows/combinations.js';
import { isInstalled } from '../servers-of-this-run.js';
import { API, claimsOf, OAuthNode, type TestOAuthClient } from './oauth-node.js';

describe.each([
  ['fastify', 'postgres'],
  ['express', isInstalled('redis-server') ? 'redis' : 'postgres'],
] as const)('the provider on %s with sessions in %s', (adapter, sessionStore) => {
  let node: OAuthNode;
  let other: OAuthNode;
  let client: TestOAuthClient;
  let ada: ActingUser;

  beforeAll(async () => {
    const options = { sessionStore, ...(await storageOptions({ sessionStore })) };
    node = await OAuthNode.start({ adapter, options });
    other = await node.another({ adapter });
    await node.resource(API, { 'orders:read': 'Read orders', 'orders:write': 'Write orders' });
    const access = { resources: [API], scopes: ['orders:read'] };
    client = await node.client({ ...access, postLogoutRedirectUris: ['https://app.example.com/bye'] });
    ada = await node.logIn();
  });
  afterAll(async () => {
    await other?.close();
    await node?.close();
  });

  it('gives tokens to a client of the operator whose user is logged in, without a page', async () => {
    const tokens = await node.tokens(ada, client, { scope: 'openid profile email', nonce: 'n' });
    expect(tokens.access_token).toHaveLength(44);
    expect(tokens.refresh_token).toHaveLength(43);
    const { auth_time, amr, sid, ...claims } = claimsOf(tokens.id_token!);
    expect(claims).toMatchObject({ iss: node.issuer, aud: client.id, sub: ada.userId, nonce: 'n', email: ada.email });
    expect([auth_time, amr, sid]).toEqual([expect.any(Number), expect.any(Array), expect.any(String)]);
    const { status, body } = await other.userinfo(tokens.access_token);
    expect([status, body.sub, body.email]).toEqual([200, ada.userId, ada.email]);
  });

  it('gives a JWT for the resource that is asked for, which any node introspects', async () => {
    const { access_token } = await node.tokens(ada, client, {
      scope: 'openid orders:read orders:write',
      resource: API,
    });
    expect(Buffer.from(access_token.split('.')[0]!, 'base64url').toString()).toMatch(
      /^\{"alg":"ES256","typ":"at\+jwt","kid":"[^"]+","cck":"grant"\}$/,
    );
    const claims = claimsOf(access_token);
    expect(claims).toMatchObject({ aud: API, client_id: client.id, sub: ada.userId, scope: 'orders:read' });
    expect(claims.gid).toMatch(/^[0-9a-f-]{36}$/);
    const { body } = await other.introspect(client, access_token);
    expect(body).toMatchObject({ active: true, client_id: client.id, aud: API, jti: claims.jti });
  });

  it('tells only its client, and the operator of its resource, of a token', async () => {
    const stranger = await node.client();
    const { access_token, refresh_token } = await node.tokens(ada, client, { scope: 'orders:read', resource: API });
    for (const token of [access_token, refresh_token!])
      expect((await node.introspect(stranger, token)).body).toEqual({ active: false });
  });

  it('rotates refresh tokens on every node, and knows both places of its document', async () => {
    const { refresh_token } = await node.tokens(ada, client);
    const { status, body } = await other.refresh(client, refresh_token!);
    expect([status, body.refresh_token === refresh_token]).toEqual([200, false]);
    const documents = await Promise.all(
      ['openid-configuration', 'oauth-authorization-server'].map((name) => node.browser().get(`/.well-known/${name}`)),
    );
    for (const { status: found, body: document } of documents) {
      expect(found).toBe(200);
      expect(document).toMatchObject({
        issuer: node.issuer,
        jwks_uri: `${node.issuer}/.well-known/jwks.json`,
        token_endpoint: `${node.issuer}/oauth/token`,
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
      });
    }
  });

  it('publishes the keys of its tokens where its document says', async () => {
    const { body } = await other.browser().get('/.well-known/jwks.json');
    const { id_token } = await node.tokens(ada, client);
    const { kid } = JSON.parse(Buffer.from(id_token!.split('.')[0]!, 'base64url').toString());
    expect(body.keys.map((key: { kid: string }) => key.kid)).toContain(kid);
  });

  it('exchanges a code once, however many ask at once, and ends the grant of a code that comes twice', async () => {
    const code = await node.code(ada, client);
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? node : other).exchange(client, code)),
    );
    const won = replies.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const { status, body } of replies.filter((reply) => !won.includes(reply)))
      expect([status, body.error]).toEqual([400, 'invalid_grant']);
    expect((await other.userinfo(won[0]!.body.access_token)).status).toBe(401);
    expect((await node.refresh(client, won[0]!.body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('ends the grant of a code that comes twice, also where both had looked before either took it', async () => {
    const code = await node.code(ada, client);
    let arrived = 0;
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const tables = [node, other].map((at) => at.part(OAuthArtifacts));
    const originals = tables.map((table) => table.consume.bind(table));
    for (const [i, table] of tables.entries()) {
      table.consume = async (key) => {
        arrived += 1;
        if (arrived === 2) open();
        await gate;
        return originals[i]!(key);
      };
    }
    const replies = await Promise.all([node, other].map((at) => at.exchange(client, code)));
    for (const [i, table] of tables.entries()) table.consume = originals[i]!;
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
    const { body } = replies.find(({ status }) => status === 200)!;
    expect((await node.userinfo(body.access_token)).status).toBe(401);
    expect((await other.refresh(client, body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('gives one successor to a refresh token that is sent twelve times at once on two nodes', async () => {
    const { refresh_token } = await node.tokens(ada, client);
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? node : other).refresh(client, refresh_token!)),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(replies.map(({ body }) => body.refresh_token)).size).toBe(1);
  });

  it('ends the grant when a refresh token comes again after its successor was used, or after the grace', async () => {
    for (const wait of [0, 31]) {
      const { refresh_token: first } = await node.tokens(ada, client);
      const { body: second } = await node.refresh(client, first!);
      if (wait === 0) expect((await other.refresh(client, second.refresh_token)).status).toBe(200);
      node.app.clock.advance(wait);
      const { status, body } = await other.refresh(client, first!);
      expect([status, body.error]).toEqual([400, 'invalid_grant']);
      expect((await node.userinfo(second.access_token)).status).toBe(401);
    }
  });

  it('ends access, refresh and introspection on every node when the session has ended', async () => {
    const bea = await node.logIn();
    const opaque = await node.tokens(bea, client);
    const jwt = await node.tokens(bea, client, { scope: 'openid orders:read', resource: API });
    const code = await node.code(bea, client);
    expect((await other.introspect(client, jwt.access_token)).body.active).toBe(true);
    expect((await other.userinfo(opaque.access_token)).status).toBe(200);
    expect((await node.here(bea).post('/auth/logout')).status).toBe(204);
    for (const at of [other, node]) {
      expect((await at.userinfo(opaque.access_token)).status).toBe(401);
      expect((await at.refresh(client, opaque.refresh_token!)).body.error).toBe('invalid_grant');
      expect((await at.exchange(client, code)).body.error).toBe('invalid_grant');
      for (const token of [opaque.access_token, opaque.refresh_token!, jwt.access_token, jwt.refresh_token!])
        expect((await at.introspect(client, token)).body).toEqual({ active: false });
    }
  });

  it('lets nothing that was exchanged or refreshed while the session ended outlive the answer', async () => {
    for (let round = 0; round < 3; round += 1) {
      const bea = await node.logIn();
      const known = await node.tokens(bea, client);
      const codes = await Promise.all(Array.from({ length: 6 }, () => node.code(bea, client)));
      const under = [
        ...codes.map((code, i) => (i % 2 ? node : other).exchange(client, code, i % 3 ? {} : { resource: API })),
        ...[node, other].map((at) => at.refresh(client, known.refresh_token!)),
      ];
      expect((await node.here(bea).post('/auth/logout')).status).toBe(204);
      const replies = await Promise.all(under);
      const issued = replies.flatMap(({ body }) => [body.access_token, body.refresh_token].filter(Boolean));
      for (const token of [known.access_token, known.refresh_token!, ...issued])
        expect((await other.introspect(client, token)).body).toEqual({ active: false });
    }
  });

  it('lets a client do nothing more once an admin has disabled it, and its tokens with it', async () => {
    const doomed = await node.client({ resources: [API], scopes: ['orders:read'] });
    const tokens = await node.tokens(ada, doomed, { scope: 'openid orders:read', resource: API });
    const opaque = await node.tokens(ada, doomed);
    const by = { actorId: null, origin: null };
    await node.part(OAuthClientAdmin).change(doomed.id, { disabled: true }, by);
    for (const at of [other, node]) {
      expect((await at.refresh(doomed, tokens.refresh_token!)).body.error).toBe('invalid_client');
      expect((await at.userinfo(opaque.access_token)).status).toBe(401);
      expect((await at.authorize(ada, doomed)).reply.status).toBe(400);
    }
  });

  it('ends our session at a logout by the client, acknowledged before the browser is sent on', async () => {
    const bea = await node.logIn();
    const { id_token, access_token } = await node.tokens(bea, client);
    const browser = node.here(bea);
    const query = new URLSearchParams({
      id_token_hint: id_token!,
      post_logout_redirect_uri: 'https://app.example.com/bye',
      state: 's',
    });
    const page = await browser.get(`/oauth/logout?${query}`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1];
    expect([page.status, xsrf]).toEqual([200, expect.any(String)]);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, headers } = await browser.request('POST', '/oauth/logout/confirm', `xsrf=${xsrf}&logout=yes`, form);
    expect([status, headers.get('location')]).toEqual([303, 'https://app.example.com/bye?state=s']);
    expect((await other.here(bea).get('/auth/me')).status).toBe(401);
    expect((await other.userinfo(access_token)).status).toBe(401);
    expect(browser.cookie('session')).toBeFalsy();
  });

  it('revokes an opaque token alone', async () => {
    const tokens = await node.tokens(ada, client);
    expect((await node.form('/oauth/revoke', { token: tokens.access_token }, client)).status).toBe(200);
    expect((await other.userinfo(tokens.access_token)).status).toBe(401);
    expect((await other.refresh(client, tokens.refresh_token!)).status).toBe(200);
  });

  it('revokes a JWT alone, and with a refresh token all of its grant', async () => {
    const first = await node.tokens(ada, client, { scope: 'openid orders:read', resource: API });
    const second = await node.refresh(client, first.refresh_token!);
    expect((await node.form('/oauth/revoke', { token: first.access_token }, client)).status).toBe(200);
    expect((await other.introspect(client, first.access_token)).body).toEqual({ active: false });
    expect((await other.introspect(client, second.body.access_token)).body.active).toBe(true);
    expect((await node.form('/oauth/revoke', { token: second.body.refresh_token }, client)).status).toBe(200);
    expect((await other.introspect(client, second.body.access_token)).body).toEqual({ active: false });
  });
});
