import { type AuthTestApp, type FakePerson, type FakeProvider, type TestUser } from '../../src/testing/index.js';
import { bootFederation, endOf, type Federation, LET_IN, newAddresses, PASSWORD, REFUSED, RETURN } from './setting.js';

/** One mail in so long about logins that were refused. */
const PAST_THE_SILENCE_SECONDS = 901;

const fresh = newAddresses('linking');

describe('the user of a login elsewhere', () => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: Federation;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ app, provider, on, close } = await bootFederation());
    await on.connect(provider, { slug: 'trusted', vouchesForEmail: true });
    await on.connect(provider, { slug: 'for-a-domain', vouchesForEmail: ['example.com'] });
    await on.connect(provider, { slug: 'untrusted' });
    await on.connect(provider, { slug: 'makes-users', vouchesForEmail: true, jitProvisioning: 'on' });
    await on.connect(provider, { slug: 'makes-users-untrusted', jitProvisioning: 'on' });
    await on.connect(provider, {
      slug: 'with-roles',
      vouchesForEmail: true,
      jitProvisioning: 'on',
      roles: { claim: 'groups', map: { Staff: 'staff', Bosses: 'lead' } },
    });
  });
  afterAll(() => close());

  const logIn = (connection: string, person: FakePerson) => on.logInAs(provider, connection, person);

  /** Any stranger may have made it: by a registration whose mailbox was never proven. */
  async function unproven(email: string): Promise<{ user: TestUser; userId: string }> {
    await app.client().post('/auth/register', { email, password: PASSWORD });
    const user = await app.logInAgain({ email, password: PASSWORD });
    return { user, userId: user.userId };
  }

  const passwordIsRight = async (email: string, password = PASSWORD) =>
    (await app.client().post('/auth/login', { email, password })).status === 200;

  const subjects = async (email: string) =>
    (await app.mails(email)).map(({ subject }) => subject).filter((subject) => /login|sign in|verify/i.test(subject));

  describe.each([
    { connection: 'trusted', isVouched: true },
    { connection: 'untrusted', isVouched: false },
    { connection: 'for-a-domain', isVouched: true },
    { connection: 'for-a-domain', isVouched: false, domain: 'sub.example.com' },
    { connection: 'for-a-domain', isVouched: false, domain: 'notexample.com' },
  ])('$connection, an address it vouches for: $isVouched $domain (FED-06)', ({ connection, isVouched, domain }) => {
    for (const emailVerified of [true, false]) {
      for (const isProvenHere of [true, false]) {
        const links = isVouched && emailVerified;
        it(`verified there: ${emailVerified}, proven here: ${isProvenHere}: ${links ? 'linked' : 'refused'}`, async () => {
          const email = fresh(domain);
          const { userId, user } = isProvenHere
            ? await app.logIn({ email, password: PASSWORD }).then((one) => ({ userId: one.userId, user: one }))
            : await unproven(email);
          const person = provider.addPerson({ email, emailVerified });
          const { said, me } = await logIn(connection, person);
          expect(said).toEqual(links ? LET_IN : REFUSED);
          expect(await on.subjectsOf(userId)).toEqual(links ? [person.subject] : []);
          if (links) expect(me.body.user).toMatchObject({ id: userId, email, emailVerified: true });
          else expect(me.status).toBe(401);
          // A user who has proven the mailbox loses nothing; what a stranger may have set up is gone.
          const survives = isProvenHere || !links;
          expect(await passwordIsRight(email)).toBe(survives);
          expect((await user.get('/auth/me')).status).toBe(survives ? 200 : 401);
          const told = await subjects(email);
          if (!links) expect(told.some((subject) => subject.startsWith('A login with'))).toBe(true);
          else if (isProvenHere) expect(told).toContain('A way to sign in has changed');
          else expect(told).toContainEqual(expect.stringMatching(/^You sign in with .+ from now on$/));
          // The key is the subject from now on, whatever becomes of the address.
          const moved = await logIn(connection, { ...person, email: fresh('elsewhere.example'), emailVerified: false });
          expect(moved.said).toEqual(links ? LET_IN : REFUSED);
        });
      }
    }
  });

  it('another subject with the same address is another one: it is judged by itself', async () => {
    const email = fresh();
    const { userId } = await app.logIn({ email });
    await logIn('trusted', provider.addPerson({ email }));
    const second = provider.addPerson({ email });
    expect((await logIn('untrusted', second)).said).toEqual(REFUSED);
    expect((await logIn('trusted', second)).said).toEqual(LET_IN);
    expect(await on.subjectsOf(userId)).toHaveLength(2);
  });

  it.each([null, 'not an address', 'a@example.com, b@example.com', 'a@example.com@evil.example', ' x@example.com'])(
    'a person with the address %j there is no user here',
    async (email) => {
      for (const connection of ['trusted', 'makes-users']) {
        const person = provider.addPerson({ email });
        expect((await logIn(connection, person)).said).toEqual(REFUSED);
      }
    },
  );

  it('no user is created where that is not switched on', async () => {
    const person = provider.addPerson({ email: fresh() });
    expect((await logIn('trusted', person)).said).toEqual(REFUSED);
    expect(await on.userIdOf(person.email!)).toBeNull();
  });

  it('with an address that is not vouched for, a user is created who must prove it, and is told so by mail', async () => {
    const person = provider.addPerson({ email: fresh() });
    const { me } = await logIn('makes-users-untrusted', person);
    expect(me.body.user).toMatchObject({ email: person.email, emailVerified: false });
    expect(await subjects(person.email!)).toContain('Verify your e-mail address');
  });

  it('a login that made an unproven user is worth nothing once a person proves the mailbox', async () => {
    const attacker = provider.addPerson({ email: fresh(), emailVerified: false });
    const { me } = await logIn('makes-users', attacker);
    expect(me.status).toBe(200);
    const token = await app.mailedToken(attacker.email!);
    const { status, body } = await app.client().post('/auth/email/verify', { token });
    expect([status, body.status]).toEqual([200, 'password_required']);
    expect((await logIn('makes-users', attacker)).said).toEqual(REFUSED);
    expect(await on.subjectsOf(me.body.user.id)).toEqual([]);
  });

  it('roles come by the map alone, and by nothing that a claim says besides', async () => {
    const claims = { groups: ['Staff', 'Bosses', 'admin', 'toString', '__proto__', 7, null], roles: ['admin'] };
    const { me } = await logIn('with-roles', provider.addPerson({ email: fresh(), claims }));
    expect([...me.body.user.roles].sort()).toEqual(['lead', 'staff']);
    const { me: none } = await logIn('with-roles', provider.addPerson({ email: fresh(), claims: { groups: 'admin' } }));
    expect(none.body.user.roles).toEqual([]);
  });

  it('one first login of many at once makes one user, with one link', async () => {
    const person = provider.addPerson({ email: fresh() });
    provider.chosen = person;
    const browsers = Array.from({ length: 8 }, () => app.client());
    const callbacks = await Promise.all(
      browsers.map(async (browser) => on.answer(await on.begin(browser, 'makes-users', { returnTo: RETURN }))),
    );
    const ends = await Promise.all(browsers.map((browser, i) => on.follow(browser, callbacks[i]!)));
    expect(ends.map((end) => endOf(end).said)).toEqual(Array(8).fill(LET_IN));
    const ids = await Promise.all(browsers.map(async (browser) => (await browser.get('/auth/me')).body.user.id));
    expect(new Set(ids).size).toBe(1);
    expect(await on.subjectsOf(ids[0])).toEqual([person.subject]);
  });

  it('first logins of two people with one address make one user, of one of them', async () => {
    const email = fresh();
    const people = [provider.addPerson({ email }), provider.addPerson({ email, emailVerified: false })];
    const browsers = people.map(() => app.client());
    const callbacks: URL[] = [];
    for (const [i, person] of people.entries()) {
      provider.chosen = person;
      callbacks.push(await on.answer(await on.begin(browsers[i]!, 'makes-users', { returnTo: RETURN })));
    }
    await Promise.all(browsers.map((browser, i) => on.follow(browser, callbacks[i]!)));
    const userId = await on.userIdOf(email);
    const { body } = await browsers[0]!.get('/auth/me');
    expect(body.user).toMatchObject({ id: userId, emailVerified: true });
    // The person who does not prove the address has nothing, whichever of the two was first.
    expect(await on.subjectsOf(userId!)).toEqual([people[0]!.subject]);
    expect((await browsers[1]!.get('/auth/me')).status).toBe(401);
  });

  it('mails the user of an address once in a while, however often it is claimed, and links nothing by the mail', async () => {
    const email = fresh();
    const { userId } = await app.logIn({ email });
    const person = provider.addPerson({ email });
    const count = async () => (await subjects(email)).filter((subject) => subject.startsWith('A login with')).length;
    for (let i = 0; i < 3; i++) await logIn('untrusted', person);
    expect(await count()).toBe(1);
    app.clock.advance(PAST_THE_SILENCE_SECONDS);
    await logIn('untrusted', person);
    expect(await count()).toBe(2);
    const [mail] = (await app.mails(email)).filter(({ subject }) => subject.startsWith('A login with'));
    expect(mail!.text).toContain('http://localhost:3000/account/identities?connection=untrusted');
    expect(mail!.text).not.toMatch(/token=/);
    expect(await on.subjectsOf(userId)).toEqual([]);
  });

  describe('an account that another person has prepared', () => {
    it('is its owner’s alone after a login that proves the mailbox: linked logins, keys and sessions of before are gone', async () => {
      const email = fresh();
      const { user, userId } = await unproven(email);
      const attacker = provider.addPerson({ email: fresh('attacker.example') });
      provider.chosen = attacker;
      const { body } = await user.post('/auth/identities', { connection: 'untrusted', returnTo: RETURN });
      expect(endOf(await on.follow(user, await on.answer(new URL(body.authorizationUrl)))).said).toEqual({});
      expect(await on.subjectsOf(userId)).toEqual([attacker.subject]);
      const key = await user.post('/auth/api-keys', { name: 'planted', scopes: [] });
      const owner = provider.addPerson({ email });
      expect((await logIn('trusted', owner)).me.body.user.id).toBe(userId);
      expect(await on.subjectsOf(userId)).toEqual([owner.subject]);
      expect((await logIn('untrusted', attacker)).said).toEqual(REFUSED);
      expect((await user.get('/auth/me')).body.code).toBe('session_ended');
      expect(await passwordIsRight(email)).toBe(false);
      if (key.status < 300) {
        const [{ count }] = await on.tables.query(
          'SELECT count(*)::integer AS count FROM coatcheck.api_keys WHERE user_id = $1 AND revoked_at IS NULL',
          [userId],
        );
        expect(count).toBe(0);
      }
    });

    it('or imported, with a password and without a proof, loses the password when a login proves the mailbox', async () => {
      const email = fresh();
      const boss = await app.actAs({ roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
      const { status, body } = await boss.post('/admin/import', { users: [{ email }] });
      expect([status, body.imported]).toEqual([200, 1]);
      const owner = provider.addPerson({ email });
      expect((await logIn('trusted', owner)).me.body.user).toMatchObject({ email, emailVerified: true });
    });

    it('or deleted, and made again under the same id, is not entered by what was linked to the one before', async () => {
      const email = fresh();
      const user = await app.logIn({ email });
      const person = provider.addPerson({ email });
      await logIn('trusted', person);
      const boss = await app.actAs({ roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
      expect((await boss.delete(`/admin/users/${user.userId}`)).status).toBe(204);
      expect(await on.subjectsOf(user.userId)).toEqual([]);
      const again = { users: [{ id: user.userId, email: fresh(), emailVerified: true }] };
      expect((await boss.post('/admin/import', again)).body.imported).toBe(1);
      expect((await logIn('trusted', person)).said).toEqual(REFUSED);
    });
  });

  it('a user who is banned is told so only after a right proof, and is linked to nothing', async () => {
    const email = fresh();
    const { userId } = await app.logIn({ email });
    const boss = await app.actAs({ roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
    await boss.post(`/admin/users/${userId}/ban`, { reason: 'test' });
    expect((await logIn('trusted', provider.addPerson({ email }))).said).toEqual({ error: 'user_banned' });
    expect((await logIn('untrusted', provider.addPerson({ email }))).said).toEqual(REFUSED);
    expect(await on.subjectsOf(userId)).toEqual([]);
  });
});
