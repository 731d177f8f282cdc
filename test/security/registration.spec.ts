import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { LegacyDirectory } from '../../src/factors/password/legacy/legacy-directory.js';
import { PasswordHasher } from '../../src/factors/password/password-hasher.js';
import { RegistrationReminders } from '../../src/factors/password/registration-reminders.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from '../flows/combinations.js';

const OWN = 'chosen by the mailbox owner';
const STRANGE = 'planted by some stranger';
const BCRYPT = '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S';
const BCRYPT_PASSWORD = 'an engine weaves algebra';

let counter = 0;
const freshEmail = () => `mailbox-${++counter}@example.com`;
/** Not those of notices, which say "this was not me". */
const tokensIn = (mails: readonly { text: string }[]) =>
  mails.flatMap(({ text }) => /(?<!not-me\?)token=([\w.-]+)/.exec(text)?.[1] ?? []);

/** What a test says to one service. */
class Talk {
  readonly users: UserStore;
  readonly database: DataSource;

  constructor(readonly app: AuthTestApp) {
    this.users = app.app.get(UserStore, { strict: false });
    this.database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  }

  /** Mails posted at one moment may arrive in any order: so each is waited for. */
  async register(email: string, password: string, name?: string) {
    const reply = await this.app.client().post('/auth/register', { email, password, name });
    await this.app.mails();
    return reply;
  }

  verify(token: string, client = this.app.client()) {
    return client.post('/auth/email/verify', { token });
  }

  reset(token: string, password: string) {
    return this.app.client().post('/auth/password/reset', { token, password });
  }

  /** Status and code. */
  async logIn(email: string, password: string) {
    const { status, body } = await this.app.client().post('/auth/login', { email, password });
    return status === 200 ? body.status : `${status} ${body.code}`;
  }

  async again(email: string) {
    expect((await this.app.client().post('/auth/email/verification', { email })).status).toBe(202);
    await this.app.mails();
  }

  /** Links mailed to the address, the oldest first. */
  async links(email: string): Promise<string[]> {
    return tokensIn(await this.app.mails(email)).reverse();
  }

  async subjects(email: string): Promise<string[]> {
    return (await this.app.mails(email)).map(({ subject }) => subject).reverse();
  }

  async pending(email: string): Promise<number> {
    const [{ count }] = await this.database.query(
      'SELECT count(*)::int FROM coatcheck.registrations WHERE email = $1 AND proven_at IS NULL',
      [email],
    );
    return count;
  }

  userOf(email: string) {
    return this.users.findByEmail(email);
  }
}

