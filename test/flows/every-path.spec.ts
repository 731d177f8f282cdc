import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AuthTestApp, TestClient, TestReply } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { protectedUser, takeTokens } from './authenticator-app.js';
import { bootService, STRATEGIES } from './combinations.js';

const SRC = resolve(__dirname, '../../src');

/**
 * Every caller that starts sessions, and the paths below that go through it. A new one fails here until its paths are in the table: no
 * session may come about without the policy having been asked.
 */
const STARTERS: Record<string, readonly Path[]> = {
  'login/login-steps.ts': ['password', 'password, remembered elsewhere', 'e-mail link', 'reset, then password'],
  'login/session-renewal.ts': ['step-up', 'password change', 'refresh'],
  'operators/impersonation.service.ts': ['impersonation'],
};

type Path =
  | 'password'
  | 'password, remembered elsewhere'
  | 'e-mail link'
  | 'reset, then password'
  | 'step-up'
  | 'password change'
  | 'refresh'
  | 'impersonation';
const PATHS = [...new Set(Object.values(STARTERS).flat())];

/** What a path ends in, for whom: nobody who has a second factor is let in by less, and nobody who needs one and has none. */
const RULES = ['has a second factor', 'must have one and has none', 'is banned'] as const;
type Rule = (typeof RULES)[number];

it('every caller that starts sessions has its paths in the table', () => {
  const callers = filesOf(SRC).filter((file) => /\bsessions\.start\(/.test(readFileSync(join(SRC, file), 'utf8')));
  expect(callers.sort()).toEqual(Object.keys(STARTERS).sort());
});

describe.each(STRATEGIES)('no way around, by %s', (strategy) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({ authStrategies: [strategy], secondFactorRoles: ['staff'] });
  }, 60_000);
  afterAll(() => app.close());

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
      case 'e-mail link':
        await client.post('/auth/email/verification', { email });
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
    const { email, password } = who;
    const login = await client.post('/auth/login', { email, password });
    takeTokens(client, login);
    if (rule === 'is banned') expect([login.status, login.body.code]).toEqual([403, 'user_banned']);
    else expect(login.body.status).not.toBe('authenticated');
    if (path === 'step-up') return { reply: await client.post('/auth/step-up', { password }) };
    if (path === 'refresh') return { reply: await client.post('/auth/refresh', {}) };
    const change = { currentPassword: password, newPassword: 'nine quiet walruses sing', transport: 'split' };
    return { reply: await client.post('/auth/password/change', change) };
  }

  /** An operator's own session stands for it; the user has proven nothing, and it says so. */
  async function impersonate({ id, isBanned }: Somebody, client: TestClient) {
    const unfinished = await app.register({ changes: { roles: ['admin', 'staff'] } });
    takeTokens(client, await client.post('/auth/login', unfinished));
    expect((await client.post(`/admin/users/${id}/impersonate`, {})).status).toBe(403);
    const operator = await app.logIn({ changes: { roles: ['admin'] } });
    const reply = await operator.post(`/admin/users/${id}/impersonate`, { transport: 'body' });
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

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
}
