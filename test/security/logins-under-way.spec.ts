import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { PasswordStore } from '../../src/factors/password/password.store.js';
import { PasswordHasher } from '../../src/factors/password/password-hasher.js';
import { TypeormPasswordStore } from '../../src/factors/password/typeorm-password.store.js';
import type { AuthTestApp, TestReply } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { protectedUser } from '../flows/authenticator-app.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { heldBack } from './held-back.js';
import { expected } from './holder.js';

const answer = ({ status, body }: TestReply) => [status, body?.code];
const databaseOf = (app: AuthTestApp) => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });

describe('logins under way', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({
      authStrategies: ['session'],
      secondFactorRoles: ['clerk', 'boss'],
      secondFactorsByRole: ['clerk:totp+passkey', 'boss:passkey'],
    });
  }, 60_000);
  afterAll(() => app.close());

  const admin = () => app.logIn({ changes: { roles: ['admin'] } });
  const refusalsRecorded = async () => {
    const sql = `SELECT count(*)::int FROM coatcheck.audit_events WHERE type IN ('login.failed', 'step_up.failed')`;
    return (await databaseOf(app).query(sql))[0].count;
  };

  it('M-5: a proof that is none of its factor’s, in a login or a step-up, is told so and written nowhere', async () => {
    const ada = await protectedUser(app);
    const client = app.client();
    const { loginToken } = await expected(
      200,
      client.post('/auth/login', { email: ada.email, password: ada.password }),
    );
    const none = { factor: 'totp', credential: {} };
    const before = await refusalsRecorded();
    for (let i = 0; i < 12; i += 1) {
      expect(answer(await client.post('/auth/login/factor', { ...none, loginToken }))).toEqual([
        400,
        'validation_failed',
      ]);
      expect(answer(await ada.user.post('/auth/step-up', none))).toEqual([400, 'validation_failed']);
    }
    expect(await refusalsRecorded()).toBe(before);
    // What could have been right is written, and counts.
    const wrong = { factor: 'totp', code: 'none' };
    expect(answer(await client.post('/auth/login/factor', { ...wrong, loginToken }))[0]).toBe(401);
    expect(answer(await ada.user.post('/auth/step-up', wrong))[0]).toBe(401);
    expect(await refusalsRecorded()).toBe(before + 2);
    const [counted] = await databaseOf(app).query('SELECT failures FROM coatcheck.factor_failures WHERE user_id = $1', [
      ada.user.userId,
    ]);
    expect(counted.failures).toBe(2);
  });

  it('M-5: a code that was used before is no guess, and is looked at as seldom as one', async () => {
    const ada = await protectedUser(app);
    const used = { factor: 'totp', code: ada.code() };
    await expected(200, ada.user.post('/auth/step-up', used));
    const before = await refusalsRecorded();
    const replies: (readonly unknown[])[] = [];
    for (let i = 0; i < 12; i += 1) replies.push(answer(await ada.user.post('/auth/step-up', used)));
    const refused = Array(10).fill([401, 'invalid_credentials']);
    expect(replies).toEqual([...refused, ...Array(2).fill([429, 'rate_limited'])]);
    expect(await refusalsRecorded()).toBe(before + 10);
    const counted = await databaseOf(app).query('SELECT FROM coatcheck.factor_failures WHERE user_id = $1', [
      ada.user.userId,
    ]);
    expect(counted).toEqual([]);
  });

  it('H-6: what was begun before an end of the sessions uses up no attempt of the owner, and is recorded once each', async () => {
    const ada = await protectedUser(app);
    const { email, password } = ada;
    const begun = Array.from({ length: 4 }, async () => {
      const client = app.client();
      const { loginToken } = await expected(200, client.post('/auth/login', { email, password }));
      return (code: string) => client.post('/auth/login/factor', { loginToken, factor: 'totp', code });
    });
    const tries = await Promise.all(begun);
    const boss = await admin();
    await expected(204, boss.post(`/admin/users/${ada.user.userId}/logout`));
    const before = await refusalsRecorded();
    for (const give of tries)
      for (let i = 0; i < 6; i += 1) expect(answer(await give('000000'))).toEqual([401, 'invalid_credentials']);
    expect(await refusalsRecorded()).toBe(before + tries.length);
    const client = app.client();
    const { loginToken } = await expected(200, client.post('/auth/login', { email, password }));
    const proof = { loginToken, factor: 'totp', code: ada.code() };
    expect((await expected(200, client.post('/auth/login/factor', proof))).status).toBe('authenticated');
  });

  it.each([
    ['everything is revoked', true],
    ['nothing happens', false],
  ])('P-11: remember their browser, made known while %s: is it asked again? %s', async (_what, isRevoked) => {
    const ada = await protectedUser(app);
    const boss = await admin();
    const client = app.client();
    const { loginToken } = await expected(
      200,
      client.post('/auth/login', { email: ada.email, password: ada.password }),
    );
    const proof = { loginToken, factor: 'totp', code: ada.code(), rememberDevice: true };
    await heldBack(
      databaseOf(app),
      `SELECT FROM coatcheck.users WHERE id = '${ada.user.userId}' FOR NO KEY UPDATE`,
      () => client.post('/auth/login/factor', proof),
      async () => isRevoked && (await expected(204, boss.post('/admin/revoke-all', {}))),
    );
    expect((await client.get('/auth/me')).status).toBe(isRevoked ? 401 : 200);
    const again = await expected(200, client.post('/auth/login', { email: ada.email, password: ada.password }));
    expect(again.status).toBe(isRevoked ? 'factor_required' : 'authenticated');
  });

  it.each([
    ['end, when the new role is not content with what the old one was', 'boss', 401],
    ['go on, when nothing more is asked for', 'clerk', 200],
  ])('MFA-06: sessions %s', async (_what, role, status) => {
    const ada = await protectedUser(app);
    await app.app.get(UserStore, { strict: false }).update(ada.user.userId, { roles: ['clerk'] });
    const boss = await admin();
    const client = app.client();
    const { loginToken } = await expected(
      200,
      client.post('/auth/login', { email: ada.email, password: ada.password }),
    );
    await expected(200, client.post('/auth/login/factor', { loginToken, factor: 'totp', code: ada.code() }));
    await expected(
      200,
      boss.request('PUT', `/admin/users/${ada.user.userId}/roles`, {
        roles: role === 'clerk' ? ['clerk', 'writer'] : ['clerk', role],
      }),
    );
    expect((await client.get('/auth/me')).status).toBe(status);
  });
});

