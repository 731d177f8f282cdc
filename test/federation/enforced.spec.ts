import { type AuthTestApp, type FakeProvider, startFakeProvider } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';
import { ask, askAndRead, enter, told } from '../mailbox/mailbox-reader.js';
import { endOf, Federation } from './setting.js';

const RETURN = 'http://localhost:3000/done';
const PASSWORD = 'an engine weaves algebra';
const ONE_ANSWER = [401, 'invalid_credentials'];

describe('a connection that is enforced', () => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: Federation;
  let id: string;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ mailPollSeconds: 3600, mailLogin: 'both', pages: 'on', usernames: true });
    provider = await startFakeProvider({ clock: app.clock });
    on = new Federation(app);
    id = await on.connect(provider, {
      slug: 'corp',
      label: 'Corp',
      vouchesForEmail: ['corp.example'],
      domains: ['corp.example'],
    });
  });
  afterAll(async () => {
    await app.close();
    await provider.stop();
  });
  beforeEach(() => on.change(id, { enforced: false, enforcedExcept: [] }));

  let users = 0;
  const register = (domain = 'corp.example') =>
    app.register({ email: `user-${++users}@${domain}`, password: PASSWORD });
  const byPassword = async (email: string, password = PASSWORD) => {
    const { status, body } = await app.client().post('/auth/login', { email, password });
    return status === 200 ? status : [status, body.code];
  };
  const subjects = async (email: string) => (await app.mails(email)).map(({ subject }) => subject);

  it('takes the place of the password at its domains, at once, with the usual answer', async () => {
    const { email } = await register();
    const outside = await register('other.example');
    const below = await register('sub.corp.example');
    expect(await byPassword(email)).toBe(200);
    await on.change(id, { enforced: true });
    expect(await byPassword(email)).toEqual(ONE_ANSWER);
    expect(await byPassword(email, 'wrong')).toEqual(ONE_ANSWER);
    expect(await byPassword('nobody@corp.example')).toEqual(ONE_ANSWER);
    expect(await byPassword(outside.email)).toBe(200);
    expect(await byPassword(below.email)).toBe(200);
    provider.chosen = provider.addPerson({ email });
    const browser = app.client();
    expect(endOf(await on.logIn(browser, 'corp', { returnTo: RETURN })).said).toEqual({});
    expect((await browser.get('/auth/me')).body.user.email).toBe(email);
    await on.change(id, { enforced: false });
    expect(await byPassword(email)).toBe(200);
  });

  it('is got round by no username, and by no mail to sign in with, also one from before', async () => {
    const { email } = await register();
    const user = await app.logInAgain({ email, password: PASSWORD });
    expect((await user.put('/auth/username', { username: 'corporate' })).status).toBe(200);
    const [asker, other] = [app.client(), app.client()];
    const { code } = await askAndRead(app, asker, email);
    const { token } = await askAndRead(app, other, email);
    await on.change(id, { enforced: true });
    expect(told(await enter(asker, { code }))).toBe('401 invalid_credentials');
    expect(told(await enter(other, { token }))).toBe('401 invalid_credentials');
    const byName = await app.client().post('/auth/login', { username: 'corporate', password: PASSWORD });
    expect([byName.status, byName.body.code]).toEqual(ONE_ANSWER);
    const late = await app.register({ email: `user-${++users}@other.example`, password: PASSWORD });
    const [here, there] = [await ask(app.client(), email), await ask(app.client(), late.email)];
    expect([here.status, Object.keys(here.body)]).toEqual([there.status, Object.keys(there.body)]);
    expect((await subjects(email))[0]).toBe('You sign in with Corp');
    await on.change(id, { enforced: false });
    // Refused, and not used up.
    expect(told(await enter(other, { token }))).toBe('200 authenticated');
  });

  it('is got round by no passkey, which is good for a second factor and a step-up still', async () => {
    const { email } = await register();
    const holder = new PasskeyHolder(app, await app.logInAgain({ email, password: PASSWORD }));
    expect((await holder.register()).status).toBe(201);
    await on.change(id, { enforced: true });
    const before = await on.refusals('login_prescribed');
    const answers = async (wrong?: { signature: 'flipped' }) => {
      const { status, headers, body } = await holder.logIn({ wrong });
      const { requestId: _, ...said } = body;
      return [status, headers.getSetCookie().length, said];
    };
    const refused = await answers();
    expect(refused).toEqual(await answers({ signature: 'flipped' }));
    expect(refused.slice(0, 1)).toEqual([401]);
    expect(await on.refusals('login_prescribed')).toBe(before + 1);
    provider.chosen = provider.addPerson({ email });
    const browser = app.client();
    const loginToken = endOf(await on.logIn(browser, 'corp', { returnTo: RETURN })).said.loginToken!;
    expect((await holder.proceed(browser, loginToken)).status).toBe(200);
    const { body: options } = await browser.post('/auth/step-up/passkey/options');
    const credential = holder.authenticator.get(options);
    expect((await browser.post('/auth/step-up', { factor: 'passkey', credential })).status).toBe(200);
    const userId = (await on.userIdOf(email))!;
    const boss = await app.actAs({ roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
    await boss.put(`/admin/users/${userId}/roles`, { roles: ['admin'] });
    await on.change(id, { enforced: true, enforcedExcept: [userId] });
    expect((await holder.logIn()).status).toBe(200);
  });

  it('is got round by no login at another connection, which makes no user either', async () => {
    const { email } = await register();
    const other = await on.connect(provider, { slug: 'other', vouchesForEmail: true, jitProvisioning: 'on' });
    const person = provider.addPerson({ email });
    const logIn = async (slug: string, who = person) => (await on.logInAs(provider, slug, who)).said;
    expect(await logIn('other')).toEqual({});
    await on.change(id, { enforced: true });
    const before = await on.refusals('login_prescribed');
    expect(await logIn('other')).toEqual({ error: 'invalid_credentials' });
    const address = 'newcomer-elsewhere@corp.example';
    const newcomer = provider.addPerson({ email: address });
    expect(await logIn('other', newcomer)).toEqual({ error: 'invalid_credentials' });
    expect(await on.userIdOf(address)).toBeNull();
    expect(await on.refusals('login_prescribed')).toBe(before + 2);
    const { said, browser } = await on.logInAs(provider, 'corp', person);
    expect(said).toEqual({});
    const { identities } = (await browser.get('/auth/identities')).body;
    const { id: linked } = identities.find(({ connection }: { connection: string }) => connection === 'corp');
    expect((await browser.delete(`/auth/identities/${linked}`)).body.code).toBe('conflict');
    await on.disable(other);
  });

  it('is got round by no login that waited for its second factor', async () => {
    const { email } = await register();
    const holder = new PasskeyHolder(app, await app.logInAgain({ email, password: PASSWORD }));
    expect((await holder.register()).status).toBe(201);
    const browser = app.client();
    const loginToken = await holder.begin(browser);
    await on.change(id, { enforced: true });
    const before = await on.refusals('login_prescribed');
    expect((await holder.proceed(browser, loginToken)).body.code).toBe('invalid_credentials');
    expect(await on.refusals('login_prescribed')).toBe(before + 1);
  });

  it('excepts the admins that are named, as long as they are admins', async () => {
    const { email } = await register();
    const boss = await app.actAs({ roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
    const userId = (await on.userIdOf(email))!;
    await on.change(id, { enforced: true, enforcedExcept: [userId] });
    expect(await byPassword(email)).toEqual(ONE_ANSWER);
    await boss.put(`/admin/users/${userId}/roles`, { roles: ['admin'] });
    expect(await byPassword(email)).toBe(200);
    await boss.put(`/admin/users/${userId}/roles`, { roles: [] });
    expect(await byPassword(email)).toEqual(ONE_ANSWER);
  });

  it('takes no registration and resets no password: the mailbox is told where to sign in', async () => {
    const { email } = await register();
    await on.change(id, { enforced: true });
    const newcomer = 'newcomer@corp.example';
    const registered = await app.client().post('/auth/register', { email: newcomer, password: PASSWORD });
    const elsewhere = await app
      .client()
      .post('/auth/register', { email: 'newcomer@other.example', password: PASSWORD });
    expect([registered.status, registered.body]).toEqual([elsewhere.status, elsewhere.body]);
    expect(await subjects(newcomer)).toEqual(['You sign in with Corp']);
    await on.change(id, { enforced: false });
    expect(await byPassword(newcomer)).toEqual(ONE_ANSWER);
    await on.change(id, { enforced: true });
    const forgot = await app.client().post('/auth/password/forgot', { email });
    const unknown = await app.client().post('/auth/password/forgot', { email: 'nobody@other.example' });
    expect([forgot.status, forgot.body]).toEqual([unknown.status, unknown.body]);
    expect((await subjects(email)).slice(0, 1)).toEqual(['You sign in with Corp']);
  });

  it('is left by no change of address that was asked for before', async () => {
    const { email } = await register();
    const user = await app.logInAgain({ email, password: PASSWORD });
    const away = `user-${++users}@other.example`;
    expect((await user.post('/auth/email/change', { email: away, password: PASSWORD })).status).toBe(202);
    const token = await app.mailedToken(away);
    const confirm = async () => {
      const { status, body } = await app.client().post('/auth/email/change/confirm', { token });
      return status === 204 ? status : [status, body.code];
    };
    await on.change(id, { enforced: true });
    expect(await confirm()).toEqual([400, 'invalid_token']);
    expect(await byPassword(away)).toEqual(ONE_ANSWER);
    await on.change(id, { enforced: false });
    // Refused, and not used up.
    expect(await confirm()).toBe(204);
    expect(await byPassword(away)).toBe(200);
  });

  it('a link to a new password from before is good no more', async () => {
    const { email } = await register();
    await app.client().post('/auth/password/forgot', { email });
    const token = await app.mailedToken(email);
    await on.change(id, { enforced: true });
    const { status, body } = await app
      .client()
      .post('/auth/password/reset', { token, password: 'another engine weaves' });
    expect([status, body.code]).toEqual([400, 'invalid_token']);
    await on.change(id, { enforced: false });
    expect(await byPassword(email)).toBe(200);
  });

  it('a password is no fresh proof there either, and a login there is: a user who logs in there sets up a second factor', async () => {
    const { email } = await register();
    await on.change(id, { enforced: true });
    provider.chosen = provider.addPerson({ email });
    const browser = app.client();
    await on.logIn(browser, 'corp', { returnTo: RETURN });
    const stepped = await browser.post('/auth/step-up', { password: PASSWORD });
    expect([stepped.status, stepped.body.code]).toEqual(ONE_ANSWER);
    expect((await browser.post('/auth/factors/totp', {})).status).toBe(200);
    app.clock.advance(601);
    expect((await browser.post('/auth/factors/totp', {})).body.code).toBe('step_up_required');
  });

  it('finds the connection of an address, whether or not it has a user, and none for a domain of no connection', async () => {
    const { email } = await register();
    const ask = async (address: string) => {
      const { status, body } = await app.client().post('/auth/login/federated', { email: address, returnTo: RETURN });
      return [status, body.authorizationUrl && new URL(body.authorizationUrl).origin];
    };
    const found = [200, new URL(provider.issuer).origin];
    for (const address of [email, 'nobody@corp.example', 'Nobody@CORP.example'])
      expect(await ask(address)).toEqual(found);
    const { email: stranger } = await register('other.example');
    for (const address of [stranger, 'nobody@other.example', 'x@sub.corp.example', 'x@notcorp.example'])
      expect(await ask(address)).toEqual([200, null]);
  });
});