describe('with EMAIL_VERIFICATION=required, a registration', () => {
  let app: AuthTestApp;
  let talk: Talk;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootService();
    talk = new Talk(app);
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  // The clock moves, and what gives powers wants a fresh proof.
  beforeEach(async () => {
    admin = await app.logInAgain(admin);
  });
  afterAll(() => app.close());

  it('makes no user before its link is followed, and then the one with its password', async () => {
    const email = freshEmail();
    expect((await talk.register(email, OWN, 'Ada')).status).toBe(202);
    expect(await talk.userOf(email)).toBeNull();
    const [link] = await talk.links(email);
    expect((await talk.verify(link!)).status).toBe(204);
    expect(await talk.userOf(email)).toMatchObject({ name: 'Ada', emailVerifiedAt: app.clock.now() });
    expect(await talk.logIn(email, OWN)).toBe('authenticated');
    expect((await talk.verify(link!)).body.code).toBe('invalid_token');
  });

  describe('R-1: of an address that has a user', () => {
    const invited = async (email: string) => admin.post('/admin/users', { email });
    const imported = (email: string) =>
      admin.post('/admin/import', { users: [{ email, passwordHash: BCRYPT, roles: ['accountant'] }] });
    it.each([
      ['a verified one', (email: string) => app.register({ email, password: OWN })],
      ['an imported one', imported],
      ['an invited one', invited],
    ])('%s, keeps nothing and says so in the mailbox only', async (_what, make) => {
      const email = freshEmail();
      await make(email);
      const before = await talk.userOf(email);
      const reply = await talk.register(email.toUpperCase(), STRANGE, 'Eve');
      expect([reply.status, reply.body]).toEqual([202, { status: 'verification_sent' }]);
      expect((await talk.subjects(email)).at(-1)).toBe('You already have an account');
      expect(tokensIn((await app.mails(email)).slice(0, 1))).toEqual([]);
      expect(await talk.pending(email)).toBe(0);
      expect(await talk.userOf(email)).toEqual(before);
      expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
    });

    it('is good for nothing when that user came later, even if its link is followed', async () => {
      const email = freshEmail();
      await talk.register(email, STRANGE);
      const [link] = await talk.links(email);
      expect((await admin.post('/admin/users', { email, password: OWN, emailVerified: true })).status).toBe(201);
      expect((await talk.verify(link!)).body.code).toBe('invalid_token');
      expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
      expect(await talk.logIn(email, OWN)).toBe('authenticated');
    });
  });

  describe('R-2: of an address that others registered', () => {
    it.each([0, 1])(
      'with other passwords, proves the mailbox, and the password is chosen then (link %s)',
      async (which) => {
        const email = freshEmail();
        await talk.register(email, STRANGE, 'Eve');
        await talk.register(email, OWN, 'Ada');
        const links = await talk.links(email);
        const { status, body } = await talk.verify(links[which]!);
        expect([status, body]).toEqual([200, { status: 'password_required', resetToken: expect.any(String) }]);
        expect(await talk.userOf(email)).toMatchObject({ name: null, emailVerifiedAt: app.clock.now() });
        for (const password of [STRANGE, OWN])
          expect(await talk.logIn(email, password)).toBe('401 invalid_credentials');
        expect((await talk.verify(links[1 - which]!)).body.code).toBe('invalid_token');
        expect((await talk.reset(body.resetToken, OWN)).status).toBe(204);
        expect((await talk.reset(body.resetToken, STRANGE)).body.code).toBe('invalid_token');
        expect(await talk.logIn(email, OWN)).toBe('authenticated');
        expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
      },
    );

    it('with the same password makes one user, and both links work once', async () => {
      const email = freshEmail();
      await Promise.all([0, 1].map(() => app.client().post('/auth/register', { email, password: OWN, name: 'Ada' })));
      const [first, second] = await talk.links(email);
      for (const link of [second!, first!]) expect((await talk.verify(link)).status).toBe(204);
      for (const link of [second!, first!]) expect((await talk.verify(link)).body.code).toBe('invalid_token');
      expect(await talk.userOf(email)).toMatchObject({ name: 'Ada' });
      expect(await talk.logIn(email, OWN)).toBe('authenticated');
    });

    it('with the same password makes one user when both links are followed at once', async () => {
      for (let round = 0; round < 10; round++) {
        const email = freshEmail();
        await talk.register(email, OWN);
        await talk.register(email, OWN);
        const replies = await Promise.all((await talk.links(email)).map((link) => talk.verify(link)));
        expect(replies.map(({ status }) => status)).toEqual([204, 204]);
        expect(await talk.logIn(email, OWN)).toBe('authenticated');
      }
    });

    it('with other passwords has one winner when all links are followed at once', async () => {
      for (let round = 0; round < 10; round++) {
        const email = freshEmail();
        for (const password of [STRANGE, OWN, `${OWN} 3`]) await talk.register(email, password);
        const replies = await Promise.all((await talk.links(email)).map((link) => talk.verify(link)));
        expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
        expect(await talk.pending(email)).toBe(0);
      }
    });

    it('of a hasher that takes no salt: the password is chosen, as it cannot be told to be the same', async () => {
      const plain = await bootService({}, [{ provide: PasswordHasher, useFactory: () => new CountingHasher() }]);
      const there = new Talk(plain);
      const email = freshEmail();
      await there.register(email, OWN);
      await there.register(email, OWN);
      const [link] = await there.links(email);
      expect((await there.verify(link!)).body.status).toBe('password_required');
      await plain.close();
    });

    it('keeps no rival alive: a link asked for while two were pending never installs either, also once one has run out', async () => {
      const email = freshEmail();
      await talk.register(email, OWN);
      app.clock.advance(3600);
      await talk.register(email, STRANGE);
      app.clock.advance(60);
      await talk.again(email);
      const link = (await talk.links(email)).at(-1)!;
      app.clock.advance(86_400 - 1800);
      expect((await talk.verify(link)).body.status).toBe('password_required');
      for (const password of [STRANGE, OWN]) expect(await talk.logIn(email, password)).toBe('401 invalid_credentials');
    });
  });

  describe('asked for another link,', () => {
    it('mails one for the same registration, which ends the older', async () => {
      const email = freshEmail();
      await talk.register(email, OWN, 'Ada');
      await talk.again(email.toUpperCase());
      const [older, newer] = await talk.links(email);
      expect((await talk.verify(older!)).body.code).toBe('invalid_token');
      expect((await talk.verify(newer!)).status).toBe(204);
      expect(await talk.logIn(email, OWN)).toBe('authenticated');
    });

    it('mails nothing once the registration has run out: who waited longer registers again', async () => {
      const email = freshEmail();
      await talk.register(email, OWN);
      app.clock.advance(86_400);
      await talk.again(email);
      expect(await talk.links(email)).toHaveLength(1);
      await talk.register(email, STRANGE);
      expect((await talk.verify((await talk.links(email)).at(-1)!)).status).toBe(204);
      expect(await talk.logIn(email, STRANGE)).toBe('authenticated');
    });
  });

  it('R-2: asked for another link after it has run out, gives the mailbox to no stranger who registered meanwhile', async () => {
    const email = freshEmail();
    await talk.register(email, OWN);
    app.clock.advance(86_400);
    await talk.register(email, STRANGE);
    app.clock.advance(60);
    await talk.again(email);
    expect((await talk.verify((await talk.links(email)).at(-1)!)).body.status).toBe('password_required');
    for (const password of [STRANGE, OWN]) expect(await talk.logIn(email, password)).toBe('401 invalid_credentials');
  });

  describe('R-3: before its link is followed, a login with its password', () => {
    const reminded = async () => {
      await app.app.get(RegistrationReminders, { strict: false }).settled();
      await app.mails();
    };
    const answer = async (email: string, password: string) => {
      const { status, text } = await app.client().post('/auth/login', { email, password });
      return `${status} ${text.replace(/"requestId":"[^"]+"/, '')}`;
    };

    it('is answered like any other that fails, with a word about the mailbox', async () => {
      const [pending, verified, unknown] = [freshEmail(), freshEmail(), freshEmail()];
      await talk.register(pending, OWN);
      await app.register({ email: verified, password: OWN });
      const answers = await Promise.all([
        answer(pending, OWN),
        answer(pending, STRANGE),
        answer(verified, STRANGE),
        answer(unknown, OWN),
      ]);
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toMatch(/^401 .*invalid_credentials.*mailbox/);
    });

    it('mails the link again, at most once in 15 minutes, whatever the password', async () => {
      const email = freshEmail();
      await talk.register(email, OWN);
      for (const password of [OWN, STRANGE]) {
        await talk.logIn(email, password);
        await reminded();
      }
      expect(await talk.links(email)).toHaveLength(2);
      app.clock.advance(900);
      await talk.logIn(email, STRANGE);
      await reminded();
      const links = await talk.links(email);
      expect(links).toHaveLength(3);
      expect((await talk.verify(links[2]!)).status).toBe(204);
    });

    it('mails nothing to a person who is a user, or has not registered', async () => {
      const [invited, unknown] = [freshEmail(), freshEmail()];
      await talk.register(invited, STRANGE);
      await admin.post('/admin/users', { email: invited });
      const before = await talk.subjects(invited);
      for (const email of [invited, unknown]) await talk.logIn(email, STRANGE);
      await reminded();
      expect(await talk.subjects(invited)).toEqual(before);
      expect(await talk.subjects(unknown)).toEqual([]);
    });

    it('costs one hash, as with any address', async () => {
      const hasher = app.app.get(PasswordHasher, { strict: false });
      const verifications = jest.spyOn(hasher, 'verify');
      const email = freshEmail();
      await talk.register(email, OWN);
      for (const address of [email, freshEmail()]) {
        verifications.mockClear();
        await talk.logIn(address, OWN);
        expect(verifications).toHaveBeenCalledTimes(1);
      }
      verifications.mockRestore();
    });
  });

  describe('C-1: planted on an address, gains nothing by the proof of its owner', () => {
    it('a: after an admin corrects the address, or calls it unverified', async () => {
      for (const change of [(email: string) => ({ email: `new-${email}` }), () => ({ emailVerified: false })]) {
        const owner = await app.logIn();
        await talk.register(owner.email, STRANGE);
        const id = (await talk.userOf(owner.email))!.id;
        expect((await admin.request('PATCH', `/admin/users/${id}`, change(owner.email))).status).toBe(200);
        const { email } = (await talk.users.find(id))!;
        await talk.again(email!);
        expect((await talk.verify((await talk.links(email!)).at(-1)!)).status).toBe(204);
        expect(await talk.logIn(email!, STRANGE)).toBe('401 invalid_credentials');
        expect(await talk.logIn(email!, owner.password)).toBe('authenticated');
      }
    });

    it('b: an imported user’s, who keeps the own password', async () => {
      const email = freshEmail();
      await admin.post('/admin/import', { users: [{ email, passwordHash: BCRYPT, roles: ['accountant'] }] });
      await talk.register(email, STRANGE);
      expect(await talk.logIn(email, BCRYPT_PASSWORD)).toBe('403 email_unverified');
      await talk.again(email);
      expect((await talk.verify((await talk.links(email)).at(-1)!)).status).toBe(204);
      expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
      expect(await talk.logIn(email, BCRYPT_PASSWORD)).toBe('authenticated');
    });

    it('b: an imported user’s without a hash, who chooses a password', async () => {
      const email = freshEmail();
      await admin.post('/admin/import', { users: [{ email }] });
      await talk.register(email, STRANGE);
      await talk.again(email);
      const { body } = await talk.verify((await talk.links(email)).at(-1)!);
      expect(body.status).toBe('password_required');
      expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
      expect((await talk.reset(body.resetToken, OWN)).status).toBe(204);
      expect(await talk.logIn(email, OWN)).toBe('authenticated');
    });

    it('c: an invited admin’s, before and after the invitation', async () => {
      const email = freshEmail();
      await talk.register(email, STRANGE);
      const [planted] = await talk.links(email);
      expect((await admin.post('/admin/users', { email, roles: ['admin'] })).status).toBe(201);
      await talk.register(email, STRANGE);
      expect((await talk.subjects(email)).sort()).toEqual([
        'Reset your password',
        'Verify your e-mail address',
        'You already have an account',
      ]);
      expect((await talk.verify(planted!)).body.code).toBe('invalid_token');
      await talk.again(email);
      const { body } = await talk.verify((await talk.links(email)).at(-1)!);
      expect(body.status).toBe('password_required');
      expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
      expect((await talk.reset(body.resetToken, OWN)).status).toBe(204);
      expect(await talk.logIn(email, OWN)).toBe('authenticated');
    });

    it('e: by hand of an admin: there is no user whose address could be called verified', async () => {
      const email = freshEmail();
      await talk.register(email, STRANGE);
      await talk.register(email, OWN);
      const { body } = await admin.get(`/admin/users?search=${email}`);
      expect(body.users).toEqual([]);
    });
  });

  describe('M-7: by a stranger keeps from an address', () => {
    it('no invitation', async () => {
      const email = freshEmail();
      await talk.register(email, STRANGE);
      expect((await admin.post('/admin/users', { email })).status).toBe(201);
      expect((await talk.reset((await talk.links(email)).at(-1)!, OWN)).status).toBe(204);
      expect(await talk.logIn(email, OWN)).toBe('authenticated');
    });

    it('no import', async () => {
      const email = freshEmail();
      await talk.register(email, STRANGE);
      const users = [{ email, emailVerified: true, passwordHash: BCRYPT, roles: ['accountant'] }];
      expect((await admin.post('/admin/import', { users })).body).toEqual({ imported: 1, refused: [] });
      expect(await talk.logIn(email, BCRYPT_PASSWORD)).toBe('authenticated');
    });

    it('no change of address, and no way back', async () => {
      const email = freshEmail();
      const user = await app.logIn();
      await talk.register(email, STRANGE);
      expect((await user.post('/auth/email/change', { email, password: user.password })).status).toBe(202);
      const confirm = tokensIn((await app.mails(email)).filter(({ subject }) => subject.startsWith('Confirm')))[0];
      expect((await app.client().post('/auth/email/change/confirm', { token: confirm })).status).toBe(204);
      await talk.register(user.email, STRANGE);
      const undo = tokensIn((await app.mails(user.email)).filter(({ subject }) => /was changed/.test(subject)))[0];
      expect((await app.client().post('/auth/email/change/undo', { token: undo })).status).toBe(204);
      expect((await talk.userOf(user.email))!.id).toBe(user.userId);
    });

    it('no first admin', async () => {
      const fresh = await bootService({ bootstrapToken: 'b'.repeat(43) });
      const email = freshEmail();
      await new Talk(fresh).register(email, STRANGE);
      const order = { token: 'b'.repeat(43), email, password: OWN };
      expect((await fresh.client().post('/admin/bootstrap', order)).status).toBe(201);
      await fresh.close();
    });
  });

  it('runs out after a day', async () => {
    const email = freshEmail();
    await talk.register(email, OWN);
    const [link] = await talk.links(email);
    app.clock.advance(86_400);
    expect((await talk.verify(link!)).body.code).toBe('invalid_token');
    expect(await talk.userOf(email)).toBeNull();
  });
});

