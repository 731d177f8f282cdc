import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { codeAt, protectedUser } from '../flows/authenticator-app.js';
import { overStrategies } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Fleet } from '../flows/several-nodes.js';
import { ask, askAndRead, enter, freshMailbox, otherThan, read, told } from './mailbox-reader.js';

const IN = '200 authenticated';
const REFUSED = '401 invalid_credentials';
const OPTIONS = {
  mailLogin: 'both',
  pages: 'on',
  authStrategies: ['session', 'jwt'],
  loginAttemptsPerIp: 1_000_000,
} as const;

describe('signing in by e-mail', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers(OPTIONS);
  });
  afterAll(() => app.close());

  const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const users = () => app.app.get(UserStore, { strict: false });
  const rowOf = async (email: string) =>
    (
      await database().query('SELECT * FROM coatcheck.login_mails WHERE email = $1 ORDER BY created_at DESC LIMIT 1', [
        email,
      ])
    )[0];
  const me = async (client: TestClient) => (await client.get('/auth/me')).body;

  overStrategies((strategy) => {
    it('takes a code once, in the client that asked for it, and says by what the user is logged in', async () => {
      const { email } = await app.register();
      const [asker, other] = [app.client(), app.client()];
      const { code } = await askAndRead(app, asker, email);
      expect(code).toMatch(/^\d{8}$/);
      expect(told(await enter(other, { code, strategy }))).toBe(REFUSED);
      const reply = await enter(asker, {
        code: `${code.slice(0, 4)} ${code.slice(4)}`,
        strategy,
        transport: strategy === 'jwt' ? 'cookie' : undefined,
      });
      expect(told(reply)).toBe(IN);
      expect(reply.body).toMatchObject({ user: { email }, session: { strategy, amr: ['mailbox'] } });
      expect((await me(asker)).user.email).toBe(email);
      expect(told(await enter(asker, { code, strategy }))).toBe(REFUSED);
    });

    it('takes a code from a client without cookies by its request token, and from no other', async () => {
      const { email } = await app.register();
      const asker = app.client();
      const { requestToken } = (await ask(asker, email)).body;
      const { code } = (await read(app, email))!;
      const plain = app.client();
      const how = { strategy: 'jwt', transport: 'body' };
      expect(told(await enter(plain, { code, ...how }))).toBe(REFUSED);
      const reply = await enter(plain, { code, requestToken, ...how });
      expect([told(reply), typeof reply.body.accessToken]).toEqual([IN, 'string']);
    });

    it('takes a link once, in the client that asked for it', async () => {
      const { email } = await app.register();
      const asker = app.client();
      const { token } = await askAndRead(app, asker, email);
      const how = { strategy, transport: strategy === 'jwt' ? 'cookie' : undefined };
      expect(told(await enter(asker, { token, ...how }))).toBe(IN);
      expect(told(await enter(asker, { token, ...how }))).toBe(REFUSED);
    });
  });

  it('takes a link elsewhere only with the address that it was mailed to, and a wrong one does not use it up', async () => {
    const { email } = await app.register();
    const { token } = await askAndRead(app, app.client(), email);
    const phone = app.client();
    expect(told(await enter(phone, { token }))).toBe(REFUSED);
    expect(told(await enter(phone, { token, email: freshMailbox() }))).toBe(REFUSED);
    // The user of another address is sent a link of somebody else's: it logs them in nowhere.
    const lured = await app.register();
    expect(told(await enter(app.client(), { token, email: lured.email }))).toBe(REFUSED);
    expect(told(await enter(phone, { token, email: email.toUpperCase() }))).toBe(IN);
  });

  it('answers alike, and does the same, whether or not the address has a user', async () => {
    const { email } = await app.register();
    const unknown = freshMailbox();
    const replies = [await ask(app.client(), email), await ask(app.client(), unknown)];
    for (const { status, body } of replies) {
      expect([status, Object.keys(body), body.status, body.expiresIn]).toEqual([
        202,
        ['status', 'requestToken', 'expiresIn'],
        'login_mail_sent',
        600,
      ]);
    }
    // Encrypted: as long as the address is.
    const [known, other] = replies.map(({ body }) => Buffer.from(body.requestToken, 'base64url').length);
    expect(known! - other!).toBe(email.length - unknown.length);
    expect(await read(app, unknown)).toBeNull();
    expect(await rowOf(unknown)).toMatchObject({ user_id: null, mailed_at: null });
    expect((await rowOf(email)).user_id).not.toBeNull();
    const guesses = await Promise.all(
      [email, unknown].map(async (address) => {
        const client = app.client();
        await ask(client, address);
        const reply = await enter(client, { code: '00000000' });
        return { ...reply.body, requestId: null };
      }),
    );
    expect(guesses[0]).toEqual(guesses[1]);
  });

  it('no answer contains what was mailed, and nothing stored does', async () => {
    const { email } = await app.register();
    const client = app.client();
    const reply = await ask(client, email);
    const { code, token } = (await read(app, email))!;
    const stored = JSON.stringify([
      await rowOf(email),
      await database().query('SELECT * FROM coatcheck.mail_jobs'),
      await database().query('SELECT * FROM coatcheck.audit_events'),
    ]);
    for (const secret of [code, token.split('.')[1]!]) {
      expect(reply.text + reply.setCookies.join()).not.toContain(secret);
      expect(stored).not.toContain(secret);
    }
  });

  it('a code may be wrong five times, counted before it is looked at; the link of the same mail stays good', async () => {
    const { email } = await app.register({});
    const client = app.client();
    const { code, token } = await askAndRead(app, client, email);
    const wrong = otherThan(code);
    // Fewer than lock the address.
    const replies = await Promise.all(Array.from({ length: 8 }, () => enter(client.copy(), { code: wrong })));
    expect(new Set(replies.map(told))).toEqual(new Set([REFUSED]));
    expect((await rowOf(email)).attempts).toBe(5);
    expect(told(await enter(client, { code }))).toBe(REFUSED);
    expect(told(await enter(client, { token }))).toBe(IN);
  });

  it('wrong codes count against the address as wrong passwords do: strangers lock out strangers, and the link stays open', async () => {
    const own = await app.logIn({ strategy: 'session' });
    const { email, password } = own;
    const guess = async () => {
      const client = app.client();
      const { code } = await askAndRead(app, client, email);
      const reply = await enter(client, { code: otherThan(code) });
      app.clock.advance(901);
      return told(reply);
    };
    for (let i = 0; i < 10; i += 1) expect(await guess()).toBe(REFUSED);
    const stranger = app.client();
    const { code, token } = await askAndRead(app, stranger, email);
    expect(told(await enter(stranger, { code }))).toBe(REFUSED);
    expect((await app.client().post('/auth/login', { email, password })).status).toBe(401);
    // A device that its user has logged in from is counted by itself.
    const laptop = own.copy();
    const known = await askAndRead(app, laptop, email);
    expect(told(await enter(laptop, { code: known.code }))).toBe(IN);
    expect(told(await enter(stranger, { token }))).toBe(REFUSED);
    const again = await askAndRead(app, stranger, email);
    expect(told(await enter(stranger, { token: again.token }))).toBe(IN);
  });

  it('ends when it is ten minutes old', async () => {
    const { email } = await app.register();
    const client = app.client();
    const mail = await askAndRead(app, client, email);
    app.clock.advance(600);
    expect(told(await enter(client, { code: mail.code }))).toBe(REFUSED);
    expect(told(await enter(client, { token: mail.token, email }))).toBe(REFUSED);
  });

  it('a newer request of the same client ends the earlier one; one of a stranger does not, and a login ends all', async () => {
    const { email } = await app.register();
    const [own, stranger] = [app.client(), app.client()];
    const first = await askAndRead(app, own, email);
    const second = await askAndRead(app, own, email);
    const third = await askAndRead(app, stranger, email);
    expect(told(await enter(app.client(), { token: first.token, email }))).toBe(REFUSED);
    expect(told(await enter(own, { code: second.code }))).toBe(IN);
    expect(told(await enter(stranger, { code: third.code }))).toBe(REFUSED);
    expect(told(await enter(stranger, { token: third.token }))).toBe(REFUSED);
  });

  it('asks for a second factor after it, and is none itself', async () => {
    const owner = await protectedUser(app, { strategy: 'session' });
    const client = app.client();
    const { code } = await askAndRead(app, client, owner.email);
    const due = await enter(client, { code });
    expect(due.body).toMatchObject({ status: 'factor_required', factors: ['totp', 'recovery_code'] });
    const { loginToken } = due.body;
    const again = await askAndRead(app, client, owner.email);
    const asSecond = await client.post('/auth/login/factor', { loginToken, factor: 'mailbox', code: again.code });
    expect(told(asSecond)).toBe(REFUSED);
    const done = await client.post('/auth/login/factor', { loginToken, factor: 'totp', code: owner.code() });
    expect(done.body.session.amr.sort()).toEqual(['mailbox', 'mfa', 'otp']);
    expect(codeAt(owner.secret, app.clock.now())).toHaveLength(6);
  });

  it('is no step-up', async () => {
    const user = await app.logIn({ strategy: 'session' });
    const { code } = await askAndRead(app, user, user.email);
    expect(told(await user.post('/auth/step-up', { factor: 'mailbox', code }))).toMatch(/^(400|401)/);
    expect(told(await enter(user, { code }))).toBe(IN);
  });

  it('mails nothing to a banned user, and a ban ends what was mailed', async () => {
    const { email } = await app.register();
    const client = app.client();
    const { code, token } = await askAndRead(app, client, email);
    const admin = await app.logIn({ strategy: 'session', changes: { roles: ['admin'] } });
    const { id } = (await users().findByEmail(email))!;
    expect((await admin.post(`/admin/users/${id}/ban`, {})).status).toBe(204);
    expect(told(await enter(client, { code }))).toBe(REFUSED);
    const before = (await app.mails(email)).length;
    expect((await ask(client, email)).status).toBe(202);
    expect((await app.mails(email)).length).toBe(before);
    expect((await admin.post(`/admin/users/${id}/unban`, {})).status).toBe(204);
    expect(told(await enter(client, { token, email }))).toBe(REFUSED);
  });

  it('is written in a language that its reader has', async () => {
    const { email } = await app.register();
    const german = app.client({ 'accept-language': 'de' });
    await ask(german, email);
    expect(await read(app, email)).toMatchObject({ subject: expect.stringContaining('anmelden') });
    await ask(app.client({ 'accept-language': 'en' }), email);
    expect(await read(app, email)).toMatchObject({ subject: expect.stringContaining('Sign in') });
  });

  it('is recorded, counted, and in the user’s own data', async () => {
    const user = await app.logIn({ strategy: 'session' });
    const { code } = await askAndRead(app, user, user.email);
    expect(told(await enter(user, { code }))).toBe(IN);
    const events = await database().query(
      `SELECT type FROM coatcheck.audit_events WHERE user_id = $1 AND type = 'login.mail_sent'`,
      [user.userId],
    );
    expect(events).toHaveLength(1);
    const { text } = await user.get('/auth/me/export');
    expect(JSON.parse(text).parts.loginMails).toEqual([
      {
        createdAt: expect.any(String),
        mailedAt: expect.any(String),
        expiresAt: expect.any(String),
        consumedAt: expect.any(String),
      },
    ]);
  });

  it.each([
    ['nothing', {}],
    ['a code that is no text', { code: 12345678 }],
    ['an unknown field', { code: '12345678', surprise: true }],
  ])('refuses %s as a bad request, which counts as no attempt', async (_what, body) => {
    expect(told(await enter(app.client(), body))).toBe('400 validation_failed');
  });

  it.each(['code', 'token'])('refuses a %s that is none of ours', async (field) => {
    expect(told(await enter(app.client(), { [field]: 'x'.repeat(60) }))).toBe(REFUSED);
    expect(told(await enter(app.client(), { [field]: '12345678', requestToken: 'AAAA' }))).toBe(REFUSED);
  });

  it('takes a null for a mistake, wherever a text is expected', async () => {
    const { email } = await app.register();
    const client = app.client();
    expect(told(await ask(client, email, { requestToken: null }))).toBe('400 validation_failed');
    const { code, token } = await askAndRead(app, client, email);
    for (const proof of [
      { code, token: null },
      { code: null, token },
      { code, requestToken: null },
      { token, email: null },
    ])
      expect(told(await enter(client, proof))).toBe('400 validation_failed');
    expect(told(await enter(client, { code }))).toBe(IN);
  });

  it('takes no token of another kind, and no other route takes its own', async () => {
    const { email } = await app.register();
    await app.client().post('/auth/password/forgot', { email });
    const reset = await app.mailedToken(email);
    expect(told(await enter(app.client(), { token: reset, email }))).toBe(REFUSED);
    const { token } = await askAndRead(app, app.client(), email);
    for (const [path, more] of [
      ['/auth/password/reset', { password: 'an engine weaves algebra' }],
      ['/auth/email/verify', {}],
      ['/auth/unlock', {}],
    ] as const)
      expect(told(await app.client().post(path, { token, ...more }))).toBe('400 invalid_token');
    expect(told(await enter(app.client(), { token, email }))).toBe(IN);
  });
});

