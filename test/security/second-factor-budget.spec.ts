import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestReply } from '../../src/testing/index.js';
import { codeAt, type ProtectedUser, protectedUser, takeTokens } from '../flows/authenticator-app.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';

const WRONG = '000000';
const NOTIFICATION = 'Wrong codes were entered for your account';
const answer = ({ status, body }: TestReply) => [status, body?.code];
const REFUSED = [401, 'invalid_credentials'];
const LIMITED = [429, 'rate_limited'];

let app: AuthTestApp;
beforeAll(async () => {
  app = await bootWithMadeUsers({ authStrategies: ['session'] });
}, 60_000);
afterAll(() => app.close());

const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
const inARow = async ({ user }: ProtectedUser) =>
  (await database().query('SELECT failures FROM coatcheck.factor_failures WHERE user_id = $1', [user.userId]))[0]
    ?.failures ?? 0;
const notifications = async (email: string) =>
  (await app.mails(email)).filter(({ subject }) => subject === NOTIFICATION);
const begin = async ({ email, password }: Pick<ProtectedUser, 'email' | 'password'>) => {
  const client = app.client();
  const { body } = await client.post('/auth/login', { email, password });
  const give = (code: string, factor = 'totp') =>
    client.post('/auth/login/factor', { loginToken: body.loginToken, factor, code });
  return { client, loginToken: body.loginToken as string, give };
};
/** A wrong one, whatever the right one is. */
const wrongFor = ({ secret }: ProtectedUser) => (codeAt(secret, app.clock.now()) === WRONG ? '111111' : WRONG);
/** Wrong codes at new logins, after whatever wait; how many were looked at. */
const guess = async (ada: ProtectedUser, times: number, waitSeconds = 0) => {
  let evaluated = 0;
  for (let i = 0; i < times; i += 1) {
    app.clock.advance(waitSeconds);
    const reply = await (await begin(ada)).give(wrongFor(ada));
    if (reply.status === 401) evaluated += 1;
    else expect(answer(reply)).toEqual(LIMITED);
  }
  return evaluated;
};
const setInARow = (ada: ProtectedUser, failures: number) =>
  database().query(
    `INSERT INTO coatcheck.factor_failures (user_id, failures, notified_failures, failed_at) VALUES ($1, $2, 5, $3)
     ON CONFLICT (user_id) DO UPDATE SET failures = excluded.failures, blocked_until = NULL`,
    [ada.user.userId, failures, app.clock.now()],
  );

