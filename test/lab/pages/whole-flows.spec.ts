import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../src/database/auth-data-source.js';
import { UserStore } from '../../../src/users/user.store.js';
import { codeAt, protectedUser } from '../../flows/authenticator-app.js';
import { bootPages, type PagesUnderTest } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';

const ROLE = 'keeper';
const OTHER = 'copper wires under snow';

/** From the sign-in page to the end of it, by Tab and Enter. Sign-up, verification and reset are in `links.spec.ts`. */
inChromium.each([
  ['with scripts', true],
  ['without scripts', false],
])('a whole flow by the keyboard alone, %s', (_, scripts) => {
  let pages: PagesUnderTest;
  let chromium: Chromium;
  let window: Window;

  beforeAll(async () => {
    const options = { authStrategies: ['session', 'api-key'], secondFactorRoles: [ROLE] };
    [pages, chromium] = await Promise.all([bootPages(options), Chromium.start()]);
  });
  beforeEach(async () => {
    window = await chromium.open(pages.url, { scripts });
  });
  afterEach(async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });

  async function signIn(user: { readonly email: string; readonly password: string }): Promise<void> {
    await window.goto('/account');
    expect(window.path).toBe('/sign-in?return=%2Faccount');
    await window.type('E-mail address', user.email);
    await window.type('Password', user.password);
    await window.press('Sign in');
  }

  const status = async (user: { get(path: string): Promise<{ status: number }> }) =>
    (await user.get('/auth/me')).status;

  it('sign in with a second factor, and out', async () => {
    const user = await protectedUser(pages.app);
    await signIn(user);
    expect(await window.heading()).toBe('One more step');
    await window.type('Code from your', '000000');
    await window.press('Continue');
    expect(await window.text()).toContain('does not match');
    await window.type('Code from your', user.code());
    await window.press('Continue');
    expect(window.path).toBe('/account');
    await window.press('Sign out');
    expect(window.path).toBe('/signed-out');
    await window.goto('/account');
    expect(window.path).toMatch(/^\/sign-in/);
  });

  it('set up the second factor that a role requires', async () => {
    const user = await pages.app.register();
    const users = pages.app.app.get(UserStore, { strict: false });
    await users.update((await users.findByEmail(user.email))!.id, { roles: [ROLE] });
    await signIn(user);
    await window.press(/authenticator app/);
    await window.press('Show the picture');
    await window.tabTo('I cannot scan it');
    await window.page.keyboard.press('Enter');
    const secret = (await window.page.locator('details .code').textContent())!.replace(/\s/g, '');
    await window.type('Code that the app shows', codeAt(secret, pages.app.clock.now()));
    await window.press('Confirm');
    await window.press('I have kept them');
    expect([window.path, await window.heading()]).toEqual(['/account', expect.any(String)]);
  });

  it('change the password, which ends all other sessions', async () => {
    const user = await pages.app.logIn({ strategy: 'session' });
    await signIn(user);
    await window.press('Change the password');
    await window.type('Current password', user.password);
    await window.type('New password', 'short');
    await window.press('Change the password');
    expect(await window.text()).toContain('at least');
    await window.type('Current password', user.password);
    await window.type('New password', OTHER);
    await window.press('Change the password');
    expect(window.path).toBe('/account');
    expect(await status(user)).toBe(401);
    expect((await pages.app.client().post('/auth/login', { email: user.email, password: OTHER })).status).toBe(200);
  });

  it('end a session elsewhere, and then all others', async () => {
    const elsewhere = await pages.app.logIn({ strategy: 'session' });
    await signIn(elsewhere);
    await window.press('Sessions');
    // Each is named by its device, and the header has a sign-out of its own.
    await window.press(/^Sign out (?!this|all)./);
    expect([await status(elsewhere), window.path]).toEqual([401, '/account/sessions']);
    const again = await pages.app.logInAgain({ ...elsewhere, strategy: 'session' });
    await window.press('Sign out all other sessions');
    expect(await window.text()).toContain('1 other session ends at once');
    await window.press('Sign out all other sessions');
    expect([await status(again), window.path]).toEqual([401, '/account/sessions']);
  });

  it('delete the account', async () => {
    const user = await pages.app.logIn({ strategy: 'session' });
    await signIn(user);
    await window.press('Delete the account');
    await window.type('Your password', user.password);
    await window.press('Delete the account');
    expect(await status(user)).toBe(401);
    const dataSource = pages.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    expect(await dataSource.query('SELECT id FROM coatcheck.users WHERE id = $1', [user.userId])).toEqual([]);
  });
});
