import { execFileSync } from 'node:child_process';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { FactorFailures } from '../../src/lockout/factor-failures.js';
import type { AuthTestApp, TestClient, TestReply } from '../../src/testing/index.js';
import { isInstalled } from '../servers-of-this-run.js';
import { codeAt, type ProtectedUser, protectedUser, setUpTotp, takeTokens } from './authenticator-app.js';
import { overStores, overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';
import { Fleet } from './several-nodes.js';

let app: AuthTestApp;
beforeAll(async () => {
  app = await bootWithMadeUsers({ secondFactorRoles: ['staff'] });
}, 60_000);
afterAll(() => app.close());

type Credentials = Pick<ProtectedUser, 'email' | 'password'>;
const begin = (client: TestClient, { email, password }: Credentials) => client.post('/auth/login', { email, password });
const goOn = (client: TestClient, loginToken: string, code: unknown, factor = 'totp', more: object = {}) =>
  client.post('/auth/login/factor', { loginToken, factor, code, ...more });
const answer = ({ status, body }: TestReply) => [status, body?.code];
const query = (sql: string, values: unknown[] = []) =>
  app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);

async function half(user: Credentials, client = app.client()) {
  const { body } = await begin(client, user);
  return { client, loginToken: body.loginToken as string };
}

async function logIn(user: ProtectedUser, more: object = {}, client = app.client()) {
  const { loginToken } = await half(user, client);
  return { client, reply: await goOn(client, loginToken, user.code(), 'totp', more) };
}

overStrategies((strategy) => {
  it('an authenticator app ends every other session and leaves this one', async () => {
    const { email, password } = await app.register();
    const [one, other] = [
      await app.logInAgain({ email, password, strategy }),
      await app.logInAgain({ email, password, strategy }),
    ];
    const { reply } = await setUpTotp(app, one);
    expect([reply.status, reply.body.recoveryCodes.length]).toEqual([200, 10]);
    expect((await one.get('/auth/me')).body.session.amr).toEqual(['pwd', 'otp', 'mfa']);
    const ended = await other.get('/auth/me');
    expect([ended.status, ended.body.code]).toEqual([401, 'session_ended']);
  });

  it('who must have a second factor and has none gets a session that is good for enrolling only, then a full one', async () => {
    const { email, password } = await app.register({ changes: { roles: ['admin', 'staff'] } });
    const client = app.client();
    const login = await client.post('/auth/login', { email, password, strategy });
    expect([login.status, login.body.status, login.body.factors]).toEqual([
      200,
      'enrolment_required',
      ['totp', 'passkey'],
    ]);
    expect(login.body).not.toHaveProperty('user');
    takeTokens(client, login);
    for (const path of ['/auth/me', '/auth/sessions', '/admin/users', '/example/protected']) {
      const closed = await client.get(path);
      expect([path, closed.status, closed.body.code]).toEqual([path, 403, 'forbidden']);
    }
    expect((await client.post('/auth/step-up', { password })).status).toBe(403);
    expect((await client.get('/auth/factors')).body).toEqual({ factors: [] });
    const { reply } = await setUpTotp(app, client);
    expect(reply.status).toBe(200);
    expect((await client.get('/admin/users')).status).toBe(200);
    expect((await client.get('/auth/me')).body.session.amr).toEqual(['pwd', 'otp', 'mfa']);
  });

  it('removing the app needs a fresh second factor, and then the password is enough again', async () => {
    const bob = await protectedUser(app, { strategy });
    app.clock.advance(700);
    const byPassword = await bob.user.post('/auth/step-up', { password: bob.password });
    takeTokens(bob.user, byPassword);
    const tooWeak = await bob.user.delete('/auth/factors/totp');
    expect([tooWeak.status, tooWeak.body.code, tooWeak.body.stepUp]).toEqual([
      403,
      'step_up_required',
      { maxAgeSeconds: 600, amr: ['mfa'] },
    ]);
    const byCode = await bob.user.post('/auth/step-up', { factor: 'totp', code: bob.code() });
    expect([byCode.status, byCode.body.session.amr]).toEqual([200, ['pwd', 'otp', 'mfa']]);
    takeTokens(bob.user, byCode);
    expect((await bob.user.delete('/auth/factors/totp')).status).toBe(204);
    const login = await begin(app.client(), bob);
    expect(login.body.status).toBe('authenticated');
  });
});

