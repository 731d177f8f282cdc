import {
  type AuthTestApp,
  type FakePerson,
  type FakeProvider,
  startFakeProvider,
  type TestClient,
} from '../../src/testing/index.js';
import { codeAt, setUpTotp, takeTokens } from '../flows/authenticator-app.js';
import { overStrategies } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { endOf, Federation } from './setting.js';

const RETURN = 'http://localhost:3000/done';
const NOT_ASKED = [403, 'step_up_required'];
const HOUR = 3600;
const NEVER = '1970-01-01T00:00:00.000Z';

overStrategies((strategy) => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let gitHub: FakeProvider;
  let on: Federation;
  beforeAll(async () => {
    app = await bootWithMadeUsers({
      authStrategies: [strategy, 'api-key'],
      mailPollSeconds: 3600,
      secondFactorRoles: ['staff'],
    });
    provider = await startFakeProvider({ clock: app.clock });
    gitHub = await startFakeProvider({ clock: app.clock, kind: 'github' });
    on = new Federation(app);
    const settings = { vouchesForEmail: true, jitProvisioning: 'on' } as const;
    await on.connect(provider, { slug: 'outside', ...settings });
    await on.connect(provider, { slug: 'trusted', ...settings, trustsNewLogin: true });
    await on.connect(gitHub, { slug: 'github', ...settings });
    await on.connect(gitHub, { slug: 'github-trusted', ...settings, trustsNewLogin: true });
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([provider, gitHub].map((one) => one.stop()));
  });
  beforeEach(() => {
    for (const one of [provider, gitHub]) {
      one.wrong = {};
      one.loggedInAt = undefined;
      one.chosen = one.addPerson();
    }
  });

  const carry = async (browser: TestClient) => {
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
  };

  async function logIn(slug: string, browser = app.client()): Promise<TestClient> {
    expect(endOf(await on.logIn(browser, slug, { returnTo: RETURN }))).toEqual({ status: 303, to: RETURN, said: {} });
    await carry(browser);
    return browser;
  }

  /** A person who has logged in here before. */
  async function known(slug = 'outside', of = provider): Promise<FakePerson> {
    const person = of.addPerson();
    of.chosen = person;
    await logIn(slug);
    return person;
  }

  /** The answer of a route that asks for a fresh proof. */
  async function sensitive(browser: TestClient): Promise<unknown[]> {
    const { status, body } = await browser.post('/auth/identities', { connection: 'outside', returnTo: RETURN });
    return status === 200 ? [200] : [status, body.code];
  }

  async function provenAt(browser: TestClient): Promise<string> {
    const { body } = await browser.get('/auth/me');
    const sql = 'SELECT authenticated_at FROM coatcheck.sessions WHERE id = $1';
    const [session] = await on.tables.query(sql, [body.session.id]);
    return session.authenticated_at.toISOString();
  }

  async function stepUp(browser: TestClient, connection = 'outside') {
    const { status, body } = await browser.post('/auth/step-up/federated', { connection, returnTo: RETURN });
    if (status !== 200) return { error: body.code };
    const { said } = endOf(await on.follow(browser, await on.answer(new URL(body.authorizationUrl))));
    await carry(browser);
    return said;
  }

  const says = (auth_time: unknown) => {
    provider.wrong = { idToken: { claims: { auth_time } } };
  };
  const seconds = (more = 0) => Math.floor(app.clock.now().getTime() / 1000) + more;

  it('asks the provider when its user has logged in, and asks no user to log in for that', async () => {
    const url = await on.begin(app.client(), 'outside', { returnTo: RETURN });
    expect([url.searchParams.get('max_age'), url.searchParams.get('prompt')]).toEqual(['31536000', null]);
  });

  it('a login there a moment ago is a fresh proof; one of long ago, by single sign-on, is as old as it is', async () => {
    await known();
    expect(await sensitive(await logIn('outside'))).toEqual([200]);
    const at = app.clock.in(-HOUR);
    provider.loggedInAt = at;
    const browser = await logIn('outside');
    expect(await sensitive(browser)).toEqual(NOT_ASKED);
    expect(await provenAt(browser)).toBe(new Date(Math.floor(at.getTime() / 1000) * 1000).toISOString());
    expect((await browser.get('/auth/me')).body.session.amr).toEqual(['fed']);
  });

  it.each<[what: string, said: () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a text', () => String(seconds())],
    ['milliseconds', () => seconds() * 1000],
    ['0', () => 0],
    ['a time before 1970', () => -1],
    ['a list', () => [seconds()]],
    ['a time to come, beyond what clocks differ by', () => seconds(61)],
    ['a time in a hundred years', () => seconds(100 * 365 * 86_400)],
  ])('a provider that says %s of when it was has proven nothing of a moment ago', async (_, said) => {
    await known();
    says(said());
    const browser = await logIn('outside');
    expect(await sensitive(browser)).toEqual(NOT_ASKED);
    expect(await provenAt(browser)).toBe(NEVER);
  });

  it('a clock there that is a little ahead makes no login later than now', async () => {
    await known();
    says(seconds(60));
    const browser = await logIn('outside');
    expect(await sensitive(browser)).toEqual([200]);
    expect(new Date(await provenAt(browser)).getTime()).toBeLessThanOrEqual(app.clock.now().getTime());
  });

  it('a new login there, when the user is sent for it, is a fresh proof', async () => {
    await known();
    provider.loggedInAt = app.clock.in(-HOUR);
    const browser = await logIn('outside');
    expect(await sensitive(browser)).toEqual(NOT_ASKED);
    expect(await stepUp(browser)).toEqual({});
    expect(await sensitive(browser)).toEqual([200]);
  });

  it('a clock there that is behind makes no new login older than the step-up', async () => {
    await known();
    const browser = await logIn('outside');
    says(seconds(-59));
    const begun = app.clock.now().getTime();
    expect(await stepUp(browser)).toEqual({});
    expect(new Date(await provenAt(browser)).getTime()).toBeGreaterThanOrEqual(begun);
  });

  it.each<[what: string, said: () => unknown, reason: string]>([
    ['no time', () => undefined, 'no_time_of_login'],
    ['an old one', () => seconds(-61), 'login_is_not_new'],
    ['one that is yet to come', () => seconds(61), 'no_time_of_login'],
  ])('a step-up whose provider says %s is none, and the session stays as it was', async (_, said, reason) => {
    await known();
    provider.loggedInAt = app.clock.in(-HOUR);
    const browser = await logIn('outside');
    const before = await on.refusals(reason);
    says(said());
    expect(await stepUp(browser)).toEqual({ error: 'invalid_credentials' });
    expect(await on.refusals(reason)).toBe(before + 1);
    expect(await sensitive(browser)).toEqual(NOT_ASKED);
  });

  it('an admin may take a new login without its time; not one that is said to be old', async () => {
    await known('trusted');
    says(undefined);
    const browser = await logIn('trusted');
    expect(await sensitive(browser)).toEqual(NOT_ASKED);
    expect(await stepUp(browser, 'trusted')).toEqual({});
    expect(await sensitive(browser)).toEqual([200]);
    says(seconds(-HOUR));
    expect(await stepUp(browser, 'trusted')).toEqual({ error: 'invalid_credentials' });
  });

  it('a provider that never asks anew confirms no user, unless an admin trusts it', async () => {
    await known('github', gitHub);
    const browser = await logIn('github');
    expect(await sensitive(browser)).toEqual(NOT_ASKED);
    const refused = await browser.post('/auth/step-up/federated', { connection: 'github', returnTo: RETURN });
    expect([refused.status, refused.body.errors[0].rule]).toEqual([400, 'confirms']);
    await known('github-trusted', gitHub);
    const trusted = await logIn('github-trusted');
    expect(await sensitive(trusted)).toEqual(NOT_ASKED);
    expect(await stepUp(trusted, 'github-trusted')).toEqual({});
    expect(await sensitive(trusted)).toEqual([200]);
  });

  it('a user who has just got an account by such a login may set it up', async () => {
    expect(await sensitive(await logIn('github'))).toEqual([200]);
    says(undefined);
    const browser = await logIn('outside');
    expect((await setUpTotp(app, browser)).reply.status).toBe(200);
  });

  it('a single sign-on that makes an account is as old as it is said to be', async () => {
    provider.loggedInAt = app.clock.in(-HOUR);
    expect(await sensitive(await logIn('outside'))).toEqual(NOT_ASKED);
  });

  it('a second factor that is proven here is a fresh proof, whatever the provider says', async () => {
    const { email } = await known();
    const browser = await logIn('outside');
    const { secret } = await setUpTotp(app, browser);
    provider.chosen = provider.addPerson({ email });
    says(undefined);
    app.clock.advance(30);
    const again = app.client();
    const { said } = endOf(await on.logIn(again, 'outside', { returnTo: RETURN }));
    const proof = { loginToken: said.loginToken, factor: 'totp', code: codeAt(secret, app.clock.now()) };
    expect((await again.post('/auth/login/factor', proof)).status).toBe(200);
    await carry(again);
    expect(await sensitive(again)).toEqual([200]);
  });

  it('a session that may only enrol is no dead end: a new login there confirms the user, and nothing else opens', async () => {
    const { email } = await known();
    await on.tables.query(`UPDATE coatcheck.users SET roles = '{staff}' WHERE email = $1`, [email]);
    provider.loggedInAt = app.clock.in(-HOUR);
    const browser = app.client();
    const { said } = endOf(await on.logIn(browser, 'outside', { returnTo: RETURN }));
    expect(said).toEqual({ status: 'enrolment_required', factors: 'totp,passkey' });
    await carry(browser);
    const early = await browser.post('/auth/factors/totp', {});
    expect([early.status, early.body.code]).toEqual(NOT_ASKED);
    expect(await stepUp(browser)).toEqual({ status: 'enrolment_required', factors: 'totp,passkey' });
    expect((await browser.get('/auth/sessions')).status).toBe(403);
    expect((await setUpTotp(app, browser)).reply.status).toBe(200);
    await carry(browser);
    expect((await browser.get('/auth/sessions')).status).toBe(200);
  });

  describe('who has no password', () => {
    const remove = async (browser: TestClient) => {
      const { status, body } = await browser.request('DELETE', '/auth/me', {});
      return status === 204 ? [204] : [status, body.code];
    };
    const move = async (browser: TestClient, password?: string) => {
      const email = provider.addPerson().email;
      const { status, body } = await browser.post('/auth/email/change', { email, password });
      return status === 202 ? [202] : [status, body.code];
    };
    const idOf = async (browser: TestClient) => (await browser.get('/auth/me')).body.user.id as string;
    const isThere = async (id: string) =>
      (await on.tables.query('SELECT FROM coatcheck.users WHERE id = $1', [id])).length === 1;

    it('deletes the account by a new login elsewhere; a login, however fresh, is none, and one of long ago no more', async () => {
      const browser = await logIn('outside');
      const id = await idOf(browser);
      app.clock.advance(2);
      expect(await remove(browser)).toEqual(NOT_ASKED);
      expect(await stepUp(browser)).toEqual({});
      app.clock.advance(300);
      if (strategy === 'jwt') await carry(browser);
      expect(await remove(browser)).toEqual(NOT_ASKED);
      expect(await isThere(id)).toBe(true);
      expect(await stepUp(browser)).toEqual({});
      expect(await remove(browser)).toEqual([204]);
      expect(await isThere(id)).toBe(false);
    });

    it('by a login of the same user in the same browser that confirms nothing, deletes nothing', async () => {
      const browser = await logIn('outside');
      app.clock.advance(2);
      await logIn('outside', browser);
      expect(await remove(browser)).toEqual(NOT_ASKED);
    });

    it('with a second factor deletes it by a new login elsewhere and that factor, on a remembered device too', async () => {
      const browser = await logIn('outside');
      const id = await idOf(browser);
      const { secret } = await setUpTotp(app, browser);
      for (const rememberDevice of [true, false]) {
        app.clock.advance(30);
        expect(await remove(browser)).toEqual(NOT_ASKED);
        const said = await stepUp(browser);
        expect(said).toMatchObject({ status: 'factor_required' });
        const code = codeAt(secret, app.clock.now());
        const proof = { loginToken: (said as { loginToken: string }).loginToken, factor: 'totp', code, rememberDevice };
        expect((await browser.post('/auth/login/factor', proof)).status).toBe(200);
        await carry(browser);
        if (rememberDevice) app.clock.advance(300);
      }
      expect(await remove(browser)).toEqual([204]);
      expect(await isThere(id)).toBe(false);
    });

    it('changes the address by a new login elsewhere, and by no other login', async () => {
      const browser = await logIn('outside');
      app.clock.advance(2);
      expect(await move(browser)).toEqual(NOT_ASKED);
      expect(await move(browser, 'no password is right')).toEqual([401, 'invalid_credentials']);
      expect(await stepUp(browser)).toEqual({});
      expect(await move(browser)).toEqual([202]);
    });

    it('makes an API key and sets a first second factor up after a new login elsewhere', async () => {
      await known();
      provider.loggedInAt = app.clock.in(-HOUR);
      const browser = await logIn('outside');
      const key = () => browser.post('/auth/api-keys', { name: 'mine', scopes: [] });
      const refused = await key();
      expect([refused.status, refused.body.code]).toEqual(NOT_ASKED);
      const early = await browser.post('/auth/factors/totp', {});
      expect([early.status, early.body.code]).toEqual(NOT_ASKED);
      expect(await stepUp(browser)).toEqual({});
      expect((await key()).status).toBe(201);
      expect((await setUpTotp(app, browser)).reply.status).toBe(200);
    });

    it('whoever has one gives it: a new login elsewhere stands for it neither to delete the account nor to change the address', async () => {
      const user = await app.logIn({ strategy, transport: 'cookie' });
      provider.chosen = provider.addPerson({ email: user.email });
      await logIn('outside', user);
      app.clock.advance(2);
      expect(await stepUp(user)).toEqual({});
      expect(await remove(user)).toEqual(NOT_ASKED);
      expect(await move(user)).toEqual([400, 'validation_failed']);
      expect(await isThere(user.userId)).toBe(true);
    });
  });
});
