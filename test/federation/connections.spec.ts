import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Connections } from '../../src/factors/federated/connections/connections.js';
import { DomainRecords } from '../../src/factors/federated/connections/domain-records.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import {
  type ActingUser,
  type AuthTestApp,
  type FakeProvider,
  startFakeProvider,
  type TestReply,
} from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { endOf, Federation } from './setting.js';

const SECRET = 'a secret that nobody is shown';
const RETURN = 'https://app.example.com/in';

/** The world's name servers. */
class World {
  readonly texts = new Map<string, string[]>();
  isAway = false;

  async textsOf(name: string): Promise<string[]> {
    if (this.isAway) throw new AuthError('unavailable', { reason: 'name_servers_unreachable' });
    return this.texts.get(name) ?? [];
  }
}

let app: AuthTestApp;
let admin: ActingUser;
let provider: FakeProvider;
let on: Federation;
const world = new World();
let count = 0;

beforeAll(async () => {
  app = await bootHost({
    adapter: 'express',
    options: { authStrategies: ['session'], corsOrigins: ['https://app.example.com'] },
    providers: [{ provide: DomainRecords, useValue: world }],
  });
  admin = await app.actAs({ roles: ['admin'] });
  provider = await startFakeProvider({ clock: app.clock });
  on = new Federation(app);
});
afterAll(async () => {
  await app?.close();
  await provider?.stop();
});

function slug(): string {
  count += 1;
  return `corp-${count}`;
}

function create(more: object = {}): Promise<TestReply> {
  const { issuer, clientId } = provider;
  const given = { slug: slug(), kind: 'oidc', issuer, clientId, clientSecret: provider.clientSecret };
  return admin.post('/admin/connections', { ...given, ...more });
}

const events = async (type: string) =>
  app.app
    .get<DataSource>(AUTH_DATA_SOURCE, { strict: false })
    .query('SELECT * FROM coatcheck.audit_events WHERE type = $1 ORDER BY id', [type]);