// What is good once is consumed where sessions are kept.
overStores((sessionStore) => {
  it('a pending login works once, of five at the same time too', async () => {
    const service = await bootWithMadeUsers({ sessionStore });
    const ada = await protectedUser(service);
    const client = service.client();
    const { loginToken } = (await begin(client, ada)).body;
    const codes = [ada.code(), ...ada.recoveryCodes.slice(0, 4)];
    const replies = await Promise.all(
      codes.map((code, i) => goOn(client, loginToken, code, i === 0 ? 'totp' : 'recovery_code')),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answer(await goOn(client, loginToken, ada.code()))).toEqual([401, 'invalid_credentials']);
    await service.close();
  });
});

describe('MFA-01: a TOTP step is accepted once per user', () => {
  it('the same code twice', async () => {
    const ada = await protectedUser(app);
    const code = ada.code();
    const [one, other] = [await half(ada), await half(ada)];
    expect((await goOn(one.client, one.loginToken, code)).status).toBe(200);
    expect(answer(await goOn(other.client, other.loginToken, code))).toEqual([401, 'invalid_credentials']);
  });

  it('is accepted of no secret that another key has sealed, and the audit says that', async () => {
    const ada = await protectedUser(app);
    const { loginToken, client } = await half(ada);
    const sealed = `:${Buffer.alloc(60, 7).toString('base64url')}`;
    const [[{ id }]] = await query(
      `UPDATE coatcheck.totp_secrets SET secret = $2 FROM coatcheck.users u WHERE user_id = u.id AND u.email = $1 RETURNING u.id`,
      [ada.email, sealed],
    );
    expect(answer(await goOn(client, loginToken, ada.code()))).toEqual([401, 'invalid_credentials']);
    const [event] = await query(
      `SELECT reason FROM coatcheck.audit_events WHERE type = 'login.failed' AND user_id = $1`,
      [id],
    );
    expect(event).toEqual({ reason: 'secret_cannot_be_opened' });
  });

  it('the code of the step before, after the current one', async () => {
    const ada = await protectedUser(app);
    const before = ada.code();
    const current = ada.code();
    const [one, other] = [await half(ada), await half(ada)];
    expect((await goOn(one.client, one.loginToken, current)).status).toBe(200);
    expect(answer(await goOn(other.client, other.loginToken, before))).toEqual([401, 'invalid_credentials']);
  });

  it('the code that confirmed the app', async () => {
    const ada = await protectedUser(app);
    const { client, loginToken } = await half(ada);
    expect(answer(await goOn(client, loginToken, codeAt(ada.secret, app.clock.now())))[0]).toBe(401);
  });
});

describe('MFA-02: second factors have a budget of their own per user', () => {
  it('fifty pending logins at once have ten attempts in all, and a new one refills nothing', async () => {
    const ada = await protectedUser(app);
    const halves = await Promise.all(Array.from({ length: 50 }, () => half(ada)));
    const tries = halves.flatMap((one) => [one, one, one, one]);
    const replies = await Promise.all(tries.map(({ client, loginToken }) => goOn(client, loginToken, '000000')));
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(replies.filter(({ status }) => status !== 401 && status !== 429)).toEqual([]);
    const { reply } = await logIn(ada);
    expect(answer(reply)).toEqual([429, 'rate_limited']);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    const stepUp = await ada.user.post('/auth/step-up', { factor: 'totp', code: ada.code() });
    expect(answer(stepUp)).toEqual([429, 'rate_limited']);
    app.clock.advance(901);
    expect((await logIn(ada)).reply.status).toBe(200);
  });

  it('a login has five, and is over then', async () => {
    const ada = await protectedUser(app);
    const { client, loginToken } = await half(ada);
    for (let i = 0; i < 5; i++) expect((await goOn(client, loginToken, '000000')).status).toBe(401);
    expect((await goOn(client, loginToken, ada.code())).status).toBe(429);
    expect((await logIn(ada)).reply.status).toBe(200);
  });
});

