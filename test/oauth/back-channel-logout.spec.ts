import { randomUUID } from 'node:crypto';
import { CleanupScheduler } from '../../src/cleanup/cleanup-scheduler.js';
import { Options } from '../../src/config/options.js';
import { BackChannelLogout } from '../../src/oauth/logout/back-channel-logout.js';
import { ExpiredSessions } from '../../src/oauth/logout/expired-sessions.js';
import { LogoutNotices } from '../../src/oauth/logout/logout-notices.js';
import { SessionClients } from '../../src/oauth/logout/session-clients.js';
import { SnapshotSource } from '../../src/revocation/session-view.js';
import { sessionOptions } from '../../src/sessions/session-options.js';
import { SessionTouches } from '../../src/sessions/session-touches.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { overStores } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Granting } from './granting.js';
import { LogoutReceiver } from './logout-receiver.js';

const DAY = 86_400;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const HOUR = 3600;
/** Ten tries, as of webhooks. */
const PAUSES = [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

overStores((store) => {
  let app: AuthTestApp;
  let on: Granting;
  let admin: TestUser;
  let receiver: LogoutReceiver;
  let clientId: string;
  let known: SessionClients;
  beforeAll(async () => {
    app = await bootWithMadeUsers({
      authStrategies: ['session', 'oauth'],
      sessionStore: store,
      newDeviceNotice: false,
    });
    on = new Granting(app);
    known = app.app.get(SessionClients, { strict: false });
    admin = await app.logIn({ changes: { roles: ['admin'] } });
    receiver = await LogoutReceiver.start(app);
    clientId = await on.client({ backchannelLogoutUri: receiver.uri });
  });
  afterEach(async () => {
    Object.assign(receiver, { status: 200, before: () => undefined, asked: 0 });
    receiver.told.length = 0;
  });
  afterAll(async () => {
    await receiver.stop();
    await app.close();
  });

  const deliver = () => app.app.get(BackChannelLogout, { strict: false }).deliverDue();
  /** As the provider notes it when it has logged the user in to the client. */
  const enter = async (user: TestUser, client = clientId) => {
    const sid = randomUUID();
    const [sessionId, grantId] = [await on.sessionOf(user), await on.grant(user, client)];
    await known.note({ sessionId, clientId: client, userId: user.userId, sid, grantId });
    return { sid, sessionId, grantId };
  };
  const toldOf = () => receiver.told.map(({ claims }) => claims.sid);
  const jobs = () => on.database.query('SELECT * FROM coatcheck.oauth_logout_jobs');
  const toldAt = async (sessionId: string) => {
    const sql = 'SELECT told_at FROM coatcheck.oauth_session_clients WHERE session_id = $1';
    return (await on.database.query(sql, [sessionId])).map(({ told_at }: { told_at: Date | null }) => told_at);
  };

  it('tells a client by a logout token that any client can verify', async () => {
    const user = await app.logIn();
    const { sid, sessionId, grantId } = await enter(user);
    await deliver();
    expect(receiver.asked).toBe(0);
    await user.post('/auth/logout');
    await deliver();
    const [{ claims, header, contentType }] = receiver.told as [(typeof receiver.told)[0]];
    const now = Math.floor(app.clock.now().getTime() / 1000);
    const { iss, jti, ...rest } = claims;
    expect(rest).toEqual({ aud: clientId, sub: user.userId, sid, iat: now, exp: now + 120, events: { [EVENT]: {} } });
    expect([typeof iss, typeof jti, 'nonce' in claims]).toEqual(['string', 'string', false]);
    expect(header).toEqual({ alg: 'ES256', typ: 'logout+jwt', kid: expect.any(String) });
    expect(contentType).toBe('application/x-www-form-urlencoded');
    expect(await toldAt(sessionId)).toEqual([app.clock.now()]);
    expect(await on.row(grantId)).toMatchObject({ end_reason: 'session_ended' });
    expect(await jobs()).toEqual([]);
    await deliver();
    expect(receiver.asked).toBe(1);
  });

  /** With a login that is fresh, as some acts ask for. */
  const byAdmin =
    (path: string, method = 'POST', body: object | undefined = {}) =>
    async (user: TestUser) => {
      admin = await app.logInAgain(admin);
      const { status, text } = await admin.request(method, `/admin/users/${user.userId}${path}`, body);
      if (status > 299) throw new Error(`${path}: ${status} ${text}`);
    };
  it.each<[string, (user: TestUser) => Promise<unknown>]>([
    ['a logout', (user) => user.post('/auth/logout')],
    ['a logout everywhere', (user) => user.post('/auth/logout-all', {})],
    ['the end of one session of the list', async (user) => user.delete(`/auth/sessions/${await on.sessionOf(user)}`)],
    ['an admin’s end of one session', async (user) => admin.delete(`/admin/sessions/${await on.sessionOf(user)}`)],
    ['an admin’s logout', byAdmin('/logout')],
    ['a ban', byAdmin('/ban')],
    ['a reset of factors', byAdmin('/factor-reset')],
    ['another address by an admin', (user) => byAdmin('', 'PATCH', { email: `x-${user.userId}@example.com` })(user)],
    ['deletion', byAdmin('', 'DELETE', undefined)],
    [
      'a login of another user in that browser',
      async (user) => user.post('/auth/login', { email: admin.email, password: admin.password }),
    ],
    [
      'too many sessions',
      async (user) => {
        for (let i = 0; i < 100; i += 1) await app.actAs({ userId: user.userId });
      },
    ],
    [
      'the end of everyone’s sessions',
      async () => {
        await admin.post('/admin/revoke-all', {});
        admin = await app.logInAgain(admin);
      },
    ],
  ])('tells of %s, once', async (_how, end) => {
    const user = await app.logIn();
    const { sid } = await enter(user);
    await end(user);
    await deliver();
    expect(toldOf()).toEqual([sid]);
    app.clock.advance(HOUR);
    await deliver();
    expect(receiver.asked).toBe(1);
    expect(await jobs()).toEqual([]);
  });

  it.each([
    ['was idle for too long', 'sessionIdleSeconds', false],
    ['has lasted as long as any may', 'sessionAbsoluteSeconds', true],
  ] as const)('tells of a session that %s, once, and keeps nothing of it', async (_why, option, isUsed) => {
    const { sessionIdleSeconds, ...all } = app.app.get(Options, { strict: false }).of(sessionOptions);
    const whole = { sessionIdleSeconds, ...all }[option];
    const user = await app.logIn();
    const { sid, sessionId, grantId } = await enter(user);
    await deliver();
    for (let passed = 0; passed < whole - HOUR; ) {
      const step = Math.min(isUsed ? sessionIdleSeconds - HOUR : whole, whole - HOUR - passed);
      app.clock.advance(step);
      passed += step;
      if (isUsed) expect((await user.get('/auth/me')).status).toBe(200);
      await app.app.get(SessionTouches, { strict: false }).flush();
      await deliver();
    }
    expect(receiver.asked).toBe(0);
    app.clock.advance(HOUR + 60);
    const others = [app.app.get(ExpiredSessions, { strict: false }), app.app.get(ExpiredSessions, { strict: false })];
    const made = await Promise.all(others.map(async (node) => (await node.look()).made));
    expect(made.reduce((sum, one) => sum + one)).toBe(1);
    await deliver();
    expect(toldOf()).toEqual([sid]);
    expect(await toldAt(sessionId)).toEqual([app.clock.now()]);
    expect(await on.row(grantId)).toMatchObject({ end_reason: 'session_ended' });
    // What ends all its user's sessions later tells of it no more.
    await byAdmin('/logout')(user);
    app.clock.advance(HOUR);
    await deliver();
    expect([receiver.asked, await jobs()]).toEqual([1, []]);
    app.clock.advance(all.sessionAbsoluteSeconds + 7 * DAY);
    await app.app.get(CleanupScheduler, { strict: false }).cleanUp();
    expect(await known.of(sessionId)).toEqual([]);
    admin = await app.logInAgain(admin);
  });

  it('looks again at a session whose store was out of reach: it is neither over nor forgotten', async () => {
    const user = await app.logIn();
    const { sid } = await enter(user);
    app.clock.advance(app.app.get(Options, { strict: false }).of(sessionOptions).sessionIdleSeconds + 60);
    const source = app.app.get(SnapshotSource, { strict: false });
    source.load = () => Promise.reject(new Error('ECONNREFUSED'));
    await deliver();
    expect([receiver.asked, await jobs()]).toEqual([0, []]);
    delete (source as Partial<SnapshotSource>).load;
    app.clock.advance(300);
    await deliver();
    expect(toldOf()).toEqual([sid]);
    admin = await app.logInAgain(admin);
  });

  it('tells of the other sessions that a change of the password ends, and not of the one that goes on until it ends', async () => {
    const user = await app.logIn();
    const other = await app.logInAgain(user);
    const [own, others] = [await enter(user), await enter(other)];
    const change = { currentPassword: user.password, newPassword: 'seventeen quiet otters' };
    expect((await user.post('/auth/password/change', change)).status).toBe(204);
    await deliver();
    expect(toldOf()).toEqual([others.sid]);
    expect((await user.post('/auth/step-up', { password: change.newPassword })).status).toBe(200);
    await deliver();
    expect(receiver.told).toHaveLength(1);
    await user.post('/auth/logout');
    await deliver();
    expect(toldOf()).toEqual([others.sid, own.sid]);
  });

  it('tells each of six clients that were entered at once, and none that asks for nothing or is gone', async () => {
    const user = await app.logIn();
    const clients = await Promise.all(
      Array.from({ length: 6 }, () => on.client({ backchannelLogoutUri: receiver.uri })),
    );
    const silent = await on.client();
    const entered = await Promise.all([...clients, silent].map((client) => enter(user, client)));
    expect(await known.of(await on.sessionOf(user))).toHaveLength(7);
    await on.disable(clients[5]!);
    await user.post('/auth/logout');
    await deliver();
    expect(toldOf().sort()).toEqual(
      entered
        .slice(0, 5)
        .map(({ sid }) => sid)
        .sort(),
    );
    expect(await jobs()).toEqual([]);
  });

  it('tells a client that was down when it is back, and others meanwhile', async () => {
    const own = await LogoutReceiver.start(app);
    const user = await app.logIn();
    const down = await on.client({ backchannelLogoutUri: own.uri });
    await own.stop();
    const [late, prompt] = [await enter(user, down), await enter(user)];
    await user.post('/auth/logout');
    await deliver();
    expect(toldOf()).toEqual([prompt.sid]);
    expect(await jobs()).toMatchObject([{ client_id: down, attempts: 1, last_error: 'ECONNREFUSED', dead_at: null }]);
    await own.listen();
    await deliver();
    expect(own.asked).toBe(0);
    app.clock.advance(5);
    await deliver();
    expect(own.told.map(({ claims }) => claims.sid)).toEqual([late.sid]);
    expect(await jobs()).toEqual([]);
    await own.stop();
  });

  it.each([500, 400, 302, 404])('takes %d for no answer, and gives up after ten tries, visibly', async (status) => {
    receiver.status = status;
    const user = await app.logIn();
    const { sid, sessionId } = await enter(user);
    await user.post('/auth/logout');
    await deliver();
    for (const [i, pause] of PAUSES.entries()) {
      expect(receiver.asked).toBe(i + 1);
      app.clock.advance(pause - 1);
      await deliver();
      expect(receiver.asked).toBe(i + 1);
      app.clock.advance(1);
      await deliver();
    }
    app.clock.advance(7 * DAY);
    await deliver();
    expect(receiver.asked).toBe(10);
    const at = expect.any(Date);
    expect(await jobs()).toMatchObject([{ sid, attempts: 10, last_error: `status ${status}`, dead_at: at }]);
    expect(await toldAt(sessionId)).toEqual([null]);
    admin = await app.logInAgain(admin);
    const { events } = (await admin.get(`/admin/audit?userId=${user.userId}&type=oauth.logout.`)).body;
    expect(events).toMatchObject([
      { type: 'oauth.logout.undelivered', sessionId, reason: `status ${status}`, details: { clientId } },
    ]);
    app.clock.advance(30 * DAY);
    await app.app.get(CleanupScheduler, { strict: false }).cleanUp();
    expect(await jobs()).toEqual([]);
    admin = await app.logInAgain(admin);
  });

  it('lists what was given up for admins, and sends it again when one says so', async () => {
    receiver.status = 503;
    const [user, other] = [await app.logIn(), await app.logIn()];
    const entered = [await enter(user), await enter(other)];
    const gone = await on.client({ backchannelLogoutUri: receiver.uri });
    await enter(user, gone);
    await Promise.all([user.post('/auth/logout'), other.post('/auth/logout')]);
    for (const pause of [0, ...PAUSES]) {
      app.clock.advance(pause);
      await deliver();
    }
    admin = await app.logInAgain(admin);
    await on.database.query('UPDATE coatcheck.oauth_clients SET deleted_at = now() WHERE id = $1', [gone]);
    const { status, body } = await admin.get('/admin/logout-notices');
    expect([status, body.clients]).toEqual([
      200,
      [
        { clientId, name: expect.any(String), waiting: 0, dead: 2 },
        { clientId: gone, name: expect.any(String), waiting: 0, dead: 1 },
      ],
    ]);
    const one = (sessionId: string, userId: string, client: string) => ({
      ...{ clientId: client, userId, sessionId, attempts: 10, lastError: 'status 503' },
      ...{ endedAt: expect.any(String), deadAt: expect.any(String) },
    });
    const [first, second] = entered as [(typeof entered)[0], (typeof entered)[0]];
    expect(body.deadLetters).toHaveLength(3);
    expect(body.deadLetters).toEqual(
      expect.arrayContaining([
        one(first.sessionId, user.userId, clientId),
        one(second.sessionId, other.userId, clientId),
        one(first.sessionId, user.userId, gone),
      ]),
    );
    receiver.status = 200;
    await deliver();
    expect(receiver.told).toEqual([]);
    const revive = (id: string) => admin.post('/admin/logout-notices/revive', { clientId: id });
    const [revived, again, unknown] = [await revive(clientId), await revive(clientId), await revive('nobody')];
    expect([revived, again, unknown].map((reply) => [reply.status, reply.body])).toEqual([
      [200, { revived: 2 }],
      [200, { revived: 0 }],
      [200, { revived: 0 }],
    ]);
    await deliver();
    expect(toldOf().sort()).toEqual([first.sid, second.sid].sort());
    expect(await toldAt(second.sessionId)).toEqual([app.clock.now()]);
    const { events } = (await admin.get('/admin/audit?type=oauth.logout.revived')).body;
    const by = { actorId: admin.userId, details: { clientId, revived: 2 } };
    expect(events).toEqual(expect.arrayContaining([expect.objectContaining(by)]));
    // Nobody is there to be told.
    expect((await revive(gone)).body).toEqual({ revived: 1 });
    await deliver();
    expect(await jobs()).toEqual([]);
  });

  it.each([{}, { clientId: '' }, { clientId: 'a\0b' }, { clientId: ['a'] }, { clientId: 'x'.repeat(513) }])(
    'sends nothing again to what is no client: %j',
    async (body) => {
      expect((await admin.post('/admin/logout-notices/revive', body)).status).toBe(400);
    },
  );

  it('tells again where a node died before it could note the answer: at least once', async () => {
    const user = await app.logIn();
    const { sid, sessionId } = await enter(user);
    // What a process that died has left: a job in its hands, whose client has answered.
    receiver.before = () =>
      receiver.asked === 1 &&
      on.database.query('UPDATE coatcheck.oauth_logout_jobs SET claimed_by = gen_random_uuid()');
    receiver.status = 0;
    await user.post('/auth/logout');
    await deliver();
    expect(await jobs()).toMatchObject([{ sid, attempts: 1, dead_at: null }]);
    await on.database.query(`UPDATE coatcheck.oauth_logout_jobs SET claimed_until = '-infinity'`);
    receiver.status = 200;
    await deliver();
    expect(toldOf()).toEqual([sid]);
    const [first] = await toldAt(sessionId);
    expect(first).toEqual(app.clock.now());
  });

  it('measures how soon clients were told', async () => {
    const { lag, tally } = app.app.get(LogoutNotices, { strict: false });
    const [told, count] = [tally.told, lag.counts.reduce((sum, one) => sum + one)];
    const user = await app.logIn();
    await enter(user);
    await user.post('/auth/logout');
    app.clock.advance(7);
    await deliver();
    expect(tally.told).toBe(told + 1);
    expect(lag.counts.reduce((sum, one) => sum + one)).toBe(count + 1);
    expect(lag.counts[lag.bounds.indexOf(10)]).toBeGreaterThan(0);
  });

  it('keeps nothing of a deleted user, once clients were told', async () => {
    const user = await app.logIn();
    const { sid, sessionId } = await enter(user);
    await byAdmin('', 'DELETE', undefined)(user);
    await deliver();
    expect(toldOf()).toEqual([sid]);
    expect([await known.of(sessionId), await jobs()]).toEqual([[], []]);
  });
});

describe('addresses that clients are told at', () => {
  it('are public ones, in production: this machine’s own and internal ones are not reached', async () => {
    const { LogoutClient } = await import('../../src/oauth/logout/logout-client.js');
    const { Options } = await import('../../src/config/options.js');
    const app = await bootWithMadeUsers();
    const receiver = await LogoutReceiver.start(app);
    const options = app.app.get(Options, { strict: false });
    const inProduction = {
      of: (section: never) => ({ ...(options.of(section) as object), nodeEnv: 'production' }),
    } as unknown as typeof options;
    const client = new LogoutClient(inProduction);
    for (const uri of [
      receiver.uri,
      `http://localhost:${receiver.port}/`,
      `http://[::ffff:127.0.0.1]:${receiver.port}/`,
    ])
      await expect(client.post(uri, { a: 'b' })).rejects.toThrow(/not allowed/);
    await expect(client.post('http://169.254.169.254/latest', {})).rejects.toThrow(/not allowed/);
    expect(receiver.asked).toBe(0);
    client.close();
    await receiver.stop();
    await app.close();
  });
});
