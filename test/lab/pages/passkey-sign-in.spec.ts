import { VirtualAuthenticator } from '../../browser/virtual-authenticator.js';
import { bootPages, type PagesUnderTest, signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';

inChromium('a passkey on the sign-in page', () => {
  let pages: PagesUnderTest;
  let chromium: Chromium;
  beforeAll(async () => {
    [pages, chromium] = await Promise.all([
      bootPages({ authStrategies: ['session'], secondFactorRoles: ['keeper'] }),
      Chromium.start(),
    ]);
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });

  const register = `async (password) => {
    const post = async (path, body) => (await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json();
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await post('/auth/factors/passkeys/options', { password }));
    const credential = await navigator.credentials.create({ publicKey });
    await post('/auth/factors/passkeys', { credential: credential.toJSON() });
  }`;

  /** A window whose authenticator has a passkey of a user, who is signed out. */
  async function withPasskey(offersAutofill = false): Promise<{ window: Window; email: string; password: string }> {
    const user = await pages.app.logIn({ strategy: 'session' });
    const window = await chromium.open(pages.url);
    // A virtual authenticator takes what autofill offers at once, before anybody could press a button.
    if (!offersAutofill)
      await window.context.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');
    await VirtualAuthenticator.plugInto(window.page);
    await signInAs(user, window.context, pages.url);
    await window.goto('/confirm');
    await window.page.evaluate(`(${register})(${JSON.stringify(user.password)})`);
    await window.context.clearCookies();
    return { window, email: user.email, password: user.password };
  }

  const isSignedIn = ({ page }: Window) => page.evaluate(`fetch('/auth/me').then((reply) => reply.status)`);

  it('is offered by autofill, without a button', async () => {
    const { window } = await withPasskey(true);
    await window.goto('/sign-in?return=%2Fconfirm');
    await window.page.waitForURL(`${pages.url}/confirm`);
    expect(await isSignedIn(window)).toBe(200);
    // Trusted Types and the policy stand: nothing of the module is against them.
    expect(window.complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });

  it('signs in at the press of a button, and ends where it began', async () => {
    const { window } = await withPasskey();
    await window.goto('/sign-in?return=%2Fconfirm');
    await Promise.all([
      window.page.waitForURL(`${pages.url}/confirm`),
      window.page.getByRole('button', { name: 'Use a passkey' }).click(),
    ]);
    expect(await isSignedIn(window)).toBe(200);
  });

  it('is the second factor after a password, and what confirms a change', async () => {
    const { window, email, password } = await withPasskey();
    await window.goto('/sign-in?return=%2Fconfirm');
    await window.page.getByLabel('E-mail address').fill(email);
    await window.page.getByLabel('Password').fill(password);
    await window.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await Promise.all([
      window.page.waitForURL(`${pages.url}/confirm`),
      window.page.getByRole('button', { name: 'Use your passkey' }).click(),
    ]);
    expect(await isSignedIn(window)).toBe(200);
    await window.goto('/confirm?return=%2Fsigned-out');
    await Promise.all([
      window.page.waitForURL(`${pages.url}/signed-out`),
      window.page.getByRole('button', { name: 'Use your passkey' }).click(),
    ]);
  });

  it('is not offered where scripts are off, and the form for a password is', async () => {
    const window = await chromium.open(pages.url, { scripts: false });
    await window.goto('/sign-in');
    expect(await window.page.getByRole('button', { name: 'Use a passkey' }).isVisible()).toBe(false);
    expect(await window.page.getByRole('button', { name: 'Sign in', exact: true }).isVisible()).toBe(true);
  });
});
