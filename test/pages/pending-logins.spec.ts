import { protectedUser } from '../flows/authenticator-app.js';
import { bootPages, linkIn, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor } from './page-visitor.js';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages({ rememberDeviceSeconds: 30 * 86_400 });
});
afterAll(() => pages?.close());

type Protected = Awaited<ReturnType<typeof protectedUser>>;

async function begun(user: Protected, browser = pages.visitor()): Promise<PageVisitor> {
  await browser.open('/sign-in');
  const sent = await browser.submit({ email: user.email, password: user.password }, '/sign-in');
  expect(sent.location).toBe('/sign-in/factor');
  await browser.open('/sign-in/factor');
  return browser;
}

const me = async (browser: PageVisitor) => (await browser.open('/auth/me')).status;

describe('a login between the password and the second factor', () => {
  /** What an admin does to the user. */
  async function byAdmin(user: Protected, act: string): Promise<void> {
    const admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'] });
    const { id } = (await admin.get(`/admin/users?search=${encodeURIComponent(user.email)}`)).body.users[0];
    expect((await admin.post(`/admin/users/${id}/${act}`, act === 'ban' ? {} : undefined)).status).toBe(204);
  }

  async function choosePassword({ email }: Protected): Promise<void> {
    await pages.app.client().post('/auth/password/forgot', { email });
    const token = new URL(await linkIn(pages.app, email, '/reset')).searchParams.get('token');
    const body = { token, password: 'a loom of silver numbers' };
    expect((await pages.app.client().post('/auth/password/reset', body)).status).toBe(204);
  }

  const ENDINGS: [what: string, act: (user: Protected) => Promise<void>][] = [
    ['a ban', (user) => byAdmin(user, 'ban')],
    ['an admin who signs the user out', (user) => byAdmin(user, 'logout')],
    ['the removal of all second factors', (user) => byAdmin(user, 'factor-reset')],
    ['a new password', choosePassword],
  ];

  it.each(ENDINGS)('is ended by %s', async (_what, act) => {
    const user = await protectedUser(pages.app);
    const browser = await begun(user);
    await act(user);
    const { status } = await browser.submit({ code: user.code() });
    expect([401, 403]).toContain(status);
    expect(await me(browser)).toBe(401);
  });

  it('is of one browser: its cookies open nothing in another, also with the code', async () => {
    const user = await protectedUser(pages.app);
    const [one, other] = [await begun(user), pages.visitor()];
    for (const [name, value] of one.cookies) if (/pending/.test(name)) other.cookies.set(name, value);
    expect((await other.open('/sign-in/factor')).location).toBe('/sign-in');
    await other.open('/sign-in');
    const { hidden } = other.form('/sign-in');
    const sent = await other.send('POST', '/sign-in/factor', { ...hidden, factor: 'totp', code: user.code() });
    expect(sent.location).toBe('/sign-in');
    expect(await me(other)).toBe(401);
  });

  it('is of one user: another one’s code is wrong, and the user who begins last is signed in', async () => {
    const [ada, eve] = [await protectedUser(pages.app), await protectedUser(pages.app)];
    const browser = await begun(ada);
    expect((await browser.submit({ code: eve.code() })).status).toBe(401);
    await begun(eve, browser);
    expect((await browser.submit({ code: eve.code() })).status).toBe(303);
    expect((await browser.open('/account')).html).toContain(eve.email);
  });

  it('remembers the browser for its own user only', async () => {
    const [ada, eve] = [await protectedUser(pages.app), await protectedUser(pages.app)];
    const browser = await begun(ada);
    expect((await browser.submit({ code: ada.code(), remember: 'on' })).location).toBe('/account');
    await browser.open('/account');
    await browser.submit({}, '/sign-out');
    await begun(eve, browser);
    expect(await me(browser)).toBe(401);
    await browser.open('/sign-in');
    const again = await browser.submit({ email: ada.email, password: ada.password }, '/sign-in');
    expect(again.location).toBe('/account');
  });
});
