import { Refusals } from '../../src/limits/refusals.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

interface Entry {
  readonly type: string;
  readonly userId: string | null;
  readonly actorId: string | null;
  readonly sessionId: string | null;
  readonly reason: string | null;
  readonly details: Record<string, unknown>;
}

let app: AuthTestApp;
let admin: TestUser;
beforeAll(async () => {
  app = await bootService({ authStrategies: ['session', 'jwt'], loginAttempts: 1000 });
  admin = await app.logIn({ changes: { roles: ['admin'] } });
});
afterAll(() => app.close());

async function auditOf(query: string, of = { app, admin }): Promise<Entry[]> {
  await of.app.app.get(Refusals, { strict: false }).settled();
  const reply = await of.admin.get(`/admin/audit?${query}&limit=100`);
  expect(reply.status).toBe(200);
  return reply.body.events;
}

const withoutRequestId = ({ status, body }: TestReply) => ({ status, ...body, requestId: undefined });

describe('the audit of a user', () => {
  it('shows ten wrong logins and the lock, and the client learns nothing of whose address it is', async () => {
    const { email, password } = await app.register();
    const user = await app.logInAgain({ email, password });
    const stranger = app.client();
    const known: object[] = [];
    const unknown: object[] = [];
    for (let i = 0; i < 10; i++) {
      known.push(withoutRequestId(await stranger.post('/auth/login', { email, password: `wrong ${i}` })));
      const nobody = { email: `nobody-${user.userId}@example.com`, password: `wrong ${i}` };
      unknown.push(withoutRequestId(await stranger.post('/auth/login', nobody)));
    }
    expect(known).toEqual(unknown);
    const locked = await stranger.post('/auth/login', { email, password });
    expect([locked.status, locked.body.code]).toEqual([401, 'invalid_credentials']);

    const events = await auditOf(`userId=${user.userId}`);
    const failed = events.filter(({ type }) => type === 'login.failed');
    expect(failed.map(({ reason }) => reason).sort()).toEqual(['locked', ...Array(10).fill('wrong_password')]);
    expect(events.filter(({ type }) => type === 'login.locked')).toHaveLength(1);
    expect(await auditOf(`userId=${user.userId}&type=login.failed`)).toHaveLength(11);
    expect(JSON.stringify(events)).not.toContain(email);
  });

  it('names what happened as an auditor searches it: login.succeeded, logout, session.revoked, password.changed', async () => {
    const { email, password } = await app.register();
    const user = await app.logInAgain({ email, password });
    const other = await app.logInAgain({ email, password });
    await user.delete(`/auth/sessions/${other.sessionId}`);
    await user.post('/auth/step-up', { password });
    await user.post('/auth/password/change', { currentPassword: password, newPassword: 'an engine weaves algebra' });
    await user.post('/auth/logout');
    const events = await auditOf(`userId=${user.userId}`);
    // Of one instant, so in any order.
    expect(events.map(({ type }) => type).sort()).toEqual([
      'email.verified',
      'login.succeeded',
      'login.succeeded',
      'logout',
      'password.changed',
      'session.renewed',
      'session.renewed',
      'session.replaced',
      'session.replaced',
      'session.revoked',
      'step_up.succeeded',
    ]);
    expect(await auditOf(`userId=${user.userId}&type=logout`)).toHaveLength(1);
    expect(events.find(({ type }) => type === 'session.revoked')).toMatchObject({
      sessionId: other.sessionId,
      reason: 'ended_by_user',
    });
  });

  it('shows the refusal of a banned user whose password was right, and of a wrong one in a step-up', async () => {
    const { email, password } = await app.register();
    const user = await app.logInAgain({ email, password });
    expect((await user.post('/auth/step-up', { password: 'wrong' })).status).toBe(401);
    expect((await admin.post(`/admin/users/${user.userId}/ban`, { reason: 'spam' })).status).toBe(204);
    expect((await app.client().post('/auth/login', { email, password })).body.code).toBe('user_banned');
    const events = await auditOf(`userId=${user.userId}`);
    const named = (wanted: string) => events.filter(({ type }) => type === wanted);
    expect(named('login.failed')).toMatchObject([{ reason: 'user_banned' }]);
    expect(named('step_up.failed')).toMatchObject([{ reason: 'wrong_password', sessionId: user.sessionId }]);
    expect(named('user.banned')).toMatchObject([{ reason: 'spam', actorId: admin.userId }]);
  });

  it('says which roles were imported', async () => {
    const email = `imported-${admin.userId}@example.com`;
    const reply = await admin.post('/admin/import', { users: [{ email, emailVerified: true, roles: ['admin'] }] });
    expect(reply.body).toMatchObject({ imported: 1 });
    const [event] = await auditOf('type=user.imported');
    expect(event).toMatchObject({ actorId: admin.userId, details: { roles: ['admin'] } });
  });

  it('says who had deliveries tried again', async () => {
    const reply = await admin.post('/admin/webhooks/dead-letters/revive', { destination: 'siem' });
    expect(reply.body).toEqual({ revived: 0 });
    const [event] = await auditOf('type=webhook.revived');
    expect(event).toMatchObject({ actorId: admin.userId, details: { destination: 'siem', revived: 0 } });
  });
});

it('a login that a limit refused is recorded under the user it was meant for, and an unknown one under no user', async () => {
  const limited = await bootService({ authStrategies: ['session'], loginAttempts: 5 });
  const actingAdmin = await limited.logIn({ changes: { roles: ['admin'] } });
  const victim = await limited.logIn();
  const replies: object[] = [];
  for (const email of [victim.email, 'nobody-at-all@example.com']) {
    limited.clock.advance(1000);
    const stranger = limited.client();
    for (let i = 0; i < 6; i++) await stranger.post('/auth/login', { email, password: 'wrong' });
    const reply = await stranger.post('/auth/login', { email, password: 'wrong' });
    replies.push(withoutRequestId(reply));
  }
  expect(replies[0]).toMatchObject({ status: 429, code: 'rate_limited' });
  expect(replies[1]).toEqual(replies[0]);
  const told = { app: limited, admin: actingAdmin };
  const events = await auditOf(`userId=${victim.userId}&type=limit.exceeded`, told);
  // The first of its window, and how many followed.
  const reason = expect.stringMatching(/^limit_by_login-/);
  expect(events).toMatchObject([
    { reason, details: { repeats: 1 } },
    { reason, details: {} },
  ]);
  const all = await auditOf('type=limit.exceeded', told);
  expect(new Set(all.map(({ userId }) => userId))).toEqual(new Set([victim.userId, null]));
  await limited.close();
});