describe('MFA-03: drift and secret', () => {
  it.each([
    [-2, 401],
    [-1, 200],
    [0, 200],
    [1, 200],
    [2, 401],
  ])('a code %i steps away answers %i', async (steps, status) => {
    const ada = await protectedUser(app);
    app.clock.advance(120);
    const { client, loginToken } = await half(ada);
    const at = new Date(app.clock.now().getTime() + steps * 30_000);
    expect((await goOn(client, loginToken, codeAt(ada.secret, at))).status).toBe(status);
  });

  it('a secret has 160 bits, is kept sealed, and is shown as text, address and QR code', async () => {
    const user = await app.logIn();
    const { body } = await user.post('/auth/factors/totp', { password: user.password });
    expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(body.uri).toContain(`secret=${body.secret}`);
    expect(body.qrSvg).toMatch(/^<svg/);
    const [row] = await query('SELECT * FROM coatcheck.totp_secrets WHERE user_id = $1', [user.userId]);
    expect(JSON.stringify(row)).not.toContain(body.secret);
  });

  (isInstalled('oathtool') ? it : it.skip)('codes are those of another generator (oathtool)', async () => {
    const ada = await protectedUser(app);
    app.clock.advance(30);
    const now = `--now=${app.clock.now().toISOString().replace('T', ' ').slice(0, 19)} UTC`;
    const code = execFileSync('oathtool', ['--totp', '--base32', now, ada.secret], { encoding: 'utf8' }).trim();
    const { client, loginToken } = await half(ada);
    expect((await goOn(client, loginToken, code)).status).toBe(200);
  });
});

describe('MFA-04: enrolling and removing', () => {
  it('another app needs a fresh second factor, before and at the confirmation', async () => {
    const ada = await protectedUser(app);
    await ada.user.post('/auth/step-up', { factor: 'totp', code: ada.code() });
    const { body } = await ada.user.post('/auth/factors/totp', {});
    app.clock.advance(600);
    expect(answer(await ada.user.post('/auth/factors/totp'))).toEqual([403, 'step_up_required']);
    const late = await ada.user.post('/auth/factors/totp/confirm', { code: codeAt(body.secret, app.clock.now()) });
    expect(answer(late)).toEqual([403, 'step_up_required']);
    await ada.user.post('/auth/step-up', { factor: 'totp', code: ada.code() });
    expect((await setUpTotp(app, ada.user)).reply.status).toBe(200);
  });

  it('a wrong code confirms nothing, and the login asks for nothing', async () => {
    const user = await app.logIn();
    await user.post('/auth/factors/totp', { password: user.password });
    expect(answer(await user.post('/auth/factors/totp/confirm', { code: '000000' }))).toEqual([
      401,
      'invalid_credentials',
    ]);
    expect((await user.get('/auth/factors')).body).toEqual({ factors: [] });
    expect((await begin(app.client(), user)).body.status).toBe('authenticated');
  });

  it('a new pending secret replaces the old', async () => {
    const user = await app.logIn();
    const first = (await user.post('/auth/factors/totp', { password: user.password })).body.secret;
    await user.post('/auth/factors/totp', { password: user.password });
    const reply = await user.post('/auth/factors/totp/confirm', { code: codeAt(first, app.clock.now()) });
    expect(answer(reply)).toEqual([401, 'invalid_credentials']);
  });

  it('a pending secret waits a quarter of an hour, and without one there is nothing to confirm', async () => {
    const user = await app.logIn();
    expect(answer(await user.post('/auth/factors/totp/confirm', { code: '000000' }))).toEqual([409, 'conflict']);
    const { body } = await user.post('/auth/factors/totp', { password: user.password });
    app.clock.advance(900);
    await user.post('/auth/step-up', { password: user.password });
    const late = await user.post('/auth/factors/totp/confirm', { code: codeAt(body.secret, app.clock.now()) });
    expect(answer(late)).toEqual([409, 'conflict']);
  });

  it('a user who has one changes it by it: password and session are not enough', async () => {
    const ada = await protectedUser(app);
    await ada.user.post('/auth/step-up', { password: ada.password });
    for (const reply of [
      await ada.user.post('/auth/factors/totp'),
      await ada.user.delete('/auth/factors/totp'),
      await ada.user.post('/auth/factors/recovery-codes'),
    ]) {
      expect(answer(reply)).toEqual([403, 'step_up_required']);
      expect(reply.body.stepUp).toEqual({ maxAgeSeconds: 600, amr: ['mfa'] });
    }
  });

  it('no secret can be read after enrolling, and the user was told by mail', async () => {
    const ada = await protectedUser(app);
    const { body, text } = await ada.user.get('/auth/factors');
    expect(body.factors.map(({ factor, remaining }: never) => [factor, remaining])).toEqual([
      ['totp', null],
      ['recovery_code', 10],
    ]);
    for (const secret of [ada.secret, ...ada.recoveryCodes]) expect(text).not.toContain(secret);
    expect((await app.mails(ada.email)).some(({ text: mail }) => mail.includes('authenticator app was set up'))).toBe(
      true,
    );
  });
});

