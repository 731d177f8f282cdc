import { PasskeyStore } from '../../src/factors/passkey/passkey.store.js';
import { type AuthTestApp, SoftwareAuthenticator, type TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { setUpTotp } from './authenticator-app.js';
import { overStoresAndStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';
import { ORIGIN, PasskeyHolder } from './passkey-holder.js';

const phone = () => new SoftwareAuthenticator({ origin: ORIGIN });
const TELLS = [expect.objectContaining({ automatic: true })];

// A challenge is consumed where sessions are kept, and what ends nothing is seen by each strategy's tickets.
overStoresAndStrategies((sessionStore, strategy) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: [strategy], sessionStore });
  });
  afterAll(() => app.close());

  const stored = (user: TestUser) => app.app.get(PasskeyStore, { strict: false }).listOf(user.userId);

  it('a passkey that the browser creates by itself ends no session, and its user is told', async () => {
    const user = await app.logIn({ strategy });
    const other = await app.logInAgain({ ...user, strategy });
    const holder = new PasskeyHolder(app, user, phone());
    const made = await holder.upgrade();
    expect([made.status, made.body.automatic, made.body.accessToken]).toEqual([201, true, undefined]);
    for (const client of [user, other]) expect((await client.get('/auth/me')).status).toBe(200);
    expect(await stored(user)).toEqual(TELLS);
    const mails = await app.mails(user.email);
    expect(mails.filter(({ text }) => /passkey was added/i.test(text))).toHaveLength(1);
    const { body } = await user.get('/auth/factors');
    expect(body.factors).toEqual([expect.objectContaining({ factor: 'passkey', beginsOnly: true })]);
  });

  it('logs in alone where it verifies its user, and not without', async () => {
    const holder = new PasskeyHolder(app, await app.logIn({ strategy }), phone());
    await holder.upgrade();
    const transport = strategy === 'jwt' ? 'body' : undefined;
    const refused = await holder.logIn({ strategy, transport, wrong: { userVerified: false } });
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_credentials']);
    const { status, body } = await holder.logIn({ strategy, transport });
    expect([status, body.status, body.session.amr]).toEqual([
      200,
      'authenticated',
      expect.arrayContaining(['pop', 'mfa']),
    ]);
  });

  it('no login asks for it after the password, and the password alone still changes what it could', async () => {
    const holder = new PasskeyHolder(app, await app.logIn({ strategy }), phone());
    await holder.upgrade();
    const again = await app.logInAgain({ ...holder.user, strategy });
    expect((await again.get('/auth/me')).body.session.amr).toEqual(['pwd']);
    const reply = await again.post('/auth/factors/passkeys/options', { password: holder.user.password });
    expect(reply.status).toBe(200);
  });

  it('of 10 registrations with one of its challenges one succeeds', async () => {
    const holder = new PasskeyHolder(app, await app.logIn({ strategy }), phone());
    const options = await holder.creationOptions('conditional');
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => {
        const credential = holder.authenticator.create(options, { userPresent: false });
        const client = holder.user.copyInto(app.client(holder.user.defaults));
        return client.post('/auth/factors/passkeys', { credential });
      }),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await stored(holder.user)).toHaveLength(1);
  });
});

describe('a passkey that the browser creates by itself', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'], secondFactorRoles: ['staff'] });
  });
  afterAll(() => app.close());

  const optionsFor = (user: TestUser, body: object) => user.post('/auth/factors/passkeys/options', body);
  const listed = async (user: TestUser) => (await user.get('/auth/factors/passkeys')).body.passkeys;

  it('needs the password, whatever the session has proven', async () => {
    const user = await app.logIn();
    const absent = await optionsFor(user, { mediation: 'conditional' });
    expect([absent.status, absent.body.errors[0].field]).toEqual([400, 'password']);
    const wrong = await optionsFor(user, { mediation: 'conditional', password: 'not the password' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    for (const mediation of ['silent', null, ['conditional'], ''])
      expect((await optionsFor(user, { mediation, password: user.password })).status).toBe(400);
  });

  it('must be discoverable; a challenge that asks a person takes no answer without one', async () => {
    const holder = new PasskeyHolder(app, await app.logIn(), phone());
    const { authenticatorSelection } = await holder.creationOptions('conditional');
    expect(authenticatorSelection).toMatchObject({ residentKey: 'required', requireResidentKey: true });
    const silent = await holder.register({ wrong: { userPresent: false, userVerified: false } });
    expect([silent.status, silent.body.errors[0].field]).toEqual([400, 'credential']);
    expect(await listed(holder.user)).toEqual([]);
  });

  it('counts as no factor also where a person was there, so that what was asked for decides', async () => {
    const holder = new PasskeyHolder(app, await app.logIn(), phone());
    const { status, body } = await holder.upgrade({ userPresent: true, userVerified: true });
    expect([status, body.automatic]).toEqual([201, true]);
    const again = await app.logInAgain(holder.user);
    expect((await again.get('/auth/me')).body.session.amr).toEqual(['pwd']);
  });

  it('is made by a user with a second factor only after a fresh proof of that', async () => {
    const user = await app.logIn();
    await setUpTotp(app, user);
    app.clock.advance(3600);
    const reply = await optionsFor(user, { mediation: 'conditional', password: user.password });
    expect([reply.status, reply.body.code]).toEqual([403, 'step_up_required']);
  });

  it('satisfies no policy: a session that may only enrol cannot make it, and one that was made suffices for nothing', async () => {
    const user = await app.logIn();
    await new PasskeyHolder(app, user, phone()).upgrade();
    await app.app.get(UserStore, { strict: false }).update(user.userId, { roles: ['staff'] });
    const client = app.client();
    const { body } = await client.post('/auth/login', { email: user.email, password: user.password });
    expect(body.status).toBe('enrolment_required');
    const reply = await client.post('/auth/factors/passkeys/options', {
      mediation: 'conditional',
      password: user.password,
    });
    expect([reply.status, reply.body.code]).toEqual([403, 'forbidden']);
  });

  it('can be removed by its user, without a second factor', async () => {
    const user = await app.logIn();
    const holder = new PasskeyHolder(app, user, phone());
    await holder.upgrade();
    const [made] = await listed(holder.user);
    expect([200, 204]).toContain((await holder.remove(made.id)).status);
    expect(await listed(holder.user)).toEqual([]);
  });

  it('goes with the link "this was not me" of its notice', async () => {
    const user = await app.logIn();
    const holder = new PasskeyHolder(app, user, phone());
    await holder.upgrade();
    const [notice] = (await app.mails(user.email)).filter(({ text }) => /passkey was added/i.test(text));
    const token = /token=([\w.-]+)/.exec(notice!.text)?.[1];
    expect((await app.client().post('/auth/security/not-me', { token })).status).toBe(204);
    expect((await holder.logIn()).status).toBe(401);
  });
});
