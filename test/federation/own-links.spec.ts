import {
  type AuthTestApp,
  type FakeProvider,
  startFakeProvider,
  type TestClient,
  type TestUser,
} from '../../src/testing/index.js';
import { takeTokens } from '../flows/authenticator-app.js';
import { overStrategies } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { endOf, Federation } from './setting.js';

const RETURN = 'http://localhost:3000/done';
/** As many flows as two browsers keep. */
const MANY = 12;
/** Past `STEP_UP_SECONDS`. */
const NO_LONGER_FRESH_SECONDS = 601;

let people = 0;

overStrategies((strategy) => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: Federation;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: [strategy], mailPollSeconds: 3600 });
    provider = await startFakeProvider({ clock: app.clock });
    on = new Federation(app);
    await on.connect(provider, { slug: 'outside', vouchesForEmail: true, jitProvisioning: 'on' });
  });
  afterAll(async () => {
    await app.close();
    await provider.stop();
  });

  const logIn = () => app.logIn({ strategy });
  const newPerson = () => {
    people += 1;
    provider.chosen = provider.addPerson({ email: `somebody-${people}@outside.example` });
    return provider.chosen;
  };

  async function begin(user: TestClient): Promise<URL> {
    const { status, body, text } = await user.post('/auth/identities', { connection: 'outside', returnTo: RETURN });
    if (status !== 200) throw new Error(text);
    return new URL(body.authorizationUrl);
  }

  async function link(user: TestClient) {
    return endOf(await on.follow(user, await on.answer(await begin(user))));
  }

  /** A user who has nothing but a linked login, and the browser they are logged in with. */
  async function federatedOnly() {
    const person = newPerson();
    const browser = app.client();
    await on.logIn(browser, 'outside', { returnTo: RETURN });
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
    const { body } = await browser.get('/auth/me');
    return { person, browser, userId: body.user.id as string };
  }

  const listed = async (user: TestClient) => (await user.get('/auth/identities')).body.identities;

  it('a login that a user links logs them in, whatever its address; the others hear of it and end', async () => {
    const user = await logIn();
    const another = await app.logInAgain({ ...user, strategy });
    const person = newPerson();
    expect(await link(user)).toEqual({ status: 303, to: RETURN, said: {} });
    expect(await listed(user)).toEqual([
      expect.objectContaining({ connection: 'outside', email: person.email, usable: true, lastUsedAt: null }),
    ]);
    expect((await another.get('/auth/me')).body.code).toBe('session_ended');
    expect((await app.mails(user.email)).map(({ subject }) => subject)).toContain('A way to sign in has changed');
    const browser = app.client();
    await on.logIn(browser, 'outside', { returnTo: RETURN });
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
    expect((await browser.get('/auth/me')).body.user.id).toBe(user.userId);
  });

  it('has the user prove anew who they are there, and here (FED-07)', async () => {
    const user = await logIn();
    newPerson();
    const url = await begin(user);
    expect([url.searchParams.get('prompt'), url.searchParams.get('max_age')]).toEqual(['login', '0']);
    app.clock.advance(NO_LONGER_FRESH_SECONDS);
    const late = await user.post('/auth/identities', { connection: 'outside', returnTo: RETURN });
    if (late.body.code === 'token_expired') return;
    expect([late.status, late.body.code]).toEqual([403, 'step_up_required']);
  });

  it.each([
    ['an old login there', { auth_time: 1 }],
    ['a login there without a known time', { auth_time: undefined }],
  ])('links nothing after %s (FED-07)', async (_, claims) => {
    const user = await logIn();
    newPerson();
    provider.wrong = { idToken: { claims } };
    const end = await link(user);
    provider.wrong = {};
    expect(end.said).toEqual({ error: 'invalid_credentials' });
    expect(await listed(user)).toEqual([]);
  });

  it('neither half a login nor a foreign page begins a link (FED-07)', async () => {
    const user = await logIn();
    const nobody = await app.client().post('/auth/identities', { connection: 'outside', returnTo: RETURN });
    expect([nobody.status, nobody.body.code]).toEqual([401, 'unauthenticated']);
    const cookies = user.copy();
    delete cookies.defaults.authorization;
    const foreign = await cookies.post(
      '/auth/identities',
      { connection: 'outside', returnTo: RETURN },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    );
    expect(['csrf_rejected', 'unauthenticated']).toContain(foreign.body.code);
  });

  it('links nothing to a session that has ended on the way, and nothing in another browser (FED-01, FED-07)', async () => {
    const user = await logIn();
    newPerson();
    const callback = await on.answer(await begin(user));
    const browser = user.copy();
    expect(endOf(await on.follow(app.client(), callback)).said.error ?? 'page').not.toBe('');
    await user.post('/auth/logout');
    expect(endOf(await on.follow(browser, callback)).said).toEqual({ error: 'invalid_credentials' });
    expect(await on.subjectsOf(user.userId)).toEqual([]);
  });

  it('a flow for a login links nothing, and one for a link logs no user in', async () => {
    const { person, browser } = await federatedOnly();
    const user = await logIn();
    newPerson();
    const forLink = await on.answer(await begin(user));
    const stranger = app.client();
    // All the cookies of the browser but that of the session.
    const state = forLink.searchParams.get('state')!;
    const name = `federated-${state.slice(0, 8)}`;
    const cookie = `${name}=${user.cookie(name)}`;
    const reply = await stranger.get(forLink.pathname + forLink.search, { cookie });
    expect(reply.setCookies.filter((line) => !line.startsWith(name))).toEqual([]);
    expect(await on.subjectsOf(user.userId)).toHaveLength(1);
    expect(await listed(browser)).toHaveLength(1);
    expect(person.subject).not.toBe('');
  });

  it(`of ${MANY} links of one identity to two users at once one is made (FED-07)`, async () => {
    const users = [await logIn(), await logIn()];
    const person = newPerson();
    const callbacks: { user: TestUser; callback: URL }[] = [];
    for (let i = 0; i < MANY; i++) {
      const user = users[i % 2]!;
      callbacks.push({ user, callback: await on.answer(await begin(user)) });
    }
    const ends = await Promise.all(
      callbacks.map(async ({ user, callback }) => endOf(await on.follow(user, callback)).said),
    );
    expect(ends.filter((said) => said.error === undefined)).toHaveLength(1);
    expect(ends.filter((said) => said.error !== undefined)).toHaveLength(MANY - 1);
    const [{ count }] = await on.tables.query(
      'SELECT count(*)::integer AS count FROM coatcheck.federated_identities WHERE subject = $1',
      [person.subject],
    );
    expect(count).toBe(1);
  });

  it('an identity of a user stays theirs', async () => {
    const { userId, person } = await federatedOnly();
    const thief = await logIn();
    provider.chosen = person;
    expect((await link(thief)).said).toEqual({ error: 'invalid_credentials' });
    expect(await on.subjectsOf(userId)).toEqual([person.subject]);
    expect(await listed(thief)).toEqual([]);
  });

  it('an unlinked login logs no user in', async () => {
    const user = await logIn();
    newPerson();
    await link(user);
    const [{ id }] = await listed(user);
    const removed = await user.delete(`/auth/identities/${id}`, { 'content-type': 'application/json' });
    expect(removed.status).toBeLessThan(300);
    expect(await on.subjectsOf(user.userId)).toEqual([]);
    const browser = app.client();
    await on.logIn(browser, 'outside', { returnTo: RETURN });
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
    expect((await browser.get('/auth/me')).body.user.id).not.toBe(user.userId);
  });

  it('the session that rests on what it unlinks ends with it, whatever was proven in it besides', async () => {
    const user = await logIn();
    const person = newPerson();
    await link(user);
    const browser = app.client();
    await on.logIn(browser, 'outside', { returnTo: RETURN });
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
    takeTokens(browser, await browser.post('/auth/step-up', { password: user.password }));
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
    expect((await browser.get('/auth/me')).body).toMatchObject({
      user: { id: user.userId },
      session: { amr: ['pwd'] },
    });
    const [{ id }] = await listed(browser);
    const removed = await browser.delete(`/auth/identities/${id}`, { 'content-type': 'application/json' });
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect(await on.subjectsOf(user.userId)).not.toContain(person.subject);
    expect((await browser.get('/auth/me')).status).toBe(401);
    expect((await user.get('/auth/me')).status).toBe(401);
    const [{ count }] = await on.tables.query(
      `SELECT count(*)::integer AS count FROM coatcheck.sessions WHERE user_id = $1 AND ended_at IS NULL
          AND epoch_sum = (SELECT session_epoch FROM coatcheck.users WHERE id = $1)`,
      [user.userId],
    );
    expect(count).toBe(0);
  });

  it('a session that rests on another login goes on, and still rests on that', async () => {
    const { browser, userId } = await federatedOnly();
    newPerson();
    // They are listed by age.
    app.clock.advance(1);
    await link(browser);
    const [first, second] = await listed(browser);
    expect((await browser.delete(`/auth/identities/${second.id}`)).status).toBe(204);
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
    expect((await browser.get('/auth/me')).body.user.id).toBe(userId);
    const resting = await on.tables.query(
      `SELECT identity_id AS id FROM coatcheck.federated_logins JOIN coatcheck.federated_sessions ON login_id = id
        WHERE session_id = $1`,
      [(await browser.get('/auth/me')).body.session.id],
    );
    expect(resting).toEqual([{ id: first.id }]);
  });

  it('the last way in is not unlinked, and another user’s is not there (FED-12)', async () => {
    const { browser, userId, person } = await federatedOnly();
    const [{ id }] = await listed(browser);
    const last = await browser.delete(`/auth/identities/${id}`);
    expect([last.status, last.body.code]).toEqual([409, 'conflict']);
    const stranger = await logIn();
    const foreign = await stranger.delete(`/auth/identities/${id}`);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found']);
    expect(await on.subjectsOf(userId)).toEqual([person.subject]);
  });

  it('of the last two, unlinked at once, one stays (FED-12)', async () => {
    const { browser, userId } = await federatedOnly();
    newPerson();
    await link(browser);
    const linked = await listed(browser);
    expect(linked).toHaveLength(2);
    const replies = await Promise.all(
      linked.map(({ id }: { id: string }) => browser.copy().delete(`/auth/identities/${id}`)),
    );
    expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(await on.subjectsOf(userId)).toHaveLength(1);
  });

  it('a login under way while it is unlinked leaves no session', async () => {
    const user = await logIn();
    newPerson();
    await link(user);
    const [{ id }] = await listed(user);
    const browsers = Array.from({ length: 6 }, () => app.client());
    const callbacks = await Promise.all(
      browsers.map(async (browser) => on.answer(await on.begin(browser, 'outside', { returnTo: RETURN }))),
    );
    const [removed, ...ends] = await Promise.all([
      user.delete(`/auth/identities/${id}`),
      ...browsers.map((browser, i) => on.follow(browser, callbacks[i]!)),
    ]);
    expect(removed.status).toBeLessThan(300);
    expect(ends.map(({ status }) => status)).toEqual(Array(6).fill(303));
    for (const browser of browsers) {
      if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
      expect((await browser.get('/auth/me')).body.user?.id).not.toBe(user.userId);
    }
  });

  it('an admin who acts as a user links and unlinks nothing', async () => {
    const user = await logIn();
    const boss = await app.actAs({
      roles: ['admin'],
      strategy,
      amr: ['pwd', 'otp', 'mfa'],
      transport: strategy === 'jwt' ? 'body' : undefined,
    });
    const acting = await boss.post(`/admin/users/${user.userId}/impersonate`, { reason: 'a test' });
    expect(acting.status).toBe(200);
    takeTokens(boss, acting);
    const { status, body } = await boss.post('/auth/identities', { connection: 'outside', returnTo: RETURN });
    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect((await boss.get('/auth/identities')).status).toBe(200);
  });

  it('a new login there is a fresh proof of the user who is logged in, and of no other', async () => {
    const { browser, person, userId } = await federatedOnly();
    const stepUp = async () => {
      const { body } = await browser.post('/auth/step-up/federated', { connection: 'outside', returnTo: RETURN });
      const url = new URL(body.authorizationUrl);
      expect(url.searchParams.get('max_age')).toBe('0');
      return endOf(await on.follow(browser, await on.answer(url))).said;
    };
    const other = newPerson();
    expect(await stepUp()).toEqual({ error: 'invalid_credentials' });
    expect(await on.userIdOf(other.email!)).toBeNull();
    provider.chosen = person;
    expect(await stepUp()).toEqual({});
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
    expect((await browser.get('/auth/me')).body.user.id).toBe(userId);
  });

  it('stands in what the user takes along', async () => {
    const { browser, person } = await federatedOnly();
    const { status, text } = await browser.get('/auth/me/export');
    expect(status).toBe(200);
    expect(JSON.parse(text).parts.linkedLogins).toEqual([
      expect.objectContaining({ connection: 'outside', issuer: provider.issuer, subject: person.subject }),
    ]);
  });
});
