import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { codeAt, type ProtectedUser, protectedUser, setUpTotp, takeTokens } from './authenticator-app.js';
import { bootService, overEveryCombination } from './combinations.js';

overEveryCombination((strategy, store) => {
  let app: AuthTestApp;
  let ada: ProtectedUser;
  beforeAll(async () => {
    app = await bootService({ authStrategies: [strategy], sessionStore: store, secondFactorRoles: ['admin'] });
    ada = await protectedUser(app);
  }, 60_000);
  afterAll(() => app.close());

  const begin = (client: TestClient, { email, password }: { email: string; password: string } = ada) =>
    client.post('/auth/login', { email, password });
  const goOn = (client: TestClient, loginToken: string, code: string, factor = 'totp') =>
    client.post('/auth/login/factor', { loginToken, factor, code });

  it('a login goes on with the code of the app, and shows both proofs', async () => {
    const client = app.client();
    const half = await begin(client);
    expect([half.status, half.body]).toEqual([
      200,
      { status: 'factor_required', loginToken: expect.any(String), factors: ['totp', 'recovery_code'], expiresIn: 300 },
    ]);
    const whole = await goOn(client, half.body.loginToken, ada.code());
    expect([whole.status, whole.body.status]).toEqual([200, 'authenticated']);
    expect(whole.body.session.amr).toEqual(['pwd', 'otp', 'mfa']);
    takeTokens(client, whole);
    expect((await client.get('/auth/me')).body.session.amr).toEqual(['pwd', 'otp', 'mfa']);
  });

  it('a half-login works once, of twenty at the same time too', async () => {
    const client = app.client();
    const { body } = await begin(client);
    const codes = [ada.code(), ...ada.recoveryCodes.slice(0, 4)];
    const replies = await Promise.all(
      codes.map((code, i) => goOn(client, body.loginToken, code, i === 0 ? 'totp' : 'recovery_code')),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const after = await goOn(client, body.loginToken, ada.code());
    expect([after.status, after.body.code]).toEqual([401, 'invalid_credentials']);
  });

  it('an authenticator app ends every other session and leaves this one', async () => {
    const { email, password } = await app.register();
    const [one, other] = [await app.logInAgain({ email, password }), await app.logInAgain({ email, password })];
    const { reply } = await setUpTotp(app, one);
    expect([reply.status, reply.body.recoveryCodes.length]).toEqual([200, 10]);
    expect((await one.get('/auth/me')).body.session.amr).toEqual(['pwd', 'otp', 'mfa']);
    const ended = await other.get('/auth/me');
    expect([ended.status, ended.body.code]).toEqual([401, 'session_ended']);
  });

  it('who must have a second factor and has none gets a session that is good for enrolling only, then a full one', async () => {
    const { email, password } = await app.register({ changes: { roles: ['admin'] } });
    const client = app.client();
    const login = await begin(client, { email, password });
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

  it('twenty uses of one code at once have one winner', async () => {
    const code = ada.code();
    const halves = await Promise.all(Array.from({ length: 20 }, () => halfLogin(ada)));
    const replies = await Promise.all(halves.map(({ client, loginToken }) => goOn(client, loginToken, code)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => ![200, 401, 429].includes(status))).toEqual([]);
  });

  async function halfLogin(user: ProtectedUser) {
    const client = app.client();
    const { body } = await begin(client, user);
    return { client, loginToken: body.loginToken as string };
  }

  it('removing the app needs a fresh second factor, and then the password is enough again', async () => {
    const bob = await protectedUser(app);
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
    expect(codeAt(bob.secret, app.clock.now())).toMatch(/^\d{6}$/);
  });
});
