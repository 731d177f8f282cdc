import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { hashSecret } from '../../src/kernel/secret-token.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from './combinations.js';

const PASSWORDS = { owner: 'an engine weaves algebra', attacker: 'sixteen silent herons' };
const MANY = 50;

let counter = 0;
const freshEmail = () => `registration-${++counter}@example.com`;
const tokenIn = ({ text }: { text: string }) => /token=([\w.-]+)/.exec(text)![1]!;

describe('registration', () => {
  let app: AuthTestApp;
  let database: DataSource;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'] });
    database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  });
  afterAll(() => app.close());

  const register = (email: string, password: string, name?: string) =>
    app.client().post('/auth/register', { email, password, name });
  const verify = (token: string) => app.client().post('/auth/email/verify', { token });
  const logIn = (email: string, password: string) => app.client().post('/auth/login', { email, password });
  const choose = async (email: string, password: string) => {
    const token = await app.mailedToken(email);
    expect((await app.client().post('/auth/password/reset', { token, password })).status).toBe(204);
  };
  const tokensTo = async (email: string) => (await app.mails(email)).reverse().map(tokenIn);
  const userOf = (email: string) => app.app.get(UserStore, { strict: false }).findByEmail(email);
  const countOf = async (table: string, email: string) => {
    const [{ count }] = await database.query(
      `SELECT count(*)::int FROM ${table} t JOIN users u ON u.id = t.user_id WHERE u.email = $1`,
      [email],
    );
    return count as number;
  };

  it(`of one address ${MANY} times at once, in mixed case, makes one user`, async () => {
    const email = freshEmail();
    const spelling = (i: number) =>
      [...email].map((letter, at) => ((i >> (at % 6)) & 1 ? letter.toUpperCase() : letter)).join('');
    const replies = await Promise.all(
      Array.from({ length: MANY }, (_, i) => register(spelling(i), PASSWORDS.owner, `racer ${i}`)),
    );
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set(['202 {"status":"verification_sent"}']),
    );
    const [{ count }] = await database.query('SELECT count(*)::int FROM users WHERE lower(email) = $1', [email]);
    expect(count).toBe(1);
    expect(await countOf('passwords', email)).toBe(1);
  });

  it('by the mailbox owner after an attacker installs nobody’s password: the owner chooses one', async () => {
    const email = freshEmail();
    await register(email, PASSWORDS.attacker, 'Eve');
    await register(email, PASSWORDS.owner, 'Ada');
    const [attackers, owners] = await tokensTo(email);
    expect((await verify(owners!)).status).toBe(204);
    for (const password of Object.values(PASSWORDS)) {
      expect((await logIn(email, password)).body.code).toBe('invalid_credentials');
    }
    await choose(email, PASSWORDS.owner);
    expect((await logIn(email, PASSWORDS.owner)).body.user).toMatchObject({ name: null, emailVerified: true });
    const late = await verify(attackers!);
    expect([late.status, late.body.code]).toEqual([400, 'invalid_token']);
    expect((await logIn(email, PASSWORDS.attacker)).body.code).toBe('invalid_credentials');
    expect(await countOf('registrations', email)).toBe(0);
  });

  it('by an attacker after the mailbox owner gains nothing either', async () => {
    const email = freshEmail();
    await register(email, PASSWORDS.owner);
    await register(email, PASSWORDS.attacker, 'Eve');
    const [owners] = await tokensTo(email);
    expect((await verify(owners!)).status).toBe(204);
    expect((await logIn(email, PASSWORDS.attacker)).status).toBe(401);
    await choose(email, PASSWORDS.owner);
    expect((await logIn(email, PASSWORDS.owner)).body.user.name).toBeNull();
  });

  it('of a verified address changes nothing, and mails no link', async () => {
    const email = freshEmail();
    await register(email, PASSWORDS.owner, 'Ada');
    await verify((await tokensTo(email))[0]!);
    const before = await userOf(email);
    expect((await register(email, PASSWORDS.attacker, 'Eve')).status).toBe(202);
    const [notice] = await app.mails(email);
    expect(notice!.subject).toBe('You already have an account');
    expect(notice!.text).not.toMatch(/token|http/);
    expect(await userOf(email)).toEqual(before);
    // As it would be of a free address: P-5.
    expect((await logIn(email, PASSWORDS.attacker)).body.code).toBe('email_unverified');
    expect((await logIn(email, PASSWORDS.owner)).status).toBe(200);
  });

  it('stores neither the password nor the token', async () => {
    const email = freshEmail();
    await register(email, PASSWORDS.owner);
    const [token] = await tokensTo(email);
    const rows = await database.query(
      'SELECT * FROM mailed_tokens m JOIN registrations r ON r.token_id = m.origin_id JOIN passwords p ON p.user_id = m.user_id WHERE m.email = $1',
      [email],
    );
    const secret = token!.split('.')[1]!;
    expect(rows).toEqual([
      expect.objectContaining({
        secret_hash: hashSecret(secret),
        password_hash: expect.stringMatching(/^\$argon2id\$/),
      }),
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain(PASSWORDS.owner);
  });

  it.each(['<img src=x onerror=alert(1)>', 'Eve\r\nBcc: victim@example.org\r\n\r\n<b>hello</b>'])(
    'lets no name reach a mail: %j',
    async (name) => {
      const email = freshEmail();
      expect((await register(email, PASSWORDS.owner, name)).status).toBe(202);
      expect((await userOf(email))!.name).toBe(name);
      const [mail] = await app.mails(email);
      expect(mail!.headers).not.toHaveProperty('bcc');
      expect(mail!.raw).not.toMatch(/img|onerror|hello|victim/);
    },
  );

  it.each(['a\0b', 'a\ud800b', 'x'.repeat(101)])('refuses the name %j', async (name) => {
    const reply = await register(freshEmail(), PASSWORDS.owner, name);
    expect([reply.status, reply.body.errors[0].field]).toEqual([400, 'name']);
  });

  it('refuses the user’s own words and common passwords, naming the rule', async () => {
    const rules = async (password: string) =>
      (await register('grace.hopper@example.com', password, 'Amazing Grace')).body.errors;
    expect(await rules('gracehopper1')).toEqual([{ field: 'password', rule: 'personal', message: expect.any(String) }]);
    expect(await rules('Password1!')).toEqual([{ field: 'password', rule: 'tooCommon', message: expect.any(String) }]);
    expect(await userOf('grace.hopper@example.com')).toBeNull();
  });

  describe('the mailed link', () => {
    it('leads to PUBLIC_URL, whatever Host the request names', async () => {
      const email = freshEmail();
      const reply = await app
        .client({ 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' })
        .post('/auth/register', { email, password: PASSWORDS.owner });
      expect(reply.status).toBe(202);
      const [mail] = await app.mails(email);
      expect(mail!.text).toContain('http://localhost:3000/auth/email/verify?token=');
      expect(mail!.raw).not.toContain('evil.example');
    });

    it('opens a page that changes nothing and runs only its own script', async () => {
      const email = freshEmail();
      await register(email, PASSWORDS.owner);
      const [token] = await tokensTo(email);
      const page = await app.client().get(`/auth/email/verify?token=${token}`);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-/,
      );
      expect(page.text).not.toContain(token!.split('.')[1]);
      expect((await userOf(email))!.emailVerifiedAt).toBeNull();
    });

    it.each([
      ['24 hours', 86_399, 204],
      ['more than 24 hours', 86_400, 400],
    ])('after %s answers as it should', async (_what, seconds, status) => {
      const email = freshEmail();
      await register(email, PASSWORDS.owner);
      const [token] = await tokensTo(email);
      app.clock.advance(seconds);
      expect((await verify(token!)).status).toBe(status);
    });

    it('works once for 20 that follow it at once', async () => {
      const email = freshEmail();
      await register(email, PASSWORDS.owner);
      const [token] = await tokensTo(email);
      const replies = await Promise.all(Array.from({ length: 20 }, () => verify(token!)));
      expect(replies.map(({ status }) => status).sort()).toEqual([204, ...Array(19).fill(400)]);
    });

    it('has one winner when 20 links of one address are followed at once, and no password of theirs is right', async () => {
      const email = freshEmail();
      const passwords = Array.from({ length: 20 }, (_, i) => `sixteen silent herons ${i}`);
      for (const password of passwords) await register(email, password);
      const tokens = await tokensTo(email);
      const replies = await Promise.all(tokens.map((token) => verify(token)));
      expect(replies.map(({ status }) => status).sort()).toEqual([204, ...Array(19).fill(400)]);
      for (const password of passwords.slice(0, 4)) expect((await logIn(email, password)).status).toBe(401);
    });

    it('is one answer for unknown, forged, malformed and spent', async () => {
      const email = freshEmail();
      await register(email, PASSWORDS.owner);
      const [token] = await tokensTo(email);
      const [id, secret] = token!.split('.') as [string, string];
      const forged = [
        `${id}.${'A'.repeat(43)}`,
        `00000000-0000-4000-8000-000000000000.${secret}`,
        '',
        'x',
        `${token} `,
        `${token}\0`,
        token!.toUpperCase(),
      ];
      const bodies = await Promise.all(forged.map(async (text) => (await verify(text)).body));
      for (const body of bodies) expect({ ...body, requestId: '' }).toEqual({ ...bodies[0], requestId: '' });
      expect(bodies[0].code).toBe('invalid_token');
      expect((await verify(token!)).status).toBe(204);
    });

    it('is dead once the address is another', async () => {
      const email = freshEmail();
      await register(email, PASSWORDS.owner);
      const [token] = await tokensTo(email);
      await database.query('UPDATE users SET email = $2 WHERE email = $1', [email, `moved-${email}`]);
      expect((await verify(token!)).body.code).toBe('invalid_token');
    });
  });

  describe('another link', () => {
    const again = (email: string) => app.client().post('/auth/email/verification', { email });

    it('stands for the registration that was first mailed, also after it expired', async () => {
      const email = freshEmail();
      await register(email, PASSWORDS.owner, 'Ada');
      app.clock.advance(2 * 86_400);
      expect((await again(email.toUpperCase())).status).toBe(202);
      const [, second] = await tokensTo(email);
      expect((await verify(second!)).status).toBe(204);
      expect((await logIn(email, PASSWORDS.owner)).body.user.name).toBe('Ada');
      expect((await verify(second!)).status).toBe(400);
    });

    it('verifies an address of several registrations, and installs the password of none', async () => {
      const email = freshEmail();
      await register(email, PASSWORDS.attacker);
      await register(email, PASSWORDS.owner);
      await again(email);
      const [newest] = await app.mails(email);
      expect((await verify(tokenIn(newest!))).status).toBe(204);
      for (const password of Object.values(PASSWORDS)) expect((await logIn(email, password)).status).toBe(401);
      await choose(email, PASSWORDS.owner);
      expect((await logIn(email, PASSWORDS.owner)).status).toBe(200);
    });

    it('is mailed neither to a verified address nor to an unknown one', async () => {
      const email = freshEmail();
      await register(email, PASSWORDS.owner);
      await verify((await tokensTo(email))[0]!);
      await again(email);
      await again('never-seen@example.com');
      expect(await app.mails(email)).toHaveLength(1);
      expect(await app.mails('never-seen@example.com')).toEqual([]);
    });
  });
});

describe('the development outbox', () => {
  it('is JSON, and a page without live markup to who accepts HTML', async () => {
    const app = await bootService();
    const email = 'ada@example.com';
    await app.client().post('/auth/register', { email, password: PASSWORDS.owner, name: '<b>Ada</b>' });
    const [mail] = await app.mails(email);
    const json = await app.client().get('/dev/outbox');
    expect(json.body).toEqual({ mails: [{ ...mail, sentAt: mail!.sentAt.toISOString() }] });
    const page = await app.client({ accept: 'text/html,*/*;q=0.8' }).get('/dev/outbox');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(page.text).not.toContain('<b>');
    expect(page.text).toContain(`<a href="http://localhost:3000/auth/email/verify?token=${tokenIn(mail!)}">`);
    await app.close();
  });
});

describe('registration that discloses taken addresses', () => {
  it('answers 409, and still mails the link that makes an unverified one the owner’s', async () => {
    const app = await bootService({ registrationDisclosesTaken: true });
    const body = (password: string) => ({ email: 'ada@example.com', password });
    expect((await app.client().post('/auth/register', body(PASSWORDS.attacker))).status).toBe(202);
    const reply = await app.client().post('/auth/register', body(PASSWORDS.owner));
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict']);
    const token = await app.mailedToken('ada@example.com');
    expect((await app.client().post('/auth/email/verify', { token })).status).toBe(204);
    for (const password of Object.values(PASSWORDS)) {
      expect((await app.client().post('/auth/login', body(password))).status).toBe(401);
    }
    const link = await app.mailedToken('ada@example.com');
    await app.client().post('/auth/password/reset', { token: link, password: PASSWORDS.owner });
    expect((await app.client().post('/auth/login', body(PASSWORDS.owner))).status).toBe(200);
    expect((await app.client().post('/auth/register', body(PASSWORDS.attacker))).status).toBe(409);
    expect(await app.mails('ada@example.com')).toHaveLength(4);
    await app.close();
  });
});

describe('optional verification', () => {
  it('lets a user log in before, and the link of a second registration lets nobody in', async () => {
    const app = await bootService({ emailVerification: 'optional' });
    const attacker = { email: 'ada@example.com', password: PASSWORDS.attacker };
    const owner = { email: 'ada@example.com', password: PASSWORDS.owner };
    await app.client().post('/auth/register', attacker);
    expect((await app.client().post('/auth/login', attacker)).body.user.emailVerified).toBe(false);
    await app.client().post('/auth/register', owner);
    expect((await app.client().post('/auth/login', owner)).status).toBe(401);
    const token = await app.mailedToken('ada@example.com');
    expect((await app.client().post('/auth/email/verify', { token })).status).toBe(204);
    for (const body of [owner, attacker]) expect((await app.client().post('/auth/login', body)).status).toBe(401);
    const link = await app.mailedToken('ada@example.com');
    await app.client().post('/auth/password/reset', { token: link, password: owner.password });
    expect((await app.client().post('/auth/login', owner)).body.user.emailVerified).toBe(true);
    await app.close();
  });
});

describe('registration under load', () => {
  it('answers 503 with Retry-After when more hash than may wait, and nothing else fails', async () => {
    const app = await bootService({ passwordHashConcurrency: 1, passwordHashQueue: 2, passwordHashMemoryKib: 65_536 });
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        app.client().post('/auth/register', { email: `load-${i}@example.com`, password: PASSWORDS.owner }),
      ),
    );
    const statuses = new Set(replies.map(({ status }) => status));
    expect(statuses).toEqual(new Set([202, 503]));
    for (const reply of replies) if (reply.status === 503) expect(reply.headers.get('retry-after')).toBe('5');
    await app.close();
  });
});