describe('with EMAIL_VERIFICATION=optional, R-4: a registration', () => {
  let app: AuthTestApp;
  let talk: Talk;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootService({ emailVerification: 'optional' });
    talk = new Talk(app);
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  beforeEach(async () => {
    admin = await app.logInAgain(admin);
  });
  afterAll(() => app.close());

  const planted = async (email = freshEmail()) => {
    await talk.register(email, STRANGE, 'Eve');
    const stranger = await app.logInAgain({ email, password: STRANGE });
    expect((await stranger.get('/auth/me')).body.user.emailVerified).toBe(false);
    return { email, stranger };
  };
  const lastLink = async (email: string) => (await talk.links(email)).at(-1)!;

  it('makes the user at once, unverified', async () => {
    const email = freshEmail();
    await talk.register(email, OWN, 'Ada');
    expect(await talk.userOf(email)).toMatchObject({ name: 'Ada', emailVerifiedAt: null });
    expect(await talk.logIn(email, OWN)).toBe('authenticated');
  });

  it('never installs a password where there is a user, verified or not', async () => {
    const { email, stranger } = await planted();
    await talk.register(email, OWN);
    expect((await talk.subjects(email)).at(-1)).toBe('You already have an account');
    expect(await talk.logIn(email, OWN)).toBe('401 invalid_credentials');
    await talk.again(email);
    expect((await talk.verify(await lastLink(email), stranger)).status).toBe(204);
    expect(await talk.logIn(email, OWN)).toBe('401 invalid_credentials');
    expect(await talk.logIn(email, STRANGE)).toBe('authenticated');
  });

  it('ends with all that was planted when its mailbox is proven elsewhere, and the password is chosen then', async () => {
    const { email, stranger } = await planted();
    const { status, body } = await talk.verify(await lastLink(email));
    expect([status, body]).toEqual([200, { status: 'password_required', resetToken: expect.any(String) }]);
    expect((await stranger.get('/auth/me')).status).toBe(401);
    expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
    expect(await talk.userOf(email)).toMatchObject({ name: null, emailVerifiedAt: app.clock.now() });
    expect((await talk.reset(body.resetToken, OWN)).status).toBe(204);
    expect(await talk.logIn(email, OWN)).toBe('authenticated');
  });

  it('keeps its password where the browser holds a session of the user, which ends like every other', async () => {
    const email = freshEmail();
    await talk.register(email, OWN, 'Ada');
    const [own, other] = [
      await app.logInAgain({ email, password: OWN }),
      await app.logInAgain({ email, password: OWN }),
    ];
    expect((await talk.verify(await lastLink(email), own)).status).toBe(204);
    for (const client of [own, other]) expect((await client.get('/auth/me')).status).toBe(401);
    expect(await talk.logIn(email, OWN)).toBe('authenticated');
    expect(await talk.userOf(email)).toMatchObject({ name: 'Ada' });
  });

  it.each(['another user’s', 'an ended'])('does not keep it where the browser holds %s session', async (whose) => {
    const { email, stranger } = await planted();
    const ended = stranger.copy();
    await stranger.post('/auth/logout');
    const client = whose === 'an ended' ? ended : await app.logIn();
    expect((await talk.verify(await lastLink(email), client)).body.status).toBe('password_required');
    expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
  });

  it('is proven by a reset too, which drops what was planted', async () => {
    const { email, stranger } = await planted();
    await app.client().post('/auth/password/forgot', { email });
    expect((await talk.reset(await lastLink(email), OWN)).status).toBe(204);
    expect((await stranger.get('/auth/me')).status).toBe(401);
    expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
    expect(await talk.userOf(email)).toMatchObject({ name: null, emailVerifiedAt: app.clock.now() });
  });

  it('C-1 d: later than an account in use, gives a stranger nothing at the owner’s proof', async () => {
    const email = freshEmail();
    await talk.register(email, OWN);
    const owner = await app.logInAgain({ email, password: OWN });
    app.clock.advance(14 * 86_400);
    await talk.register(email, STRANGE);
    await talk.again(email);
    const again = await app.logInAgain({ email, password: OWN });
    expect((await talk.verify(await lastLink(email), again)).status).toBe(204);
    expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
    expect(await talk.logIn(email, OWN)).toBe('authenticated');
    expect((await talk.userOf(email))!.id).toBe(owner.userId);
  });

  it('C-1 e: is not blessed by an admin who calls the address verified: a link to choose a password is mailed', async () => {
    const { email, stranger } = await planted();
    await talk.register(email, OWN);
    expect((await admin.request('PATCH', `/admin/users/${stranger.userId}`, { emailVerified: true })).status).toBe(200);
    expect((await stranger.get('/auth/me')).status).toBe(401);
    for (const password of [STRANGE, OWN]) expect(await talk.logIn(email, password)).toBe('401 invalid_credentials');
    expect((await talk.subjects(email)).at(-1)).toBe('Reset your password');
    expect((await talk.reset(await lastLink(email), OWN)).status).toBe(204);
    expect(await talk.logIn(email, OWN)).toBe('authenticated');
  });

  it('C-1 e: is not blessed by an admin who moves it to an address that is called verified', async () => {
    const { email, stranger } = await planted();
    const change = { email: `new-${email}`, emailVerified: true };
    expect((await admin.request('PATCH', `/admin/users/${stranger.userId}`, change)).status).toBe(200);
    expect((await stranger.get('/auth/me')).status).toBe(401);
    expect(await talk.logIn(change.email, STRANGE)).toBe('401 invalid_credentials');
  });

  it('an imported user is none: an admin who calls the address verified leaves the password alone', async () => {
    const email = freshEmail();
    await admin.post('/admin/import', { users: [{ email, passwordHash: BCRYPT }] });
    const { id } = (await talk.userOf(email))!;
    expect((await admin.request('PATCH', `/admin/users/${id}`, { emailVerified: true })).status).toBe(200);
    expect(await talk.logIn(email, BCRYPT_PASSWORD)).toBe('authenticated');
  });

  describe('M-7: a user with an unproven mailbox gives way, with all they have, to', () => {
    const events = async (userId: string) =>
      (await admin.get(`/admin/audit?userId=${userId}`)).body.events.map(({ reason }: { reason?: string }) => reason);
    const expectGone = async (stranger: TestUser) => {
      expect(await talk.users.find(stranger.userId)).toBeNull();
      expect((await stranger.get('/auth/me')).status).toBe(401);
      expect(await events(stranger.userId)).toContain('address_unproven');
    };

    it('an invitation', async () => {
      const { email, stranger } = await planted();
      expect((await admin.post('/admin/users', { email })).status).toBe(201);
      await expectGone(stranger);
      expect(await talk.logIn(email, STRANGE)).toBe('401 invalid_credentials');
      expect((await admin.post('/admin/users', { email })).body.code).toBe('conflict');
    });

    it('an import, which names no other row', async () => {
      const { email, stranger } = await planted();
      const users = [
        { email, emailVerified: true, passwordHash: BCRYPT },
        { email: admin.email },
        { email: email.toUpperCase() },
      ];
      expect((await admin.post('/admin/import', { users })).body).toEqual({
        imported: 1,
        refused: [
          { index: 1, reason: 'taken' },
          { index: 2, reason: 'taken' },
        ],
      });
      await expectGone(stranger);
      expect(await talk.logIn(email, BCRYPT_PASSWORD)).toBe('authenticated');
      expect((await admin.post('/admin/import', { users: [{ email }] })).body.imported).toBe(0);
    });

    it('a change of address, and the way back', async () => {
      const { email, stranger } = await planted();
      const user = await app.logIn();
      const own = await app.logInAgain(user);
      expect((await own.post('/auth/email/change', { email, password: user.password })).status).toBe(202);
      const confirm = tokensIn((await app.mails(email)).filter(({ subject }) => subject.startsWith('Confirm')))[0];
      expect(await talk.users.find(stranger.userId)).not.toBeNull();
      expect((await app.client().post('/auth/email/change/confirm', { token: confirm })).status).toBe(204);
      await expectGone(stranger);
      const squatter = await planted(user.email);
      const undo = tokensIn((await app.mails(user.email)).filter(({ subject }) => /was changed/.test(subject)))[0];
      expect((await app.client().post('/auth/email/change/undo', { token: undo })).status).toBe(204);
      await expectGone(squatter.stranger);
      expect((await talk.userOf(user.email))!.id).toBe(user.userId);
    });

    it('an admin who moves a user there', async () => {
      const { email, stranger } = await planted();
      const user = await app.logIn();
      expect((await admin.request('PATCH', `/admin/users/${user.userId}`, { email })).status).toBe(200);
      await expectGone(stranger);
    });

    it('the first admin', async () => {
      const fresh = await bootService({ emailVerification: 'optional', bootstrapToken: 'b'.repeat(43) });
      const there = new Talk(fresh);
      const email = freshEmail();
      await there.register(email, STRANGE);
      const order = { token: 'b'.repeat(43), email, password: OWN };
      expect((await fresh.client().post('/admin/bootstrap', order)).status).toBe(201);
      expect(await there.logIn(email, STRANGE)).toBe('401 invalid_credentials');
      expect(await there.logIn(email, OWN)).toBe('authenticated');
      await fresh.close();
    });

    it('who moves here from an old system', async () => {
      class OldShop extends LegacyDirectory {
        async verify(_email: string, password: string) {
          return password === OWN ? { emailVerified: true, name: 'Ada' } : null;
        }
      }
      const shop = await bootService({ emailVerification: 'optional' }, [
        { provide: LegacyDirectory, useClass: OldShop },
      ]);
      const there = new Talk(shop);
      const email = freshEmail();
      await there.register(email, STRANGE, 'Eve');
      const stranger = await shop.logInAgain({ email, password: STRANGE });
      expect(await there.logIn(email, 'neither of the two')).toBe('401 invalid_credentials');
      expect((await stranger.get('/auth/me')).status).toBe(200);
      expect(await there.logIn(email, OWN)).toBe('authenticated');
      expect((await stranger.get('/auth/me')).status).toBe(401);
      expect(await there.userOf(email)).toMatchObject({ name: 'Ada' });
      expect(await there.logIn(email, STRANGE)).toBe('401 invalid_credentials');
      await shop.close();
    });

    it('no one once it is proven, also after it is called unverified again', async () => {
      const { email } = await app.register();
      const { id } = (await talk.userOf(email))!;
      await admin.request('PATCH', `/admin/users/${id}`, { emailVerified: false });
      expect((await admin.post('/admin/users', { email })).body.code).toBe('conflict');
      expect((await admin.post('/admin/import', { users: [{ email }] })).body.imported).toBe(0);
      expect((await talk.userOf(email))!.id).toBe(id);
    });

    it('no one once it was moved to a proven address and called unverified there', async () => {
      const { stranger } = await planted();
      const next = freshEmail();
      expect((await stranger.post('/auth/email/change', { email: next, password: STRANGE })).status).toBe(202);
      const confirm = tokensIn((await app.mails(next)).filter(({ subject }) => subject.startsWith('Confirm')))[0];
      expect((await app.client().post('/auth/email/change/confirm', { token: confirm })).status).toBe(204);
      await admin.request('PATCH', `/admin/users/${stranger.userId}`, { emailVerified: false });
      expect((await admin.post('/admin/users', { email: next })).body.code).toBe('conflict');
    });
  });
});

