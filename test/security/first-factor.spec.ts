import { type AuthTestApp, SoftwareAuthenticator, type TestReply } from '../../src/testing/index.js';
import { codeAt, protectedUser, setUpTotp } from '../flows/authenticator-app.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { ORIGIN, PasskeyHolder } from '../flows/passkey-holder.js';

const BEGINNINGS = ['/auth/factors/totp', '/auth/factors/passkeys/options'];

function answer({ status, body }: TestReply) {
  return [status, body?.code];
}

describe('M-2: the first second factor', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'] });
  });
  afterAll(() => app.close());

  it.each(BEGINNINGS)('%s asks for the password, however fresh the session', async (path) => {
    const user = await app.logIn();
    const copied = user.copyInto(app.client());
    for (const body of [undefined, {}, { password: '' }, { password: null }, { password: 7 }])
      expect([body, (await copied.post(path, body)).status]).toEqual([body, body?.password === '' ? 401 : 400]);
    const absent = await copied.post(path, {});
    expect(answer(absent)).toEqual([400, 'validation_failed']);
    expect(absent.body.errors[0].field).toBe('password');
    expect(answer(await copied.post(path, { password: 'wrong horse' }))).toEqual([401, 'invalid_credentials']);
    expect((await user.get('/auth/factors')).body).toEqual({ factors: [] });
    expect((await copied.post(path, { password: user.password })).status).toBe(200);
  });

  it.each(BEGINNINGS)('%s counts wrong passwords as a login does', async (path) => {
    const strict = await bootWithMadeUsers({ authStrategies: ['session'], loginAttempts: 3 });
    const user = await strict.logIn();
    const tries = [];
    for (let i = 0; i < 5; i += 1) tries.push((await user.post(path, { password: `wrong horse ${i}` })).status);
    expect(tries).toEqual([401, 401, 401, 429, 429]);
    await strict.close();
  });

  it('takes the password alone in an old session, up to the end', async () => {
    const [ada, eve] = [await app.logIn(), await app.logIn()];
    app.clock.advance(3600);
    expect((await setUpTotp(app, ada)).reply.status).toBe(200);
    expect((await new PasskeyHolder(app, eve).register()).status).toBe(201);
  });

  it('is not begun by a user who only confirms: without a beginning there is nothing to confirm', async () => {
    const user = await app.logIn();
    const code = codeAt('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', app.clock.now());
    expect(answer(await user.post('/auth/factors/totp/confirm', { code }))).toEqual([409, 'conflict']);
    const credential = new SoftwareAuthenticator({ origin: ORIGIN }).create({ challenge: 'AA' });
    expect((await user.post('/auth/factors/passkeys', { credential })).status).toBe(400);
    expect((await user.get('/auth/factors')).body).toEqual({ factors: [] });
  });

  it('is all that the password is for: one more takes a fresh second factor instead', async () => {
    const ada = await protectedUser(app);
    for (const path of BEGINNINGS) expect((await ada.user.post(path, {})).status).toBe(200);
    await ada.user.post('/auth/step-up', { password: ada.password });
    for (const path of BEGINNINGS)
      expect(answer(await ada.user.post(path, { password: ada.password }))).toEqual([403, 'step_up_required']);
  });

  it('needs no password in a session that is good for enrolling only, which has just taken it', async () => {
    const strict = await bootWithMadeUsers({ authStrategies: ['session'], secondFactor: 'required' });
    for (const path of BEGINNINGS) {
      const { email, password } = await strict.register();
      const client = strict.client();
      expect((await client.post('/auth/login', { email, password })).body.status).toBe('enrolment_required');
      expect((await client.post(path, {})).status).toBe(200);
      expect(answer(await client.post(path, { password: 'wrong horse' }))).toEqual([401, 'invalid_credentials']);
    }
    await strict.close();
  });
});
