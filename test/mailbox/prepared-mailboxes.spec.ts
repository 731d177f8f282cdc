import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { setUpTotp } from '../flows/authenticator-app.js';
import { bootService } from '../flows/combinations.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';
import { ask, askAndRead, enter, freshMailbox, read, told } from './mailbox-reader.js';

const IN = '200 authenticated';
const REFUSED = '401 invalid_credentials';
const PLANTED = 'planted by some stranger';
const BCRYPT = '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S';
const BCRYPT_PASSWORD = 'an engine weaves algebra';
const OPTIONS = {
  mailLogin: 'both',
  pages: 'on',
  authStrategies: ['session', 'api-key'],
  apiKeyScopes: ['example:read'],
  apiKeyFreshSeconds: 3600,
} as const;

const key = async (app: AuthTestApp, user: TestUser) => {
  const { body } = await user.post('/auth/api-keys', { name: 'a key', scopes: ['example:read'] });
  return async () => (await app.client({ 'x-api-key': body.apiKey }).get('/example/scoped')).status;
};

describe('a login by e-mail to an account that another person has prepared', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({ ...OPTIONS, emailVerification: 'optional' });
  });
  afterAll(() => app.close());

  const logIn = (email: string, password: string) => app.client().post('/auth/login', { email, password });
  const idOf = async (email: string) => {
    const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    return (await database.query('SELECT id, name FROM coatcheck.users WHERE email = $1', [email]))[0];
  };

  it('ends everything that the stranger has set up, and their password; the reader of the mailbox has the account', async () => {
    const email = freshMailbox();
    await app.client().post('/auth/register', { email, password: PLANTED, name: 'A stranger' });
    const stranger = await app.logInAgain({ email, password: PLANTED });
    const works = await key(app, stranger);
    await setUpTotp(app, stranger, PLANTED);
    const passkey = new PasskeyHolder(app, stranger);
    expect((await passkey.register()).status).toBe(201);
    expect(await works()).toBe(200);

    const owner = app.client();
    const { code } = await askAndRead(app, owner, email);
    const reply = await enter(owner, { code });
    // Without the planted second factor.
    expect(told(reply)).toBe(IN);
    expect(reply.body.user).toMatchObject({ id: stranger.userId, emailVerified: true, name: null });
    expect((await owner.get('/auth/me')).status).toBe(200);
    expect((await stranger.get('/auth/me')).body.code).toBe('session_ended');
    expect(await works()).toBe(401);
    expect((await passkey.logIn()).status).toBe(401);
    expect((await logIn(email, PLANTED)).status).toBe(401);
    expect((await owner.get('/auth/factors')).body.factors).toEqual([]);
    const subjects = (await app.mails(email)).map(({ subject }) => subject);
    expect(subjects).toContain('Reset your password');
  });

  it('the same by a link, which a stranger who waits for it gains nothing by', async () => {
    const email = freshMailbox();
    await app.client().post('/auth/register', { email, password: PLANTED });
    const stranger = await app.logInAgain({ email, password: PLANTED });
    const { token } = await askAndRead(app, stranger, email);
    const owner = app.client();
    expect(told(await enter(owner, { token, email }))).toBe(IN);
    expect((await stranger.get('/auth/me')).body.code).toBe('session_ended');
  });

  it('once it is proven, a login ends nothing, and the password stays', async () => {
    const { email, password } = await app.register();
    const laptop = await app.logInAgain({ email, password });
    const phone = app.client();
    const { code } = await askAndRead(app, phone, email);
    expect(told(await enter(phone, { code }))).toBe(IN);
    expect((await laptop.get('/auth/me')).status).toBe(200);
    expect((await logIn(email, password)).status).toBe(200);
  });

  it.each([
    ['an import has brought', '/admin/import', (email: string) => ({ users: [{ email, passwordHash: BCRYPT }] })],
    ['an admin has set', '/admin/users', (email: string) => ({ email, password: BCRYPT_PASSWORD })],
  ])(
    'ends a password that %s: another person may have chosen it, and a link to choose one is mailed',
    async (_what, route, made) => {
      const admin = await app.logIn({ changes: { roles: ['admin'] } });
      const email = freshMailbox();
      expect((await admin.post(route, made(email))).status).toBeLessThan(300);
      const stranger = await app.logInAgain({ email, password: BCRYPT_PASSWORD });
      const client = app.client();
      const { code } = await askAndRead(app, client, email);
      const reply = await enter(client, { code });
      expect([told(reply), reply.body.user.emailVerified]).toEqual([IN, true]);
      expect((await stranger.get('/auth/me')).body.code).toBe('session_ended');
      expect(told(await logIn(email, BCRYPT_PASSWORD))).toBe(REFUSED);
      const token = await app.mailedToken(email);
      expect((await app.client().post('/auth/password/reset', { token, password: 'chosen by the owner' })).status).toBe(
        204,
      );
      expect((await logIn(email, 'chosen by the owner')).status).toBe(200);
    },
  );

  it('the first one to an account that was moved to the address ends what the former owner has, and later ones nothing', async () => {
    const mover = await app.logIn();
    const works = await key(app, mover);
    const email = freshMailbox();
    await mover.post('/auth/email/change', { email, password: mover.password });
    const token = await app.mailedToken(email);
    expect((await app.client().post('/auth/email/change/confirm', { token })).status).toBe(204);
    const reader = app.client();
    expect(told(await enter(reader, { code: (await askAndRead(app, reader, email)).code }))).toBe(IN);
    expect((await mover.get('/auth/me')).body.code).toBe('session_ended');
    expect((await logIn(email, mover.password)).status).toBe(401);
    expect(await works()).toBe(401);

    app.clock.advance(60);
    const phone = app.client();
    expect(told(await enter(phone, { code: (await askAndRead(app, phone, email)).code }))).toBe(IN);
    expect((await reader.get('/auth/me')).status).toBe(200);
  });

  it('of a code and an event at the same time, the session does not outlive the event', async () => {
    const user = await app.logIn();
    const asker = app.client();
    const { code } = await askAndRead(app, asker, user.email);
    const [entered, out] = await Promise.all([enter(asker, { code }), user.post('/auth/logout-all', {})]);
    expect(out.status).toBe(204);
    // It came before the event, and was ended by it; or after it, and found its mail ended.
    expect([IN, REFUSED]).toContain(told(entered).replace('401 session_ended', REFUSED));
    expect((await asker.get('/auth/me')).status).toBe(401);
    expect(told(await enter(asker, { code }))).toBe(REFUSED);
  });

  it('an account that is deleted takes its mails along', async () => {
    const user = await app.logIn();
    const asker = app.client();
    const { token } = await askAndRead(app, asker, user.email);
    expect((await user.request('DELETE', '/auth/me', { password: user.password })).status).toBe(204);
    expect(told(await enter(asker, { token }))).toBe(REFUSED);
    expect(await idOf(user.email)).toBeUndefined();
  });
});

