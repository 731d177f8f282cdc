import type { TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { codeAt, protectedUser } from '../flows/authenticator-app.js';
import { bootPages, linkIn, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor } from './page-visitor.js';

const ROLE = 'keeper';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages({ secondFactorRoles: [ROLE], rememberDeviceSeconds: 30 * 86_400 });
});
afterAll(() => pages.close());

const me = async (visitor: PageVisitor) => (await visitor.open('/auth/me')).status;

async function begin(visitor: PageVisitor, user: { email: string; password: string }, path = '/sign-in') {
  await visitor.open(path);
  return visitor.submit({ email: user.email, password: user.password }, '/sign-in');
}

describe('signing in', () => {
  it('ends where it began, with a session cookie', async () => {
    const user = await pages.app.register();
    const visitor = pages.visitor();
    const sent = await visitor.open('/confirm?factor=totp');
    expect([sent.status, sent.location]).toEqual([303, '/sign-in?return=%2Fconfirm%3Ffactor%3Dtotp']);
    const done = await begin(visitor, user, sent.location!);
    expect([done.status, done.location]).toEqual([303, '/confirm?factor=totp']);
    expect(await me(visitor)).toBe(200);
  });

  it('shows the same page for an unknown address and a wrong password, without the password', async () => {
    const user = await pages.app.register();
    const [wrong, unknown] = [pages.visitor(), pages.visitor()];
    const one = await begin(wrong, { ...user, password: 'never-this-one' });
    const other = await begin(unknown, { email: 'nobody@example.com', password: 'never-this-one' });
    expect([one.status, other.status]).toEqual([401, 401]);
    expect(one.headers.get('www-authenticate')).toMatch(/^Cookie/);
    const plain = (html: string, email: string) =>
      html.replaceAll(email, '').replace(/name="_csrf" value="[^"]+"/g, '');
    expect(plain(one.html, user.email)).toBe(plain(other.html, 'nobody@example.com'));
    expect(one.html).toContain('The e-mail address or the password does not match.');
    expect(one.html).toContain(`value="${user.email}"`);
    expect(one.html).not.toContain('never-this-one');
    expect(await me(wrong)).toBe(401);
  });

  it('says beside the form what is missing in it, and nothing is tried', async () => {
    const visitor = pages.visitor();
    const shown = await begin(visitor, { email: 'no address', password: 'x' });
    expect(shown.status).toBe(400);
    expect(shown.html).toContain(
      'E-mail address: This is not a complete e-mail address. It looks like name@example.com.',
    );
    expect(shown.html).toMatch(/<input id="email"[^>]* aria-invalid="true"/);
  });

  it('leads a user who is signed in on at once', async () => {
    const user = await pages.as();
    expect((await user.open('/sign-in?return=%2Fauth%2Fme')).location).toBe('/auth/me');
    expect((await user.open('/sign-in')).location).toBe('/account');
  });

  it('shows the form to a user whose session has ended', async () => {
    const user = await pages.as();
    await user.user.post('/auth/logout');
    const shown = await user.open('/sign-in');
    expect([shown.status, shown.location]).toEqual([200, null]);
  });

  it('says what to do to a banned user, and to one whose address is not verified', async () => {
    const user = await pages.app.register();
    const users = pages.app.app.get(UserStore, { strict: false });
    const { id } = (await users.findByEmail(user.email))!;
    await users.update(id, { bannedAt: pages.app.clock.now() });
    const banned = await begin(pages.visitor(), user);
    expect([banned.status, banned.html]).toEqual([403, expect.stringContaining('This account is suspended.')]);
    await users.update(id, { bannedAt: null, emailVerifiedAt: null });
    const unverified = await begin(pages.visitor(), user);
    expect([unverified.status, unverified.html]).toEqual([403, expect.stringContaining('is not verified yet')]);
  });

  it('mails the link that verifies the address to a user who has none, after the right password only', async () => {
    const user = await pages.app.register();
    const users = pages.app.app.get(UserStore, { strict: false });
    const { id } = (await users.findByEmail(user.email))!;
    await users.update(id, { emailVerifiedAt: null });
    const visitor = pages.visitor();
    const wrong = await begin(visitor, { ...user, password: 'never-this-one' }, '/sign-in?return=%2Fauth%2Fme');
    expect(wrong.html).not.toContain('/sign-in/verification');
    await begin(visitor, user, '/sign-in?return=%2Fauth%2Fme');
    const sent = await visitor.submit({}, '/sign-in/verification');
    expect([sent.status, sent.location]).toEqual([303, '/sign-in?return=%2Fauth%2Fme']);
    expect((await visitor.follow(sent)).html).toContain('a link is on its way to it');
    const link = new URL(await linkIn(pages.app, user.email, '/auth/email/verify'));
    await visitor.open(link.pathname + link.search);
    await visitor.submit({}, '/auth/email/verify/form');
    expect((await begin(visitor, user)).location).toBe('/account');
  });

  it('asks for the link alike for any address, and tells none', async () => {
    const user = await pages.app.register();
    for (const email of [user.email, 'nobody@example.com']) {
      const visitor = pages.visitor();
      await visitor.open('/sign-in/verification');
      const sent = await visitor.submit({ email });
      expect([sent.status, sent.location]).toEqual([303, '/sign-in']);
    }
    const visitor = pages.visitor();
    await visitor.open('/sign-in/verification');
    const none = await visitor.submit({ email: 'ada' });
    expect([none.status, none.html]).toEqual([400, expect.stringContaining('not a complete e-mail address')]);
  });
});