it.each([
  ['by one statement', TypeormPasswordStore],
  [
    'by a store of the application’s',
    class extends TypeormPasswordStore {
      override find(...given: Parameters<TypeormPasswordStore['find']>) {
        return super.find(...given);
      }
    },
  ],
])(
  'a login that is found %s begins no session across the end of everything',
  async (_how, store) => {
    let release = (): void => undefined;
    let isHeld = false;
    const reached = { now: (): void => undefined };
    const turn = () => {
      reached.now();
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const hasher = {
      owns: () => true,
      hash: async (password: string) => `plain:${password}`,
      verify: async (stored: string, password: string) => {
        if (isHeld) await turn();
        return { matches: stored === `plain:${password}`, needsRehash: false };
      },
    };
    const app = await bootWithMadeUsers({ authStrategies: ['session'] }, [
      { provide: PasswordHasher, useValue: hasher },
      { provide: PasswordStore, useClass: store },
    ]);
    const boss = await app.logIn({ changes: { roles: ['admin'] } });
    const { email, password } = await app.register();
    const client = app.client();
    isHeld = true;
    const hashing = new Promise<void>((resolve) => {
      reached.now = resolve;
    });
    const login = client.post('/auth/login', { email, password });
    await hashing;
    await expected(204, boss.post('/admin/revoke-all', {}));
    isHeld = false;
    release();
    await login;
    expect((await client.get('/auth/me')).status).toBe(401);
    await app.close();
  },
  60_000,
);
