import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AuthOptions } from '../../src/auth-options.js';
import { userHandleOf } from '../../src/factors/passkey/user-handle.js';
import {
  type AuthTestApp,
  type FakeProvider,
  SoftwareAuthenticator,
  startFakeProvider,
  type TestClient,
  type TestReply,
} from '../../src/testing/index.js';
import { MailedTokens } from '../../src/users/mailed-tokens.js';
import { UserStore } from '../../src/users/user.store.js';
import { endOf, Federation } from '../federation/setting.js';
import { Authority, removeFolders } from '../mtls/authority.js';
import { protectedUser, takeTokens } from './authenticator-app.js';
import { STRATEGIES } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';
import { ORIGIN, PasskeyHolder } from './passkey-holder.js';

const root = new Authority('/CN=Machines');
afterAll(removeFolders);

const SRC = resolve(__dirname, '../../src');
const SPA = 'https://app.example.com';

/**
 * Every caller that starts sessions, and the paths below that go through it. A new one fails here until its paths are in the table: no
 * session may come about without the policy having been asked.
 */
const STARTERS: Record<string, readonly Path[]> = {
  'login/login.service.ts': [
    'password',
    'password, remembered elsewhere',
    'pending-login',
    'passkey',
    'login elsewhere',
    'e-mail link',
    'reset, then password',
  ],
  'credentials/session-renewal.ts': ['step-up', 'password change', 'change of factors', 'refresh'],
  'admin/impersonation.service.ts': ['impersonation'],
};

/** Every route whose answer may hold a ticket or part of one, by the service's own document, and the paths that end there. */
const ROUTES: Record<string, readonly Path[]> = {
  'post /auth/login': ['password', 'password, remembered elsewhere', 'reset, then password'],
  'post /auth/login/factor': ['pending-login'],
  'post /auth/login/passkey': ['passkey'],
  'post /auth/refresh': ['refresh'],
  'post /auth/step-up': ['step-up'],
  'post /auth/password/change': ['password change'],
  'post /auth/factors/totp/confirm': ['change of factors'],
  'delete /auth/factors/totp': ['change of factors'],
  'post /auth/factors/recovery-codes': ['change of factors'],
  'post /auth/factors/passkeys': ['change of factors'],
  'delete /auth/factors/passkeys/{id}': ['change of factors'],
  'delete /auth/identities/{id}': ['change of factors'],
  'post /admin/users/{id}/impersonate': ['impersonation'],
  'post /auth/api-keys': ['API key'],
  'post /auth/api-keys/{id}/rotate': ['API key'],
  // Of service users, whom nobody logs in as.
  'post /admin/users/{userId}/api-keys': [],
  'post /admin/users/{userId}/api-keys/{id}/rotate': [],
};

/** Every way to recognise a request, and the paths that hand out what it asks for. */
const RECOGNISED: Record<string, readonly Path[]> = {
  session: ['password'],
  jwt: ['password', 'refresh'],
  'api-key': ['API key'],
  mtls: ['certificate'],
};

/** What of an answer opens something, now or later. */
const TICKETS = new Set(['accessToken', 'refreshToken', 'apiKey', 'loginToken']);

type Path =
  | 'password'
  | 'password, remembered elsewhere'
  | 'pending-login'
  | 'passkey'
  | 'login elsewhere'
  | 'e-mail link'
  | 'reset, then password'
  | 'step-up'
  | 'password change'
  | 'change of factors'
  | 'refresh'
  | 'impersonation'
  | 'API key'
  | 'certificate';
const PATHS = [...new Set([STARTERS, ROUTES, RECOGNISED].flatMap((table) => Object.values(table).flat()))];

/** What a path ends in, for whom: nobody who has a second factor is let in by less, and nobody who needs one and has none. */
const RULES = ['has a second factor', 'must have one and has none', 'is banned'] as const;
type Rule = (typeof RULES)[number];

