import type { DataSource, QueryRunner } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient, TestReply } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { codeAt, protectedUser, setUpTotp } from './authenticator-app.js';
import { bootWithMadeUsers } from './made-users.js';
import { PasskeyHolder } from './passkey-holder.js';

let app: AuthTestApp;
beforeAll(async () => {
  app = await bootWithMadeUsers({
    authStrategies: ['session'],
    secondFactorRoles: ['boss', 'clerk'],
    secondFactorsByRole: ['boss:passkey', 'clerk:totp', 'editor:passkey'],
  });
}, 60_000);
afterAll(() => app.close());

type Credentials = { readonly email: string; readonly password: string };
const begin = (client: TestClient, { email, password }: Credentials) => client.post('/auth/login', { email, password });
const goOn = (client: TestClient, loginToken: string, code: string, more: object = {}) =>
  client.post('/auth/login/factor', { loginToken, factor: 'totp', code, ...more });
const answer = ({ status, body }: TestReply) => [status, body?.code];
const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
const give = (userId: string, roles: string[]) => app.app.get(UserStore, { strict: false }).update(userId, { roles });

describe('MFA-06: a role whose list names other factors', () => {
  it('asks for what its user has first, and then leads to enrol what the list names', async () => {
    const ada = await protectedUser(app);
    await give(ada.user.userId, ['boss']);
    const client = app.client();
    const half = await begin(client, ada);
    expect(half.body).toMatchObject({ status: 'factor_required', factors: ['totp', 'recovery_code'] });
    const limited = await goOn(client, half.body.loginToken, ada.code());
    expect(limited.body).toMatchObject({ status: 'enrolment_required', factors: ['passkey'] });
    expect(answer(await client.get('/auth/me'))).toEqual([403, 'forbidden']);
    const { authenticator } = new PasskeyHolder(app, ada.user);
    const { body: options } = await client.post('/auth/factors/passkeys/options');
    const credential = authenticator.create(options);
    expect((await client.post('/auth/factors/passkeys', { credential })).status).toBe(201);
    expect((await client.get('/auth/me')).status).toBe(200);
    expect((await begin(app.client(), ada)).body.factors).toEqual(['passkey']);
  });

  it('leads no user to a session by the password alone who has a factor that it does not name', async () => {
    const ada = await protectedUser(app);
    await give(ada.user.userId, ['editor']);
    const client = app.client();
    const { body } = await begin(client, ada);
    expect(body.status).toBe('factor_required');
    expect((await goOn(client, body.loginToken, ada.code())).body.status).toBe('authenticated');
  });

  it('is not content with a passkey alone where it names the authenticator app', async () => {
    const holder = await PasskeyHolder.enrolled(app);
    await give(holder.user.userId, ['clerk']);
    const client = app.client();
    expect((await holder.logIn({ client })).body).toMatchObject({ status: 'enrolment_required', factors: ['totp'] });
    const { secret } = await setUpTotp(app, client);
    expect((await client.get('/auth/me')).status).toBe(200);
    app.clock.advance(30);
    const again = app.client();
    const { body } = await holder.logIn({ client: again });
    expect(body).toMatchObject({ status: 'factor_required', factors: ['totp'] });
    const whole = await goOn(again, body.loginToken, codeAt(secret, app.clock.now()));
    expect(whole.body.status).toBe('authenticated');
  });

  it('steps no user up by a factor that it does not name', async () => {
    const ada = await protectedUser(app);
    const holder = new PasskeyHolder(app, ada.user);
    expect((await holder.register()).status).toBe(201);
    await give(ada.user.userId, ['boss']);
    app.clock.advance(700);
    const byCode = await holder.user.post('/auth/step-up', { factor: 'totp', code: ada.code() });
    expect(answer(byCode)).toEqual([401, 'invalid_credentials']);
    const { body: options } = await holder.user.post('/auth/step-up/passkey/options');
    const credential = holder.authenticator.get(options);
    expect((await holder.user.post('/auth/step-up', { factor: 'passkey', credential })).status).toBe(200);
  });
});

/** Sends a request that has passed the guard and waits for the user's row; then ends all of the user's sessions, and lets it go on. */
async function overtaken(userId: string, send: () => Promise<TestReply>): Promise<TestReply> {
  const runner = database().createQueryRunner();
  await runner.startTransaction();
  await runner.query('SELECT id FROM coatcheck.users WHERE id = $1 FOR UPDATE', [userId]);
  const reply = send();
  await someoneWaits(runner);
  await runner.query('UPDATE coatcheck.users SET session_epoch = session_epoch + 1 WHERE id = $1', [userId]);
  await runner.query('DELETE FROM coatcheck.known_devices WHERE user_id = $1', [userId]);
  await runner.commitTransaction();
  await runner.release();
  return reply;
}

async function someoneWaits(runner: QueryRunner): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  while ((await database().query(waiting)).length === 0) await runner.query('SELECT 1');
}

