import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { CreatePhoneNumbers1795250000000, TextMessages, textFeature } from './text-message-factor.js';

const NUMBER = '+431234567';

/** A factor that none of ours resembles: its codes are sent, and made anew each time. */
describe.each(['session', 'jwt'] as const)('a factor of one’s own, under the strategy %s', (strategy) => {
  let app: AuthTestApp;
  let ada: TestUser;
  beforeAll(async () => {
    app = await bootHost({ adapter: 'express', options: { authStrategies: [strategy] }, features: [textFeature] });
    const runner = app.app.get(AUTH_DATA_SOURCE, { strict: false }).createQueryRunner();
    await new CreatePhoneNumbers1795250000000().up(runner);
    await runner.release();
    ada = await app.logIn();
  });
  afterAll(() => app.close());

  const lastCode = () => app.app.get(TextMessages, { strict: false }).sent.at(-1)!.code;
  const wrong = () => (lastCode() === '000000' ? '000001' : '000000');

  async function begin() {
    const client = app.client();
    const { body } = await client.post('/auth/login', { email: ada.email, password: ada.password });
    return { client, body };
  }

  async function logIn(): Promise<string[]> {
    const { client, body } = await begin();
    const { loginToken } = body;
    expect((await client.post('/auth/login/text', { loginToken })).status).toBe(202);
    const reply = await client.post('/auth/login/factor', { loginToken, factor: 'text', code: lastCode() });
    expect([reply.status, reply.body.status]).toEqual([200, 'authenticated']);
    const { accessToken } = reply.body;
    if (accessToken) client.defaults.authorization = `Bearer ${accessToken}`;
    expect((await client.get('/auth/me')).body.user.id).toBe(ada.userId);
    return reply.body.session.amr;
  }

  it('is set up with the password only, ends the other sessions, and is listed', async () => {
    const other = await app.logInAgain(ada);
    expect((await ada.post('/auth/factors/text', { number: NUMBER })).status).toBe(400);
    expect((await ada.post('/auth/factors/text', { number: NUMBER, password: ada.password })).status).toBe(202);
    const refused = await ada.post('/auth/factors/text/confirm', { number: NUMBER, code: wrong() });
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_credentials']);
    const reply = await ada.post('/auth/factors/text/confirm', { number: NUMBER, code: lastCode() });
    expect(reply.status).toBe(200);
    if (reply.body.accessToken) ada.defaults.authorization = `Bearer ${reply.body.accessToken}`;
    expect((await other.get('/auth/me')).status).toBe(401);
    const { factors } = (await ada.get('/auth/factors')).body;
    expect(factors).toMatchObject([{ factor: 'text', name: NUMBER }]);
  });

  it('is due after the password, and finishes the login by a code that was sent for that login', async () => {
    const { client, body } = await begin();
    expect(body).toMatchObject({ status: 'factor_required', factors: ['text'] });
    const { loginToken } = body;
    await client.post('/auth/login/text', { loginToken });
    const code = lastCode();
    const other = await begin();
    const elsewhere = { loginToken: other.body.loginToken, factor: 'text', code };
    expect((await other.client.post('/auth/login/factor', elsewhere)).body.code).toBe('invalid_credentials');
    const malformed = await client.post('/auth/login/factor', { loginToken, factor: 'text', code: '12345x' });
    expect([malformed.status, malformed.body.code]).toEqual([400, 'validation_failed']);
    expect(malformed.body.errors).toMatchObject([{ field: 'code', rule: 'matches' }]);
    expect((await client.post('/auth/login/factor', { loginToken, factor: 'text', code })).status).toBe(200);
    const again = await client.post('/auth/login/factor', { loginToken, factor: 'text', code });
    expect([again.status, again.body.code]).toEqual([401, 'invalid_credentials']);
  });

  it('shows in the session what was proven', async () => {
    expect((await logIn()).sort()).toEqual(['mfa', 'pwd', 'sms']);
  });

  it('has the wrong codes counted that every factor has, whatever it does', async () => {
    const { client, body } = await begin();
    const { loginToken } = body;
    await client.post('/auth/login/text', { loginToken });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const { status } = await client.post('/auth/login/factor', { loginToken, factor: 'text', code: wrong() });
      statuses.push(status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const right = await client.post('/auth/login/factor', { loginToken, factor: 'text', code: lastCode() });
    expect([right.status, right.body.code]).toEqual([429, 'rate_limited']);
    app.clock.advance(86_400);
    await logIn();
  });

  it('is a step-up, by a code that was sent for that session', async () => {
    const { client, body } = await begin();
    const { loginToken } = body;
    await client.post('/auth/login/text', { loginToken });
    const login = await client.post('/auth/login/factor', { loginToken, factor: 'text', code: lastCode() });
    if (login.body.accessToken) client.defaults.authorization = `Bearer ${login.body.accessToken}`;
    const spent = await client.post('/auth/step-up', { factor: 'text', code: lastCode() });
    expect([spent.status, spent.body.code]).toEqual([401, 'invalid_credentials']);
    expect((await client.post('/auth/step-up/text')).status).toBe(202);
    app.clock.advance(60);
    const { status, body: stepped } = await client.post('/auth/step-up', { factor: 'text', code: lastCode() });
    expect([status, stepped.session.amr.sort()]).toEqual([200, ['mfa', 'pwd', 'sms']]);
    expect(stepped.session.id).not.toBe(login.body.session.id);
  });

  it('goes when an admin resets the second factors', async () => {
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const { status } = await admin.post(`/admin/users/${ada.userId}/factor-reset`);
    expect(status).toBe(204);
    expect((await begin()).body.status).toBe('authenticated');
  });
});
