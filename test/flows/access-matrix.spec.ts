import { randomUUID } from 'node:crypto';
import type { AuthTestApp, TestClient, TestReply, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { Authority, type Identity, removeFolders } from '../mtls/authority.js';
import { bootService, overStrategies } from './combinations.js';

/**
 * Who may call what. `open`: anybody. `own`: users; who acts as one may only read. `self`: users; who acts as one may not. `admin`: admins, and
 * nobody else. `verifier`: API keys of service users with the scope `verify`, and nothing else. A route without a row here fails, so nobody adds one without a thought.
 */
const ROUTES: Record<string, 'open' | 'own' | 'self' | 'admin' | 'verifier'> = {
  'POST /auth/register': 'open',
  'POST /auth/email/verify': 'open',
  'GET /auth/email/verify': 'open',
  'POST /auth/email/verification': 'open',
  'POST /auth/login': 'open',
  'POST /auth/login/factor': 'open',
  'POST /auth/login/passkey/options': 'open',
  'POST /auth/login/passkey': 'open',
  'POST /auth/login/mailbox': 'open',
  'GET /auth/login/mailbox': 'open',
  'POST /auth/login/mailbox/send': 'open',
  'POST /auth/login/federated': 'open',
  'GET /auth/federated/{slug}/callback': 'open',
  'POST /auth/federated/{slug}/callback': 'open',
  'POST /auth/federated/{slug}/logout': 'open',
  'POST /auth/logout': 'open',
  'POST /auth/refresh': 'open',
  'POST /auth/unlock': 'open',
  'GET /auth/unlock': 'open',
  'POST /auth/password/forgot': 'open',
  'POST /auth/password/reset': 'open',
  'GET /auth/password/reset': 'open',
  'POST /auth/email/change/confirm': 'open',
  'GET /auth/email/change/confirm': 'open',
  'POST /auth/email/change/undo': 'open',
  'GET /auth/email/change/undo': 'open',
  'POST /auth/security/not-me': 'open',
  'GET /auth/security/not-me': 'open',
  'POST /admin/bootstrap': 'open',
  'GET /.well-known/jwks.json': 'open',
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /dev/outbox': 'open',
  'GET /dev/outbox/{id}': 'open',
  'GET /': 'open',
  'GET /example/public': 'open',
  'GET /auth/username': 'own',
  'PUT /auth/username': 'own',
  'DELETE /auth/username': 'own',
  'GET /auth/factors': 'own',
  'POST /auth/factors/totp': 'own',
  'POST /auth/factors/totp/confirm': 'own',
  'DELETE /auth/factors/totp': 'own',
  'POST /auth/factors/recovery-codes': 'own',
  'GET /auth/devices': 'own',
  'DELETE /auth/devices/{id}': 'own',
  'GET /auth/me': 'own',
  'GET /auth/me/log': 'own',
  'GET /auth/me/export': 'self',
  'PATCH /auth/me': 'own',
  'DELETE /auth/me': 'own',
  'GET /auth/sessions': 'own',
  'DELETE /auth/sessions/{id}': 'own',
  'POST /auth/logout-all': 'own',
  'POST /auth/step-up': 'own',
  'POST /auth/step-up/passkey/options': 'own',
  'POST /auth/step-up/federated': 'own',
  'GET /auth/identities': 'own',
  'POST /auth/identities': 'own',
  'DELETE /auth/identities/{id}': 'own',
  'POST /auth/factors/passkeys/options': 'own',
  'POST /auth/factors/passkeys': 'own',
  'GET /auth/factors/passkeys': 'own',
  'PATCH /auth/factors/passkeys/{id}': 'own',
  'DELETE /auth/factors/passkeys/{id}': 'own',
  'POST /auth/password/change': 'own',
  'POST /auth/email/change': 'own',
  'GET /auth/api-keys': 'own',
  'POST /auth/api-keys': 'own',
  'DELETE /auth/api-keys/{id}': 'own',
  'POST /auth/api-keys/{id}/rotate': 'own',
  'GET /auth/api-keys/{id}/usage': 'own',
  'GET /admin/users/{userId}/api-keys': 'admin',
  'POST /admin/users/{userId}/api-keys': 'admin',
  'DELETE /admin/users/{userId}/api-keys/{id}': 'admin',
  'POST /admin/users/{userId}/api-keys/{id}/rotate': 'admin',
  'GET /admin/users/{userId}/api-keys/{id}/usage': 'admin',
  'GET /example/protected': 'own',
  'GET /example/scoped': 'own',
  'GET /example/admin': 'admin',
  'POST /auth/invitation': 'open',
  'GET /auth/invitation': 'open',
  'POST /admin/invitations': 'admin',
  'GET /admin/invitations': 'admin',
  'DELETE /admin/invitations/{id}': 'admin',
  'GET /admin/users': 'admin',
  'POST /admin/users': 'admin',
  'GET /admin/users/{id}': 'admin',
  'PATCH /admin/users/{id}': 'admin',
  'DELETE /admin/users/{id}': 'admin',
  'PUT /admin/users/{id}/roles': 'admin',
  'POST /admin/users/{id}/ban': 'admin',
  'POST /admin/users/{id}/unban': 'admin',
  'POST /admin/users/{id}/unlock': 'admin',
  'POST /admin/users/{id}/logout': 'admin',
  'POST /admin/users/{id}/password-reset': 'admin',
  'POST /admin/users/{id}/factor-reset': 'admin',
  'POST /admin/users/{id}/impersonate': 'admin',
  'GET /admin/users/{id}/sessions': 'admin',
  'GET /admin/sessions': 'admin',
  'DELETE /admin/sessions/{id}': 'admin',
  'POST /admin/revoke-all': 'admin',
  'GET /admin/audit': 'admin',
  'POST /admin/import': 'admin',
  'POST /admin/keys/rotate': 'admin',
  'GET /admin/users/{id}/certificates': 'admin',
  'POST /admin/users/{id}/certificates/revoke': 'admin',
  'GET /admin/users/{id}/certificate-names': 'admin',
  'POST /admin/users/{id}/certificate-names': 'admin',
  'DELETE /admin/users/{id}/certificate-names/{nameId}': 'admin',
  'GET /admin/webhooks': 'admin',
  'POST /admin/webhooks/test': 'admin',
  'GET /admin/webhooks/dead-letters': 'admin',
  'POST /admin/webhooks/dead-letters/revive': 'admin',
  'GET /oauth/interaction/{uid}': 'open',
  'POST /oauth/interaction/{uid}/login': 'open',
  'POST /oauth/interaction/{uid}/consent': 'open',
  'POST /oauth/interaction/{uid}/abort': 'open',
  'GET /auth/grants': 'own',
  'DELETE /auth/grants/{id}': 'own',
  'DELETE /auth/consents/{clientId}': 'own',
  'GET /admin/users/{id}/grants': 'admin',
  'GET /admin/clients': 'admin',
  'POST /admin/clients': 'admin',
  'GET /admin/clients/{id}': 'admin',
  'PATCH /admin/clients/{id}': 'admin',
  'DELETE /admin/clients/{id}': 'admin',
  'POST /admin/clients/{id}/secret': 'admin',
  'GET /admin/logout-notices': 'admin',
  'POST /admin/logout-notices/revive': 'admin',
  'GET /admin/registration-tokens': 'admin',
  'POST /admin/registration-tokens': 'admin',
  'DELETE /admin/registration-tokens/{id}': 'admin',
  'GET /admin/resources': 'admin',
  'GET /admin/resources/{uri}': 'admin',
  'PUT /admin/resources/{uri}': 'admin',
  'DELETE /admin/resources/{uri}': 'admin',
  'GET /admin/connections': 'admin',
  'POST /admin/connections': 'admin',
  'GET /admin/connections/{id}': 'admin',
  'PATCH /admin/connections/{id}': 'admin',
  'DELETE /admin/connections/{id}': 'admin',
  'POST /admin/connections/{id}/domains': 'admin',
  'DELETE /admin/connections/{id}/domains/{domain}': 'admin',
  'POST /auth/followers': 'verifier',
  'PUT /auth/followers/{id}': 'verifier',
  'DELETE /auth/followers/{id}': 'verifier',
  'POST /auth/followers/look-ups': 'verifier',
};

/** Without a body that could be wrong, these end the session they are called with, or also others. */
const END_SESSIONS = new Set(['POST /auth/logout', 'POST /auth/logout-all', 'POST /admin/revoke-all']);

/** What the provider answers in front of every guard, by rules of its own: `test/oauth` proves those. */
const OF_THE_PROVIDER = /^\/(oauth\/(?!interaction\/)|\.well-known\/(openid|oauth)-)/;

type Verdict = 'passes' | 'unauthenticated' | 'session_ended' | 'token_expired' | 'forbidden' | 'not_found';
const PEOPLE = ['anonymous', 'user', 'admin', 'impersonator', 'banned', 'expired', 'revoked'] as const;
const KEYS = [
  'key',
  'key of another scope',
  'admin’s key',
  'service user’s key',
  'revoked key',
  'verifier’s key',
  'person’s key that may verify',
] as const;
/** Seconds. */
const LONG = 10 * 365 * 86_400;
const CERTIFICATES = ['certificate', 'certificate of another scope', 'revoked certificate'] as const;
/** Routes that machines may call, and the scope they need. */
const FOR_MACHINES: Record<string, string | null> = {
  'GET /auth/me': null,
  'GET /example/protected': null,
  'GET /example/scoped': 'example:read',
};
type Person = (typeof PEOPLE)[number];

function expectedOfKey(route: string, key: (typeof KEYS)[number]): Verdict {
  if (ROUTES[route] === 'open') return 'passes';
  if (key === 'revoked key') return 'unauthenticated';
  if (ROUTES[route] === 'verifier') return key === 'verifier’s key' ? 'passes' : 'forbidden';
  const scope = FOR_MACHINES[route];
  if (scope === undefined) return 'forbidden';
  const isOfAnother = ['key of another scope', 'verifier’s key', 'person’s key that may verify'].includes(key);
  return scope === null || !isOfAnother ? 'passes' : 'forbidden';
}

function expected(kind: (typeof ROUTES)[string], method: string, person: Person, strategy: string): Verdict {
  if (kind === 'open') return 'passes';
  if (kind === 'verifier') return 'unauthenticated';
  if (person === 'anonymous') return 'unauthenticated';
  if (person === 'expired') return strategy === 'jwt' ? 'token_expired' : 'session_ended';
  if (person === 'banned' || person === 'revoked') return 'session_ended';
  if (kind === 'admin') return person === 'admin' ? 'passes' : 'forbidden';
  return person === 'impersonator' && (kind === 'self' || method !== 'GET') ? 'forbidden' : 'passes';
}

/** What a guard said; an answer of the route behind it, whatever it is, means that the request passed. */
function verdictOf({ status, body }: TestReply): Verdict | string {
  if (status >= 500) return `a ${status}`;
  return status === 401 || (status === 403 && body?.code === 'forbidden') ? body.code : 'passes';
}

function expectedOfCertificate(route: string, certificate: (typeof CERTIFICATES)[number]): Verdict {
  if (ROUTES[route] === 'verifier') return 'unauthenticated';
  const key = {
    certificate: 'key',
    'certificate of another scope': 'key of another scope',
    'revoked certificate': 'revoked key',
  } as const;
  return expectedOfKey(route, key[certificate]);
}

/** As a proxy passes it on, RFC 9440. */
function passedOn({ cert }: Identity): Record<string, string> {
  return { 'client-cert': `:${cert.replace(/-----[^-]+-----|\s/g, '')}:` };
}

afterAll(removeFolders);

const machineRoot = () => new Authority('/CN=Machines', undefined, { until: LONG });

/** A service with every feature, which takes certificates of the machines' authority from its proxy. */
function bootMatrix(strategies: readonly string[], root: Authority): Promise<AuthTestApp> {
  return bootService({
    authStrategies: [...new Set(strategies), 'api-key', 'mtls', 'oauth'],
    mtlsAnchors: [`machines=${root.certFile}`],
    mtlsHeader: 'rfc9440',
    mailLogin: 'both',
    usernames: true,
    trustedProxies: ['127.0.0.1'],
  });
}

overStrategies((strategy) => {
  describe('who may call what', () => {
    let app: AuthTestApp;
    let root: Authority;
    let routes: string[];
    let unban: () => Promise<boolean>;
    let logIn: Record<Exclude<Person, 'anonymous'>, () => Promise<TestClient>>;

    beforeAll(async () => {
      // Every call of an `expired` one moves the clock on by days.
      root = machineRoot();
      app = await bootMatrix([strategy, 'session', 'jwt'], root);
      const { paths } = (await app.client().get('/openapi.json')).body as { paths: Record<string, object> };
      routes = Object.entries(paths)
        .filter(([path]) => !OF_THE_PROVIDER.test(path))
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
      const users = app.app.get(UserStore, { strict: false });
      const [user, admin] = [await app.register(), await app.register({ changes: { roles: ['admin'] } })];
      const again = (login: { email: string; password: string }) => () => app.logInAgain(login);
      const { id } = (await users.findByEmail(user.email))!;
      unban = () => users.update(id, { bannedAt: null });
      logIn = {
        user: again(user),
        admin: again(admin),
        impersonator: () => impersonate(id, again(admin)),
        banned: async () => {
          const victim = await app.logInAgain(user);
          await users.update(id, { bannedAt: app.clock.now() });
          return victim;
        },
        expired: async () => {
          const late = await app.logInAgain(user);
          app.clock.advance(strategy === 'jwt' ? 16 * 60 : 8 * 86_400);
          return late;
        },
        revoked: async () => {
          const [gone, other] = [await app.logInAgain(user), await app.logInAgain(user)];
          await other.delete(`/auth/sessions/${gone.sessionId}`);
          return gone;
        },
      };
    }, 60_000);
    afterAll(() => app.close());

    async function impersonate(userId: string, asAdmin: () => Promise<TestUser>): Promise<TestClient> {
      const admin = await asAdmin();
      const { status, body } = await admin.post(`/admin/users/${userId}/impersonate`, {
        transport: strategy === 'jwt' ? 'body' : undefined,
      });
      expect(status).toBe(200);
      return body.accessToken ? app.client({ authorization: `Bearer ${body.accessToken}` }) : admin;
    }

    it('has a row for every route, and no other', () => {
      expect(routes.filter((route) => !ROUTES[route])).toEqual([]);
      expect(Object.keys(ROUTES).filter((route) => !routes.includes(route) && !isForDevelopment(route))).toEqual([]);
    });

    it.each(PEOPLE)(
      '%s',
      async (person) => {
        const surprises: string[] = [];
        const clientFor = clientsOf(person);
        for (const [route, kind] of Object.entries(ROUTES)) {
          const [method, path] = route.split(' ') as [string, string];
          const wanted = expected(kind, method, person, strategy);
          const client = await clientFor(route, wanted === 'passes');
          // Refused by the validation, which comes after the guards: or the first row would delete the user.
          const body = method === 'GET' ? undefined : { surprise: true };
          const reply = await client.request(
            method,
            path.replace(/\{\w+\}/g, () => randomUUID()),
            body,
          );
          // Without a token of its own a refresh has nothing to go by.
          const found = route === 'POST /auth/refresh' && reply.status === 401 ? 'passes' : verdictOf(reply);
          if (found !== wanted) surprises.push(`${route}: ${found} instead of ${wanted}`);
        }
        if (person === 'banned') await unban();
        expect(surprises).toEqual([]);
      },
      120_000,
    );

    /** Logs in for each call that ends sessions; any other must leave the session as it is, and the next call would tell. */
    function clientsOf(person: Person): (route: string, passes: boolean) => Promise<TestClient> {
      let kept: TestClient | undefined;
      const fresh = async () => {
        if (person === 'anonymous') return app.client();
        if (person === 'banned') await unban();
        return logIn[person]();
      };
      return async (route, passes) => {
        const client = kept ?? (await fresh());
        kept = passes && END_SESSIONS.has(route) ? undefined : client;
        return client;
      };
    }

    it('another user’s session is not found', async () => {
      const [user, other] = [await logIn.user(), (await logIn.admin()) as TestUser];
      const reply = await user.delete(`/auth/sessions/${other.sessionId}`);
      expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
      expect((await other.get('/auth/me')).status).toBe(200);
    });
  });
});

// What carries the tickets of people has no part in this.
describe('which machine may call what', () => {
  let app: AuthTestApp;
  let root: Authority;
  let logIn: Record<'user' | 'admin', () => Promise<TestUser>>;

  beforeAll(async () => {
    root = machineRoot();
    app = await bootMatrix(['session', 'jwt'], root);
    const [user, admin] = [await app.register(), await app.register({ changes: { roles: ['admin'] } })];
    logIn = { user: () => app.logInAgain(user), admin: () => app.logInAgain(admin) };
  });
  afterAll(() => app.close());

  it('keys: what machines may call, with their scopes, and nothing that manages anything (KEY-03)', async () => {
    const surprises: string[] = [];
    const keys = await everyKey();
    for (const key of KEYS) {
      for (const route of Object.keys(ROUTES)) {
        const [method, path] = route.split(' ') as [string, string];
        const body = method === 'GET' ? undefined : { surprise: true };
        const reply = await app.client({ 'x-api-key': keys[key] }).request(
          method,
          path.replace(/\{\w+\}/g, () => randomUUID()),
          body,
        );
        const found = route === 'POST /auth/refresh' && reply.status === 401 ? 'passes' : verdictOf(reply);
        const wanted = expectedOfKey(route, key);
        if (found !== wanted) surprises.push(`${key}, ${route}: ${found} instead of ${wanted}`);
      }
    }
    expect(surprises).toEqual([]);
  }, 120_000);

  async function everyKey(): Promise<Record<(typeof KEYS)[number], string>> {
    const [user, admin] = [await logIn.user(), await logIn.admin()];
    const make = async (client: TestClient, scope: string, path = '/auth/api-keys') => {
      const { status, body } = await client.post(path, { name: 'matrix', scopes: [scope] });
      expect(status).toBe(201);
      return body as { id: string; apiKey: string };
    };
    const service = (await admin.post('/admin/users', { kind: 'service', name: 'matrix', roles: ['admin'] })).body;
    const revoked = await make(user, 'example:read');
    await user.delete(`/auth/api-keys/${revoked.id}`);
    return {
      key: (await make(user, 'example:read')).apiKey,
      'key of another scope': (await make(user, 'orders:read')).apiKey,
      'admin’s key': (await make(admin, 'example:read')).apiKey,
      'service user’s key': (await make(admin, 'example:read', `/admin/users/${service.id}/api-keys`)).apiKey,
      'revoked key': revoked.apiKey,
      'verifier’s key': (await make(admin, 'verify', `/admin/users/${service.id}/api-keys`)).apiKey,
      'person’s key that may verify': (await make(user, 'verify')).apiKey,
    };
  }

  it('certificates: what machines may call, with their scopes, and nothing that manages anything (KEY-03)', async () => {
    const surprises: string[] = [];
    const headers = await everyCertificate();
    for (const certificate of CERTIFICATES) {
      for (const route of Object.keys(ROUTES)) {
        const [method, path] = route.split(' ') as [string, string];
        const body = method === 'GET' ? undefined : { surprise: true };
        const filled = path.replace(/\{\w+\}/g, () => randomUUID());
        const reply = await app.client(headers[certificate]).request(method, filled, body);
        const found = route === 'POST /auth/refresh' && reply.status === 401 ? 'passes' : verdictOf(reply);
        const wanted = expectedOfCertificate(route, certificate);
        if (found !== wanted) surprises.push(`${certificate}, ${route}: ${found} instead of ${wanted}`);
      }
    }
    expect(surprises).toEqual([]);
  }, 120_000);

  async function everyCertificate(): Promise<Record<(typeof CERTIFICATES)[number], Record<string, string>>> {
    const admin = await logIn.admin();
    const make = async (name: string, scope: string) => {
      const { id } = (await admin.post('/admin/users', { kind: 'service', name, roles: ['admin'] })).body;
      const order = { anchor: 'machines', kind: 'subject', value: `CN=${name}`, scopes: [scope] };
      expect((await admin.post(`/admin/users/${id}/certificate-names`, order)).status).toBe(201);
      return { id, identity: root.issue({ subject: `/CN=${name}`, until: LONG }) };
    };
    const [reader, other] = [await make('reader', 'example:read'), await make('other', 'orders:read')];
    const revoked = root.issue({ subject: '/CN=reader', until: LONG });
    const named = { anchor: 'machines', ...revoked.named };
    expect((await admin.post(`/admin/users/${reader.id}/certificates/revoke`, named)).status).toBe(204);
    return {
      certificate: passedOn(reader.identity),
      'certificate of another scope': passedOn(other.identity),
      'revoked certificate': passedOn(revoked),
    };
  }
});

function isForDevelopment(route: string): boolean {
  return route.includes('/example/') || route.includes('/dev/');
}