describe('an address that is nobody’s yet', () => {
  const pend = async (app: AuthTestApp, email: string) => {
    await app.client().post('/auth/register', { email, password: PLANTED, name: 'A stranger' });
    return app.mailedToken(email);
  };

  it('is mailed nothing, whatever is pending for it', async () => {
    const app = await bootService(OPTIONS);
    const email = freshMailbox();
    await pend(app, email);
    expect((await ask(app.client(), email)).status).toBe(202);
    expect(await read(app, email)).toBeNull();
    await app.close();
  });

  it('becomes an account where MAIL_LOGIN_REGISTERS says so, and nothing that is pending becomes anything of it', async () => {
    const app = await bootService({ ...OPTIONS, mailLoginRegisters: true });
    const email = freshMailbox();
    const pending = await pend(app, email);
    const client = app.client();
    const mail = await askAndRead(app, client, email);
    expect(mail.subject).toContain('Create your account');
    const reply = await enter(client, { code: mail.code });
    expect([told(reply), reply.body.user]).toEqual([
      IN,
      expect.objectContaining({ email, emailVerified: true, name: null }),
    ]);
    expect((await app.client().post('/auth/email/verify', { token: pending })).body.code).toBe('invalid_token');
    expect((await app.client().post('/auth/login', { email, password: PLANTED })).status).toBe(401);
    expect(told(await enter(client, { token: mail.token, email }))).toBe(REFUSED);
    await app.close();
  });

  it('is asked for at two windows at once and becomes one account', async () => {
    const app = await bootService({ ...OPTIONS, mailLoginRegisters: true });
    const email = freshMailbox();
    const [one, other] = [app.client(), app.client()];
    const [first, second] = [await askAndRead(app, one, email), await askAndRead(app, other, email)];
    const outcomes = await Promise.all([enter(one, { code: first.code }), enter(other, { code: second.code })]);
    expect(outcomes.map(told).sort()).toEqual([IN, REFUSED]);
    await app.close();
  });

  it('becomes none where registration is closed, or closed to its domain', async () => {
    for (const closed of [{ selfRegistration: false }, { registrationDomains: ['elsewhere.example'] }]) {
      const app = await bootService({ ...OPTIONS, mailLoginRegisters: true, ...closed });
      const email = freshMailbox();
      expect((await ask(app.client(), email)).status).toBe(202);
      expect(await read(app, email)).toBeNull();
      await app.close();
    }
  });
});
