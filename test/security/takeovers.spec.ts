import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { codeAt, setUpTotp } from '../flows/authenticator-app.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';
import { SmtpSink } from '../mail/smtp-sink.js';
import { expected, freshAddress, SCOPE } from './holder.js';

const OWN = 'chosen by the mailbox owner';
const DAY = 86_400;
const NOT_ME = '/auth/security/not-me';
const STRANGE = 'planted by some stranger';
const tokenIn = (text: string | undefined) => /token=([\w.-]+)/.exec(text ?? '')?.[1];
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

/** What thieves, owners and admins say to one service. */
class Scene {
  constructor(readonly app: AuthTestApp) {}

  post(path: string, body?: object): Promise<TestReply> {
    return this.app.client().post(path, body);
  }

  logIn(email: string, password: string): Promise<TestReply> {
    return this.post('/auth/login', { email, password });
  }

  enter(email: string, password: string): Promise<TestUser> {
    return this.app.logInAgain({ email, password, transport: 'cookie' });
  }

  /** Asks for the change; answers the link that confirms it and the way back. */
  async params(user: TestUser, email: string): Promise<{ confirm: string; undo: string }> {
    await expected(202, user.post('/auth/email/change', { email, password: user.password }));
    return { confirm: await this.app.mailedToken(email), undo: await this.app.mailedToken(user.email) };
  }

  /** Answers the way back that was mailed with the change that was made. */
  async move(user: TestUser, email: string): Promise<string> {
    const former = user.email;
    const { confirm } = await this.params(user, email);
    await expected(204, this.post('/auth/email/change/confirm', { token: confirm }));
    Object.assign(user, { email });
    return this.app.mailedToken(former);
  }

  undo(token: string): Promise<TestReply> {
    return this.post('/auth/email/change/undo', { token });
  }

  async reset(email: string, password = OWN): Promise<void> {
    await expected(202, this.post('/auth/password/forgot', { email }));
    const token = await this.app.mailedToken(email);
    await expected(204, this.post('/auth/password/reset', { token, password }));
  }

  async key(user: TestUser): Promise<() => Promise<number>> {
    const { apiKey } = await expected(201, user.post('/auth/api-keys', { name: 'a key', scopes: [SCOPE] }));
    return async () => (await this.app.client({ 'x-api-key': apiKey }).get('/example/scoped')).status;
  }
}

