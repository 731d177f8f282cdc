import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsOptional, IsString, Length } from 'class-validator';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { MaxDepth } from '../../src/http/max-depth.decorator.js';
import type { TestUser } from '../../src/testing/index.js';
import { UserField } from '../../src/users/user-field.decorator.js';
import { bootHost } from '../boot-host.js';
import { codeAt, setUpTotp } from '../flows/authenticator-app.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import { PageVisitor, type Shown } from './page-visitor.js';

/** What stands in `<main>`, as text. */
const textOf = ({ html }: Shown) =>
  (/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
/** What a browser would take for an element or for an end of an attribute. */
const XSS = `"><img src=x onerror=alert(1)>'<b>`;

/** As a browser says which page a form stood on. */
const from = (path: string) => ({ referer: `${site.url}${path}` });

let site: PagesUnderTest;
beforeAll(async () => {
  site = await bootPages({ authStrategies: ['session', 'jwt', 'api-key'] });
}, 60_000);
afterAll(() => site.close());

const query = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  site.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);

/** A browser in which a new user has signed in. */
async function signedIn(): Promise<PageVisitor & { readonly user: TestUser }> {
  const user = await site.app.logIn({ strategy: 'session' });
  return Object.assign(await site.as(user), { user });
}

/** Sends a form and opens the page it leads to. */
async function sent(browser: PageVisitor, fields: Record<string, string> = {}, path?: string): Promise<Shown> {
  const reply = await browser.submit(fields, path);
  expect([reply.status, textOf(reply)]).toEqual([303, '']);
  return browser.follow(reply);
}

