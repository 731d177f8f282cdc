import { mkdirSync } from 'node:fs';
import { Catalogue } from '../../../src/languages/catalogue.js';
import { UserStore } from '../../../src/users/user.store.js';
import { VirtualAuthenticator } from '../../browser/virtual-authenticator.js';
import { codeAt, protectedUser } from '../../flows/authenticator-app.js';
import { bootPages, linkIn, type PagesUnderTest, signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';
import { MID_FLOW } from '../../pages/visits.js';

const PICTURES = process.env.PAGE_PICTURES;
const PASSWORD = 'copper wires under snow';
/** A user with it has to have a second factor. */
const ROLE = 'keeper';

/** Pages that no address leads to, by the flows that do; each is looked at as `every-page.spec.ts` looks at the others. */
inChromium('a page in the middle of a flow', () => {
  let pages: PagesUnderTest;
  let chromium: Chromium;
  let window: Window;
  const seen = new Set<string>();

  beforeAll(async () => {
    const options = {
      authStrategies: ['session', 'api-key'],
      secondFactorRoles: [ROLE],
      rememberDeviceSeconds: 86_400,
    };
    [pages, chromium] = await Promise.all([bootPages(options), Chromium.start()]);
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  });
  beforeEach(async () => {
    window = await chromium.open(pages.url);
  });
  afterEach(() => window.close());
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });

  /** Whether the page that is open is this one, and is good for everybody. Its fields are still of use afterwards, its words are not. */
  async function lookAt(page: string, state = ''): Promise<void> {
    seen.add(page);
    const title = pages.app.app.get(Catalogue, { strict: false }).text('en', `${page}.title`, {});
    expect(await window.page.title()).toMatch(new RegExp(`^${title.replace('?', '\\?')} - `));
    if (PICTURES) await window.page.screenshot({ path: `${PICTURES}/${page}${state}.png`, fullPage: true });
    const found = {
      axe: await window.axeEverywhere(),
      keyboard: await window.keyboardProblems(),
      narrow: await window.overflow(320),
      long: await window.overflowWithLongerWords(),
      rightToLeft: await window.overflowFromTheRight(),
      complaints: window.complaints.splice(0),
    };
    expect({ page, ...found }).toEqual({
      page,
      axe: [],
      keyboard: [],
      narrow: [],
      long: [],
      rightToLeft: [],
      complaints: [],
    });
    await window.page.setViewportSize({ width: 1200, height: 900 });
    await window.page.evaluate(`document.documentElement.dir = 'ltr'`);
  }

  async function fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await window.page.fill(`main [name="${name}"]`, value);
  }
  const send = (selector = 'main form button') => window.leaving(() => window.page.locator(selector).first().click());

  async function signIn({ email, password }: { readonly email: string; readonly password: string }): Promise<void> {
    await window.goto('/sign-in');
    await fill({ email, password });
    await send();
  }

  /** A user who has to set up a second factor before anything else, at the page where to choose one. */
  async function beforeEnrolment(): Promise<void> {
    const user = await pages.app.register();
    const users = pages.app.app.get(UserStore, { strict: false });
    await users.update((await users.findByEmail(user.email))!.id, { roles: [ROLE] });
    await signIn(user);
  }

  it('the second factor: its code, a wrong one, and a recovery code', async () => {
    const user = await protectedUser(pages.app);
    await signIn(user);
    await lookAt('sign-in-factor');
    await fill({ code: '000000' });
    await send();
    await lookAt('sign-in-factor', '-wrong');
    await window.goto('/sign-in/factor?factor=recovery_code');
    await lookAt('sign-in-factor', '-recovery-code');
    await fill({ code: user.recoveryCodes[0]! });
    await send();
    expect(window.path).toBe('/account');
  });

  it('the step up by a password and a code, and a wrong one', async () => {
    const user = await protectedUser(pages.app, { strategy: 'session' });
    await signInAs(user.user, window.context, pages.url);
    await window.goto('/confirm?return=%2Faccount');
    await lookAt('confirm');
    await fill({ password: user.password, code: '000000' });
    await send();
    await lookAt('confirm', '-wrong');
    await fill({ password: user.password, code: user.code() });
    await send();
    expect(window.path).toBe('/account');
  });

  it('the enrolment that a role requires: the choice, the secret, a wrong code, the recovery codes', async () => {
    await beforeEnrolment();
    await lookAt('enrol');
    await window.goto('/sign-in/enrol/totp');
    await lookAt('enrol-totp');
    await send();
    await window.page.click('summary');
    const secret = (await window.page.locator('details .code').textContent())!.replace(/\s/g, '');
    await lookAt('enrol-totp', '-secret');
    await fill({ code: '000000' });
    await send();
    await lookAt('enrol-totp', '-wrong');
    await fill({ code: codeAt(secret, pages.app.clock.now()) });
    await send();
    await lookAt('enrol-done');
    await window.leaving(() => window.page.click('main a.button'));
    expect(window.path).toBe('/account');
  });

  it('the enrolment of a passkey', async () => {
    await VirtualAuthenticator.plugInto(window.page);
    await beforeEnrolment();
    await window.goto('/sign-in/enrol/passkey');
    await lookAt('enrol-passkey');
    await send();
    expect(window.path).toBe('/account');
  });

  it('a passkey that was refused on the sign-in page', async () => {
    await window.goto('/sign-in');
    const form = 'form[action$="/sign-in/passkey"]';
    await window.leaving(() =>
      window.page.evaluate(`(() => {
        const form = document.querySelector('${form}');
        form.elements.credential.value = JSON.stringify({ id: 'x' });
        HTMLFormElement.prototype.submit.call(form);
      })()`),
    );
    await lookAt('passkey-sign-in');
  });

  it('an authenticator app in the account: the secret, a wrong code, the recovery codes', async () => {
    const user = await pages.app.logIn({ strategy: 'session' });
    await signInAs(user, window.context, pages.url);
    await window.goto('/account/factors/totp');
    await fill({ password: user.password });
    await send();
    const secret = (await window.page.locator('.secret').textContent())!.replace(/\s/g, '');
    await lookAt('factor-totp-secret');
    await fill({ code: '000000' });
    await send();
    await lookAt('factor-totp-confirm');
    await fill({ code: codeAt(secret, pages.app.clock.now()) });
    await send();
    await lookAt('recovery-codes');
  });

  it('a new API key, which is shown once', async () => {
    await signInAs(await pages.app.logIn({ strategy: 'session' }), window.context, pages.url);
    await window.goto('/account/keys/new');
    await fill({ name: 'nightly export' });
    await send();
    await lookAt('account-key-created');
  });

  it('a password that is chosen after several registrations of one address', async () => {
    const email = 'eve@example.com';
    for (const password of [PASSWORD, `${PASSWORD} again`])
      await pages.app.client().post('/auth/register', { email, password });
    const { pathname, search } = new URL(await linkIn(pages.app, email));
    await window.goto(pathname + search);
    await send();
    await lookAt('choose-password');
  });

  it('no sign-up where registration is closed', async () => {
    const closed = await bootPages({ selfRegistration: false });
    await window.close();
    window = await chromium.open(closed.url);
    await window.goto('/sign-up');
    await lookAt('sign-up-closed');
    await closed.close();
  });

  it('is each of those that are said to be looked at here', () => {
    expect([...MID_FLOW].filter((page) => !seen.has(page))).toEqual([]);
  });
});