describe('mails to sign in with', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ ...OPTIONS, loginAttempts: 5 });
  });
  afterAll(() => app.close());

  it('is limited by address and by mailbox, alike for an unknown one; a known device is counted by itself', async () => {
    const own = await app.logIn({ strategy: 'session' });
    for (const address of [own.email, freshMailbox()]) {
      const seen = [];
      for (let i = 0; i < 6; i += 1) seen.push((await ask(app.client(), address)).status);
      expect(seen).toEqual([202, 202, 202, 202, 202, 429]);
    }
    expect((await ask(own.copy(), own.email)).status).toBe(202);
    const mailbox = freshMailbox();
    const tagged = (i: number) => mailbox.replace('@', `+${i}@`);
    const seen = [];
    for (let i = 0; i < 16; i += 1) seen.push((await ask(app.client(), tagged(i))).status);
    expect([seen.slice(0, 15).every((status) => status === 202), seen[15]]).toEqual([true, 429]);
  });
});

describe('where signing in by e-mail is not switched on', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ pages: 'on' });
  });
  afterAll(() => app.close());

  it('has no route, no page and no button', async () => {
    const client = app.client();
    for (const path of ['/auth/login/mailbox', '/auth/login/mailbox/send'])
      expect((await client.request('POST', path, { email: 'ada@example.com' })).status).toBe(404);
    for (const path of ['/auth/login/mailbox', '/sign-in/mailbox', '/sign-in/mailbox/sent'])
      expect((await client.get(path)).status).toBe(404);
    expect((await client.get('/sign-in')).text).not.toContain('/sign-in/mailbox');
  });

  it('does not start with links that lead nowhere', async () => {
    await expect(bootWithMadeUsers({ mailLogin: 'link', pages: 'off' })).rejects.toThrow('MAIL_LOGIN');
  });
});