describe('MFA-05: recovery codes', () => {
  it('each is good once, of ten uses at once too, and its user is told', async () => {
    const ada = await protectedUser(app);
    const [code] = ada.recoveryCodes as [string];
    const halves = await Promise.all(Array.from({ length: 10 }, () => half(ada)));
    const replies = await Promise.all(
      halves.map(({ client, loginToken }) => goOn(client, loginToken, code, 'recovery_code')),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await app.mails(ada.email)).filter(({ text }) => text.includes('recovery code was used'))).toHaveLength(1);
  });

  it('it does not matter how it is typed', async () => {
    const ada = await protectedUser(app);
    const { client, loginToken } = await half(ada);
    const typed = ada.recoveryCodes[0]!.toUpperCase().replaceAll('-', ' ').replaceAll('1', 'l').replaceAll('0', 'o');
    expect((await goOn(client, loginToken, typed, 'recovery_code')).status).toBe(200);
  });

  it('they are stored as hashes, die with a new set, and the user is told when few are left', async () => {
    const ada = await protectedUser(app);
    const { reply: whole, client } = await logIn(ada);
    expect(whole.status).toBe(200);
    const { status, body } = await client.post('/auth/factors/recovery-codes');
    expect([status, new Set(body.recoveryCodes).size]).toEqual([200, 10]);
    const rows = JSON.stringify(await query('SELECT * FROM coatcheck.recovery_codes'));
    for (const code of body.recoveryCodes) expect(rows).not.toContain(code);
    const old = await half(ada);
    expect((await goOn(old.client, old.loginToken, ada.recoveryCodes[0]!, 'recovery_code')).status).toBe(401);
    for (const code of body.recoveryCodes.slice(0, 7)) {
      const next = await half(ada);
      expect((await goOn(next.client, next.loginToken, code, 'recovery_code')).status).toBe(200);
    }
    expect((await app.mails(ada.email)).some(({ text }) => text.includes('are left: 3.'))).toBe(true);
  });

  it('one belongs to its user alone', async () => {
    const [ada, bob] = [await protectedUser(app), await protectedUser(app)];
    const { client, loginToken } = await half(ada);
    expect((await goOn(client, loginToken, bob.recoveryCodes[0]!, 'recovery_code')).status).toBe(401);
  });
});

