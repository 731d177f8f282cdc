import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';
import { expected, freshAddress, SCOPE } from './holder.js';

const OWN = 'chosen by the mailbox owner';
const DAY = 86_400;
const STRANGE = 'planted by some stranger';
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

describe('an account that another person has prepared', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    const strategies = { authStrategies: ['session', 'api-key'], apiKeyScopes: [SCOPE], apiKeyFreshSeconds: 3600 };
    app = await bootWithMadeUsers({ ...strategies, emailVerification: 'optional' });
  });
  beforeEach(async () => {
    admin = await app.logIn({ transport: 'cookie', changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const post = (path: string, body?: object) => app.client().post(path, body);
  const enter = (email: string, password: string) => app.logInAgain({ email, password, transport: 'cookie' });

  const proven = async (): Promise<TestUser> => {
    const email = freshAddress();
    await expected(201, admin.post('/admin/users', { email, password: OWN, emailVerified: true }));
    return enter(email, OWN);
  };

  const unproven = async (): Promise<TestUser> => {
    const email = freshAddress();
    await expected(202, post('/auth/register', { email, password: STRANGE }));
    return enter(email, STRANGE);
  };

  /** Answers the way back that was mailed with the change that was made. */
  const move = async (user: TestUser, email: string): Promise<string> => {
    const former = user.email;
    await expected(202, user.post('/auth/email/change', { email, password: user.password }));
    await expected(204, post('/auth/email/change/confirm', { token: await app.mailedToken(email) }));
    Object.assign(user, { email });
    return app.mailedToken(former);
  };

  const key = async (user: TestUser): Promise<() => Promise<number>> => {
    const { apiKey } = await expected(201, user.post('/auth/api-keys', { name: 'a key', scopes: [SCOPE] }));
    return async () => (await app.client({ 'x-api-key': apiKey }).get('/example/scoped')).status;
  };

  const withPasskey = async (user: TestUser): Promise<PasskeyHolder> => {
    const holder = new PasskeyHolder(app, user);
    await expected(201, holder.register());
    return holder;
  };

  const reset = async (mailbox: string): Promise<void> =>
    expected(204, post('/auth/password/reset', { token: await app.mailedToken(mailbox), password: OWN }));

  it.each(['the undo link', '"this was not me"'])(
    'keeps nothing when the mailbox it was registered with, unproven, takes it back by %s',
    async (how) => {
      const stranger = await unproven();
      const mailbox = stranger.email;
      const works = await key(stranger);
      app.clock.advance(60);
      const holder = await withPasskey(stranger);
      const notMe = await app.mailedToken(mailbox);
      app.clock.advance(60);
      const undo = await move(holder.user, freshAddress());
      expect(await works()).toBe(200);
      if (how === 'the undo link') await expected(204, post('/auth/email/change/undo', { token: undo }));
      else await expected(204, post('/auth/security/not-me', { token: notMe }));
      await reset(mailbox);
      expect(await works()).toBe(401);
      expect(told(await holder.logIn())).toBe('401 invalid_credentials');
      const login = await expected(200, post('/auth/login', { email: mailbox, password: OWN }));
      expect(login).toMatchObject({ status: 'authenticated', user: { id: stranger.userId } });
    },
  );

  it.each([
    ['nothing', []],
    ['a logout by an admin', ['logout']],
    ['a ban that was lifted', ['ban', 'unban']],
    ['the end of everything', ['revoke-all']],
  ])(
    'and moved keeps nothing from before, once the new mailbox has reset the password, after %s',
    async (_what, done) => {
      const stranger = await proven();
      const works = await key(stranger);
      const holder = await withPasskey(stranger);
      app.clock.advance(60);
      const mailbox = freshAddress();
      await move(holder.user, mailbox);
      for (const what of done) {
        const path = what === 'revoke-all' ? '/admin/revoke-all' : `/admin/users/${stranger.userId}/${what}`;
        expect((await admin.post(path, {})).status).toBeLessThan(300);
      }
      await expected(202, post('/auth/password/forgot', { email: mailbox }));
      await reset(mailbox);
      expect(await works()).toBe(401);
      expect(told(await holder.logIn())).toBe('401 invalid_credentials');
      expect((await expected(200, post('/auth/login', { email: mailbox, password: OWN }))).status).toBe(
        'authenticated',
      );
    },
  );

  it.each([
    ['within the time of the way back keeps nothing that is set up in it after that either', 60, 401],
    ['longer ago keeps what its user has set up', 8 * DAY, 200],
  ])('and moved %s, once the new mailbox has reset the password', async (_what, seconds, status) => {
    const stranger = await proven();
    const mailbox = freshAddress();
    const way = await move(stranger, mailbox);
    app.clock.advance(60);
    const works = await key(stranger);
    app.clock.advance(60);
    const holder = await withPasskey(stranger);
    app.clock.advance(seconds);
    await expected(202, post('/auth/password/forgot', { email: mailbox }));
    await reset(mailbox);
    expect(await works()).toBe(status);
    expect((await holder.logIn()).status).toBe(status);
    const login = await expected(200, post('/auth/login', { email: mailbox, password: OWN }));
    expect(login.status).toBe(status === 401 ? 'authenticated' : 'factor_required');
    // Who has moved somebody's account and resets it from the new mailbox cannot rid the former one of its way.
    expect((await post('/auth/email/change/undo', { token: way })).status).toBe(status === 401 ? 204 : 400);
  });

  it('goes back to the mailbox it was registered with, also when it was moved twice and the second change is taken back first', async () => {
    const thief = await unproven();
    const mailbox = thief.email;
    const first = await move(thief, freshAddress());
    app.clock.advance(60);
    const second = await move(thief, freshAddress());
    await expected(204, post('/auth/email/change/undo', { token: second }));
    await expected(204, post('/auth/email/change/undo', { token: first }));
    await reset(mailbox);
    const login = await expected(200, post('/auth/login', { email: mailbox, password: OWN }));
    expect(login.user.id).toBe(thief.userId);
  });

  it('loses what was set up before the change, by "this was not me", also when its address is a stand-in', async () => {
    const user = await proven();
    const mailbox = user.email;
    app.clock.advance(60);
    const holder = await withPasskey(user);
    const notMe = await app.mailedToken(mailbox);
    app.clock.advance(60);
    const undo = await move(holder.user, freshAddress());
    await expected(201, admin.post('/admin/users', { email: mailbox, password: STRANGE, emailVerified: true }));
    await expected(204, post('/auth/email/change/undo', { token: undo }));
    const { email } = await expected(200, admin.get(`/admin/users/${user.userId}`));
    expect(email).toMatch(/@taken-back\.invalid$/);
    expect((await holder.logIn()).status).toBe(200);
    await expected(204, post('/auth/security/not-me', { token: notMe }));
    expect(told(await holder.logIn())).toBe('401 invalid_credentials');
    await reset(mailbox);
    const login = await expected(200, post('/auth/login', { email, password: OWN }));
    expect(login).toMatchObject({ status: 'authenticated', user: { id: user.userId } });
  });

  it('at a stand-in address is not handed to the mailbox it was moved to, by a "this was not me" mailed there', async () => {
    const thief = await proven();
    const mailbox = thief.email;
    const stolen = freshAddress();
    const undo = await move(thief, stolen);
    app.clock.advance(60);
    await withPasskey(thief);
    const notMe = await app.mailedToken(stolen);
    await expected(201, admin.post('/admin/users', { email: mailbox, password: STRANGE, emailVerified: true }));
    await expected(204, post('/auth/email/change/undo', { token: undo }));
    expect(told(await post('/auth/security/not-me', { token: notMe }))).toBe('400 invalid_token');
  });
});