it('every caller that starts sessions has its paths in the table', () => {
  // `SessionTickets` is the one that all of them go through.
  const through = 'sessions/session-tickets.ts';
  // In a test, whoever wants a session has one.
  const inTests = 'testing/direct-login.ts';
  const callers = filesOf(SRC).filter((file) =>
    /\b(starts|tickets)\.start\(/.test(readFileSync(join(SRC, file), 'utf8')),
  );
  expect(callers.sort()).toEqual([...Object.keys(STARTERS), through, inTests].sort());
});

it('every way to recognise a request has its paths in the table', () => {
  expect(readdirSync(join(SRC, 'strategies')).sort()).toEqual(Object.keys(RECOGNISED).sort());
});

// MFA-06, LOG-11.
describe.each(STRATEGIES)('MFA-06: no way around, by %s', (strategy) => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  beforeAll(async () => {
    const machines = {
      mtlsAnchors: [`default=${root.certFile}`],
      mtlsHeader: 'rfc9440',
      trustedProxies: ['127.0.0.1'],
    };
    const authStrategies = [...new Set([strategy, 'session', 'jwt']), 'api-key', 'mtls'];
    app = await bootWithMadeUsers({
      authStrategies,
      secondFactorRoles: ['staff'],
      corsOrigins: [SPA],
      ...machines,
    } as AuthOptions);
    provider = await startFakeProvider({ clock: app.clock });
    await new Federation(app).connect(provider, { slug: 'elsewhere', vouchesForEmail: true });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await provider.stop();
  });

  it('every route that may hand out a ticket has its paths in the table', async () => {
    const { body } = await app.client().get('/openapi.json');
    expect(handingOut(body).sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(PATHS.flatMap((path) => RULES.map((rule) => [path, rule] as const)))(
    '%s: who %s gets no session that opens anything',
    async (path, rule) => {
      const client = app.client();
      const { reply, opens } = await take(path, rule, client);
      if (reply) takeTokens(client, reply);
      const after = await client.get('/auth/me');
      expect([path, rule, after.status]).toEqual([path, rule, opens ? 200 : after.status]);
      if (!opens) expect([401, 403]).toContain(after.status);
      if (opens) expect(after.body.session.amr).toEqual(opens);
    },
    30_000,
  );

  /** Goes a path as somebody to whom the rule applies. `opens`: it ends in a session, which shows these proofs and no more. */
  async function take(path: Path, rule: Rule, client: TestClient): Promise<{ reply?: TestReply; opens?: string[] }> {
    const who = await somebody(rule);
    const { email, password } = who;
    switch (path) {
      case 'password':
        return { reply: await client.post('/auth/login', { email, password }) };
      case 'password, remembered elsewhere': {
        const other = await protectedUser(app);
        await client.post('/auth/login', { email: other.email, password: other.password }).then(async ({ body }) => {
          const proof = { loginToken: body.loginToken, factor: 'totp', code: other.code(), rememberDevice: true };
          takeTokens(client, await client.post('/auth/login/factor', proof));
        });
        await client.post('/auth/logout');
        delete client.defaults.authorization;
        return { reply: await client.post('/auth/login', { email, password }) };
      }
      case 'pending-login':
        return pendingLogin(who, rule, client);
      case 'passkey':
        return byPasskey(who, rule, client);
      case 'login elsewhere':
        return elsewhere(who, rule, client);
      case 'e-mail link':
        await client.post('/auth/email/verification', { email });
        await client.post('/auth/unlock', { token: await unlockToken(email) });
        return {};
      case 'reset, then password': {
        await client.post('/auth/password/forgot', { email });
        const token = await app.mailedToken(email);
        const next = 'nine quiet walruses sing';
        expect((await client.post('/auth/password/reset', { token, password: next })).status).toBe(204);
        expect((await client.get('/auth/me')).status).toBe(401);
        return { reply: await client.post('/auth/login', { email, password: next }) };
      }
      default:
        return fromWithin(path, rule, who, client);
    }
  }

  /** Paths that begin with a session: it never shows more than was proven, and who is not let in has none. */
  async function fromWithin(path: Path, rule: Rule, who: Somebody, client: TestClient) {
    if (path === 'impersonation') return impersonate(who, client);
    if (path === 'certificate') return byCertificate(who, client);
    if (path === 'API key') return byKey(who, client);
    const { email, password } = who;
    const login = await client.post('/auth/login', { email, password });
    takeTokens(client, login);
    if (rule === 'is banned') expect([login.status, login.body.code]).toEqual([403, 'user_banned']);
    else expect(login.body.status).not.toBe('authenticated');
    if (path === 'step-up') return { reply: await client.post('/auth/step-up', { password }) };
    if (path === 'change of factors') return { reply: await changeFactors(client) };
    if (path === 'refresh') return { reply: await client.post('/auth/refresh', {}) };
    const change = {
      currentPassword: password,
      newPassword: 'nine quiet walruses sing',
      transport: strategy === 'jwt' ? 'split' : undefined,
    };
    return { reply: await client.post('/auth/password/change', change) };
  }

  /** The right code of somebody banned meanwhile, a wrong one of somebody else, and a token that is none. */
  async function pendingLogin(who: Somebody, rule: Rule, client: TestClient) {
    const other = await protectedUser(app);
    const { email, password } = rule === 'has a second factor' ? who : other;
    const { loginToken } = (await client.post('/auth/login', { email, password })).body;
    client.defaults.authorization = `Bearer ${loginToken}`;
    expect((await client.get('/auth/me')).status).toBe(401);
    delete client.defaults.authorization;
    const users = app.app.get(UserStore, { strict: false });
    if (rule === 'is banned') await users.update(other.user.userId, { bannedAt: app.clock.now() });
    const proof = { loginToken, factor: 'totp', code: rule === 'is banned' ? other.code() : '000000' };
    const refused = await client.post('/auth/login/factor', proof);
    expect([refused.status, refused.body.code]).toEqual(
      rule === 'is banned' ? [403, 'user_banned'] : [401, 'invalid_credentials'],
    );
    return { reply: await client.post('/auth/login/factor', { ...proof, loginToken: 'AAAA' }) };
  }

  /** A passkey that has verified its user is two factors; without that it is none. */
  async function byPasskey({ id }: Somebody, rule: Rule, client: TestClient) {
    if (rule === 'must have one and has none') {
      const { body: options } = await client.post('/auth/login/passkey/options', {});
      const stranger = new SoftwareAuthenticator({ origin: ORIGIN });
      stranger.create({ challenge: 'AA', rp: { id: 'localhost' }, user: { id: userHandleOf(id) } });
      const credential = stranger.get(options);
      return {
        reply: await client.post('/auth/login/passkey', {
          credential,
          transport: strategy === 'jwt' ? 'body' : undefined,
        }),
      };
    }
    const holder = await PasskeyHolder.enrolled(app, strategy);
    const users = app.app.get(UserStore, { strict: false });
    if (rule === 'is banned') await users.update(holder.user.userId, { bannedAt: app.clock.now() });
    const unverified = await holder.logIn({ client, wrong: { userVerified: false } });
    expect([unverified.status, unverified.body.code]).toEqual([401, 'invalid_credentials']);
    const reply = await holder.logIn({ client });
    return rule === 'is banned' ? { reply } : { reply, opens: ['pop', 'user', 'mfa'] };
  }

  /** A provider whose word is taken for the address says `mfa` too, which nobody here trusts it with. */
  async function elsewhere({ email }: Somebody, rule: Rule, client: TestClient) {
    const on = new Federation(app);
    provider.chosen = provider.addPerson({ email, emailVerified: true, claims: { amr: ['mfa'] } });
    const returnTo = `${SPA}/signed-in`;
    const { said } = endOf(await on.logIn(client, 'elsewhere', { returnTo, strategy }));
    expect(said.status ?? said.error).toBe(
      {
        'has a second factor': 'factor_required',
        'must have one and has none': 'enrolment_required',
        'is banned': 'user_banned',
      }[rule],
    );
    client.defaults.authorization = `Bearer ${said.loginToken ?? ''}`;
    expect((await client.get('/auth/me')).status).toBe(401);
    delete client.defaults.authorization;
    return strategy === 'jwt' ? { reply: await client.post('/auth/refresh', {}) } : {};
  }

  /** As far as a login by the password alone has come: to nothing, or to a session for enrolling; and to no other factor in it. */
  async function changeFactors(client: TestClient): Promise<TestReply> {
    const transport = strategy === 'jwt' ? 'split' : undefined;
    for (const refused of [
      await client.request('DELETE', '/auth/factors/totp', { transport }),
      await client.post('/auth/factors/recovery-codes', { transport }),
      await client.request('DELETE', `/auth/factors/passkeys/${randomUUID()}`, { transport }),
      await client.request('DELETE', `/auth/identities/${randomUUID()}`, { transport }),
      await client.post('/auth/factors/passkeys', {
        credential: new SoftwareAuthenticator({ origin: ORIGIN }).create({ challenge: 'AA' }),
        transport,
      }),
    ])
      expect([400, 401, 403]).toContain(refused.status);
    await client.post('/auth/factors/totp', {});
    return client.post('/auth/factors/totp/confirm', { code: '000000', transport });
  }

  /** No session that is not whole makes one; one that was made does not outlive a ban, and changes no factor. */
  async function byKey({ email, password, id, isBanned }: Somebody, client: TestClient) {
    const params = { name: 'path', scopes: ['example:read'] };
    takeTokens(client, await client.post('/auth/login', { email, password }));
    const refused = await client.post('/auth/api-keys', params);
    expect([401, 403]).toContain(refused.status);
    const owner = await app.logIn();
    const { apiKey } = (await owner.post('/auth/api-keys', params)).body;
    const machine = app.client({ authorization: `Bearer ${apiKey}` });
    for (const path of ['/auth/factors/totp', '/auth/factors/passkeys/options', '/auth/step-up/passkey/options'])
      expect((await machine.post(path, {})).status).toBe(403);
    expect(id).not.toBe(owner.userId);
    if (!isBanned) return {};
    const actingAdmin = await app.logIn({ changes: { roles: ['admin'] } });
    await actingAdmin.post(`/admin/users/${owner.userId}/ban`, {});
    client.defaults.authorization = `Bearer ${apiKey}`;
    return {};
  }

  /** A certificate stands for a service, and for no person. */
  async function byCertificate({ id }: Somebody, client: TestClient) {
    const leaf = root.issue({ subject: `/CN=${id}` });
    const actingAdmin = await app.logIn({ changes: { roles: ['admin'] } });
    const name = { anchor: 'default', kind: 'subject', value: `CN=${id}`, scopes: [] };
    expect((await actingAdmin.post(`/admin/users/${id}/certificate-names`, name)).status).toBe(409);
    client.defaults['client-cert'] = `:${leaf.cert.replace(/-----[^-]+-----|\s/g, '')}:`;
    return {};
  }

  /** Locks somebody out, and takes the link that is mailed then. */
  async function unlockToken(email: string): Promise<string> {
    const users = app.app.get(UserStore, { strict: false });
    const { id } = (await users.findByEmail(email))!;
    const tokens = app.app.get(MailedTokens, { strict: false });
    return (await tokens.issue({ purpose: 'unlock', user: { id, email }, lifetimeSeconds: 60 })).token;
  }

  /** An admin's own session stands for it; the user has proven nothing, and it says so. */
  async function impersonate({ id, isBanned }: Somebody, client: TestClient) {
    const unfinished = await app.register({ changes: { roles: ['admin', 'staff'] } });
    takeTokens(client, await client.post('/auth/login', unfinished));
    expect((await client.post(`/admin/users/${id}/impersonate`, {})).status).toBe(403);
    const actingAdmin = await app.logIn({ changes: { roles: ['admin'] } });
    const reply = await actingAdmin.post(`/admin/users/${id}/impersonate`, {
      transport: strategy === 'jwt' ? 'body' : undefined,
    });
    expect(reply.status).toBe(isBanned ? 409 : 200);
    if (!isBanned) expect(reply.body.session.amr).toEqual([]);
    return strategy === 'jwt' && !isBanned ? { reply, opens: [] } : {};
  }

  interface Somebody {
    readonly id: string;
    readonly email: string;
    readonly password: string;
    readonly isBanned: boolean;
  }

  async function somebody(rule: Rule): Promise<Somebody> {
    const users = app.app.get(UserStore, { strict: false });
    if (rule === 'has a second factor') {
      const { user, email, password } = await protectedUser(app);
      return { id: user.userId, email, password, isBanned: false };
    }
    const isBanned = rule === 'is banned';
    const changes = isBanned ? { bannedAt: app.clock.now() } : { roles: ['staff'] };
    const { email, password } = await app.register({ changes });
    return { id: (await users.findByEmail(email))!.id, email, password, isBanned };
  }
});

interface Document {
  readonly paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  readonly components: { readonly schemas: Record<string, { properties?: object; allOf?: object[] }> };
}

/** The routes of an OpenAPI document with an answer that has a ticket in it, however deep. */
function handingOut({ paths, components: { schemas } }: Document): string[] {
  const holds = (value: unknown, seen: readonly string[]): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, inner]) => {
      if (key === 'properties' && Object.keys(inner).some((name) => TICKETS.has(name))) return true;
      if (key !== '$ref') return holds(inner, seen);
      const name = String(inner).split('/').at(-1)!;
      return !seen.includes(name) && holds(schemas[name], [...seen, name]);
    });
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) => (holds(responses, []) ? [`${method} ${path}`] : [])),
  );
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
}