describe('MFA-07: one factor never counts twice', () => {
  it('the password is no second factor', async () => {
    const ada = await protectedUser(app);
    const { client, loginToken } = await half(ada);
    expect(answer(await goOn(client, loginToken, ada.password, 'password'))).toEqual([401, 'invalid_credentials']);
  });

  it('who reads the mailbox has reset the password and nothing else (REC-05)', async () => {
    const ada = await protectedUser(app);
    await app.client().post('/auth/password/forgot', { email: ada.email });
    const token = await app.mailedToken(ada.email);
    const password = 'nine quiet walruses sing';
    expect((await app.client().post('/auth/password/reset', { token, password })).status).toBe(204);
    const login = await begin(app.client(), { ...ada, password });
    expect(login.body.status).toBe('factor_required');
  });
});

describe('MFA-08: no step is skipped, swapped or used again', () => {
  it('the last step without the first', async () => {
    const client = app.client();
    expect((await client.post('/auth/login/factor', {})).status).toBe(400);
    expect(answer(await goOn(client, 'AAAA', '000000'))).toEqual([401, 'invalid_credentials']);
    expect(answer(await goOn(client, 'x'.repeat(400), '000000'))).toEqual([401, 'invalid_credentials']);
  });

  it.each([null, 123456, ['123456'], { $gt: '' }, true])('a code that is %j is refused by its type', async (code) => {
    const ada = await protectedUser(app);
    const { client, loginToken } = await half(ada);
    expect(answer(await goOn(client, loginToken, code))).toEqual([400, 'validation_failed']);
  });

  it('another browser, another user’s code, a login that is over', async () => {
    const [ada, bob] = [await protectedUser(app), await protectedUser(app)];
    const { client, loginToken } = await half(ada);
    expect(answer(await goOn(app.client(), loginToken, ada.code()))).toEqual([401, 'invalid_credentials']);
    const elsewhere = await half(bob);
    expect(answer(await goOn(elsewhere.client, loginToken, ada.code()))).toEqual([401, 'invalid_credentials']);
    expect(answer(await goOn(client, loginToken, bob.code()))).toEqual([401, 'invalid_credentials']);
    expect((await goOn(client, loginToken, ada.code())).status).toBe(200);
    expect(answer(await goOn(client, loginToken, ada.code()))).toEqual([401, 'invalid_credentials']);
  });

  it('just inside its time, and just outside', async () => {
    const ada = await protectedUser(app);
    const [one, other] = [await half(ada), await half(ada)];
    app.clock.advance(299);
    expect((await goOn(one.client, one.loginToken, codeAt(ada.secret, app.clock.now()))).status).toBe(200);
    app.clock.advance(1);
    expect(answer(await goOn(other.client, other.loginToken, ada.code()))).toEqual([401, 'invalid_credentials']);
  });

  it('a login that was begun before the password was changed', async () => {
    const ada = await protectedUser(app);
    const { client, loginToken } = await half(ada);
    const change = { currentPassword: ada.password, newPassword: 'nine quiet walruses sing' };
    expect((await ada.user.post('/auth/password/change', change)).status).toBe(204);
    expect(answer(await goOn(client, loginToken, ada.code()))).toEqual([401, 'invalid_credentials']);
  });

  it('a client that keeps no cookies goes on with the token alone, and gets its tokens in the body', async () => {
    const ada = await protectedUser(app);
    const { email, password } = ada;
    const params = { email, password, strategy: 'jwt', transport: 'body' };
    const { body, setCookies } = await app.client().post('/auth/login', params);
    expect(setCookies).toEqual([]);
    const whole = await goOn(app.client(), body.loginToken, ada.code());
    expect([whole.status, whole.setCookies, typeof whole.body.refreshToken]).toEqual([200, [], 'string']);
  });
});

describe('MFA-09: another app kills the old one at once', () => {
  it('a code of the old secret after the change', async () => {
    const ada = await protectedUser(app);
    const { client } = await logIn(ada);
    const { reply, secret } = await setUpTotp(app, client);
    expect(reply.status).toBe(200);
    const old = await half(ada);
    expect(answer(await goOn(old.client, old.loginToken, ada.code()))).toEqual([401, 'invalid_credentials']);
    expect((await goOn(old.client, old.loginToken, codeAt(secret, app.clock.now()))).status).toBe(200);
  });
});