describe('H-6: wrong second factors in a row', () => {
  it('of 120 over twelve windows few are looked at, the user is told, and the mailed link opens again', async () => {
    const ada = await protectedUser(app);
    let evaluated = 0;
    for (let window = 0; window < 12; window += 1) {
      evaluated += await guess(ada, 10);
      app.clock.advance(901);
    }
    expect(evaluated).toBeGreaterThanOrEqual(10);
    expect(evaluated).toBeLessThanOrEqual(20);
    expect(await inARow(ada)).toBe(evaluated);
    const told = await notifications(ada.email);
    expect(told).toHaveLength(1);
    expect(told[0]!.text).toContain('5 wrong codes in a row');
    expect(answer(await (await begin(ada)).give(ada.code()))).toEqual(LIMITED);
    const token = await app.mailedToken(ada.email);
    const unlock = () => app.client().post('/auth/unlock', { token });
    expect([answer(await unlock()), answer(await unlock())]).toEqual([
      [204, undefined],
      [400, 'invalid_token'],
    ]);
    expect(await inARow(ada)).toBe(0);
    expect((await (await begin(ada)).give(ada.code())).body.status).toBe('authenticated');
  }, 120_000);

  it('wait from the tenth on, twice as long each time; the waiting costs no verification and says for how long', async () => {
    const ada = await protectedUser(app);
    await setInARow(ada, 9);
    expect(answer(await (await begin(ada)).give(wrongFor(ada)))).toEqual(REFUSED);
    for (const wait of [60, 120, 240]) {
      const refused = await (await begin(ada)).give(codeAt(ada.secret, app.clock.now()));
      expect(answer(refused)).toEqual(LIMITED);
      const told = ['retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'];
      expect(told.map((name) => refused.headers.get(name))).toEqual([String(wait), '1', '0', String(wait)]);
      app.clock.advance(wait - 1);
      expect(answer(await (await begin(ada)).give(wrongFor(ada)))).toEqual(LIMITED);
      app.clock.advance(1);
      app.clock.advance(901);
      expect(answer(await (await begin(ada)).give(wrongFor(ada)))).toEqual(REFUSED);
    }
    expect(await inARow(ada)).toBe(13);
  });

  it('never wait longer than a day', async () => {
    const ada = await protectedUser(app);
    await setInARow(ada, 45);
    expect(answer(await (await begin(ada)).give(wrongFor(ada)))).toEqual(REFUSED);
    expect((await (await begin(ada)).give(ada.code())).headers.get('retry-after')).toBe(String(86_400 - 30));
  });

  it('at fifty have codes refused until the mailed link, a day apart told again, and no right code helps', async () => {
    const ada = await protectedUser(app);
    await setInARow(ada, 49);
    expect(answer(await (await begin(ada)).give(wrongFor(ada)))).toEqual(REFUSED);
    expect(await notifications(ada.email)).toHaveLength(1);
    for (const [code, factor] of [
      [ada.code(), 'totp'],
      [ada.recoveryCodes[0]!, 'recovery_code'],
    ] as const) {
      const refused = await (await begin(ada)).give(code, factor);
      expect(answer(refused)).toEqual(LIMITED);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await notifications(ada.email)).toHaveLength(1);
    const [event] = await database().query(
      `SELECT reason FROM coatcheck.audit_events WHERE type = 'login.locked' AND user_id = $1`,
      [ada.user.userId],
    );
    expect(event).toEqual({ reason: 'second_factors' });
    app.clock.advance(86_400 * 2);
    for (let i = 0; i < 3; i += 1) expect(answer(await (await begin(ada)).give(ada.code()))).toEqual(LIMITED);
    expect(await notifications(ada.email)).toHaveLength(2);
    const token = await app.mailedToken(ada.email);
    expect((await app.client().post('/auth/unlock', { token })).status).toBe(204);
    expect((await (await begin(ada)).give(ada.code())).body.status).toBe('authenticated');
  });

  it('are locked and unlocked as an admin sees and says', async () => {
    const ada = await protectedUser(app);
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    await setInARow(ada, 50);
    const { body } = await admin.get('/admin/users?status=locked');
    expect(body.users.map(({ id }: { id: string }) => id)).toContain(ada.user.userId);
    expect((await admin.post(`/admin/users/${ada.user.userId}/unlock`)).status).toBeLessThan(300);
    expect((await (await begin(ada)).give(ada.code())).body.status).toBe('authenticated');
  });

  it('have one budget over logins, step-ups and recovery codes, and a right proof ends the row', async () => {
    const ada = await protectedUser(app);
    await guess(ada, 2);
    await (await begin(ada)).give('AAAA-BBBB-CCCC', 'recovery_code');
    const stepUp = await ada.user.post('/auth/step-up', { factor: 'totp', code: wrongFor(ada) });
    expect(answer(stepUp)).toEqual(REFUSED);
    expect(await inARow(ada)).toBe(4);
    const right = await ada.user.post('/auth/step-up', { factor: 'totp', code: ada.code() });
    expect(right.status).toBe(200);
    takeTokens(ada.user, right);
    expect(await inARow(ada)).toBe(0);
    await guess(ada, 3);
    expect((await (await begin(ada)).give(ada.recoveryCodes[1]!, 'recovery_code')).body.status).toBe('authenticated');
    expect(await inARow(ada)).toBe(0);
  });

  it('are not forgiven by setting up another app, whose code the person who sets it up can read', async () => {
    const ada = await protectedUser(app);
    await guess(ada, 3);
    const { body } = await ada.user.post('/auth/factors/totp', {});
    app.clock.advance(30);
    const wrong = await ada.user.post('/auth/factors/totp/confirm', { code: WRONG });
    expect(answer(wrong)).toEqual(REFUSED);
    const confirmed = await ada.user.post('/auth/factors/totp/confirm', {
      code: codeAt(body.secret, app.clock.now()),
    });
    expect(confirmed.status).toBe(200);
    expect(await inARow(ada)).toBe(4);
  });

  it('of sixty at once beyond the ninth one is looked at', async () => {
    const ada = await protectedUser(app);
    await setInARow(ada, 9);
    const logins = await Promise.all(Array.from({ length: 60 }, () => begin(ada)));
    const replies = await Promise.all(logins.map(({ give }) => give(wrongFor(ada))));
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(59);
  }, 60_000);

  it('leave the passkey open, as the second factor and alone, and it ends the row', async () => {
    const ada = await protectedUser(app);
    const holder = new PasskeyHolder(app, ada.user);
    expect((await holder.register()).status).toBe(201);
    await guess(ada, 10);
    await setInARow(ada, 50);
    expect(answer(await (await begin(ada)).give(ada.code()))).toEqual(LIMITED);
    expect((await holder.logIn()).body.status).toBe('authenticated');
    expect(await inARow(ada)).toBe(0);
    await setInARow(ada, 50);
    const client = app.client();
    const loginToken = await holder.begin(client);
    const { body: options } = await client.post('/auth/login/passkey/options', { loginToken });
    const credential = holder.authenticator.get(options);
    const second = await client.post('/auth/login/factor', { loginToken, factor: 'passkey', credential });
    expect(second.body.status).toBe('authenticated');
    expect(await inARow(ada)).toBe(0);
  });

  it('M-5: refused while they wait write one event, and no row', async () => {
    const ada = await protectedUser(app);
    await setInARow(ada, 50);
    await (await begin(ada)).give(WRONG);
    const logins = await Promise.all(Array.from({ length: 30 }, () => begin(ada)));
    const count = async () =>
      (
        await database().query(`SELECT count(*)::int AS n FROM coatcheck.audit_events WHERE type NOT LIKE 'sessions.%'`)
      )[0].n;
    const before = await count();
    for (const { give } of logins) expect(answer(await give(WRONG))).toEqual(LIMITED);
    expect(await count()).toBe(before);
    expect(await inARow(ada)).toBe(50);
  });

  it('tell a stranger without the password nothing: the first step is the same before and after', async () => {
    const ada = await protectedUser(app);
    const asStranger = async () => {
      const { status, body, text } = await app
        .client()
        .post('/auth/login', { email: ada.email, password: 'wrong words' });
      return [status, { ...body, requestId: '' }, text.length];
    };
    const before = await asStranger();
    await setInARow(ada, 50);
    expect(await asStranger()).toEqual(before);
  });
});
