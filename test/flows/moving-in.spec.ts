import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { LegacyDirectory } from '../../src/factors/password/legacy/legacy-directory.js';
import { PasswordStore } from '../../src/factors/password/password.store.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { codeAt } from './authenticator-app.js';
import { bootService } from './combinations.js';

const PASSWORD = 'an engine weaves algebra';
const BCRYPT = '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S';
const DJANGO = 'pbkdf2_sha256$260000$seaSalt4Ada$JUbUivsAXZzRBmYI+B9VRqAGEYq0Z9RLErTQjAi23g8=';

async function storedHash(app: AuthTestApp, email: string): Promise<string | undefined> {
  const user = await app.app.get(UserStore, { strict: false }).findByEmail(email);
  const stored = await app.app.get(PasswordStore, { strict: false }).find(user?.id ?? '');
  return stored?.passwordHash;
}

describe('imported users', () => {
  let app: AuthTestApp;
  let admin: TestUser;

  beforeAll(async () => {
    app = await bootService();
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  it.each([
    ['bcrypt', BCRYPT],
    ['Django', DJANGO],
  ])('log in by the %s hash they bring, once: then it is argon2id', async (tool, passwordHash) => {
    const email = `${tool.toLowerCase()}@example.com`;
    const users = [{ email, emailVerified: true, name: 'Ada', roles: ['editor'], passwordHash }];
    const reply = await admin.post('/admin/import', { users });
    expect([reply.status, reply.body]).toEqual([200, { imported: 1, refused: [] }]);

    const wrong = await app.client().post('/auth/login', { email, password: 'another engine' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    expect(await storedHash(app, email)).toBe(passwordHash);

    const right = await app.client().post('/auth/login', { email, password: PASSWORD });
    expect([right.status, right.body.user]).toMatchObject([200, { email, name: 'Ada', roles: ['editor'] }]);
    expect(await storedHash(app, email)).toMatch(/^\$argon2id\$/);
    expect((await app.client().post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
  });

  it('bring their authenticator app, which is asked for at the first login, and works', async () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const uri = `otpauth://totp/Old:ada?secret=${secret}&issuer=Old`;
    const users = [secret, uri].map((given, i) => ({
      ...{ email: `app-${i}@example.com`, emailVerified: true, passwordHash: BCRYPT },
      factors: { totp: { secret: given } },
    }));
    expect((await admin.post('/admin/import', { users })).body).toEqual({ imported: 2, refused: [] });
    for (const { email } of users) {
      const client = app.client();
      const half = await client.post('/auth/login', { email, password: PASSWORD });
      expect(half.body).toMatchObject({ status: 'factor_required', factors: ['totp'] });
      const proof = { loginToken: half.body.loginToken, factor: 'totp' };
      const code = codeAt(secret, app.clock.now());
      const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
      expect((await client.post('/auth/login/factor', { ...proof, code: wrong })).status).toBe(401);
      expect((await client.post('/auth/login/factor', { ...proof, code })).status).toBe(200);
    }
    const stored = await app.app
      .get<DataSource>(AUTH_DATA_SOURCE, { strict: false })
      .query('SELECT secret FROM coatcheck.totp_secrets');
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it.each([
    ['of fewer than 80 bits', { totp: { secret: 'JBSWY3DP' } }],
    ['of another alphabet', { totp: { secret: '0189!!' } }],
    [
      'of eight digits',
      { totp: { secret: 'otpauth://totp/Old:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&digits=8' } },
    ],
    [
      'of SHA-256',
      { totp: { secret: 'otpauth://totp/Old:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA256' } },
    ],
    ['that counts', { totp: { secret: 'otpauth://hotp/Old:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&counter=1' } }],
    ['that says nothing', { totp: {} }],
    ['that is null', { totp: null }],
    ['of a factor that takes nothing over', { passkey: { id: 'x' } }],
    ['of no factor', { pigeon: {} }],
  ])('are refused, and not made, with a factor %s', async (_what, factors) => {
    const users = [{ email: 'refused@example.com', passwordHash: BCRYPT, factors }];
    const { status, body } = await admin.post('/admin/import', { users });
    expect([status, body]).toEqual([200, { imported: 0, refused: [{ index: 0, reason: 'factor_refused' }] }]);
    expect(await app.app.get(UserStore, { strict: false }).findByEmail('refused@example.com')).toBe(null);
  });

  it('are told apart from those who cannot be, and no user here is touched', async () => {
    const hashBefore = await storedHash(app, admin.email);
    const users = [
      { email: 'no address', passwordHash: BCRYPT },
      { email: 'odd@example.com', passwordHash: '{SSHA}c2FsdA==' },
      { email: admin.email.toUpperCase(), passwordHash: BCRYPT, roles: ['root'] },
      { email: 'twice@example.com', passwordHash: BCRYPT },
      { email: 'Twice@Example.com', passwordHash: BCRYPT },
      { email: 'without-hash@example.com', emailVerified: true },
    ];
    const reply = await admin.post('/admin/import', { users });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      imported: 2,
      refused: [
        { index: 0, reason: 'not_an_address' },
        { index: 1, reason: 'unknown_hash' },
        { index: 2, reason: 'taken' },
        { index: 4, reason: 'taken' },
      ],
    });
    expect(await storedHash(app, admin.email)).toBe(hashBefore);
    expect((await admin.get('/auth/me')).body.user.roles).toEqual(['admin']);
  });

  it('keep their id, the day they came and their ban; an id that is taken leaves the row out', async () => {
    const id = '7F3C1D52-6C0E-4D0B-A5A7-0F4F2B8F1F11';
    const kept = { emailVerified: true, passwordHash: BCRYPT, createdAt: '2019-05-04T11:00:00+02:00' };
    const users = [
      { email: 'kept@example.com', id, ...kept },
      { email: 'banned@example.com', ...kept, banned: true, banReason: 'spam' },
      { email: 'until@example.com', ...kept, banned: true, bannedUntil: '2099-01-01T00:00:00Z' },
      { email: 'same-id@example.com', id: id.toLowerCase(), ...kept },
      { email: 'future@example.com', createdAt: '2999-01-01T00:00:00Z' },
    ];
    const reply = await admin.post('/admin/import', { users });
    expect(reply.body).toEqual({ imported: 4, refused: [{ index: 3, reason: 'taken' }] });
    const logIn = (email: string) => app.client().post('/auth/login', { email, password: PASSWORD });
    expect((await logIn('kept@example.com')).body.user).toMatchObject({
      id: id.toLowerCase(),
      createdAt: '2019-05-04T09:00:00.000Z',
    });
    expect((await logIn('banned@example.com')).body.code).toBe('user_banned');
    const banned = (await admin.get('/admin/users?search=until@example.com')).body.users;
    expect(banned).toEqual([expect.objectContaining({ status: 'banned', bannedUntil: '2099-01-01T00:00:00.000Z' })]);
    const [future] = (await admin.get('/admin/users?search=future@example.com')).body.users;
    expect(new Date(future.createdAt).getTime()).toBeLessThanOrEqual(app.clock.now().getTime());
  });

  it('without a proven address cannot log in before they prove it', async () => {
    await admin.post('/admin/import', { users: [{ email: 'unproven@example.com', passwordHash: BCRYPT }] });
    const reply = await app.client().post('/auth/login', { email: 'unproven@example.com', password: PASSWORD });
    expect([reply.status, reply.body.code]).toEqual([403, 'email_unverified']);
  });

  it('are mailed a link that speaks of an account, not of a registration here, and then log in', async () => {
    const email = 'from-2020@example.com';
    const factors = { totp: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' } };
    const user = { email, passwordHash: BCRYPT, createdAt: '2020-05-04T09:00:00Z', factors };
    await admin.post('/admin/import', { users: [user] });
    expect(await app.mails(email)).toEqual([]);
    await app.client().post('/auth/email/verification', { email });
    const [mail] = await app.mails(email);
    expect(mail!.text).toContain('There is an account with this e-mail address');
    expect(mail!.text).toContain('a stranger may have chosen it');
    expect(mail!.text).not.toContain('was used to register');
    await app.client().post('/auth/email/verify', { token: await app.mailedToken(email) });
    // A stranger may have set the app up as well: it ends with the first proof of the mailbox.
    const { status, body } = await app.client().post('/auth/login', { email, password: PASSWORD });
    expect([status, body.status]).toEqual([200, 'authenticated']);
  });

  it.each([
    ['no list', {}],
    ['an empty list', { users: [] }],
    ['no list', { users: 'all' }],
    ['texts', { users: ['ada@example.com'] }],
    ['null', { users: [null] }],
    ['an unknown field', { users: [{ email: 'a@example.com', isAdmin: true }] }],
    ['an id that is no UUID', { users: [{ email: 'a@example.com', id: '1' }] }],
    ['a day that does not exist', { users: [{ email: 'a@example.com', createdAt: '2019-02-30T00:00:00Z' }] }],
    ['a list for an address', { users: [{ email: ['a@example.com', 'b@example.com'] }] }],
    ['a text for roles', { users: [{ email: 'a@example.com', roles: 'admin' }] }],
    ['something deeper', { users: [{ email: 'a@example.com', roles: [['admin']] }] }],
    ['501 users', { users: Array.from({ length: 501 }, (_, i) => ({ email: `a${i}@example.com` })) }],
  ])('cannot be sent as %s', async (_what, body) => {
    const reply = await admin.post('/admin/import', body);
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    expect(await storedHash(app, 'a@example.com')).toBeUndefined();
  });

  it('are imported by admins only', async () => {
    const users = [{ email: 'sneaky@example.com', roles: ['admin'], passwordHash: BCRYPT }];
    const somebody = await app.logIn();
    expect((await somebody.post('/admin/import', { users })).status).toBe(403);
    expect((await app.client().post('/admin/import', { users })).status).toBe(401);
    expect(await app.app.get(UserStore, { strict: false }).findByEmail('sneaky@example.com')).toBeNull();
  });
});

class OldShop extends LegacyDirectory {
  requested: string[] = [];
  fails = false;

  async verify(email: string, password: string) {
    this.requested.push(email);
    if (this.fails) throw new Error('the old shop is closed');
    return email.startsWith('old') && password === PASSWORD ? { emailVerified: true, name: 'Ada' } : null;
  }
}

describe('users of an old system', () => {
  const shop = new OldShop();
  let app: AuthTestApp;

  beforeAll(async () => {
    app = await bootService({}, [{ provide: LegacyDirectory, useValue: shop }]);
  });
  afterAll(() => app.close());
  beforeEach(() => {
    shop.requested = [];
    shop.fails = false;
  });

  const logIn = (email: string, password = PASSWORD) => app.client().post('/auth/login', { email, password });

  it('log in with its password, and it is asked once', async () => {
    const reply = await logIn('Old-1@example.com');
    expect([reply.status, reply.body.user.name]).toEqual([200, 'Ada']);
    expect((await logIn('old-1@example.com')).status).toBe(200);
    expect((await logIn('old-1@example.com', 'another engine')).status).toBe(401);
    expect(shop.requested).toEqual(['old-1@example.com']);
  });

  it('who log in 10 times at once are one user', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => logIn('old-2@example.com')));
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(replies.map(({ body }) => body.user.id)).size).toBe(1);
    const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const [{ count }] = await dataSource.query(
      `SELECT count(*)::int FROM coatcheck.passwords p JOIN coatcheck.users u ON u.id = p.user_id WHERE u.email = 'old-2@example.com'`,
    );
    expect(count).toBe(1);
  });

  it('are refused like users with a wrong password, and leave nothing behind', async () => {
    const reply = await logIn('old-3@example.com', 'another engine');
    expect([reply.status, reply.body.code]).toEqual([401, 'invalid_credentials']);
    expect(await app.app.get(UserStore, { strict: false }).findByEmail('old-3@example.com')).toBeNull();
  });

  it('get 503 while it is out of reach, and our own users go on', async () => {
    const own = await app.register();
    shop.fails = true;
    const reply = await logIn('old-4@example.com');
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([
      503,
      'unavailable',
      expect.any(String),
    ]);
    expect((await logIn(own.email, own.password)).status).toBe(200);
    shop.fails = false;
    expect((await logIn('old-4@example.com')).status).toBe(200);
  });
});