describe('MFA-10: remembered devices', () => {
  it('are asked for the password only, are listed, and forgotten one by one', async () => {
    const ada = await protectedUser(app);
    const { client } = await logIn(ada, { rememberDevice: true });
    const { body } = await client.get('/auth/devices');
    const remembered = body.devices.filter(({ rememberedUntil }: never) => rememberedUntil);
    expect(remembered).toHaveLength(1);
    const again = await begin(client, ada);
    expect(again.body).toMatchObject({ status: 'authenticated', session: { amr: ['pwd'] } });
    expect((await client.delete(`/auth/devices/${remembered[0].id}`)).status).toBe(204);
    expect(answer(await client.delete(`/auth/devices/${remembered[0].id}`))).toEqual([404, 'not_found']);
    expect((await begin(client, ada)).body.status).toBe('factor_required');
  });

  it('are no login by themselves, belong to one user, and expire', async () => {
    const [ada, bob] = [await protectedUser(app), await protectedUser(app)];
    const { client } = await logIn(ada, { rememberDevice: true });
    await client.post('/auth/logout');
    expect((await client.get('/auth/me')).status).toBe(401);
    expect((await begin(client, { ...ada, password: 'wrong wrong wrong' })).status).toBe(401);
    expect((await begin(client, bob)).body.status).toBe('factor_required');
    app.clock.advance(30 * 86_400);
    expect((await begin(client, ada)).body.status).toBe('factor_required');
  });

  it.each(['a change of the password', 'a reset of it', 'a change of the factors', 'a step up and a removal'])(
    'die by %s',
    async (change) => {
      const ada = await protectedUser(app);
      const { client } = await logIn(ada, { rememberDevice: true });
      const isOfPassword = change.includes('password') || change.includes('reset');
      const password = isOfPassword ? 'nine quiet walruses sing' : ada.password;
      await make(change, ada, client, password);
      const next = await begin(client, { ...ada, password });
      const rememberedOf = 'SELECT 1 FROM coatcheck.known_devices WHERE remembered_until IS NOT NULL AND user_id = $1';
      expect([change, next.body.status, await query(rememberedOf, [ada.user.userId])]).toEqual([
        change,
        change.includes('removal') ? 'authenticated' : 'factor_required',
        [],
      ]);
    },
  );

  async function make(change: string, ada: ProtectedUser, client: TestClient, newPassword: string): Promise<void> {
    if (change === 'a change of the factors')
      expect((await client.post('/auth/factors/recovery-codes')).status).toBe(200);
    if (change === 'a change of the password')
      await client.post('/auth/password/change', { currentPassword: ada.password, newPassword });
    if (change === 'a step up and a removal') {
      expect((await client.post('/auth/step-up', { factor: 'totp', code: ada.code() })).status).toBe(200);
      expect((await client.delete('/auth/factors/totp')).status).toBe(204);
    }
    if (change !== 'a reset of it') return;
    await app.client().post('/auth/password/forgot', { email: ada.email });
    const token = await app.mailedToken(ada.email);
    expect((await app.client().post('/auth/password/reset', { token, password: newPassword })).status).toBe(204);
  }

  it('die by an admin’s reset of the factors, and are no help with those that come after', async () => {
    const ada = await protectedUser(app);
    const { client } = await logIn(ada, { rememberDevice: true });
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    expect((await admin.post(`/admin/users/${ada.user.userId}/factor-reset`, {})).status).toBe(204);
    const fresh = app.client();
    await begin(fresh, ada);
    expect((await setUpTotp(app, fresh, ada.password)).reply.status).toBe(200);
    expect((await begin(client, ada)).body.status).toBe('factor_required');
  });

  it('are no way in for a user who must have a second factor', async () => {
    const user = await app.register({ changes: { roles: ['staff'] } });
    const client = app.client();
    await begin(client, user);
    const { secret } = await setUpTotp(app, client);
    app.clock.advance(30);
    const { loginToken } = await half(user, client);
    await goOn(client, loginToken, codeAt(secret, app.clock.now()), 'totp', { rememberDevice: true });
    expect((await begin(client, user)).body.status).toBe('factor_required');
  });
});

