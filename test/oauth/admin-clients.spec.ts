import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { OAuthClients } from '../../src/oauth/clients/oauth-clients.js';
import type { ActingUser, AuthTestApp, TestReply } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { APP_PAGE } from './oauth-node.js';

interface AuditedEvent {
  readonly type: string;
  readonly actorId: string | null;
  readonly userId: string | null;
  readonly details: { readonly changed?: readonly string[] };
}

const SHOP = { name: 'Shop', type: 'confidential', redirectUris: ['https://shop.example.com/callback'] };

let app: AuthTestApp;
let admin: ActingUser;
beforeAll(async () => {
  app = await bootHost({
    adapter: 'express',
    options: { authStrategies: ['session', 'oauth'], oauthInteractionUrl: APP_PAGE },
  });
  admin = await app.actAs({ roles: ['admin'] });
});
afterAll(() => app.close());

describe('the clients of an admin', () => {
  const clients = () => app.app.get(OAuthClients, { strict: false });
  const create = (body: object = {}) => admin.post('/admin/clients', { ...SHOP, ...body });
  const service = async () => (await admin.post('/admin/users', { kind: 'service', name: 'orders' })).body.id as string;

  it('are created with a secret that is shown once', async () => {
    const { status, body } = await create();
    expect([status, Object.keys(body)]).toEqual([201, ['client', 'clientSecret']]);
    const read = await admin.get(`/admin/clients/${body.client.id}`);
    expect([read.status, read.body]).toEqual([200, body.client]);
    expect(JSON.stringify(read.body)).not.toContain(body.clientSecret);
    expect(body.client).toEqual({
      ...{ id: expect.any(String), name: 'Shop', origin: 'admin', type: 'confidential' },
      ...{ redirectUris: SHOP.redirectUris, postLogoutRedirectUris: [] },
      ...{ grantTypes: ['authorization_code', 'refresh_token'], tokenEndpointAuthMethod: 'client_secret_basic' },
      ...{
        jwks: null,
        jwksUri: null,
        tlsClientAuthSubjectDn: null,
        tlsClientAuthSanDns: null,
        tlsClientAuthSanUri: null,
      },
      ...{ scopes: [], resources: [], defaultResource: null, firstParty: false, requirePkce: true },
      ...{ idTokenSignedResponseAlg: 'ES256', backchannelLogoutUri: null, serviceUserId: null, disabled: false },
      ...{ tlsClientCertificateBoundAccessTokens: false },
      ...{ dpopBoundAccessTokens: false, requirePushedAuthorizationRequests: false },
      ...{ previousSecretValidUntil: null, createdAt: expect.any(String), lastUsedAt: null },
    });
  });

  it('have no secret if they are public', async () => {
    const { status, body } = await create({ type: 'public', redirectUris: ['http://127.0.0.1/callback'] });
    expect([status, Object.keys(body)]).toEqual([201, ['client']]);
    expect((await clients().find(body.client.id))!).toMatchObject({ isNative: true, isConfidential: false });
  });

  const KEY = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  };
  it.each<[string, object, string]>([
    ['no name', { name: '' }, 'name'],
    ['a name with NUL', { name: 'a\0b' }, 'name'],
    ['another type', { type: 'secret' }, 'type'],
    ['no redirect URI', { redirectUris: [] }, 'redirectUris'],
    ['a redirect URI with a fragment', { redirectUris: ['https://a.example.com/#x'] }, 'redirectUris'],
    ['a redirect URI with NUL', { redirectUris: ['https://a.example.com/\0'] }, 'redirectUris'],
    ['a redirect URI with a pattern', { redirectUris: ['https://*.example.com/'] }, 'redirectUris'],
    ['a relative redirect URI', { redirectUris: ['/callback'] }, 'redirectUris'],
    ['a redirect URI with a password', { redirectUris: ['https://a:b@example.com/'] }, 'redirectUris'],
    ['a redirect URI of plain http', { redirectUris: ['http://shop.example.com/'] }, 'redirectUris'],
    ['a redirect URI of a scheme without a dot', { redirectUris: ['shop:/callback'] }, 'redirectUris'],
    ['a redirect URI that is a script', { redirectUris: ['javascript:alert(1)'] }, 'redirectUris'],
    ['a redirect URI twice', { redirectUris: [SHOP.redirectUris[0], SHOP.redirectUris[0]] }, 'redirectUris'],
    ['a redirect URI that is a number', { redirectUris: [1] }, 'redirectUris'],
    ['an odd address after logout', { postLogoutRedirectUris: ['ftp://a.example.com/'] }, 'postLogoutRedirectUris'],
    ['an implicit grant', { grantTypes: ['implicit'] }, 'grantTypes'],
    ['refresh tokens without a code', { redirectUris: [], grantTypes: ['refresh_token'] }, 'grantTypes'],
    ['client_secret_jwt', { tokenEndpointAuthMethod: 'client_secret_jwt' }, 'tokenEndpointAuthMethod'],
    ['no authentication though confidential', { tokenEndpointAuthMethod: 'none' }, 'tokenEndpointAuthMethod'],
    [
      'a secret though public',
      { type: 'public', tokenEndpointAuthMethod: 'client_secret_post' },
      'tokenEndpointAuthMethod',
    ],
    [
      'a certificate where none is read',
      { tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuthSanDns: 'a' },
      'tokenEndpointAuthMethod',
    ],
    ['private_key_jwt without keys', { tokenEndpointAuthMethod: 'private_key_jwt' }, 'jwks'],
    ['a private key', { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [{ ...KEY, d: 'x' }] } }, 'jwks'],
    ['a shared key', { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [{ kty: 'oct', k: 'x' }] } }, 'jwks'],
    ['a broken key', { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [{ ...KEY, x: 'x' }] } }, 'jwks'],
    [
      'a key whose certificates are none',
      { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [{ ...KEY, x5c: [1] }] } },
      'jwks',
    ],
    ['NUL in a key', { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [{ ...KEY, note: '\0' }] } }, 'jwks'],
    [
      'keys twice',
      { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [KEY] }, jwksUri: 'https://a.example.com' },
      'jwksUri',
    ],
    ['keys at a file', { tokenEndpointAuthMethod: 'private_key_jwt', jwksUri: 'file:///etc/passwd' }, 'jwksUri'],
    ['HS256', { idTokenSignedResponseAlg: 'HS256' }, 'idTokenSignedResponseAlg'],
    ['a scope of no resource', { scopes: ['orders:read'] }, 'scopes'],
    ['a resource that there is not', { resources: ['https://nowhere.example.com'] }, 'resources'],
    ['a default resource that it may not ask for', { defaultResource: 'http://localhost:3000' }, 'defaultResource'],
    ['no PKCE though public', { type: 'public', requirePkce: false }, 'requirePkce'],
    ['no service user', { grantTypes: ['client_credentials'], redirectUris: [] }, 'serviceUserId'],
    ['a logout address that is no web address', { backchannelLogoutUri: 'com.example:/x' }, 'backchannelLogoutUri'],
    ['a field that there is not', { clientSecret: 'x' }, 'clientSecret'],
    ['a secret key of its own', { origin: 'file' }, 'origin'],
  ])('are refused with %s', async (_what, body, field) => {
    const { status, body: problem } = await create(body);
    expect([status, problem.code]).toEqual([400, 'validation_failed']);
    expect(problem.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('act as service users, and as no person', async () => {
    const person = await create({ serviceUserId: admin.userId });
    expect([person.status, person.body.errors[0].field]).toEqual([400, 'serviceUserId']);
    const serviceUserId = await service();
    const { status, body } = await create({ serviceUserId });
    expect([status, body.client.grantTypes]).toEqual([
      201,
      ['authorization_code', 'refresh_token', 'client_credentials'],
    ]);
    expect((await clients().find(body.client.id))!.serviceUser!.id).toBe(serviceUserId);
    expect((await admin.delete(`/admin/users/${serviceUserId}`)).status).toBe(204);
    expect((await clients().find(body.client.id))!.serviceUser).toBeNull();
    expect((await admin.get(`/admin/clients/${body.client.id}`)).body.serviceUserId).toBeNull();
  });

  it('ask for a fresh proof when made, widened or given a secret; not when they are stopped', async () => {
    const { id } = (await create()).body.client;
    app.clock.advance(3_600);
    expect((await create()).body.code).toBe('step_up_required');
    expect((await admin.post(`/admin/clients/${id}/secret`, {})).body.code).toBe('step_up_required');
    expect((await admin.request('PATCH', `/admin/clients/${id}`, { name: 'x' })).body.code).toBe('step_up_required');
    expect((await admin.post('/admin/registration-tokens', { expiresInSeconds: 60, uses: 1 })).body.code).toBe(
      'step_up_required',
    );
    const own = `/admin/resources/${encodeURIComponent('https://api.example.com')}`;
    expect((await admin.request('PUT', own, { scopes: {} })).body.code).toBe('step_up_required');
    expect((await admin.request('PATCH', `/admin/clients/${id}`, { disabled: true })).body.disabled).toBe(true);
    expect((await admin.delete(`/admin/clients/${id}`)).status).toBe(204);
    expect((await admin.delete(`/admin/clients/${id}`)).status).toBe(404);
    expect((await admin.get(`/admin/clients/${id}`)).status).toBe(404);
    admin = await app.actAs({ roles: ['admin'] });
  });

  it('change what is said and nothing else; null takes away', async () => {
    const { client } = (await create({ backchannelLogoutUri: 'https://shop.example.com/out' })).body;
    const path = `/admin/clients/${client.id}`;
    const { body } = await admin.request('PATCH', path, { name: 'Store', requirePkce: false });
    expect(body).toEqual({ ...client, name: 'Store', requirePkce: false });
    const { body: later } = await admin.request('PATCH', path, { backchannelLogoutUri: null });
    expect(later).toEqual({ ...body, backchannelLogoutUri: null });
    const wrong = await admin.request('PATCH', path, { redirectUris: ['ftp://x'] });
    expect([wrong.status, wrong.body.errors[0].field]).toEqual([400, 'redirectUris']);
    expect((await admin.get(path)).body).toEqual(later);
  });

  it('are told to all admins when they ask users for no consent, or return them elsewhere', async () => {
    const other = await app.actAs({ roles: ['admin'] });
    const told = async () =>
      (await app.mails(other.email!)).filter(({ subject }) => subject.includes('without asking'));
    const { client } = (await create()).body;
    expect(await told()).toEqual([]);
    const path = `/admin/clients/${client.id}`;
    expect((await admin.request('PATCH', path, { firstParty: true })).status).toBe(200);
    const [first, ...rest] = await told();
    expect(rest).toEqual([]);
    expect(first!.text).toContain(`${admin.email} lets the application “Shop”`);
    expect(first!.text).toContain('shop.example.com');
    expect((await admin.request('PATCH', path, { name: 'Store' })).status).toBe(200);
    expect(await told()).toHaveLength(1);
    const redirectUris = [...SHOP.redirectUris, 'https://elsewhere.example.com/callback'];
    expect((await admin.request('PATCH', path, { redirectUris })).status).toBe(200);
    const [latest] = await told();
    expect(latest!.text).toContain('elsewhere.example.com');
    expect((await create({ firstParty: true })).status).toBe(201);
    expect(await told()).toHaveLength(3);
  });

  it('are in the audit with who did what, and their secrets are nowhere', async () => {
    const serviceUserId = await service();
    const { client, clientSecret } = (await create({ serviceUserId })).body;
    const path = `/admin/clients/${client.id}`;
    const renewed = (await admin.post(`${path}/secret`, { overlapSeconds: 60 })).body.clientSecret;
    await admin.request('PATCH', path, { name: 'Store', disabled: true });
    await admin.delete(path);
    const { token, id } = (await admin.post('/admin/registration-tokens', { expiresInSeconds: 60, uses: 1 })).body;
    await admin.delete(`/admin/registration-tokens/${id}`);
    const { events } = (await admin.get('/admin/audit?type=oauth.&limit=100')).body;
    const mine = events.filter(({ details }: { details: object }) =>
      JSON.stringify(details).match(`${client.id}|${id}`),
    );
    const told = mine.map(({ type, actorId, userId, details }: AuditedEvent) => [
      type,
      actorId,
      userId,
      details.changed,
    ]);
    // The clock stands still: of one instant, any may come first.
    const wanted = [
      ['oauth.client.created', admin.userId, serviceUserId, undefined],
      ['oauth.client.updated', admin.userId, serviceUserId, ['secret']],
      ['oauth.client.updated', admin.userId, serviceUserId, ['name', 'disabled']],
      ['oauth.client.deleted', admin.userId, serviceUserId, undefined],
      ['oauth.registration_token.created', admin.userId, null, undefined],
      ['oauth.registration_token.deleted', admin.userId, null, undefined],
    ];
    expect(told).toHaveLength(wanted.length);
    expect(told).toEqual(expect.arrayContaining(wanted));
    const source: DataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
    for (const table of ['oauth_clients', 'oauth_registration_tokens', 'audit_events', 'mail_jobs']) {
      const kept = JSON.stringify(await source.query(`SELECT * FROM coatcheck.${table}`));
      for (const secret of [clientSecret, renewed, token.split('.')[1]]) expect(kept).not.toContain(secret);
    }
  });

  it('may become public, and lose their secret by it', async () => {
    const { client, clientSecret } = (await create()).body;
    const path = `/admin/clients/${client.id}`;
    expect((await admin.request('PATCH', path, { type: 'public' })).status).toBe(400);
    const changed = await admin.request('PATCH', path, { type: 'public', tokenEndpointAuthMethod: 'none' });
    expect([changed.status, changed.body.type]).toEqual([200, 'public']);
    expect(clients().isSecretRight((await clients().find(client.id))!, clientSecret)).toBe(false);
    expect((await admin.post(`${path}/secret`, {})).body.code).toBe('conflict');
  });

  it('are listed page by page, those that registered themselves apart', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      app.clock.advance(1);
      ids.unshift((await create({ name: `client ${i}` })).body.client.id);
    }
    const first = await admin.get('/admin/clients?limit=2');
    const second = await admin.get(`/admin/clients?limit=2&cursor=${first.body.nextCursor}`);
    const listed = [...first.body.clients, ...second.body.clients].map(({ id }: { id: string }) => id);
    expect(listed.slice(0, 3)).toEqual(ids);
    expect((await admin.get('/admin/clients?origin=registered')).body).toEqual({
      clients: [],
      fileClients: [],
      nextCursor: null,
    });
    expect((await admin.get('/admin/clients?origin=file')).status).toBe(400);
  });
});

