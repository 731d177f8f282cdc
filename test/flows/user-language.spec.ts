import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootWithMadeUsers } from './made-users.js';

const PASSWORD = 'an engine weaves algebra';
let counter = 0;
const freshEmail = () => `language-${++counter}@example.com`;

describe('the language of a user', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers();
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());
  const stored = async (userId: string) => (await app.app.get(UserStore, { strict: false }).find(userId))!.language;
  const newestSubject = async (email: string) => (await app.mails(email))[0]?.subject;
  const browserOf = (language: string, headers: Record<string, string> = {}) =>
    app.client({ 'accept-language': language, ...headers });

  it('is none at first, is set, shown to its user and to admins, and taken away again', async () => {
    const ada = await app.logIn();
    expect((await ada.get('/auth/me')).body.user).not.toHaveProperty('language');
    const changed = await ada.patch('/auth/me', { language: 'de' });
    expect([changed.status, changed.body.language, changed.body.name]).toEqual([200, 'de', null]);
    expect((await ada.get('/auth/me')).body.user.language).toBe('de');
    expect((await admin.get(`/admin/users/${ada.userId}`)).body.language).toBe('de');
    // Another change leaves it.
    expect((await ada.patch('/auth/me', { name: 'Ada' })).body).toMatchObject({ name: 'Ada', language: 'de' });
    expect((await ada.patch('/auth/me', { language: null })).body).not.toHaveProperty('language');
    expect(await stored(ada.userId)).toBeNull();
  });

  it.each([
    ['a language that is not there', 'fr', 'isIn'],
    ['another spelling', 'DE', 'isIn'],
    ['nothing', '', 'isIn'],
    ['a number', 7, 'isString'],
    ['a long text', 'd'.repeat(36), 'maxLength'],
    ['a list', ['de'], 'isFlat'],
  ])('is refused when it is %s, and nothing changes', async (_what, language, rule) => {
    const ada = await app.logIn();
    await ada.patch('/auth/me', { language: 'de' });
    const { status, body } = await ada.patch('/auth/me', { language, name: 'Ada' });
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.errors).toContainEqual(expect.objectContaining({ field: 'language', rule }));
    expect((await ada.get('/auth/me')).body.user).toMatchObject({ language: 'de', name: null });
  });

  it('is imported, and a row with another is refused', async () => {
    const [good, bad] = [freshEmail(), freshEmail()];
    const users = [
      { email: good, language: 'de' },
      { email: bad, language: 'fr' },
    ];
    const { body } = await admin.post('/admin/import', { users });
    expect(body).toEqual({ imported: 1, refused: [{ index: 1, reason: 'unknown_language' }] });
    const users_ = app.app.get(UserStore, { strict: false });
    expect((await users_.findByEmail(good))!.language).toBe('de');
    expect(await users_.findByEmail(bad)).toBeNull();
  });

  it('is the language of the user’s mails, whatever causes them', async () => {
    const ada = await app.logIn();
    await ada.patch('/auth/me', { language: 'de' });
    await browserOf('en').post('/auth/password/forgot', { email: ada.email });
    expect(await newestSubject(ada.email)).toBe('Setzen Sie Ihr Passwort zurück');
    await admin.put(`/admin/users/${ada.userId}/roles`, { roles: ['editor'] });
    expect(await newestSubject(ada.email)).toBe('Ihr Konto wurde von einem Administrator geändert');
  });

  it.each([
    ['the address', 'en', '?lang=de', {}],
    ['the cookie', 'en', '', { cookie: 'lang=de' }],
    ['Accept-Language', 'fr, de-AT;q=0.8, en;q=0.5', '', {}],
  ])(
    'is, without one, that of the request by %s: registration, forgotten password',
    async (_where, accepted, query, headers) => {
      const email = freshEmail();
      const browser = browserOf(accepted, headers);
      await browser.post(`/auth/register${query}`, { email, password: PASSWORD });
      expect(await newestSubject(email)).toBe('Bestätigen Sie Ihre E-Mail-Adresse');
      await app.client().post('/auth/email/verify', { token: await app.mailedToken(email) });
      await browser.post(`/auth/password/forgot${query}`, { email });
      const [mail] = await app.mails(email);
      expect(mail!.subject).toBe('Setzen Sie Ihr Passwort zurück');
      expect(mail!.html).toContain('<html lang="de" dir="ltr">');
      expect(mail!.text).toMatch(/noch \d+ (Stunde|Minute)n? gültig/);
    },
  );

  it('is, without one, that of the request: notices of what was done in it', async () => {
    const ada = await app.logIn();
    const german = { 'accept-language': 'de' };
    await app.client({ ...ada.headers, ...german }).post('/auth/password/change', {
      currentPassword: ada.password,
      newPassword: 'another engine weaves flowers',
    });
    expect(await newestSubject(ada.email)).toBe('Ihr Passwort wurde geändert');
  });

  it.each([
    ['a language that is not there', 'fr'],
    ['everything', '*'],
    ['garbage', ';;q=,,\u00ff;q=2'],
    ['ten thousand characters', `${'x-'.repeat(5000)},de`],
  ])('is the default where the browser asks for %s', async (_what, accepted) => {
    const email = freshEmail();
    const reply = await browserOf(accepted).post('/auth/register', { email, password: PASSWORD });
    expect(reply.status).toBe(202);
    expect(await newestSubject(email)).toBe('Verify your e-mail address');
  });
});