describe('REG-08: what was planted before the mailbox’s owner came', () => {
  it('a second factor dies by the verification', async () => {
    const open = await bootWithMadeUsers({ emailVerification: 'optional' });
    const user = { email: 'victim@example.com', password: 'nine quiet walruses sing' };
    await open.client().post('/auth/register', user);
    const thief = open.client();
    expect((await begin(thief, user)).body.status).toBe('authenticated');
    expect((await setUpTotp(open, thief, user.password)).reply.status).toBe(200);
    const verification = (await open.mails(user.email)).find(({ text }) => text.includes('/auth/email/verify?token='));
    const token = /token=([\w.-]+)/.exec(verification!.text)![1];
    const { body } = await open.client().post('/auth/email/verify', { token });
    const chosen = { token: body.resetToken, password: 'chosen by the mailbox owner' };
    expect((await open.client().post('/auth/password/reset', chosen)).status).toBe(204);
    const owner = { email: user.email, password: chosen.password };
    expect((await begin(open.client(), owner)).body.status).toBe('authenticated');
    await open.close();
  });
});

describe('MFA-11: nothing shows before its time', () => {
  it('a wrong password answers alike with a second factor and without', async () => {
    const [ada, bob] = [await protectedUser(app), await app.register()];
    const shape = async (user: Credentials) => {
      const { status, body, setCookies } = await begin(app.client(), { ...user, password: 'wrong wrong wrong' });
      return { status, body: { ...body, requestId: '' }, setCookies };
    };
    expect(await shape(ada)).toEqual(await shape(bob));
  });

  it('a pending login tells nothing of its user, and its token opens nothing', async () => {
    const ada = await protectedUser(app, { name: 'Ada Lovelace' });
    const client = app.client();
    const { body, text } = await begin(client, ada);
    const told = text + Buffer.from(body.loginToken, 'base64url').toString('latin1');
    for (const secret of [ada.email, ada.user.userId, 'Ada']) expect(told).not.toContain(secret);
    const { paths } = (await app.client().get('/openapi.json')).body;
    const closed = Object.entries<Record<string, { security: object[] }>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) => (security.length > 0 ? [[method, path]] : [])),
    );
    expect(closed.length).toBeGreaterThan(20);
    for (const [method, path] of closed) {
      const reply = await client.request(method!.toUpperCase(), path!, undefined, {
        authorization: `Bearer ${body.loginToken}`,
      });
      expect([method, path, ...answer(reply)]).toEqual([method, path, 401, 'unauthenticated']);
    }
  });
});

describe('R-15: the last way in', () => {
  it('what the policy requires is not removed, by two at once neither', async () => {
    const user = await app.register({ changes: { roles: ['staff'] } });
    const client = app.client();
    await begin(client, user);
    await setUpTotp(app, client);
    const replies = await Promise.all([client.delete('/auth/factors/totp'), client.delete('/auth/factors/totp')]);
    expect(replies.map(answer)).toEqual([
      [409, 'conflict'],
      [409, 'conflict'],
    ]);
    expect((await begin(app.client(), user)).body.status).toBe('factor_required');
  });

  it('of two removals at once of what may go, one wins', async () => {
    const ada = await protectedUser(app);
    const replies = await Promise.all([1, 2].map(() => ada.user.delete('/auth/factors/totp')));
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await begin(app.client(), ada)).body.status).toBe('authenticated');
    expect(await query('SELECT 1 FROM coatcheck.recovery_codes WHERE user_id = $1', [ada.user.userId])).toEqual([]);
  });
});