describe('H-5: registering a guess before it is tried', () => {
  it('spares no user: of one client five guesses are evaluated, over all accounts', async () => {
    const app = await bootService({ loginAttempts: 5, mailsPerIp: 1000, mailsPerAddress: 1000 });
    const talk = new Talk(app);
    const answers: string[] = [];
    for (let victim = 0; victim < 10; victim++) {
      const email = freshEmail();
      await talk.register(email, STRANGE);
      answers.push(await talk.logIn(email, STRANGE));
    }
    expect(answers).toEqual([...Array(5).fill('401 invalid_credentials'), ...Array(5).fill('429 rate_limited')]);
    await app.close();
  });

  it('locks the account after as many guesses as without', async () => {
    const app = await bootService({ lockoutFailures: 10 });
    const talk = new Talk(app);
    const { email, password } = await app.register();
    for (let guess = 0; guess < 10; guess++) {
      await talk.register(email, `${STRANGE} ${guess}`);
      expect(await talk.logIn(email, `${STRANGE} ${guess}`)).toBe('401 invalid_credentials');
    }
    expect(await talk.logIn(email, password)).toBe('401 invalid_credentials');
    expect(await talk.subjects(email)).toContain('Your account is locked');
    await app.close();
  });

  it('is counted by a stolen session’s password proofs too', async () => {
    const app = await bootService({ loginAttempts: 5, mailsPerIp: 1000, mailsPerAddress: 1000 });
    const talk = new Talk(app);
    const user = await app.logIn();
    const answers: number[] = [];
    for (let guess = 0; guess < 7; guess++) {
      await talk.register(user.email, `${STRANGE} ${guess}`);
      answers.push((await user.post('/auth/step-up', { password: `${STRANGE} ${guess}` })).status);
    }
    expect(answers).toEqual([...Array(5).fill(401), 429, 429]);
    await app.close();
  });
});

/** One whose hashes nobody can compare, as a hardware module's. */
class CountingHasher extends PasswordHasher {
  private last = 0;

  async hash(password: string): Promise<string> {
    return `counted$${++this.last}$${password}`;
  }

  owns(hash: string): boolean {
    return hash.startsWith('counted$');
  }

  async verify(hash: string, password: string) {
    return { matches: hash.split('$')[2] === password, needsRehash: false };
  }
}