describe('a second factor', () => {
  it('is asked for on a page of its own, whose address says nothing', async () => {
    const user = await protectedUser(pages.app);
    const visitor = pages.visitor();
    const half = await begin(visitor, user, '/sign-in?return=%2Fauth%2Fme');
    expect([half.status, half.location]).toEqual([303, '/sign-in/factor?return=%2Fauth%2Fme']);
    expect(await me(visitor)).toBe(401);
    const asked = await visitor.follow(half);
    expect(asked.html).toContain('Code from your authenticator app');
    expect(asked.html).toContain('href="/sign-in/factor?factor=recovery_code&amp;return=%2Fauth%2Fme"');
    const wrong = await visitor.submit({ code: '000000' });
    expect([wrong.status, wrong.html]).toEqual([401, expect.stringContaining('That code does not match.')]);
    const done = await visitor.submit({ code: user.code() });
    expect([done.status, done.location]).toEqual([303, '/auth/me']);
    expect(await me(visitor)).toBe(200);
    expect([...visitor.cookies.keys()].filter((name) => name.startsWith('pending'))).toEqual([]);
  });

  it('may be a recovery code, once', async () => {
    const user = await protectedUser(pages.app);
    for (const outcome of [303, 401]) {
      const visitor = pages.visitor();
      await visitor.follow(await begin(visitor, user));
      await visitor.open('/sign-in/factor?factor=recovery_code');
      expect((await visitor.submit({ code: user.recoveryCodes[0]! })).status).toBe(outcome);
    }
  });

  it('is not asked for again in a browser that is to be remembered', async () => {
    const user = await protectedUser(pages.app);
    const visitor = pages.visitor();
    const asked = await visitor.follow(await begin(visitor, user));
    expect(asked.html).toContain('Do not ask again in this browser for 30 days');
    expect((await visitor.submit({ code: user.code(), remember: 'on' })).status).toBe(303);
    visitor.cookies.delete('session');
    expect((await begin(visitor, user)).location).toBe('/account');
  });

  it('of a login that has expired, or began in another browser, begins anew with a word about it', async () => {
    const user = await protectedUser(pages.app);
    const [late, thief] = [pages.visitor(), pages.visitor()];
    await begin(late, user);
    for (const [name, value] of late.cookies) if (name.startsWith('pending')) thief.cookies.set(name, value);
    expect((await thief.open('/sign-in/factor')).location).toBe('/sign-in');
    pages.app.clock.advance(3600);
    const again = await late.follow(await late.open('/sign-in/factor'));
    expect(again.html).toContain('That took too long, or began in another browser. Sign in again.');
    expect((await late.open('/sign-in')).html).not.toContain('That took too long');
  });

  it('is finished once, of two browsers that send the same form', async () => {
    const user = await protectedUser(pages.app);
    const visitor = pages.visitor();
    await visitor.follow(await begin(visitor, user));
    const { action, hidden } = visitor.form();
    const codes = [user.code(), user.recoveryCodes[0]!];
    const replies = await Promise.all([
      visitor.send('POST', action, { ...hidden, code: codes[0]! }),
      visitor.send('POST', action, { ...hidden, factor: 'recovery_code', code: codes[1]! }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([303, 401]);
  });
});

describe('a user who must have a second factor', () => {
  const keeper = async () => {
    const user = await pages.app.register();
    const users = pages.app.app.get(UserStore, { strict: false });
    await users.update((await users.findByEmail(user.email))!.id, { roles: [ROLE] });
    return user;
  };

  it('sets an authenticator app up before anything else, and sees secret and recovery codes once', async () => {
    const visitor = pages.visitor();
    const half = await begin(visitor, await keeper(), '/sign-in?return=%2Fauth%2Fme');
    expect(half.location).toBe('/sign-in/enrol?return=%2Fauth%2Fme');
    expect((await visitor.open('/account')).location).toMatch(/^\/sign-in\/enrol/);
    // A user who signed in elsewhere may have to prove it anew before enrolling.
    expect((await visitor.open('/confirm')).status).toBe(200);
    const choice = await visitor.open(half.location!);
    expect(choice.html).toContain('href="/sign-in/enrol/totp?return=%2Fauth%2Fme"');
    expect(choice.html).toContain('href="/sign-in/enrol/passkey?return=%2Fauth%2Fme"');
    await visitor.open('/sign-in/enrol/totp?return=%2Fauth%2Fme');
    const shown = await visitor.submit({}, '/sign-in/enrol/totp');
    const secret = /<p class="code">([A-Z2-7 ]+)<\/p>/.exec(shown.html)![1]!.replaceAll(' ', '');
    expect(shown.html).toContain('<svg');
    const wrong = await visitor.submit({ code: '000000' }, '/sign-in/enrol/totp/code');
    expect(wrong.status).toBe(401);
    expect(wrong.html).not.toContain(secret.slice(0, 4));
    expect((await visitor.open('/sign-in/enrol/totp')).html).not.toContain('<svg');
    await visitor.submit({}, '/sign-in/enrol/totp');
    expect(await me(visitor)).toBe(403);
  });

  it('is signed in when the app is confirmed, and the page that says so can sign out', async () => {
    const visitor = pages.visitor();
    await begin(visitor, await keeper());
    await visitor.open('/sign-in/enrol/totp');
    const shown = await visitor.submit({}, '/sign-in/enrol/totp');
    const secret = /<p class="code">([A-Z2-7 ]+)<\/p>/.exec(shown.html)![1]!.replaceAll(' ', '');
    const done = await visitor.submit({ code: codeAt(secret, pages.app.clock.now()) }, '/sign-in/enrol/totp/code');
    expect(done.status).toBe(200);
    expect(done.html.match(/<li class="code">/g)).toHaveLength(10);
    expect(await me(visitor)).toBe(200);
  });

  it('may sign out instead', async () => {
    const visitor = pages.visitor();
    await visitor.follow(await begin(visitor, await keeper()));
    expect((await visitor.submit({}, '/sign-out')).location).toBe('/signed-out');
    expect(await me(visitor)).toBe(401);
  });
});

describe('confirming', () => {
  it('asks for the password, and renews the session', async () => {
    const user = await pages.as();
    const before = user.cookies.get('session');
    await user.open('/confirm?return=%2Fauth%2Fme');
    const wrong = await user.submit({ password: 'never-this-one' }, '/confirm');
    expect([wrong.status, wrong.html]).toEqual([401, expect.stringContaining('That does not match.')]);
    const done = await user.submit({ password: (user.user as TestUser).password }, '/confirm');
    expect([done.status, done.location]).toEqual([303, '/auth/me']);
    expect(user.cookies.get('session')).not.toBe(before);
    expect(await me(user)).toBe(200);
  });

  it('asks for the second factor too, and the session has proven both', async () => {
    const protectedOne = await protectedUser(pages.app, { strategy: 'session' });
    const user = await pages.as(protectedOne.user);
    const page = await user.open('/confirm');
    expect(page.html).toContain('Code from your authenticator app');
    const missing = await user.submit({ password: protectedOne.password }, '/confirm');
    expect(missing.status).toBe(400);
    await user.submit({ password: protectedOne.password, code: protectedOne.code() }, '/confirm');
    const { session } = JSON.parse((await user.open('/auth/me')).html);
    expect(session.amr).toEqual(expect.arrayContaining(['pwd', 'otp', 'mfa']));
  });
});

describe('signing out', () => {
  it('ends the session everywhere, and the browser forgets what it was shown', async () => {
    const user = await pages.as();
    await user.open('/confirm');
    const out = await user.submit({}, '/sign-out');
    expect([out.status, out.location, out.headers.get('clear-site-data')]).toEqual([303, '/signed-out', '"cache"']);
    expect(user.cookies.has('session')).toBe(false);
    expect((await user.user.get('/auth/me')).body.code).toBe('session_ended');
  });

  it('works from a page of a session that has ended meanwhile', async () => {
    const user = await pages.as();
    await user.open('/confirm');
    await user.user.post('/auth/logout');
    expect((await user.submit({}, '/sign-out')).location).toBe('/signed-out');
  });
});
