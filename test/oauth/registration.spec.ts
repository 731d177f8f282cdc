import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { CLEANUP_TASKS } from '../../src/cleanup/cleanup-scheduler.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { CleanupTask } from '../../src/kernel/cleanup-task.js';
import { OAuthClients } from '../../src/oauth/clients/oauth-clients.js';
import { RegistrationEndpoint } from '../../src/oauth/clients/registration-endpoint.js';
import { OAuthResources } from '../../src/oauth/resources/oauth-resources.js';
import { OAuthScopes } from '../../src/oauth/resources/oauth-scopes.js';
import type { ActingUser, AuthTestApp } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { APP_PAGE } from './oauth-node.js';

const WISHED = { redirect_uris: ['https://agent.example.com/callback'], client_name: 'Agent' };
const DAY = 86_400;

function boot(oauthRegistration: 'off' | 'token' | 'open'): Promise<AuthTestApp> {
  return bootHost({
    adapter: 'express',
    options: {
      authStrategies: ['session', 'oauth'],
      oauthInteractionUrl: APP_PAGE,
      oauthRegistration,
      oauthRs256: false,
    },
  });
}

/** Asks the endpoint as the mount does. */
function asking(app: AuthTestApp) {
  const endpoint = app.app.get(RegistrationEndpoint, { strict: false });
  return async (method: string, { id = null, token, body }: { id?: string | null; token?: string; body?: unknown }) => {
    const { status, body: reply } = await endpoint.answer({
      ...{ method, clientId: id, origin: null, contentType: 'application/json' },
      ...{ authorization: token && `Bearer ${token}`, body: Buffer.from(JSON.stringify(body ?? {})) },
    });
    // biome-ignore lint/suspicious/noExplicitAny: a JSON document
    return { status, body: reply as any };
  };
}