describe('a takeover that was tried once:', () => {
  let app: AuthTestApp;
  let scene: Scene;
  let admin: TestUser;
  beforeAll(async () => {
    const strategies = { authStrategies: ['session', 'api-key'], apiKeyScopes: [SCOPE], apiKeyFreshSeconds: 3600 };
    app = await bootWithMadeUsers({ ...strategies, emailVerification: 'optional' });
    scene = new Scene(app);
  });
  beforeEach(async () => {
    admin = await app.logIn({ transport: 'cookie', changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const owner = async () => {
    const email = freshAddress();
    await expected(201, admin.post('/admin/users', { email, password: OWN, emailVerified: true }));
    return scene.enter(email, OWN);
  };

  it.each(['verification', 'reset'])(
    'C-2: the first proof of a mailbox, by %s, leaves a stranger neither a pending change of address nor a key',
    async (how) => {
      const email = freshAddress();
      await expected(202, scene.post('/auth/register', { email, password: STRANGE }));
      await app.mails();
      const verification = await app.mailedToken(email);
      const stranger = await scene.enter(email, STRANGE);
      const key = await scene.key(stranger);
      const { confirm, undo } = await scene.params(stranger, freshAddress());
      expect(await key()).toBe(200);
      if (how === 'reset') await scene.reset(email);
      else await expected(200, scene.post('/auth/email/verify', { token: verification }));
      expect(await key()).toBe(401);
      expect(told(await scene.post('/auth/email/change/confirm', { token: confirm }))).toBe('400 invalid_token');
      expect(told(await scene.undo(undo))).toBe('400 invalid_token');
      expect((await stranger.get('/auth/me')).status).toBe(401);
      await scene.reset(email);
      expect((await expected(200, scene.logIn(email, OWN))).user.id).toBe(stranger.userId);
    },
  );

  it.each(['authenticator app', 'passkey'])(
    'H-2: taking a change of address back removes the %s that the thief enrolled since it was requested, and tells the owner',
    async (what) => {
      const user = await owner();
      app.clock.advance(60);
      const thief = await scene.enter(user.email, OWN);
      const way = await scene.move(thief, freshAddress());
      const holder = new PasskeyHolder(app, thief);
      if (what === 'passkey') await expected(201, holder.register());
      else await setUpTotp(app, thief);
      await expected(204, scene.undo(way));
      await scene.reset(user.email);
      expect((await expected(200, scene.logIn(user.email, OWN))).status).toBe('authenticated');
      if (what === 'passkey') expect(told(await holder.logIn())).toBe('401 invalid_credentials');
      const mails = await app.mails(user.email);
      expect(mails.some(({ text }) => text.includes('Your second factors were removed'))).toBe(true);
    },
  );

  it('H-2: taking a change of address back leaves the factor that the owner had before it', async () => {
    const user = await owner();
    const { secret } = await setUpTotp(app, user);
    app.clock.advance(60);
    const way = await scene.move(user, freshAddress());
    const former = (await app.mails()).find(({ text }) => text.includes(way))!.to;
    await expected(204, scene.undo(way));
    await scene.reset(former);
    const client = app.client();
    const half = await expected(200, client.post('/auth/login', { email: former, password: OWN }));
    expect(half).toMatchObject({ status: 'factor_required', factors: ['totp', 'recovery_code'] });
    app.clock.advance(30);
    const proof = { loginToken: half.loginToken, factor: 'totp', code: codeAt(secret, app.clock.now()) };
    await expected(200, client.post('/auth/login/factor', proof));
  });

  describe.each([
    ['by the way back', (way: string, _notMe: string) => scene.undo(way)],
    ['by "this was not me" of something later', (_way: string, notMe: string) => scene.post(NOT_ME, { token: notMe })],
  ])('what a thief sets up before they ask for the change of address, which is taken back %s,', (_how, takeBack) => {
    /** Also answers what is from after the request. */
    const robbed = async (user: TestUser) => {
      const thief = await scene.enter(user.email, OWN);
      const key = await scene.key(thief);
      app.clock.advance(60);
      const holder = new PasskeyHolder(app, thief);
      await expected(201, holder.register());
      const registeredAt = app.clock.now();
      app.clock.advance(60);
      const { undo } = await scene.params(thief, freshAddress());
      app.clock.advance(60);
      await scene.key(thief);
      const notMe = await app.mailedToken(user.email);
      return { key, holder, registeredAt, undo, notMe };
    };
    const requested = async (email: string) =>
      (await app.mails(email)).find(({ subject }) => subject === 'Did you add these ways to sign in?');

    it('is told to its owner, who needs no notice of then to end it', async () => {
      const user = await owner();
      const own = await scene.key(user);
      app.clock.advance(8 * DAY);
      const { key, holder, registeredAt, undo, notMe } = await robbed(user);
      await expected(204, takeBack(undo, notMe));
      expect([await key(), (await holder.logIn()).status]).toEqual([200, 200]);
      const mail = (await requested(user.email))!;
      expect(mail.text).toContain(`an API key that begins with cck_`);
      expect(mail.text).toContain(`; a passkey, on ${registeredAt.getUTCDate()} `);
      expect(mail.text.match(/an API key that/g)).toHaveLength(1);
      await expected(204, scene.post(NOT_ME, { token: tokenIn(mail.text) }));
      expect([await key(), told(await holder.logIn())]).toEqual([401, '401 invalid_credentials']);
      expect(await own()).toBe(200);
      await scene.reset(user.email);
      expect((await expected(200, scene.logIn(user.email, OWN))).status).toBe('authenticated');
    });

    it('is not asked about if it is none', async () => {
      const user = await owner();
      await scene.key(user);
      app.clock.advance(8 * DAY);
      const thief = await scene.enter(user.email, OWN);
      const { undo } = await scene.params(thief, freshAddress());
      app.clock.advance(60);
      await scene.key(thief);
      await expected(204, takeBack(undo, await app.mailedToken(user.email)));
      await scene.reset(user.email);
      expect(await requested(user.email)).toBeUndefined();
    });
  });

  it('what a thief makes just after they asked for the change of address, by a node whose clock is some seconds behind, ends when it is taken back', async () => {
    const user = await owner();
    const thief = await scene.enter(user.email, OWN);
    app.clock.advance(60);
    const { undo } = await scene.params(thief, freshAddress());
    app.clock.advance(-5);
    const key = await scene.key(thief);
    app.clock.advance(65);
    expect(await key()).toBe(200);
    await expected(204, scene.undo(undo));
    expect(await key()).toBe(401);
    expect((await app.mails(user.email)).map(({ subject }) => subject)).not.toContain(
      'Did you add these ways to sign in?',
    );
  });

  it.each([
    ['moves the account back', 'PATCH', '', true],
    ['logs the user out', 'POST', '/logout', false],
    ['resets the factors', 'POST', '/factor-reset', false],
    ['bans the user', 'POST', '/ban', false],
  ])('H-3: a way back to the thief’s mailbox ends when an admin %s', async (_what, method, path, isMoved) => {
    const user = await owner();
    const { email } = user;
    const stolen = freshAddress();
    await scene.move(user, stolen);
    const { undo } = await scene.params(user, freshAddress());
    const body = isMoved ? { email, emailVerified: true } : path === '/ban' ? {} : undefined;
    expect((await admin.request(method, `/admin/users/${user.userId}${path}`, body)).status).toBeLessThan(300);
    expect(told(await scene.undo(undo))).toBe('400 invalid_token');
    expect((await admin.get(`/admin/users/${user.userId}`)).body.email).toBe(isMoved ? email : stolen);
  });

  it('H-3: a way back leads to where the account was before a change that was made, not one that was only asked for', async () => {
    const user = await owner();
    const { email } = user;
    const first = await scene.move(user, freshAddress());
    const { undo } = await scene.params(user, freshAddress());
    await expected(204, scene.undo(first));
    expect(told(await scene.undo(undo))).toBe('400 invalid_token');
    expect((await admin.get(`/admin/users/${user.userId}`)).body.email).toBe(email);
  });

  it('M-1: the factors of an established user survive a change by an admin, a reset and a new verification', async () => {
    const user = await owner();
    await setUpTotp(app, user);
    const moved = freshAddress();
    await expected(200, admin.request('PATCH', `/admin/users/${user.userId}`, { email: moved }));
    await scene.reset(moved);
    expect((await expected(200, scene.logIn(moved, OWN))).status).toBe('factor_required');
    await expected(200, admin.request('PATCH', `/admin/users/${user.userId}`, { emailVerified: false }));
    await expected(202, scene.post('/auth/email/verification', { email: moved }));
    await expected(204, scene.post('/auth/email/verify', { token: await app.mailedToken(moved) }));
    expect((await expected(200, scene.logIn(moved, OWN))).status).toBe('factor_required');
  });

  it('M-1: the mailbox that an admin gives an account to is told what was set up before and opens it still', async () => {
    const holder = new PasskeyHolder(app, await owner());
    await expected(201, holder.register());
    const key = await scene.key(holder.user);
    const victim = freshAddress();
    const given = async (email: string) =>
      (await app.mails(email)).find(({ subject }) => subject === 'An admin changed your account')!.text;
    await expected(200, admin.request('PATCH', `/admin/users/${holder.user.userId}`, { email: victim }));
    expect(await given(victim)).toMatch(
      /set up before and still work: a passkey, on [^;]+ UTC; an API key that begins with \S+, on .+ UTC\. If you did not set up all/,
    );
    // So they ask before they use the account.
    await expected(204, admin.post(`/admin/users/${holder.user.userId}/factor-reset`));
    await scene.reset(victim, 'seventeen quiet otters');
    expect(told(await holder.logIn())).toBe('401 invalid_credentials');
    expect(await key()).toBe(200);
    const other = await owner();
    const moved = freshAddress();
    await expected(200, admin.request('PATCH', `/admin/users/${other.userId}`, { email: moved }));
    expect(await given(moved)).not.toContain('still work');
  });

  describe.each([
    ['the user logs out everywhere', (user: TestUser) => user.post('/auth/logout-all', {})],
    ['the user logs out all others', (user: TestUser) => user.post('/auth/logout-all', { keepCurrent: true })],
    ['an admin logs the user out', (user: TestUser) => admin.post(`/admin/users/${user.userId}/logout`)],
    ['everything is revoked', () => admin.post('/admin/revoke-all', {})],
  ])('once %s,', (_what, end) => {
    it('M-8: a login under way cannot go on, and a pending change of address cannot be confirmed', async () => {
      const user = await owner();
      const { secret } = await setUpTotp(app, user);
      const client = app.client();
      const { loginToken } = await expected(200, client.post('/auth/login', { email: user.email, password: OWN }));
      const { confirm } = await scene.params(user, freshAddress());
      await expected(204, end(user));
      app.clock.advance(30);
      const proof = { loginToken, factor: 'totp', code: codeAt(secret, app.clock.now()) };
      expect(told(await client.post('/auth/login/factor', proof))).toBe('401 invalid_credentials');
      expect(told(await scene.post('/auth/email/change/confirm', { token: confirm }))).toBe('400 invalid_token');
    });

    it('L-3: a browser that was remembered is asked for the second factor again', async () => {
      const user = await owner();
      const { secret } = await setUpTotp(app, user);
      const laptop = app.client();
      const begin = (client = laptop) => client.post('/auth/login', { email: user.email, password: OWN });
      const { loginToken } = await expected(200, begin());
      app.clock.advance(30);
      const code = codeAt(secret, app.clock.now());
      const proof = { loginToken, factor: 'totp', code, rememberDevice: true };
      await expected(200, laptop.post('/auth/login/factor', proof));
      expect((await expected(200, begin(laptop.copy()))).status).toBe('authenticated');
      await expected(204, end(user));
      expect((await expected(200, begin(laptop.copy()))).status).toBe('factor_required');
    });
  });

  it('M-12: a reset by a mailbox that a stranger’s account was moved to leaves the stranger no passkey and no key from before', async () => {
    const stranger = await owner();
    const holder = new PasskeyHolder(app, stranger);
    await expected(201, holder.register());
    const key = await scene.key(holder.user);
    app.clock.advance(60);
    const victim = freshAddress();
    await scene.move(holder.user, victim);
    await scene.reset(victim, 'seventeen quiet otters');
    expect(await key()).toBe(401);
    expect(told(await holder.logIn())).toBe('401 invalid_credentials');
    expect((await expected(200, scene.logIn(victim, 'seventeen quiet otters'))).status).toBe('authenticated');
  });
});

describe('H-4: with a mail path that says "later"', () => {
  it.each([
    ['is mailed late, if the owner has done nothing', false],
    ['is not mailed any more once the owner has recovered', true],
  ])('a way back to the thief’s mailbox %s', async (_what, isRecovered) => {
    const sink = new SmtpSink();
    const refused = new Set<string>();
    await sink.listen({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, done) =>
        refused.has(address) ? done(Object.assign(new Error('later'), { responseCode: 451 })) : done(),
    });
    const app = await bootWithMadeUsers({ authStrategies: ['session'], mailUrl: `smtp://127.0.0.1:${sink.port}` });
    const database = app.app.get(AUTH_DATA_SOURCE, { strict: false });
    const mailed = async (to: string) => {
      await app.mails();
      const at = sink.receivers.lastIndexOf(to);
      return tokenIn(sink.mails[at]?.text);
    };
    const scene = new Scene(app);
    const [email, stolen, next] = [freshAddress(), freshAddress(), freshAddress()];
    await expected(202, scene.post('/auth/register', { email, password: OWN }));
    await expected(204, scene.post('/auth/email/verify', { token: await mailed(email) }));
    const thief = await scene.enter(email, OWN);
    await expected(202, thief.post('/auth/email/change', { email: stolen, password: OWN }));
    await expected(204, scene.post('/auth/email/change/confirm', { token: await mailed(stolen) }));
    const way = await mailed(email);
    refused.add(stolen);
    await expected(202, thief.post('/auth/email/change', { email: next, password: OWN }));
    await app.mails();
    const waiting = () => database.query(`SELECT 1 FROM coatcheck.mail_jobs WHERE kind = 'email-change-notice'`);
    expect(await waiting()).toHaveLength(1);
    if (isRecovered) {
      await expected(204, scene.undo(way!));
      await expected(204, scene.post('/auth/password/reset', { token: await mailed(email), password: STRANGE }));
    }
    // Now the server takes what it was offered before.
    refused.clear();
    app.clock.advance(60);
    await app.mails();
    expect(await waiting()).toEqual([]);
    expect(sink.receivers.filter((to) => to === stolen)).toHaveLength(isRecovered ? 1 : 2);
    if (!isRecovered) expect(told(await scene.undo((await mailed(stolen))!))).toBe(204);
    const [row] = await database.query('SELECT email FROM coatcheck.users');
    expect(row.email).toBe(isRecovered ? email : stolen);
    await app.close();
    await sink.close();
  });
});