describe('where only one of the two is mailed', () => {
  it.each(['code', 'link'] as const)('a mail with a %s has nothing else, and nothing else is taken', async (kind) => {
    const app = await bootWithMadeUsers({ mailLogin: kind, pages: 'on' });
    const { email } = await app.register();
    const client = app.client();
    const { code, token } = await askAndRead(app, client, email);
    expect([code !== '', token !== '']).toEqual([kind === 'code', kind === 'link']);
    expect(told(await enter(client, kind === 'code' ? { code } : { token }))).toBe(IN);
    await app.close();
  });
});

describe('one mail at two nodes', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start(2, OPTIONS);
  });
  afterAll(() => fleet.stop());

  it.each(['code', 'token'] as const)('its %s logs in once, however many take it at once', async (kind) => {
    const [one] = fleet.nodes as [AuthTestApp];
    const { email } = await one.register();
    const asker = one.client();
    const mail = await askAndRead(one, asker, email);
    const proof = kind === 'code' ? { code: mail.code } : { token: mail.token };
    const clients = Array.from({ length: 10 }, (_, i) => asker.copyInto(fleet.nodes[i % 2]!.client()));
    const outcomes = await Promise.all(clients.map(async (client) => told(await enter(client, proof))));
    expect(outcomes.filter((outcome) => outcome === IN)).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set([IN, REFUSED]));
    const database = one.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const [{ count }] = await database.query(
      `SELECT count(*)::int FROM coatcheck.sessions s JOIN coatcheck.users u ON u.id = s.user_id WHERE u.email = $1 AND s.ended_at IS NULL`,
      [email],
    );
    expect(count).toBe(1);
  });
});