describe('the resources of an admin', () => {
  const at = (uri: string) => `/admin/resources/${encodeURIComponent(uri)}`;
  const save = (uri: string, body: object) => admin.request('PUT', at(uri), body);

  it('are described, replaced, listed and deleted', async () => {
    const uri = 'https://api.example.com/v1';
    const scopes = { 'orders:read': 'See your orders' };
    const saved = await save(uri, { name: 'Orders', scopes });
    const resource = { uri, name: 'Orders', scopes, accessTokenSeconds: 300, operatorClientId: null, origin: 'admin' };
    expect([saved.status, saved.body]).toEqual([200, resource]);
    expect((await admin.get(at(uri))).body).toEqual(resource);
    expect((await admin.get('/admin/resources')).body.resources[1]).toEqual(resource);
    const replaced = await save(uri, { scopes: {}, accessTokenSeconds: 60 });
    expect(replaced.body).toEqual({ ...resource, name: uri, scopes: {}, accessTokenSeconds: 60 });
    expect((await admin.delete(at(uri))).status).toBe(204);
    expect((await admin.delete(at(uri))).status).toBe(404);
    expect((await admin.get(at(uri))).status).toBe(404);
  });

  it.each<[string, string, object, string]>([
    ['a relative URI', 'orders', { scopes: {} }, 'uri'],
    ['a fragment', 'https://a.example.com/#x', { scopes: {} }, 'uri'],
    ['NUL', 'https://a.example.com/\0', { scopes: {} }, 'uri'],
    ['no scopes', 'https://a.example.com', {}, 'scopes'],
    ['an OpenID scope', 'https://a.example.com', { scopes: { email: 'x' } }, 'scopes'],
    ['an odd scope', 'https://a.example.com', { scopes: { 'a b': 'x' } }, 'scopes'],
    ['NUL in words', 'https://a.example.com', { scopes: { a: '\0' } }, 'scopes'],
    ['words that are a number', 'https://a.example.com', { scopes: { a: 1 } }, 'scopes'],
    [
      'a key that changes what an object is',
      'https://a.example.com',
      { scopes: JSON.parse('{"__proto__":"x"}') },
      'scopes',
    ],
    ['a life of a week', 'https://a.example.com', { scopes: {}, accessTokenSeconds: 604_800 }, 'accessTokenSeconds'],
    [
      'an operator that there is not',
      'https://a.example.com',
      { scopes: {}, operatorClientId: 'x' },
      'operatorClientId',
    ],
  ])('are refused with %s', async (_what, uri, body, field) => {
    const { status, body: problem } = await save(uri, body);
    expect([status, problem.code]).toEqual([400, 'validation_failed']);
    expect(problem.errors[0].field).toBe(field);
  });
});

