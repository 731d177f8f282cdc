import { AuditRecords } from '../../src/audit/audit-records.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { SupersededSessions } from '../../src/security/superseded-sessions.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService, STRATEGIES } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';

/** The audit's table takes nothing any more, as a full disk or a broken connection would have it. */
const BREAK = `
  CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken' USING ERRCODE = '53100'; END $$;
  CREATE TRIGGER broken BEFORE INSERT ON coatcheck.audit_events FOR EACH ROW EXECUTE FUNCTION broken();`;
const MEND = 'DROP TRIGGER broken ON coatcheck.audit_events; DROP FUNCTION broken();';

describe.each(STRATEGIES)('on PostgreSQL, by %s, a change whose event cannot be written is not made:', (strategy) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: [strategy], refreshGraceSeconds: 0 });
  });
  afterAll(() => app.close());

  const query = (sql: string, values: unknown[] = []) =>
    app.app.get(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);
  const eventsOf = async (userId: string) =>
    (await app.app.get(AuditRecords, { strict: false }).find({ userId }, 100)).map(({ type }) => type);
  const liveOf = async (userId: string) =>
    (await query('SELECT id FROM coatcheck.sessions WHERE user_id = $1 AND ended_at IS NULL', [userId])).length;

  /** With nothing recorded: neither is there. @returns status */
  async function broken(work: () => Promise<{ status: number; body: { code: string } }>, userId: string) {
    const [events, live] = [await eventsOf(userId), await liveOf(userId)];
    await query(BREAK);
    const reply = await work().finally(() => query(MEND));
    expect([reply.status, reply.body.code]).toEqual([503, 'unavailable']);
    expect(await eventsOf(userId)).toEqual(events);
    expect(await liveOf(userId)).toBe(live);
  }

  it('a login', async () => {
    const user = await app.logIn({ transport: 'body' });
    const { email, password } = user;
    const again = () =>
      app.client().post('/auth/login', { email, password, transport: strategy === 'jwt' ? 'body' : undefined });
    await broken(again, user.userId);
    expect((await again()).status).toBe(200);
    expect(await eventsOf(user.userId)).toContain('login.succeeded');
  });

  it('a logout, of one and of all', async () => {
    const user = await app.logIn({ transport: 'body' });
    const other = await app.logInAgain(user);
    await broken(() => user.post('/auth/logout'), user.userId);
    await broken(() => user.post('/auth/logout-all', {}), user.userId);
    expect((await user.get('/auth/me')).status).toBe(200);
    expect((await user.post('/auth/logout-all', {})).status).toBe(204);
    await app.app.get(SupersededSessions, { strict: false }).settled();
    // One event of what happened, and one that counts what ended by it.
    const types = await eventsOf(user.userId);
    for (const one of ['logout.everywhere', 'session.revoked'])
      expect(types.filter((type) => type === one)).toHaveLength(1);
    const [ended] = await query(
      `SELECT details FROM coatcheck.audit_events WHERE type = 'session.revoked' AND user_id = $1`,
      [user.userId],
    );
    expect(ended.details).toEqual({ count: 2 });
    expect((await other.get('/auth/me')).status).toBe(401);
  });

  it('each of many logouts at once, which share statements', async () => {
    const user = await app.logIn({ transport: 'body' });
    const users = [user, ...(await Promise.all(Array.from({ length: 9 }, () => app.logInAgain(user))))];
    await query(BREAK);
    const refused = await Promise.all(users.map((each) => each.post('/auth/logout'))).finally(() => query(MEND));
    expect(refused.map(({ status }) => status)).toEqual(Array(10).fill(503));
    expect(await liveOf(user.userId)).toBe(10);
    const made = await Promise.all(users.map((each) => each.post('/auth/logout')));
    expect(made.map(({ status }) => status)).toEqual(Array(10).fill(204));
    expect(await liveOf(user.userId)).toBe(0);
    expect((await eventsOf(user.userId)).filter((type) => type === 'logout')).toHaveLength(10);
  });

  it('a stepping up', async () => {
    const user = await app.logIn({ transport: 'body' });
    await broken(() => user.post('/auth/step-up', { password: user.password }), user.userId);
  });
});

it('a refresh token that comes back ends its session together with both events, or not at all', async () => {
  const app = await bootWithMadeUsers({ authStrategies: ['jwt'], refreshGraceSeconds: 0 });
  const query = (sql: string) => app.app.get(AUTH_DATA_SOURCE, { strict: false }).query(sql);
  const user = await app.logIn({ transport: 'body' });
  const refresh = () => app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
  expect((await refresh()).status).toBe(200);
  await query(BREAK);
  expect((await refresh().finally(() => query(MEND))).status).toBe(503);
  expect((await user.get('/auth/me')).status).toBe(200);
  expect((await refresh()).body.code).toBe('session_ended');
  expect((await user.get('/auth/me')).status).toBe(401);
  const found = await app.app.get(AuditRecords, { strict: false }).find({ userId: user.userId }, 100);
  const events = found.filter(({ type }) => ['refresh_token.reused', 'session.revoked'].includes(type));
  expect(events.map(({ type, reason }) => [type, reason]).sort()).toEqual([
    ['refresh_token.reused', null],
    ['session.revoked', 'refresh_reuse'],
  ]);
  expect(events[0]!.requestId).toBe(events[1]!.requestId);
  expect(events.map(({ sessionId }) => sessionId)).toEqual([user.sessionId, user.sessionId]);
  await app.close();
});

it('events of a shared statement are told to every webhook, as all others are', async () => {
  const webhooks = ['siem=https://siem.example.com/hook'];
  // Its users register: among the events are those of that.
  const app = await bootService({ webhooks, webhookSecrets: [`siem=whsec_${Buffer.alloc(32).toString('base64')}`] });
  const user = await app.logIn({ transport: 'body' });
  await user.post('/auth/logout');
  const told = await app.app
    .get(AUTH_DATA_SOURCE, { strict: false })
    .query(
      `SELECT type FROM coatcheck.audit_outbox JOIN coatcheck.audit_events ON id = event_id WHERE user_id = $1 ORDER BY type`,
      [user.userId],
    );
  const types = told.map(({ type }: { type: string }) => type);
  expect(types).toEqual(expect.arrayContaining(['login.succeeded', 'logout', 'email.verified']));
  const [event] = await app.app.get(AuditRecords, { strict: false }).find({ userId: user.userId, type: 'logout' }, 1);
  expect(event!.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab]/);
  expect(Number.parseInt(event!.id.replace('-', '').slice(0, 12), 16)).toBe(event!.at.getTime());
  await app.close();
});

it('a lock is set together with its event, or not at all', async () => {
  const app = await bootWithMadeUsers({ lockoutFailures: 2 });
  const query = (sql: string) => app.app.get(AUTH_DATA_SOURCE, { strict: false }).query(sql);
  const { email } = await app.register();
  const guess = () => app.client().post('/auth/login', { email, password: 'not this one at all' });
  const locks = async () => (await query('SELECT FROM coatcheck.lockouts WHERE locked_until IS NOT NULL')).length;
  expect((await guess()).status).toBe(401);
  await query(BREAK);
  expect((await guess().finally(() => query(MEND))).status).toBe(503);
  expect(await locks()).toBe(0);
  expect((await guess()).status).toBe(401);
  expect(await locks()).toBe(1);
  expect(await app.app.get(AuditRecords, { strict: false }).find({ type: 'login.locked' }, 10)).toHaveLength(1);
  await app.close();
});
