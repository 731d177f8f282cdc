import { bootFederatedPages, type FederatedPages } from '../../federation/federated-pages.js';
import { signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';

inChromium('signing in elsewhere, in a browser', () => {
  let pages: FederatedPages;
  let chromium: Chromium;
  const windows: Window[] = [];

  beforeAll(async () => {
    const settings = { jitProvisioning: 'on', vouchesForEmail: true };
    [pages, chromium] = await Promise.all([
      bootFederatedPages([
        { slug: 'acme', settings: { ...settings, label: 'Acme' } },
        { slug: 'corp', domains: ['corp.example'], settings: { ...settings, isListed: false } },
      ]),
      Chromium.start(),
    ]);
  });
  afterEach(async () => {
    for (const provider of Object.values(pages.providers)) provider.wrong = {};
    for (const window of windows.splice(0)) await window.close();
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });

  async function open(scripts: boolean): Promise<Window> {
    const window = await chromium.open(pages.url, { scripts });
    windows.push(window);
    return window;
  }

  const acme = () => pages.providers.acme!;

  /** What a page must not do; that the browser was at the provider is what it is for. */
  const complaintsOf = ({ complaints }: Window) =>
    complaints.filter(
      (one) => !Object.values(pages.providers).some(({ origin }) => one.startsWith(`asked ${origin}/`)),
    );

  describe.each([false, true])('scripts: %s', (scripts) => {
    it('goes to the provider by the keyboard alone, however often that leads on, and comes back signed in', async () => {
      const window = await open(scripts);
      const person = acme().addPerson();
      acme().chosen = person;
      acme().failNext('authorization', 'redirect');
      await window.goto('/sign-in?return=%2Faccount%2Fsessions');
      if (scripts) await window.tabTo('Continue with Acme');
      else await window.page.locator('button[value=acme]').focus();
      await window.page.keyboard.press('Enter');
      await window.page.waitForURL('**/account/sessions');
      expect(await window.page.locator('.who').textContent()).toContain(person.name);
      expect(complaintsOf(window)).toEqual([]);
    });

    it('finds the company by the address', async () => {
      const window = await open(scripts);
      const { corp } = pages.providers;
      corp!.chosen = corp!.addPerson({ email: 'eve@corp.example' });
      await window.goto('/sign-in');
      await window.page.click('text=Continue with your company');
      await window.page.fill('#email', 'eve@corp.example');
      await window.page.click('main button');
      await window.page.waitForURL('**/account');
      expect(complaintsOf(window)).toEqual([]);
    });

    it('links a login, and says so', async () => {
      const window = await open(scripts);
      const user = await pages.app.logIn({ strategy: 'session' });
      await signInAs(user, window.context, pages.url);
      acme().chosen = acme().addPerson({ email: 'elsewhere@acme.example' });
      await window.goto('/account/identities');
      await window.page.click('text=Link Acme');
      await window.page.waitForSelector('text=elsewhere@acme.example');
      expect(await window.page.locator('.good').textContent()).toContain('The login is linked.');
      expect(complaintsOf(window)).toEqual([]);
    });
  });

  it('a refusal there leads back to the sign-in page, which says so', async () => {
    const window = await open(true);
    acme().wrong = { refusal: 'access_denied' };
    await window.goto('/sign-in');
    await window.page.click('text=Continue with Acme');
    await window.page.waitForSelector('p.problem');
    expect(window.path).toBe('/sign-in');
    expect(await window.axeEverywhere()).toEqual([]);
  });

  it('Back, from the provider, leads to the sign-in page and not to the page between', async () => {
    const window = await open(true);
    acme().wrong = { faults: { authorization: 'not_json' } };
    await window.goto('/sign-in');
    await window.page.click('text=Continue with Acme');
    await window.page.waitForURL(`${acme().origin}/**`);
    await window.page.goBack();
    expect(window.path).toBe('/sign-in');
  });

  it('the page between, which is seen until the provider answers: nothing for axe, no overflow, by keyboard', async () => {
    const window = await open(true);
    acme().wrong = { faults: { authorization: 204 } };
    await window.goto('/sign-in');
    await window.page.click('text=Continue with Acme');
    await window.page.waitForSelector('h1:has-text("Continue to Acme")');
    const found = {
      axe: await window.axeEverywhere(),
      keyboard: await window.keyboardProblems(),
      narrow: await window.overflow(320),
      long: await window.overflowWithLongerWords(),
      rightToLeft: await window.overflowFromTheRight(),
    };
    expect(found).toEqual({ axe: [], keyboard: [], narrow: [], long: [], rightToLeft: [] });
    expect(complaintsOf(window)).toEqual([]);
  });
});
