import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { inTurn } from '../security/held-back.js';

const DAY = 86_400;

describe('usernames', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    // As the embedded database has it: what asks beside its own transaction waits for itself.
    app = await bootWithMadeUsers({ usernames: true, databasePoolSize: 1 });
  });
  afterAll(() => app.close());

  const choose = (user: TestUser, username: string) => user.put('/auth/username', { username });
  const logIn = (login: object) => app.client().post('/auth/login', login);
  const told = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code];

  it('logs in by either name, in whatever letter case', async () => {
    const user = await app.logIn();
    expect((await choose(user, 'Ada.King')).body).toEqual({ username: 'Ada.King' });
    expect((await user.get('/auth/username')).body).toEqual({ username: 'Ada.King' });
    for (const username of ['ada.king', 'ADA.KING'])
      expect((await logIn({ username, password: user.password })).body.user.id).toBe(user.userId);
    expect((await logIn({ email: user.email, password: user.password })).status).toBe(200);
  });

  it('refuses an unknown name as it does a wrong password', async () => {
    const user = await app.logIn();
    await choose(user, 'known-one');
    const wrong = await logIn({ username: 'known-one', password: 'never this one' });
    const unknown = await logIn({ username: 'unknown-one', password: 'never this one' });
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    expect(told(wrong)).toEqual([401, 'invalid_credentials']);
    expect(told(await logIn({ username: 'ａｄａ', password: 'never this one' }))).toEqual([401, 'invalid_credentials']);
  });

  it('counts wrong passwords by either name as one', async () => {
    const limited = await bootWithMadeUsers({ usernames: true, loginAttempts: 5 });
    const user = await limited.logIn();
    await user.put('/auth/username', { username: 'counted' });
    const guess = (login: object) => limited.client().post('/auth/login', { ...login, password: 'never this one' });
    for (let i = 0; i < 5; i += 1)
      expect((await guess(i % 2 ? { username: 'counted' } : { email: user.email })).status).toBe(401);
    expect((await guess({ username: 'COUNTED' })).status).toBe(429);
    await limited.close();
  });

  it.each([
    ['no name at all', {}],
    ['both', { email: 'ada@example.com', username: 'ada' }],
  ])('refuses a login with %s', async (_what, login) => {
    expect(told(await logIn({ ...login, password: 'x' }))).toEqual([400, 'validation_failed']);
  });

  it.each(['ab', 'a'.repeat(33), 'ada@example.com', 'ada king', '-ada', 'ada..king', 'ädä', 'ａｄａ', 'ada\u212a'])(
    'takes no username like %s',
    async (username) => {
      expect(told(await choose(await app.logIn(), username))).toEqual([400, 'validation_failed']);
    },
  );

  it('gives a name to one of those who want it at once, and none of them loses the former one', async () => {
    const wanting = await Promise.all([app.logIn(), app.logIn(), app.logIn()]);
    await Promise.all(wanting.map((user, i) => choose(user, `former-${i}`)));
    const replies = await Promise.all(wanting.map((user) => choose(user, 'wanted')));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const names = await Promise.all(wanting.map(async (user) => (await user.get('/auth/username')).body.username));
    expect(names).toEqual(replies.map(({ status }, i) => (status === 200 ? 'wanted' : `former-${i}`)));
  });

  it('keeps a released name from others for ninety days, and from its user never', async () => {
    const [own, other] = [await app.logIn(), await app.logIn()];
    await choose(own, 'left-behind');
    expect((await own.request('DELETE', '/auth/username')).status).toBe(204);
    expect(told(await choose(other, 'LEFT-behind'))).toEqual([409, 'conflict']);
    expect((await choose(own, 'left-behind')).status).toBe(200);
    await own.request('DELETE', '/auth/me', { password: own.password });
    expect(told(await choose(other, 'left-behind'))).toEqual([409, 'conflict']);
    const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const [row] = await database.query(`SELECT user_id FROM coatcheck.usernames WHERE canonical = 'left-behind'`);
    expect(row.user_id).toBeNull();
    app.clock.advance(90 * DAY);
    const late = await app.logIn();
    expect((await choose(late, 'left-behind')).status).toBe(200);
  });

  it('keeps ten names from others for one user, who then chooses among those or waits', async () => {
    const user = await app.logIn();
    for (let i = 0; i <= 10; i += 1) expect((await choose(user, `hoarded-${i}`)).status).toBe(200);
    expect(told(await choose(user, 'hoarded-11'))).toEqual([409, 'conflict']);
    expect((await user.request('DELETE', '/auth/username')).status).toBe(204);
    expect(told(await choose(user, 'hoarded-11'))).toEqual([409, 'conflict']);
    expect((await choose(user, 'hoarded-3')).status).toBe(200);
    expect((await user.get('/auth/username')).body).toEqual({ username: 'hoarded-3' });
    expect((await choose(await app.logIn(), 'hoarded-11')).status).toBe(200);
    app.clock.advance(90 * DAY);
    expect((await choose(await app.logInAgain(user), 'hoarded-12')).status).toBe(200);
  });

  it('gives reserved ones to no user, and asks for a fresh proof', async () => {
    const user = await app.logIn();
    expect(told(await choose(user, 'Administrator'))).toEqual([409, 'conflict']);
    app.clock.advance(3600);
    expect(told(await choose(user, 'too-late'))).toEqual([403, 'step_up_required']);
  });

  it('is shown to admins, who find users by it, and is in the user’s own data', async () => {
    const user = await app.logIn();
    await choose(user, 'findable.one');
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const { users } = (await admin.get('/admin/users?search=Findable.One')).body;
    expect(users).toMatchObject([{ id: user.userId, username: 'findable.one' }]);
    const { parts } = (await user.get('/auth/me/export')).body;
    expect(parts.usernames).toMatchObject([{ username: 'findable.one', releasedAt: null }]);
  });

  it('of no user is taken for that of a user without an id of their own, whom no import brings', async () => {
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    for (const id of ['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-ffff-ffff-ffff-ffffffffffff']) {
      const { status, body } = await admin.post('/admin/import', { users: [{ email: 'no-id@example.com', id }] });
      expect([status, body.code]).toEqual([400, 'validation_failed']);
    }
  });

  it('comes along with an imported user, unless it is another’s', async () => {
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const users = [
      { email: 'moved-1@example.com', emailVerified: true, username: 'Moved' },
      { email: 'moved-2@example.com', username: 'moved' },
      { email: 'moved-3@example.com', username: 'no name' },
      { email: admin.email, username: 'moved' },
    ];
    const { body } = await admin.post('/admin/import', { users });
    expect(body).toEqual({
      imported: 1,
      refused: [
        { index: 1, reason: 'username_refused' },
        { index: 2, reason: 'username_refused' },
        { index: 3, reason: 'taken' },
      ],
    });
  });
});

it('where usernames are not switched on there is no route, and a login takes none', async () => {
  const app = await bootWithMadeUsers();
  expect((await app.client().get('/auth/username')).status).toBe(404);
  const reply = await app.client().post('/auth/login', { username: 'ada', password: 'x' });
  expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
  await app.close();
});

it('of a choice and the first proof of the mailbox at once, no name is left that another person may have chosen', async () => {
  const app = await bootWithMadeUsers({ usernames: true, emailVerification: 'optional' });
  const [email, password] = ['prepared@example.com', 'planted by some stranger'];
  await app.client().post('/auth/register', { email, password });
  const token = await app.mailedToken(email);
  const stranger = await app.logInAgain({ email, password });
  const [proven, chosen] = await inTurn(
    app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }),
    stranger.userId,
    () => app.client().post('/auth/email/verify', { token }),
    () => stranger.put('/auth/username', { username: 'planted' }),
  );
  expect([proven.status < 300, chosen.status, chosen.body.code]).toEqual([true, 401, 'session_ended']);
  const other = await app.logIn();
  expect((await other.put('/auth/username', { username: 'planted' })).status).toBe(200);
  await app.close();
});