describe('registration, where it is open', () => {
  let app: AuthTestApp;
  let ask: ReturnType<typeof asking>;
  beforeAll(async () => {
    app = await boot('open');
    ask = asking(app);
  });
  afterAll(() => app.close());

  const register = (changes: object = {}) => ask('POST', { body: { ...WISHED, ...changes } });
  const clients = () => app.app.get(OAuthClients, { strict: false });

  it('makes public clients, which ask for consent and may ask for every API', async () => {
    const { status, body } = await register({
      token_endpoint_auth_method: 'client_secret_post',
      scope: 'openid mcp:tools',
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      client_id: expect.any(String),
      client_id_issued_at: Math.floor(app.clock.now().getTime() / 1000),
      client_name: 'Agent',
      ...{ redirect_uris: WISHED.redirect_uris, post_logout_redirect_uris: [], response_types: ['code'] },
      ...{ grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none' },
      ...{ application_type: 'web', id_token_signed_response_alg: 'ES256', subject_type: 'public', scope: 'openid' },
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      registration_client_uri: `http://localhost:3000/oauth/register/${body.client_id}`,
    });
    const facts = {
      origin: 'registered',
      isConfidential: false,
      firstParty: false,
      requiresPkce: true,
      serviceUser: null,
    };
    expect(await clients().find(body.client_id)).toMatchObject({
      ...facts,
      secretHashes: [],
      scopes: null,
      resources: null,
    });
  });

  it('leaves out what is not for clients that are unknown here', async () => {
    const { body } = await register({
      ...{
        grant_types: ['authorization_code', 'implicit', 'client_credentials'],
        jwks_uri: 'https://a.example.com/jwks',
      },
      ...{
        backchannel_logout_uri: 'https://a.example.com/out',
        first_party: true,
        service_user_id: randomUUID(),
        x: 1,
      },
    });
    expect(body.grant_types).toEqual(['authorization_code']);
    for (const field of ['jwks_uri', 'backchannel_logout_uri', 'first_party', 'service_user_id', 'x'])
      expect(body).not.toHaveProperty(field);
  });

  it.each<[string, unknown, string]>([
    ['a list', [], 'invalid_client_metadata'],
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['a redirect URI of plain http', { redirect_uris: ['http://a.example.com'] }, 'invalid_redirect_uri'],
    ['a redirect URI that is an object', { redirect_uris: [{}] }, 'invalid_redirect_uri'],
    ['NUL in its name', { ...WISHED, client_name: 'a\0b' }, 'invalid_client_metadata'],
    ['a name that is written backwards', { ...WISHED, client_name: 'a\u202eb' }, 'invalid_client_metadata'],
    ['NUL anywhere', { ...WISHED, note: ['\0'] }, 'invalid_client_metadata'],
    ['half a character', { ...WISHED, note: '\ud800' }, 'invalid_client_metadata'],
    ['100 kB', { ...WISHED, note: 'x'.repeat(100_000) }, 'invalid_client_metadata'],
    ['grants that are none of ours', { ...WISHED, grant_types: ['password'] }, 'invalid_client_metadata'],
    ['implicit answers', { ...WISHED, response_types: ['token'] }, 'invalid_client_metadata'],
    [
      'a key to authenticate by',
      { ...WISHED, token_endpoint_auth_method: 'private_key_jwt' },
      'invalid_client_metadata',
    ],
    ['HS256', { ...WISHED, id_token_signed_response_alg: 'HS256' }, 'invalid_client_metadata'],
    ['scopes in a list', { ...WISHED, scope: ['a'] }, 'invalid_client_metadata'],
    ['contacts that are none', { ...WISHED, contacts: ['x'] }, 'invalid_client_metadata'],
  ])('refuses %s', async (_what, body, error) => {
    const { status, body: problem } = await ask('POST', { body });
    expect([status, problem.error, typeof problem.error_description]).toEqual([400, error, 'string']);
  });

  it('refuses what is no JSON, and what is sent as something else', async () => {
    const endpoint = app.app.get(RegistrationEndpoint, { strict: false });
    const request = { method: 'POST', clientId: null, authorization: undefined, origin: null };
    for (const [contentType, body] of [
      ['application/json', '{'],
      ['application/json', '\xff'],
      ['text/plain', '{}'],
    ] as const) {
      const { status, body: problem } = await endpoint.answer({
        ...request,
        contentType,
        body: Buffer.from(body, 'latin1'),
      });
      expect([status, problem!.error]).toEqual([400, 'invalid_request']);
    }
  });

  it('lets a client read, change and delete itself, by its own token only', async () => {
    const { client_id: id, registration_access_token: token, ...told } = (await register()).body;
    const other = (await register()).body.registration_access_token;
    for (const wrong of [undefined, 'x', other, `${token}x`])
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect((await ask(method, { id, token: wrong, body: { ...WISHED, client_id: id } })).status).toBe(401);
    expect((await ask('GET', { id: randomUUID(), token })).status).toBe(401);
    expect((await ask('GET', { id, token })).body).toEqual({
      client_id: id,
      registration_access_token: token,
      ...told,
    });
    const changed = await ask('PUT', { id, token, body: { ...WISHED, client_id: id, client_name: 'Robot' } });
    expect([changed.status, changed.body.client_name]).toEqual([200, 'Robot']);
    expect((await clients().find(id))!.name).toBe('Robot');
    expect((await ask('PUT', { id, token, body: WISHED })).body.error).toBe('invalid_request');
    expect((await ask('PUT', { id, token, body: { ...changed.body } })).body.error).toBe('invalid_request');
    expect((await ask('DELETE', { id, token })).status).toBe(204);
    expect(await clients().find(id)).toBeNull();
    expect((await ask('GET', { id, token })).status).toBe(401);
  });

  it('lets an admin narrow what a client may ask for, to nothing too, and no client undo it', async () => {
    const admin = await app.actAs({ roles: ['admin'] });
    const uri = 'https://narrow.example.com';
    const saved = await admin.request('PUT', `/admin/resources/${encodeURIComponent(uri)}`, {
      scopes: { read: 'Read' },
    });
    expect(saved.status).toBe(200);
    const { client_id: id, registration_access_token: token } = (await register()).body;
    const path = `/admin/clients/${id}`;
    const narrow = async (changes: object) => {
      const { status, body } = await admin.request('PATCH', path, changes);
      return [status, body.scopes, body.resources];
    };
    const reach = async () => {
      const resource = (await app.app.get(OAuthResources, { strict: false }).find(uri))!;
      const scopes = app.app.get(OAuthScopes, { strict: false });
      const client = (await clients().find(id))!;
      return scopes.mayAsk(client, resource) ? scopes.offered(client, resource) : null;
    };
    expect([await reach(), (await admin.get(path)).body]).toMatchObject([['read'], { scopes: null, resources: null }]);
    expect(await narrow({ scopes: [] })).toEqual([200, [], null]);
    expect(await reach()).toEqual([]);
    const own = await ask('PUT', { id, token, body: { ...WISHED, client_id: id, scope: 'read' } });
    expect([own.status, await reach()]).toEqual([200, []]);
    expect(await narrow({ name: 'Robot' })).toEqual([200, [], null]);
    expect(await narrow({ scopes: ['read'] })).toEqual([200, ['read'], null]);
    expect(await reach()).toEqual(['read']);
    expect(await narrow({ resources: [] })).toEqual([200, ['read'], []]);
    expect(await reach()).toBeNull();
    expect(await narrow({ resources: null, scopes: null })).toEqual([200, null, null]);
    expect(await reach()).toEqual(['read']);
  });

  it('gives all there is to no client of an admin', async () => {
    const admin = await app.actAs({ roles: ['admin'] });
    const shop = { name: 'Shop', type: 'public', redirectUris: ['https://shop.example.com/back'] };
    const { body } = await admin.post('/admin/clients', shop);
    for (const field of ['scopes', 'resources']) {
      for (const answer of [
        await admin.post('/admin/clients', { ...shop, [field]: null }),
        await admin.request('PATCH', `/admin/clients/${body.client.id}`, { [field]: null }),
      ])
        expect([answer.status, answer.body.errors]).toEqual([400, [expect.objectContaining({ field })]]);
    }
    expect((await admin.get(`/admin/clients/${body.client.id}`)).body).toMatchObject({ scopes: [], resources: [] });
  });

  it('forgets clients that are not used for 30 days, and what is left of deleted ones', async () => {
    const [unused, used] = [(await register()).body.client_id, (await register()).body.client_id];
    app.clock.advance(29 * DAY);
    await clients().find(used);
    clients().used(used);
    await clients().beforeApplicationShutdown();
    app.clock.advance(2 * DAY);
    const source: DataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
    const tasks: CleanupTask[] = app.app.get(CLEANUP_TASKS, { strict: false });
    await clients().find(unused);
    for (const task of tasks.filter(({ name }) => name.startsWith('oauth_clients')))
      while ((await source.transaction((tx) => task.deleteExpired(tx, app.clock.now(), 100))) > 0);
    expect(await source.query('SELECT id FROM coatcheck.oauth_clients WHERE id = ANY ($1)', [[unused, used]])).toEqual([
      { id: used },
    ]);
    expect(await clients().find(used)).toMatchObject({ id: used });
  });
});

describe('registration by a token', () => {
  let app: AuthTestApp;
  let admin: ActingUser;
  let ask: ReturnType<typeof asking>;
  beforeAll(async () => {
    app = await boot('token');
    ask = asking(app);
    admin = await app.actAs({ roles: ['admin'] });
  });
  afterAll(() => app.close());

  const token = async (uses: number, by: ActingUser = admin): Promise<string> =>
    (await by.post('/admin/registration-tokens', { expiresInSeconds: 600, uses })).body.token;
  const register = (by?: string, changes: object = {}) => ask('POST', { token: by, body: { ...WISHED, ...changes } });

  it('needs one', async () => {
    for (const none of [undefined, 'x', `${randomUUID()}.${'x'.repeat(43)}`]) {
      const { status, body } = await register(none);
      expect([status, body.error]).toEqual([401, 'invalid_token']);
    }
  });

  it('lets as many register as it has uses, of many at once; what is refused uses nothing up', async () => {
    const three = await token(3);
    expect((await register(three, { redirect_uris: [] })).status).toBe(400);
    const statuses = (await Promise.all(Array.from({ length: 8 }, () => register(three)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 201, 201, 401, 401, 401, 401, 401]);
  });

  it('is over when its time is', async () => {
    const one = await token(1);
    app.clock.advance(601);
    expect((await register(one)).status).toBe(401);
    admin = await app.actAs({ roles: ['admin'] });
  });

  it('makes confidential clients with a secret that is told once', async () => {
    const { body } = await register(await token(1));
    expect([body.token_endpoint_auth_method, body.client_secret]).toEqual([
      'client_secret_basic',
      expect.stringMatching(/^[\w-]{43}$/),
    ]);
    const clients = app.app.get(OAuthClients, { strict: false });
    expect(clients.isSecretRight((await clients.find(body.client_id))!, body.client_secret)).toBe(true);
    const read = await ask('GET', { id: body.client_id, token: body.registration_access_token });
    expect(read.body).not.toHaveProperty('client_secret');
    const change = (changes: object) =>
      ask('PUT', {
        id: body.client_id,
        token: body.registration_access_token,
        body: { ...WISHED, client_id: body.client_id, ...changes },
      });
    expect((await change({ client_secret: 'x' })).status).toBe(400);
    expect((await change({ client_secret: body.client_secret })).body).not.toHaveProperty('client_secret');
    expect((await change({ token_endpoint_auth_method: 'none' })).status).toBe(200);
    expect(clients.isSecretRight((await clients.find(body.client_id))!, body.client_secret)).toBe(false);
  });

  it('is worth nothing once its admin is none or is logged out elsewhere, or all users are logged out', async () => {
    const [first, second, third] = [
      await app.actAs({ roles: ['admin'] }),
      await app.actAs({ roles: ['admin'] }),
      await app.actAs({ roles: ['admin'] }),
    ];
    const [demoted, over, all] = [await token(1, first), await token(1, second), await token(1, third)];
    expect((await admin.request('PUT', `/admin/users/${first.userId}/roles`, { roles: [] })).status).toBe(200);
    expect((await second.post('/auth/logout-all', {})).status).toBe(204);
    expect((await register(demoted)).status).toBe(401);
    expect((await register(over)).status).toBe(401);
    expect((await third.post('/admin/revoke-all', {})).status).toBe(204);
    expect((await register(all)).status).toBe(401);
    admin = await app.actAs({ roles: ['admin'] });
  });

  it('makes clients that an admin can stop, and not raise to the operator’s own', async () => {
    const { client_id: id, registration_access_token: own } = (await register(await token(1))).body;
    const path = `/admin/clients/${id}`;
    expect((await admin.request('PATCH', path, { firstParty: true })).status).toBe(400);
    expect((await admin.request('PATCH', path, { disabled: true })).status).toBe(200);
    expect((await ask('GET', { id, token: own })).status).toBe(403);
  });
});

it('lets no client register where it is off', async () => {
  const app = await boot('off');
  expect((await asking(app)('POST', { body: WISHED })).status).toBe(403);
  await app.close();
});