describe('a connection of an admin', () => {
  it('is made without its secret being shown, told or stored in clear', async () => {
    const { status, body } = await create({ clientSecret: SECRET, settings: { label: 'Corp', jitProvisioning: 'on' } });
    expect([status, body]).toEqual([
      201,
      {
        ...{ id: expect.any(String), slug: body.slug, kind: 'oidc', origin: 'admin', issuer: provider.issuer },
        ...{ baseUrl: null, clientId: provider.clientId, hasClientSecret: true, disabled: false, shadowed: false },
        redirectUri: `http://localhost:3000/auth/federated/${body.slug}/callback`,
        settings: {
          ...{
            label: 'Corp',
            scopes: null,
            vouchesForEmail: false,
            trustsMfa: false,
            trustsNewLogin: false,
            jitProvisioning: 'on',
          },
          ...{ roles: null, enforced: false, enforcedExcept: [], maxAgeSeconds: null, isListed: true },
        },
        ...{ domains: [], createdAt: expect.any(String) },
      },
    ]);
    const read = await admin.get(`/admin/connections/${body.id}`);
    const listed = await admin.get('/admin/connections');
    expect(read.body).toEqual(body);
    expect(listed.body.connections).toContainEqual(body);
    const stored = await on.tables.query('SELECT row_to_json(c)::text AS text FROM coatcheck.connections c');
    const told = await on.tables.query('SELECT row_to_json(a)::text AS text FROM coatcheck.audit_events a');
    const all = [read.text, listed.text, ...[...stored, ...told].map(({ text }: { text: string }) => text)].join('\n');
    expect(all).not.toContain(SECRET);
    expect((await events('connection.created')).at(-1)).toMatchObject({ actor_id: admin.userId });
  });

  it.each<[string, object, string]>([
    ['no slug', { slug: undefined }, 'slug'],
    ['a slug that is a path', { slug: '../x' }, 'slug'],
    ['a slug with a capital', { slug: 'Corp' }, 'slug'],
    ['another kind', { kind: 'saml' }, 'kind'],
    ['a kind of every object', { kind: 'constructor' }, 'kind'],
    ['no issuer', { issuer: undefined }, 'issuer'],
    ['an issuer that is none', { issuer: 'corp' }, 'issuer'],
    ['an issuer that is a script', { issuer: 'javascript:alert(1)' }, 'issuer'],
    ['an issuer with a query', { issuer: 'https://a.example/?x' }, 'issuer'],
    ['an issuer with a password', { issuer: 'https://a:b@a.example' }, 'issuer'],
    ['an issuer with NUL', { issuer: 'https://a.example/\0' }, 'issuer'],
    ['an issuer of its own though it is known', { kind: 'google' }, 'issuer'],
    ['a base URL where there is none', { baseUrl: 'https://a.example' }, 'baseUrl'],
    ['no client id', { clientId: '' }, 'clientId'],
    ['a client id that breaks lines', { clientId: 'a\r\nb' }, 'clientId'],
    ['an empty secret', { clientSecret: '' }, 'clientSecret'],
    ['no secret where one is needed', { kind: 'github', issuer: undefined, clientSecret: undefined }, 'clientSecret'],
    ['an unknown setting', { settings: { admin: true } }, 'settings.admin'],
    ['a setting of another kind', { settings: { tenant: 'common' } }, 'settings.tenant'],
    ['scopes without openid', { settings: { scopes: ['email'] } }, 'settings.scopes'],
    ['a scope with a space', { settings: { scopes: ['openid email'] } }, 'settings.scopes'],
    ['a word for part of a domain', { settings: { vouchesForEmail: ['*.corp.example'] } }, 'settings.vouchesForEmail'],
    ['a word for a top domain', { settings: { vouchesForEmail: ['com'] } }, 'settings.vouchesForEmail'],
    ['a word that is a text', { settings: { vouchesForEmail: 'true' } }, 'settings.vouchesForEmail'],
    ['provisioning that is true', { settings: { jitProvisioning: true } }, 'settings.jitProvisioning'],
    ['roles without a map', { settings: { roles: { claim: 'groups' } } }, 'settings.roles'],
    [
      'roles at no time that there is',
      { settings: { roles: { claim: 'a', map: {}, when: 'always' } } },
      'settings.roles',
    ],
    ['a role that is none', { settings: { roles: { claim: 'groups', map: { a: 'x y' } } } }, 'settings.roles'],
    ['an age of a second', { settings: { maxAgeSeconds: 1 } }, 'settings.maxAgeSeconds'],
    ['an exception that is no id', { settings: { enforcedExcept: ['me'] } }, 'settings.enforcedExcept'],
    ['a label with NUL', { settings: { label: 'a\0' } }, 'settings.label'],
    ['settings that are a list', { settings: [] }, 'settings'],
    ['no tenant', { kind: 'microsoft', issuer: undefined }, 'settings.tenant'],
  ])('is refused with %s, and told what is wrong', async (_, wrong, field) => {
    const { status, body } = await create(wrong);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('has a name that no other has: of two created at once by one name, one is created', async () => {
    const name = slug();
    const replies = await Promise.all([create({ slug: name }), create({ slug: name }), create({ slug: name })]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('is changed in part; null resets a setting, and its kind, issuer and name stay', async () => {
    const { body } = await create({ settings: { label: 'Corp', trustsMfa: true } });
    const path = `/admin/connections/${body.id}`;
    const changed = await admin.patch(path, { settings: { label: null, isListed: false } });
    expect(changed.body.settings).toMatchObject({ label: null, trustsMfa: true, isListed: false });
    const secret = await admin.patch(path, { clientSecret: 'another' });
    expect([secret.status, secret.body.hasClientSecret]).toEqual([200, true]);
    expect((await admin.patch(path, { clientSecret: null })).body.hasClientSecret).toBe(false);
    for (const wrong of [{ slug: 'x' }, { kind: 'google' }, { issuer: 'https://evil.example' }, { settings: { x: 1 } }])
      expect((await admin.patch(path, wrong)).status).toBe(400);
    expect((await admin.patch('/admin/connections/none', { disabled: true })).status).toBe(404);
  });

  it('needs a proof that is fresh, unless it is only disabled', async () => {
    const { body } = await create();
    app.clock.advance(3_600);
    const path = `/admin/connections/${body.id}`;
    const given = { slug: slug(), kind: 'oidc', issuer: provider.issuer, clientId: 'x' };
    const asked = [
      () => admin.post('/admin/connections', given),
      () => admin.patch(path, { settings: { jitProvisioning: 'on' } }),
      () => admin.patch(path, { disabled: false }),
      () => admin.delete(path),
      () => admin.post(`${path}/domains`, { domain: 'stale.example', proof: 'admin' }),
      () => admin.delete(`${path}/domains/stale.example`),
    ];
    for (const ask of asked) expect((await ask()).body.code).toBe('step_up_required');
    expect((await admin.patch(path, { disabled: true })).status).toBe(200);
    admin = await app.actAs({ roles: ['admin'] });
  });
});

describe('a connection that is over', () => {
  const logIn = async (name: string) => {
    const browser = app.client();
    provider.chosen = provider.addPerson();
    expect(endOf(await on.logIn(browser, name, { returnTo: RETURN }))).toEqual({ status: 303, to: RETURN, said: {} });
    return browser;
  };

  it.each<[string, (path: string) => Promise<TestReply>, number]>([
    ['disabled', (path) => admin.patch(path, { disabled: true }), 200],
    ['deleted', (path) => admin.delete(path), 204],
  ])('because it is %s has no session any more, and begins none', async (_, end, status) => {
    const { body } = await create({ settings: { jitProvisioning: 'on', vouchesForEmail: true } });
    const browser = await logIn(body.slug);
    expect((await browser.get('/auth/me')).status).toBe(200);
    const halfway = app.client();
    const answer = await on.answer(await on.begin(halfway, body.slug, { returnTo: RETURN }));
    expect((await end(`/admin/connections/${body.id}`)).status).toBe(status);
    expect((await browser.get('/auth/me')).body.code).toBe('session_ended');
    expect(endOf(await on.follow(halfway, answer)).said.error).toBe('invalid_credentials');
    expect((await halfway.get('/auth/me')).status).toBe(401);
    await expect(on.begin(app.client(), body.slug)).rejects.toThrow(/^4/);
  });

  it('because its client is another has no session of the one before', async () => {
    const { body } = await create({ settings: { jitProvisioning: 'on', vouchesForEmail: true } });
    const browser = await logIn(body.slug);
    await admin.patch(`/admin/connections/${body.id}`, { settings: { label: 'Same client' } });
    expect((await browser.get('/auth/me')).status).toBe(200);
    await admin.patch(`/admin/connections/${body.id}`, { clientId: 'another' });
    expect((await browser.get('/auth/me')).body.code).toBe('session_ended');
  });

  it('because it is deleted leaves no linked login behind', async () => {
    const { body } = await create({ settings: { jitProvisioning: 'on', vouchesForEmail: true } });
    await logIn(body.slug);
    const linked = () =>
      on.tables.query('SELECT id FROM coatcheck.federated_identities WHERE connection_id = $1', [body.id]);
    expect(await linked()).toHaveLength(1);
    await admin.delete(`/admin/connections/${body.id}`);
    expect(await linked()).toHaveLength(0);
    const told = await events('connection.deleted');
    expect(told.map(({ details }: { details: object }) => details)).toContainEqual(
      expect.objectContaining({ connectionId: body.id, unlinked: 1 }),
    );
    expect((await admin.get(`/admin/connections/${body.id}`)).status).toBe(404);
    expect((await admin.delete(`/admin/connections/${body.id}`)).status).toBe(404);
  });
});

describe('a domain of a connection', () => {
  const connections = () => app.app.get(Connections, { strict: false });
  const add = (id: string, body: object) => admin.post(`/admin/connections/${id}/domains`, body);

  it('counts once its TXT record is there, and not before', async () => {
    const { body } = await create();
    const noted = await add(body.id, { domain: 'Dns.Example' });
    expect(noted.body).toEqual({
      domain: 'dns.example',
      verifiedAt: null,
      record: { name: '_coatcheck.dns.example', value: expect.stringMatching(/^coatcheck-connection=[\w-]{43}$/) },
    });
    expect(await connections().ofDomain('dns.example')).toBeNull();
    const { name, value } = noted.body.record;
    for (const wrong of [[], [`x${value}`], [value.slice(0, -1)], [value.toUpperCase()]]) {
      world.texts.set(name, wrong);
      expect((await add(body.id, { domain: 'dns.example' })).body.verifiedAt).toBeNull();
    }
    world.texts.set(name, ['v=spf1 -all', value]);
    expect((await add(body.id, { domain: 'dns.example' })).body).toEqual({
      ...noted.body,
      verifiedAt: expect.any(String),
    });
    expect((await connections().ofDomain('dns.example'))?.id).toBe(body.id);
    world.texts.delete(name);
    expect((await add(body.id, { domain: 'dns.example' })).body.verifiedAt).not.toBeNull();
  });

  it('has a record that proves nothing for another connection or another domain', async () => {
    const [one, other] = [(await create()).body, (await create()).body];
    const { record } = (await add(one.id, { domain: 'one.example' })).body;
    world.texts.set('_coatcheck.one.example', [record.value]);
    world.texts.set('_coatcheck.two.example', [record.value]);
    expect((await add(other.id, { domain: 'one.example' })).body.verifiedAt).toBeNull();
    expect((await add(one.id, { domain: 'two.example' })).body.verifiedAt).toBeNull();
  });

  it('is not verified while no name server answers', async () => {
    const { body } = await create();
    world.isAway = true;
    expect((await add(body.id, { domain: 'away.example' })).body.code).toBe('unavailable');
    world.isAway = false;
    expect((await admin.get(`/admin/connections/${body.id}`)).body.domains).toEqual([]);
  });

  it('is of one connection, however many ask at once', async () => {
    const made = await Promise.all([create(), create(), create()]);
    const replies = await Promise.all(made.map(({ body }) => add(body.id, { domain: 'race.example', proof: 'admin' })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const winner = made[replies.findIndex(({ status }) => status === 201)]!.body.id;
    expect((await connections().ofDomain('race.example'))?.id).toBe(winner);
    expect((await admin.delete(`/admin/connections/${winner}/domains/race.example`)).status).toBe(204);
    expect(await connections().ofDomain('race.example')).toBeNull();
    expect((await admin.delete(`/admin/connections/${winner}/domains/race.example`)).status).toBe(404);
  });

  it.each([
    '',
    'com',
    'corp',
    '*.corp.example',
    '.corp.example',
    'corp.example.',
    'a@corp.example',
    'https://corp.example',
    'corp example',
    '127.0.0.1',
    'corp.example\0',
    'ﬁn.example',
  ])('FED-10: is no such text: %p', async (domain) => {
    const { body } = await create();
    const reply = await add(body.id, { domain, proof: 'admin' });
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
  });

  it('FED-10: is compared whole, with exactly one address', async () => {
    const { body } = await create();
    await add(body.id, { domain: 'corp.com', proof: 'admin' });
    const ofAddress = async (address: string) => (await connections().ofAddress(address))?.id ?? null;
    for (const address of ['user@corp.com', 'User@CORP.com']) expect(await ofAddress(address)).toBe(body.id);
    for (const address of [
      'user@evilcorp.com',
      'user@corp.com.evil',
      'user@sub.corp.com',
      'user@com',
      'a@corp.com@evil',
      'a@evil@corp.com',
      'a@corp.com@evil.example',
      '"a@corp.com"@evil.example',
      '"a@evil.example"@corp.com',
      'corp.com',
      '@corp.com',
      'user@corp.com,user@evil.example',
      'user@evil.example,user@corp.com',
      'user@corp.com>',
      'user <user@corp.com>',
      'user@corp.com\0.evil.example',
      'user@corp\u00AD.com',
      'user@ｃorp.com',
    ])
      expect([address, await ofAddress(address)]).toEqual([address, null]);
  });

  it('FED-10: sends a login by address to its connection, and no other address', async () => {
    const { body } = await create();
    await add(body.id, { domain: 'routed.example', proof: 'admin' });
    const login = (email: string) => app.client().post('/auth/login/federated', { email, returnTo: RETURN });
    expect((await login('ada@routed.example')).body.authorizationUrl).toContain(`${body.slug}%2Fcallback`);
    for (const email of ['ada@evilrouted.example', 'ada@routed.example.evil', 'ada@sub.routed.example'])
      expect(JSON.stringify((await login(email)).body)).not.toContain(body.slug);
    await admin.patch(`/admin/connections/${body.id}`, { disabled: true });
    expect(JSON.stringify((await login('ada@routed.example')).body)).not.toContain(body.slug);
  });
});
