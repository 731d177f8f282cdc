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
  const tokensTo = async (email: string) => (await app.mails(email)).reverse().map(tokenIn);
  const userOf = (email: string) => app.app.get(UserStore, { strict: false }).findByEmail(email);
  const countOf = async (table: string, email: string) => {
    const [{ count }] = await database.query(
      `SELECT count(*)::int FROM coatcheck.${table} t JOIN coatcheck.users u ON u.id = t.user_id WHERE u.email = $1`,
      [email],
    );
    return count as number;
  };

  it(`of one address ${MANY} times at once, in mixed case, makes one user once it is proven`, async () => {
    const email = freshEmail();
    const spelling = (i: number) =>
      [...email].map((letter, at) => ((i >> (at % 6)) & 1 ? letter.toUpperCase() : letter)).join('');
    const replies = await Promise.all(
      Array.from({ length: MANY }, (_, i) => register(spelling(i), PASSWORDS.owner, `racer ${i}`)),
    );
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set(['202 {"status":"verification_sent"}']),
    );
    const usersOf = () => database.query('SELECT id FROM coatcheck.users WHERE lower(email) = $1', [email]);
    expect(await usersOf()).toEqual([]);
    const tokens = await tokensTo(email);
    const verified = await Promise.all(tokens.slice(0, 10).map((token) => verify(token)));
    expect(new Set(verified.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await usersOf()).toHaveLength(1);
    expect(await countOf('passwords', email)).toBe(1);
  });

  it('of a verified address changes nothing, and mails no link', async () => {
    const email = freshEmail();
    await register(email, PASSWORDS.owner, 'Ada');
    await verify((await tokensTo(email))[0]!);
    const before = await userOf(email);
    expect((await register(email, PASSWORDS.attacker, 'Eve')).status).toBe(202);
    const [notification] = await app.mails(email);
    expect(notification!.subject).toBe('You already have an account');
    expect(notification!.text).not.toMatch(/token|http/);
    expect(await userOf(email)).toEqual(before);
    // As it would be of a free address: P-5.
    expect((await logIn(email, PASSWORDS.attacker)).body.code).toBe('invalid_credentials');
    expect((await logIn(email, PASSWORDS.owner)).status).toBe(200);
  });

  it('stores neither the password nor the token', async () => {
    const email = freshEmail();
    await register(email, PASSWORDS.owner);
    const [token] = await tokensTo(email);
    const rows = await database.query('SELECT * FROM coatcheck.registrations WHERE email = $1', [email]);
    const secret = token!.split('.')[1]!;
    expect(rows).toEqual([
      expect.objectContaining({
        link_hash: hashSecret(secret),
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
      const [mail] = await app.mails(email);
      expect(mail!.headers).not.toHaveProperty('bcc');
      expect(mail!.raw).not.toMatch(/img|onerror|hello|victim/);
      expect((await verify(tokenIn(mail!))).status).toBe(204);
      expect((await userOf(email))!.name).toBe(name);
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

    it('opens a page that changes nothing, runs nothing inline and sends its address nowhere', async () => {
      const email = freshEmail();
      await register(email, PASSWORDS.owner);
      const [token] = await tokensTo(email);
      const page = await app.client().get(`/auth/email/verify?token=${token}`);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('referrer-policy')).toBe('strict-origin');
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; .*form-action 'self'; .*frame-ancestors 'none'/,
      );
      // A form that works without scripts has it.
      expect(page.text).toContain(`name="token" value="${token}"`);
      expect(await userOf(email)).toBeNull();
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
  });

  describe('another link', () => {
    const again = (email: string) => app.client().post('/auth/email/verification', { email });

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
  it('answers 409 where there is a user, and to a second registration nothing else than to the first', async () => {
    const app = await bootService({ registrationDisclosesTaken: true });
    const body = (password: string) => ({ email: 'ada@example.com', password });
    for (const password of [PASSWORDS.owner, PASSWORDS.owner]) {
      expect((await app.client().post('/auth/register', body(password))).status).toBe(202);
    }
    const token = await app.mailedToken('ada@example.com');
    expect((await app.client().post('/auth/email/verify', { token })).status).toBe(204);
    const reply = await app.client().post('/auth/register', body(PASSWORDS.attacker));
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict']);
    expect(await app.mails('ada@example.com')).toHaveLength(2);
    expect((await app.client().post('/auth/login', body(PASSWORDS.owner))).status).toBe(200);
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