describe('registration tokens', () => {
  it('are made, listed without their secret, and deleted', async () => {
    const made = await admin.post('/admin/registration-tokens', { expiresInSeconds: 600, uses: 2 });
    expect([made.status, made.body.token]).toEqual([201, expect.stringMatching(/^[0-9a-f-]{36}\.[\w-]{43}$/)]);
    const { token: _, ...shown } = made.body;
    expect((await admin.get('/admin/registration-tokens')).body).toEqual({
      registrationTokens: [shown],
      nextCursor: null,
    });
    expect((await admin.delete(`/admin/registration-tokens/${made.body.id}`)).status).toBe(204);
    expect((await admin.delete(`/admin/registration-tokens/${made.body.id}`)).status).toBe(404);
  });

  it.each([{}, { expiresInSeconds: 600 }, { expiresInSeconds: 600, uses: 0 }, { expiresInSeconds: 1, uses: 1 }])(
    'are refused with %j',
    async (body) => expect((await admin.post('/admin/registration-tokens', body)).status).toBe(400),
  );
});

describe('odd values', () => {
  const ODD: readonly unknown[] = [
    ...['', '\0', 'a\0b', '\ud800', '\u202e', 'x'.repeat(5_000), '__proto__', 'javascript:alert(1)', '%00', '*'],
    ...[null, 0, -1, 1.5, 1e300, true, [], [[]], [null], ['\0'], ['\ud800'], [{}], {}, { keys: [] }, { keys: [null] }],
    ...[{ keys: [{ kty: 'EC', crv: 'P-256', x: '\0', y: {} }] }, { a: '\0' }, { a: { a: { a: { a: { a: {} } } } } }],
    JSON.parse('{"__proto__":{"admin":true}}'),
  ];
  const CLIENT_FIELDS = [
    ...['name', 'type', 'redirectUris', 'postLogoutRedirectUris', 'grantTypes', 'tokenEndpointAuthMethod', 'jwks'],
    ...['jwksUri', 'tlsClientAuthSubjectDn', 'tlsClientAuthSanDns', 'tlsClientAuthSanUri', 'scopes', 'resources'],
    ...['defaultResource', 'firstParty', 'requirePkce', 'idTokenSignedResponseAlg', 'backchannelLogoutUri'],
    ...['tlsClientCertificateBoundAccessTokens'],
    ...['dpopBoundAccessTokens', 'requirePushedAuthorizationRequests', 'serviceUserId', 'disabled'],
  ];

  /** @returns what was answered by the server's own fault */
  async function faultsOf(send: (body: object) => Promise<TestReply>, fields: readonly string[], base: object = {}) {
    const faults: unknown[] = [];
    for (const field of fields) {
      for (const value of ODD) {
        const { status, text } = await send({ ...base, [field]: value });
        if (status >= 500 || text.includes('constraint')) faults.push([field, value, status, text]);
      }
    }
    return faults;
  }

  it('in any field make no server error', async () => {
    const path = `/admin/clients/${(await admin.post('/admin/clients', SHOP)).body.client.id}`;
    const resource = `/admin/resources/${encodeURIComponent('https://odd.example.com')}`;
    const resourceFields = ['name', 'scopes', 'accessTokenSeconds', 'operatorClientId'];
    const tokenFields = ['expiresInSeconds', 'uses'];
    expect([
      ...(await faultsOf((body) => admin.post('/admin/clients', body), CLIENT_FIELDS, SHOP)),
      ...(await faultsOf((body) => admin.request('PATCH', path, body), CLIENT_FIELDS)),
      ...(await faultsOf((body) => admin.post(`${path}/secret`, body), ['overlapSeconds'])),
      ...(await faultsOf((body) => admin.request('PUT', resource, body), resourceFields, { scopes: {} })),
      ...(await faultsOf((body) => admin.post('/admin/registration-tokens', body), tokenFields, {
        expiresInSeconds: 60,
        uses: 1,
      })),
    ]).toEqual([]);
  }, 120_000);

  it('in a path or a query are no client and no resource', async () => {
    for (const odd of [
      '%00',
      '%ff',
      '%ed%a0%80',
      'a%00b',
      '..%2f..',
      '%2e%2e',
      'x'.repeat(600),
      '%25',
      '%E2%80%AE',
      '__proto__',
    ]) {
      for (const list of ['clients', 'resources', 'registration-tokens']) {
        for (const method of ['GET', 'DELETE'] as const) {
          const { status } = await admin.request(method, `/admin/${list}/${odd}`);
          expect([list, method, odd, status >= 400 && status < 500]).toEqual([list, method, odd, true]);
        }
      }
      for (const query of [`cursor=${odd}`, `origin=${odd}`, `limit=${odd}`])
        expect((await admin.get(`/admin/clients?${query}`)).status).toBe(400);
    }
  });
});