describe('every page of an account', () => {
  const PAGES = [
    '/account',
    '/account/email',
    '/account/password',
    '/account/export',
    '/account/delete',
    '/account/factors',
    '/account/factors/totp',
    '/account/factors/passkey',
    '/account/factors/passkey/add',
    '/account/keys',
    '/account/keys/new',
    '/account/log',
  ];
  const events = () => query('SELECT count(*)::integer AS n FROM coatcheck.audit_events');

  it('is shown to a user in both languages, changes nothing, and leads a visitor who is not signed in to sign-in', async () => {
    const ada = await signedIn();
    const before = await events();
    for (const path of PAGES) {
      const shown = await ada.open(path);
      expect([path, shown.status, shown.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
      const german = await ada.open(`${path}?lang=de`);
      expect([path, german.status, /<html lang="([^"]*)"/.exec(german.html)?.[1]]).toEqual([path, 200, 'de']);
      await ada.open(`${path}?lang=en`);
      const stranger = await site.visitor().open(path);
      expect([stranger.status, stranger.location]).toEqual([303, `/sign-in?return=${encodeURIComponent(path)}`]);
    }
    expect(await events()).toEqual(before);
  });

  it('leads nowhere that is not there, and shows no place for what is to come', async () => {
    const ada = await signedIn();
    const { html } = await ada.open('/account');
    const paths = [...new Set([...html.matchAll(/href="(\/account[^"]*)"/g)].map(([, path]) => path!))];
    expect(paths.length).toBeGreaterThan(6);
    for (const path of paths) {
      const { status, location } = await ada.open(path);
      // The sessions are another feature's page, in whose own test they are shown.
      expect([path, status, location]).toEqual([path, 200, null]);
    }
    expect(html).not.toMatch(/\/account\/(apps|logins)/);
  });
});

describe('the profile', () => {
  it('is saved, shown again, and inert whatever is in it', async () => {
    const ada = await signedIn();
    await ada.open('/account');
    const shown = await sent(ada, { name: XSS }, '/account');
    expect(textOf(shown)).toContain('Your profile has been saved.');
    expect(shown.html).not.toContain('<img');
    expect(shown.html).toContain('value="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&lt;b&gt;"');
    const [{ name }] = (await query<{ name: string }>('SELECT name FROM coatcheck.users WHERE id = $1', [
      ada.user.userId,
    ])) as [{ name: string }];
    expect(name).toBe(XSS);
    expect(textOf(await ada.open('/account'))).not.toContain('has been saved');
  });

  it('holds the language, which is shown at once, also in a browser that had chosen another, and none is the browser’s', async () => {
    const ada = await signedIn();
    const chosen = () => query('SELECT language FROM coatcheck.users WHERE id = $1', [ada.user.userId]);
    await ada.open('/account?lang=en');
    expect((await sent(ada, { name: 'Ada', language: 'de' }, '/account')).html).toContain('<html lang="de"');
    expect(await chosen()).toEqual([{ language: 'de' }]);
    expect((await ada.open('/account')).html).toContain('<option value="de" lang="de" selected>Deutsch</option>');
    await ada.open('/account?lang=en');
    const unknown = await ada.submit({ name: 'Eve', language: 'tlh' }, '/account');
    expect([unknown.status, /<select id="language"[^>]*aria-invalid="true"/.test(unknown.html)]).toEqual([400, true]);
    expect(await chosen()).toEqual([{ language: 'de' }]);
    await sent(ada, { name: 'Ada', language: '' }, '/account');
    expect(await chosen()).toEqual([{ language: null }]);
  });

  it('is refused with what is wrong beside it, and nothing of it is saved', async () => {
    const ada = await signedIn();
    await ada.open('/account');
    const long = await ada.submit({ name: 'x'.repeat(101) }, '/account');
    expect([long.status, textOf(long).includes('too long')]).toEqual([400, true]);
    expect(long.html).toContain('x'.repeat(101));
    const odd = await ada.submit({ name: 'Ada', roles: 'admin' }, '/account');
    expect(odd.status).toBe(400);
    const rows = await query('SELECT name, roles FROM coatcheck.users WHERE id = $1', [ada.user.userId]);
    expect(rows).toEqual([{ name: null, roles: [] }]);
  });

  it('asks for a link to a new address with the password only, and says the same of a taken one', async () => {
    const [ada, bob] = [await signedIn(), await site.app.logIn()];
    await ada.open('/account/email');
    const wrong = await ada.submit({ email: 'new-ada@example.com', password: 'wrong' }, '/account/email');
    expect([wrong.status, textOf(wrong).includes('This is not your password')]).toEqual([401, true]);
    expect(wrong.html).toContain('value="new-ada@example.com"');
    expect(wrong.html).not.toContain('wrong"');
    const requests = () => query('SELECT new_email FROM coatcheck.email_changes WHERE user_id = $1', [ada.user.userId]);
    expect(await requests()).toEqual([]);
    for (const email of ['new-ada@example.com', bob.email]) {
      await ada.open('/account/email');
      const shown = await sent(ada, { email, password: ada.user.password }, '/account/email');
      expect(textOf(shown)).toContain('Check the mailbox of the new address');
    }
    expect(await requests()).toHaveLength(2);
  });

  it('changes the password, ends every other session and keeps this one', async () => {
    const ada = await signedIn();
    const other = await site.app.logInAgain(ada.user);
    await ada.open('/account/password');
    const short = await ada.submit({ currentPassword: ada.user.password, newPassword: 'short' }, '/account/password');
    expect([short.status, textOf(short).includes('too short')]).toEqual([400, true]);
    expect(short.html).not.toContain(ada.user.password);
    const wrong = await ada.submit(
      { currentPassword: 'no', newPassword: 'a quiet harbour sings' },
      '/account/password',
    );
    expect([wrong.status, textOf(wrong).includes('This is not your current password')]).toEqual([401, true]);
    expect((await other.get('/auth/me')).status).toBe(200);
    const changed = { currentPassword: ada.user.password, newPassword: 'a quiet harbour sings' };
    expect(textOf(await sent(ada, changed, '/account/password'))).toContain('Your password has been changed.');
    expect((await other.get('/auth/me')).body.code).toBe('session_ended');
    expect((await ada.open('/account')).status).toBe(200);
    expect((await site.app.logInAgain({ ...ada.user, password: 'a quiet harbour sings' })).userId).toBe(
      ada.user.userId,
    );
  });
});

describe('the data of a user', () => {
  it('is downloaded as a file by a form, after a fresh proof', async () => {
    const ada = await signedIn();
    await ada.open('/account/export');
    const file = await ada.submit({}, '/account/export');
    expect([file.status, file.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="account-data-/);
    expect(JSON.parse(file.html).parts.user).toMatchObject([{ id: ada.user.userId }]);
    site.app.clock.advance(11 * 60);
    await ada.open('/account/export');
    const stale = await ada.submit({}, '/account/export', from('/account/export'));
    expect([stale.status, stale.location]).toEqual([303, '/confirm?return=%2Faccount%2Fexport']);
    const recorded = await query(
      `SELECT id FROM coatcheck.audit_events WHERE user_id = $1 AND type = 'user.data_exported'`,
      [ada.user.userId],
    );
    expect(recorded).toHaveLength(1);
  });

  it('the page before the deletion says in numbers what ends; the right password deletes, a wrong one does not', async () => {
    const ada = await signedIn();
    await site.app.logInAgain(ada.user);
    await ada.user.post('/auth/api-keys', { name: 'one', scopes: [] });
    const page = await ada.open('/account/delete');
    for (const said of ['2 sessions', '2 known browsers', '1 API key', ada.user.email]) {
      expect([said, textOf(page).includes(said)]).toEqual([said, true]);
    }
    const wrong = await ada.submit({ password: 'wrong' }, '/account/delete');
    expect([wrong.status, textOf(wrong).includes('Nothing has been deleted')]).toEqual([401, true]);
    const users = () => query('SELECT id FROM coatcheck.users WHERE id = $1', [ada.user.userId]);
    expect(await users()).toHaveLength(1);
    const gone = await ada.submit({ password: ada.user.password }, '/account/delete');
    expect([gone.status, gone.location, gone.headers.get('clear-site-data')]).toEqual([303, '/signed-out', '"cache"']);
    expect(textOf(await ada.follow(gone))).toContain('Your account has been deleted.');
    expect(await users()).toEqual([]);
    expect((await ada.open('/account')).status).toBe(303);
  });

  it('without the password a deletion needs a step-up, however fresh the login is', async () => {
    const ada = await signedIn();
    await ada.open('/account/delete');
    const reply = await ada.submit({ password: '' }, '/account/delete', from('/account/delete'));
    expect([reply.status, reply.location]).toEqual([303, '/confirm?return=%2Faccount%2Fdelete']);
    expect((await ada.open('/account')).status).toBe(200);
  });
});

describe('factors', () => {
  const secretIn = (shown: Shown) =>
    textOf(shown)
      .match(/(?:\b[A-Z2-7]{4}\b ){7}[A-Z2-7]{4}/)![0]
      .replaceAll(' ', '');
  const codesIn = ({ html }: Shown) =>
    [...html.matchAll(/<li class="code">([\w-]{19})<\/li>/g)].map(([, code]) => code!);

  it('an authenticator app is set up by its QR code or its secret, shown once; so are the recovery codes', async () => {
    const ada = await signedIn();
    const other = await site.app.logInAgain(ada.user);
    await ada.open('/account/factors/totp');
    const refused = await ada.submit({ password: 'wrong' }, '/account/factors/totp');
    expect([refused.status, /[A-Z2-7]{4} [A-Z2-7]{4} [A-Z2-7]{4}/.test(textOf(refused))]).toEqual([401, false]);
    const secretPage = await ada.submit({ password: ada.user.password }, '/account/factors/totp');
    expect([secretPage.status, secretPage.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const secret = secretIn(secretPage);
    const qr = Buffer.from(/src="data:image\/svg\+xml;base64,([^"]+)"/.exec(secretPage.html)![1]!, 'base64').toString();
    expect(qr).toMatch(/^<svg/);
    const wrong = await ada.submit({ code: '000000' }, '/account/factors/totp/confirm');
    expect([wrong.status, wrong.html.includes(secret.slice(0, 4))]).toEqual([401, false]);
    const back = await ada.open('/account/factors/totp/confirm');
    expect([back.status, back.html.includes(secret.slice(0, 4))]).toEqual([200, false]);
    const done = await ada.submit({ code: codeAt(secret, site.app.clock.now()) }, '/account/factors/totp/confirm');
    const codes = codesIn(done);
    expect([done.status, done.headers.get('cache-control'), codes.length]).toEqual([200, 'no-store', 10]);
    expect((await other.get('/auth/me')).body.code).toBe('session_ended');

    // Loaded anew, the reply shows none of it.
    const again = await ada
      .submit({ code: codeAt(secret, site.app.clock.now()) }, '/account/factors/totp/confirm')
      .catch(() => null);
    expect(again === null || codesIn(again).length === 0).toBe(true);
    const list = await ada.open('/account/factors');
    expect(textOf(list)).toMatch(/Authenticator app set up .* Recovery codes set up .* 10 left/);
    for (const one of [...codes, secret]) expect([one, list.html.includes(one)]).toEqual([one, false]);
  });

  it('recovery codes are replaced by new ones, after a proof by the second factor', async () => {
    const ada = await signedIn();
    const { reply } = await setUpTotp(site.app, ada.user);
    const browser = await site.as(ada.user);
    await browser.open('/account/factors/recovery-code');
    const renewed = await browser.submit({}, '/account/factors/recovery-code');
    const codes = codesIn(renewed);
    expect([renewed.status, codes.length]).toEqual([200, 10]);
    expect(codes.filter((code) => reply.body.recoveryCodes.includes(code))).toEqual([]);
    site.app.clock.advance(11 * 60);
    const stale = await browser.open('/account/factors/recovery-code');
    expect([stale.status, stale.location]).toEqual([303, '/confirm?return=%2Faccount%2Ffactors%2Frecovery-code']);
  });

  it('an authenticator app is removed by a page of its own, with its recovery codes', async () => {
    const ada = await signedIn();
    await setUpTotp(site.app, ada.user);
    const browser = await site.as(ada.user);
    await browser.open('/account/factors/totp/remove');
    expect(textOf(await sent(browser, {}, '/account/factors/totp/remove'))).toContain('has been removed');
    const left = await query('SELECT factor FROM coatcheck.enrolments WHERE user_id = $1', [ada.user.userId]);
    expect(left).toEqual([]);
    const nothing = await browser.open('/account/factors/totp/remove');
    expect(nothing.status).toBe(200);
    const missing = await browser.submit({}, '/account/factors/totp/remove');
    expect(missing.status).toBe(404);
  });
});

describe('API keys', () => {
  const keyIn = ({ html }: Shown) => /cck_[\w-]{60,}/.exec(html)?.[0] ?? null;

  async function made(browser: PageVisitor, name = 'nightly'): Promise<{ key: string; id: string }> {
    await browser.open('/account/keys/new');
    const shown = await browser.submit({ name, scopes: 'example:read', life: '30' }, '/account/keys/new');
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const key = keyIn(shown)!;
    const list = await browser.open('/account/keys');
    const id = /\/account\/keys\/([\da-f-]{36})"/.exec(list.html)![1]!;
    return { key, id };
  }

  it('a key is shown once, in the reply that makes it, and works; its name is inert', async () => {
    const ada = await signedIn();
    const { key, id } = await made(ada, XSS);
    expect((await site.app.client({ 'x-api-key': key }).get('/auth/me')).status).toBe(200);
    const secret = key.slice(37);
    for (const path of ['/account/keys', `/account/keys/${id}`, `/account/keys/${id}/revoke`, '/account/log']) {
      const shown = await ada.open(path);
      expect([path, shown.status, shown.html.includes(secret), shown.html.includes('<img')]).toEqual([
        path,
        200,
        false,
        false,
      ]);
    }
  });

  it.each([
    ['no name', { name: '', scopes: '' }, 'Give the key a name.'],
    ['a scope of another form', { name: 'x', scopes: 'a b*c' }, 'A scope has up to 64'],
    ['a scope twice', { name: 'x', scopes: 'a, a' }, 'named twice'],
  ])('none is made with %s', async (_what, fields, said) => {
    const ada = await signedIn();
    await ada.open('/account/keys/new');
    const shown = await ada.submit({ ...fields, life: '' }, '/account/keys/new');
    expect([shown.status, keyIn(shown), textOf(shown).includes(said)]).toEqual([400, null, true]);
    expect(await query('SELECT id FROM coatcheck.api_keys WHERE user_id = $1', [ada.user.userId])).toEqual([]);
  });

  it('a key is replaced: the old one lives for the overlap, and only so long', async () => {
    const ada = await signedIn();
    const { key, id } = await made(ada);
    await ada.open(`/account/keys/${id}/rotate`);
    const shown = await ada.submit({ overlap: '1' }, `/account/keys/${id}/rotate`);
    const fresh = keyIn(shown)!;
    const works = async (one: string) => (await site.app.client({ 'x-api-key': one }).get('/auth/me')).status;
    expect([shown.status, await works(key), await works(fresh)]).toEqual([200, 200, 200]);
    site.app.clock.advance(3601);
    expect([await works(key), await works(fresh)]).toEqual([401, 200]);
  });

  it('a key is revoked by a page that says how much it was used, and its usage by day is a plot', async () => {
    const ada = await signedIn();
    const { key, id } = await made(ada);
    for (let i = 0; i < 3; i += 1) await site.app.client({ 'x-api-key': key }).get('/auth/me');
    const page = await ada.open(`/account/keys/${id}`);
    expect(page.html).toMatch(
      /<svg class="plot-area"[^>]*aria-label="3 requests in the last 90 days, 0 of them refused/,
    );
    expect(textOf(await ada.open(`/account/keys/${id}/revoke`))).toContain('used for 3 requests in the last 90 days');
    expect(textOf(await sent(ada, {}, `/account/keys/${id}/revoke`))).toContain('The key has been revoked.');
    expect((await site.app.client({ 'x-api-key': key }).get('/auth/me')).status).toBe(401);
    expect((await ada.open(`/account/keys/${id}`)).status).toBe(404);
  });

  it('another user’s key is not found, on any of its pages', async () => {
    const [ada, bob] = [await signedIn(), await signedIn()];
    const { key, id } = await made(ada);
    for (const path of ['', '/rotate', '/revoke'])
      expect((await bob.open(`/account/keys/${id}${path}`)).status).toBe(404);
    await bob.open('/account/delete');
    await bob.send('POST', `/account/keys/${id}/revoke`, { _csrf: bob.form('/account/delete').hidden._csrf! });
    expect((await site.app.client({ 'x-api-key': key }).get('/auth/me')).status).toBe(200);
  });

  it('a key needs a fresh login', async () => {
    const ada = await signedIn();
    site.app.clock.advance(2 * 3600);
    const reply = await ada.open('/account/keys/new');
    expect([reply.status, reply.location]).toEqual([303, '/confirm?return=%2Faccount%2Fkeys%2Fnew']);
  });
});

describe('the security log', () => {
  it('says what happened, by kind and page by page, and whatever a user agent contains is inert', async () => {
    const ada = await signedIn();
    site.app.clock.advance(1);
    await site.app.client({ 'user-agent': XSS }).post('/auth/login', { email: ada.user.email, password: 'wrong' });
    const shown = await ada.open('/account/log');
    expect(textOf(shown)).toMatch(/A sign-in was refused .* Signed in /);
    expect(shown.html).not.toContain('<img');
    const keys = await ada.open('/account/log?kind=api_keys');
    expect(textOf(keys)).toContain('No entries match.');
    for (let i = 0; i < 30; i += 1) {
      site.app.clock.advance(1);
      await site.app.client().post('/auth/login', { email: ada.user.email, password: 'wrong' });
    }
    const first = await ada.open('/account/log?kind=sign_in');
    const older = /href="(\/account\/log\?kind=sign_in&amp;cursor=[\w-]+)"/.exec(first.html)![1]!.replace('&amp;', '&');
    const second = await ada.open(older);
    expect([second.status, textOf(second).includes('Older entries')]).toEqual([200, false]);
    expect(textOf(second)).toContain('Signed in');
    expect((await ada.open('/account/log?kind=nothing')).status).toBe(400);
  });

  it('is downloaded whole', async () => {
    const ada = await signedIn();
    await site.app.client().post('/auth/login', { email: ada.user.email, password: 'wrong horse battery staple' });
    const file = await ada.open('/account/log/download');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="security-log-/);
    const types = JSON.parse(file.html).parts.securityLog.map(({ type }: { type: string }) => type);
    expect(types.sort()).toEqual(['login.failed', 'login.succeeded']);
  });
});

it('no form of an account is taken from another site, without its token, or with that of another user', async () => {
  const [ada, bob] = [await signedIn(), await signedIn()];
  await bob.open('/account');
  const foreign = bob.form('/account').hidden._csrf!;
  await ada.open('/account');
  const own = ada.form('/account').hidden._csrf!;
  for (const path of ['/account', '/account/delete', '/account/export', '/account/keys/new', '/account/factors/totp']) {
    for (const [token, headers] of [
      ['', {}],
      [foreign, {}],
      [own, { 'sec-fetch-site': 'cross-site' }],
    ] as const) {
      const reply = await ada.send('POST', path, { _csrf: token, name: 'taken', password: ada.user.password }, headers);
      expect([path, reply.status]).toEqual([path, 403]);
    }
  }
  expect(await query('SELECT name FROM coatcheck.users WHERE id = $1', [ada.user.userId])).toEqual([{ name: null }]);
});

it('without API keys there is neither a page nor a link for them', async () => {
  const without = await bootPages({ authStrategies: ['session'] });
  try {
    const ada = await without.as();
    expect((await ada.open('/account')).html).not.toContain('/account/keys');
    expect((await ada.open('/account/keys')).status).toBe(404);
  } finally {
    await without.close();
  }
});

class Fields {
  @UserField({ changeable: true })
  @IsString()
  @Length(2, 80)
  companyName!: string;

  @UserField({ changeable: true })
  @IsOptional()
  @IsBoolean()
  newsletter?: boolean;

  @UserField({ changeable: true })
  @IsOptional()
  @IsInt()
  age?: number;

  @UserField({ changeable: true })
  @MaxDepth(1)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(3)
  tags?: string[];

  @IsOptional()
  @IsString()
  plan?: string;
}

it('the profile has the declared fields that users may change, each by its type, and takes no other', async () => {
  const app = await bootHost({
    registrationFields: Fields,
    options: { pages: 'on', pagesPath: '' },
  });
  try {
    const user = await app.logIn({
      strategy: 'session',
      fields: { companyName: 'Engines', tags: ['a'], plan: 'free' },
    });
    const browser = new PageVisitor(app.url);
    for (const pair of (user.headers.cookie ?? '').split('; ')) {
      const at = pair.indexOf('=');
      browser.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const page = await browser.open('/account');
    expect(textOf(page)).toMatch(/Company name Newsletter Age /);
    expect(page.html).not.toMatch(/name="(tags|plan)"/);
    const stored = async () => (await user.get('/auth/me')).body.user;
    const good = { name: 'Ada', companyName: 'Looms', newsletter: 'on', age: '36' };
    expect((await browser.submit(good, '/account')).status).toBe(303);
    expect(await stored()).toMatchObject({
      companyName: 'Looms',
      newsletter: true,
      age: 36,
      tags: ['a'],
      plan: 'free',
    });
    await browser.open('/account');
    expect((await browser.submit({ ...good, age: 'old' }, '/account')).status).toBe(400);
    expect((await browser.submit({ ...good, plan: 'paid' }, '/account')).status).toBe(400);
    expect((await browser.submit({ name: '', companyName: 'Looms', age: '' }, '/account')).status).toBe(303);
    expect(await stored()).toMatchObject({ name: null, companyName: 'Looms', newsletter: false, plan: 'free' });
    expect(await stored()).not.toHaveProperty('age');
  } finally {
    await app.close();
  }
});