describe('what ended meanwhile', () => {
  it('changes no factor: a removal, an enrolment and new recovery codes are refused when the sessions end under them', async () => {
    const ada = await protectedUser(app);
    const removal = await overtaken(ada.user.userId, () => ada.user.delete('/auth/factors/totp'));
    expect(answer(removal)).toEqual([401, 'session_ended']);
    const bob = await protectedUser(app);
    const renewal = await overtaken(bob.user.userId, () => bob.user.post('/auth/factors/recovery-codes'));
    expect(answer(renewal)).toEqual([401, 'session_ended']);
    const eve = new PasskeyHolder(app, await app.logIn());
    const credential = eve.authenticator.create(await eve.creationOptions());
    const planted = await overtaken(eve.user.userId, () => eve.user.post('/auth/factors/passkeys', { credential }));
    expect(answer(planted)).toEqual([401, 'session_ended']);
    expect(answer(await eve.logIn())).toEqual([401, 'invalid_credentials']);
    expect((await begin(app.client(), eve.user)).body.status).toBe('authenticated');
    for (const one of [ada, bob]) {
      const client = app.client();
      const { loginToken } = (await begin(client, one)).body;
      const code = one.recoveryCodes[0]!;
      expect((await goOn(client, loginToken, code, { factor: 'recovery_code' })).status).toBe(200);
    }
  });

  it('MFA-10: remembers no device: a login that a change of the password overtakes leaves none behind', async () => {
    const ada = await protectedUser(app);
    const client = app.client();
    const { loginToken } = (await begin(client, ada)).body;
    const code = ada.code();
    const params = { rememberDevice: true };
    await overtaken(ada.user.userId, () => goOn(client, loginToken, code, params));
    expect(answer(await client.get('/auth/me'))).toEqual([401, 'session_ended']);
    expect((await begin(client, ada)).body.status).toBe('factor_required');
    const left = await database().query(
      'SELECT 1 FROM coatcheck.known_devices WHERE user_id = $1 AND remembered_until IS NOT NULL',
      [ada.user.userId],
    );
    expect(left).toEqual([]);
  });
});

describe('REG-08: who proves a mailbox', () => {
  it('is told by mail and in the audit that second factors from before are gone, and from where is known no more', async () => {
    const open = await bootWithMadeUsers({ authStrategies: ['session'], emailVerification: 'optional' });
    const user = { email: 'owner@example.com', password: 'nine quiet walruses sing' };
    await open.client().post('/auth/register', user);
    const client = open.client();
    await begin(client, user);
    expect((await setUpTotp(open, client, user.password)).reply.status).toBe(200);
    const verification = (await open.mails(user.email)).find(({ text }) => text.includes('/auth/email/verify?token='));
    const token = /token=([\w.-]+)/.exec(verification!.text)![1];
    expect((await open.client().post('/auth/email/verify', { token })).body.status).toBe('password_required');
    const told = (await open.mails(user.email)).filter(({ text }) => text.includes('verified were removed'));
    expect(told).toHaveLength(1);
    const source = open.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const events = await source.query(`SELECT reason FROM coatcheck.audit_events WHERE type = 'factor.reset'`);
    expect(events).toEqual([{ reason: 'mailbox_proven' }]);
    expect(await source.query('SELECT 1 FROM coatcheck.known_devices')).toEqual([]);
    await open.close();
  });
});

describe('what routes of factors are sent', () => {
  let open: AuthTestApp;
  beforeAll(async () => {
    const endless = 1_000_000;
    const limits = { loginAttempts: endless, factorAttempts: endless, factorAttemptsPerUser: endless };
    open = await bootWithMadeUsers({ authStrategies: ['session'], ...limits });
  }, 60_000);
  afterAll(() => open.close());

  const ODD: unknown[] = [null, true, 7, -1e308, '', '\0', '\ud800', [], [[]], {}, { $ne: 1 }, 'x'.repeat(70_000)];
  ODD.push(Array(20_000).fill(0), JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`), { toString: 'x' });

  it.each([
    ['/auth/login/factor', ['loginToken', 'factor', 'code', 'credential', 'rememberDevice']],
    ['/auth/login/passkey/options', ['email', 'loginToken']],
    ['/auth/login/passkey', ['credential', 'strategy', 'transport']],
    ['/auth/step-up', ['password', 'factor', 'code', 'credential', 'transport']],
    ['/auth/step-up/passkey/options', ['email']],
    ['/auth/factors/totp', ['password']],
    ['/auth/factors/totp/confirm', ['code', 'transport']],
    ['/auth/factors/recovery-codes', ['transport']],
    ['/auth/factors/passkeys/options', ['password']],
    ['/auth/factors/passkeys', ['credential', 'name', 'transport']],
  ])('%s answers anything odd in any field with 4xx or as documented, and never with 5xx', async (path, fields) => {
    const holder = await PasskeyHolder.enrolled(open);
    const browser = open.client();
    const loginToken = await holder.begin(browser);
    const good: Record<string, unknown> = { loginToken, factor: 'passkey', code: '000000' };
    const isLogin = path.startsWith('/auth/login');
    for (const field of fields) {
      for (const odd of ODD) {
        const client = isLogin ? browser : holder.user;
        const rest = Object.fromEntries(fields.filter((name) => name in good).map((name) => [name, good[name]]));
        const { status } = await client.post(path, { ...rest, [field]: odd });
        const what = JSON.stringify(odd).slice(0, 20);
        expect([field, what, status < 500 && status !== 429]).toEqual([field, what, true]);
      }
    }
  });
});