describe('admin', () => {
  it('give a role that asks for a second factor: sessions that were made with less are over', async () => {
    const user = await app.logIn();
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const give = (roles: string[]) => admin.request('PUT', `/admin/users/${user.userId}/roles`, { roles });
    expect((await give(['writer'])).status).toBe(200);
    expect((await user.get('/auth/me')).status).toBe(200);
    expect((await give(['writer', 'staff'])).status).toBe(200);
    expect(answer(await user.get('/auth/me'))).toEqual([401, 'session_ended']);
    expect((await begin(app.client(), user)).body.status).toBe('enrolment_required');
  });

  it('take a user’s factors away: sessions end, the user is told, the audit names who did it', async () => {
    const ada = await protectedUser(app);
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const path = `/admin/users/${ada.user.userId}/factor-reset`;
    expect(answer(await ada.user.post(path, {}))).toEqual([403, 'forbidden']);
    expect((await admin.post(path, {})).status).toBe(204);
    expect(answer(await ada.user.get('/auth/me'))).toEqual([401, 'session_ended']);
    expect((await begin(app.client(), ada)).body.status).toBe('authenticated');
    expect((await app.mails(ada.email)).some(({ text }) => text.includes('removed your second factors'))).toBe(true);
    const { body } = await admin.get(`/admin/audit?userId=${ada.user.userId}&type=factor.reset`);
    expect(body.events.map(({ actorId }: never) => actorId)).toEqual([admin.userId]);
  });
});

describe('R-05 at three nodes', () => {
  let fleet: Fleet;
  let ada: ProtectedUser;
  beforeAll(async () => {
    fleet = await Fleet.start(3, { factorAttemptsPerUser: 1000, secondFactorRoles: [] });
    ada = await protectedUser(fleet.nodes[0]!);
    for (const { clock } of fleet.nodes) clock.advance(60);
  }, 60_000);
  afterAll(() => fleet.stop());

  async function halves(count: number) {
    return Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const client = fleet.nodes[i % 3]!.client();
        const { email, password } = ada;
        const { body } = await client.post('/auth/login', { email, password });
        return { client, loginToken: body.loginToken as string };
      }),
    );
  }

  const proveAll = async (begun: Awaited<ReturnType<typeof halves>>, factor: string, code: string) =>
    Promise.all(begun.map(({ client, loginToken }) => client.post('/auth/login/factor', { loginToken, factor, code })));

  it('thirty uses of one TOTP step have one winner, and of one recovery code', async () => {
    const code = codeAt(ada.secret, fleet.nodes[0]!.clock.now());
    const byTotp = await proveAll(await halves(30), 'totp', code);
    expect(byTotp.filter(({ status }) => status === 200)).toHaveLength(1);
    const byPaper = await proveAll(await halves(30), 'recovery_code', ada.recoveryCodes[0]!);
    expect(byPaper.filter(({ status }) => status === 200)).toHaveLength(1);
    const refusedBy = (replies: TestReply[]) =>
      new Set(replies.map(({ status }) => status).filter((status) => status !== 200));
    expect(refusedBy(byTotp)).toEqual(new Set([401]));
    // A spent code on paper is a wrong one, and from the tenth in a row the next has to wait.
    expect([...refusedBy(byPaper)].filter((status) => status !== 401 && status !== 429)).toEqual([]);
  });

  it('five uses of one pending login, each with a proof of its own, have one winner', async () => {
    await fleet.nodes[0]!.app.get(FactorFailures, { strict: false }).forgive(ada.user.userId);
    const [{ client, loginToken }] = (await halves(1)) as [Awaited<ReturnType<typeof halves>>[0]];
    const replies = await Promise.all(
      ada.recoveryCodes.slice(1, 6).map((code, i) => {
        const elsewhere = client.copyInto(fleet.nodes[i % 3]!.client());
        return elsewhere.post('/auth/login/factor', { loginToken, factor: 'recovery_code', code });
      }),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
