import { startWithPages } from '../../oauth/interaction-node.js';
import type { OAuthNode, TestOAuthClient } from '../../oauth/oauth-node.js';
import { RelyingParty } from '../../oauth/relying-party.js';
import { signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';

const PASSWORD = 'an engine weaves algebra';

inChromium('an application that logs users in here, in a browser', () => {
  let node: OAuthNode;
  let party: RelyingParty;
  let client: TestOAuthClient;
  let chromium: Chromium;
  beforeAll(async () => {
    [node, chromium, party] = await Promise.all([startWithPages(), Chromium.start(), RelyingParty.start()]);
    client = await node.client({
      name: 'Ledger',
      firstParty: false,
      redirectUris: [party.redirectUri],
      postLogoutRedirectUris: [`${party.origin}/`],
    });
    await party.use(node.issuer, client);
  });
  afterAll(() => Promise.all([chromium?.close(), node?.close(), party?.close()]));

  /** What it must not have done; being sent to the application is what it is for. */
  const complaintsOf = ({ complaints }: Window) => complaints.filter((one) => !one.startsWith(`asked ${party.origin}`));

  async function signIn(window: Window, email: string): Promise<void> {
    await window.page.fill('[name=email]', email);
    await window.page.fill('[name=password]', PASSWORD);
    await window.page.click('main form button:has-text("Sign in")');
  }

  describe.each([
    ['with scripts', true],
    ['without scripts', false],
  ])('%s', (_name, scripts) => {
    it('signs in, is asked, and comes back logged in; the next time at once', async () => {
      const { email } = await node.app.register({ password: PASSWORD });
      const window = await chromium.open(node.url, { scripts });
      await window.page.goto(`${party.origin}/login?scope=openid+email`);
      await signIn(window, email);
      await window.page.waitForSelector('#accept');
      expect(await window.text()).toContain('Ledger');
      if (scripts) expect(await window.axeEverywhere()).toEqual([]);
      expect(await window.overflow(320)).toEqual([]);
      await window.page.click('#accept');
      await window.page.waitForURL(`${party.origin}/**`);
      expect(await window.heading()).toBe(`Logged in: ${email}`);
      await window.page.goto(`${party.origin}/login?scope=openid+email`);
      expect(await window.heading()).toBe(`Logged in: ${email}`);
      expect(complaintsOf(window)).toEqual([]);
      await window.close();
    });

    it('refuses, and the application is told', async () => {
      const { email } = await node.app.register({ password: PASSWORD });
      const window = await chromium.open(node.url, { scripts });
      await window.page.goto(`${party.origin}/login?scope=openid+email`);
      await signIn(window, email);
      await window.page.waitForSelector('#deny');
      await window.page.click('#deny');
      await window.page.waitForURL(`${party.origin}/**`);
      expect(await window.heading()).toBe('Refused: access_denied');
      expect(complaintsOf(window)).toEqual([]);
      await window.close();
    });

    it('signs out, and comes back to the application', async () => {
      const window = await chromium.open(node.url, { scripts });
      const ada = await node.logIn();
      await signInAs(ada, window.context, node.url);
      const query = new URLSearchParams({ client_id: client.id, post_logout_redirect_uri: `${party.origin}/` });
      await window.goto(`/oauth/logout?${query}`);
      expect(await window.text()).toContain('Ledger');
      await window.page.click('#logout');
      await window.page.waitForURL(`${party.origin}/**`);
      expect((await ada.get('/auth/me')).status).toBe(401);
      expect(complaintsOf(window)).toEqual([]);
      await window.close();
    });

    it('proves itself anew where the application asks for it', async () => {
      const { email } = await node.app.register({ password: PASSWORD });
      const window = await chromium.open(node.url, { scripts });
      await window.page.goto(`${party.origin}/login?scope=openid+email`);
      await signIn(window, email);
      await window.page.waitForSelector('#accept');
      node.app.clock.advance(60);
      await window.page.goto(`${party.origin}/login?scope=openid+email&prompt=login`);
      expect(window.path).toMatch(/^\/confirm\?/);
      await window.page.fill('[name=password]', PASSWORD);
      await window.page.click('main form button');
      await window.page.waitForSelector('#accept');
      await window.page.click('#accept');
      await window.page.waitForURL(`${party.origin}/**`);
      expect(await window.heading()).toBe(`Logged in: ${email}`);
      expect(complaintsOf(window)).toEqual([]);
      await window.close();
    });
  });

  it('by a form that sends itself, where the application wants that', async () => {
    const { email } = await node.app.register({ password: PASSWORD });
    const window = await chromium.open(node.url);
    await window.page.goto(`${party.origin}/login?scope=openid+email&response_mode=form_post`);
    await signIn(window, email);
    await window.page.waitForSelector('#accept');
    await window.page.click('#accept');
    await window.page.waitForURL(`${party.origin}/**`);
    expect(await window.heading()).toBe(`Logged in: ${email}`);
    expect(complaintsOf(window)).toEqual([]);
    await window.close();
  });
});

inChromium('a device, in the browser of its user', () => {
  let node: OAuthNode;
  let chromium: Chromium;
  let tv: TestOAuthClient;
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  beforeAll(async () => {
    [node, chromium] = await Promise.all([startWithPages(), Chromium.start()]);
    tv = await node.client({
      name: 'TV',
      firstParty: false,
      redirectUris: [],
      grantTypes: [grant_type, 'refresh_token'],
    });
  });
  afterAll(() => Promise.all([chromium?.close(), node?.close()]));

  it.each([
    ['by its code', true, false],
    ['by its code, without scripts', false, false],
    ['by its link', true, true],
    ['by its link, without scripts', false, true],
  ])('is connected %s', async (_name, scripts, byLink) => {
    const { email } = await node.app.register({ password: PASSWORD });
    const { body: codes } = await node.form('/oauth/device/authorize', { scope: 'openid email' }, tv);
    const window = await chromium.open(node.url, { scripts });
    await window.page.goto(byLink ? codes.verification_uri_complete : codes.verification_uri);
    if (byLink && !scripts) await window.page.click('button');
    if (!byLink) {
      if (scripts) expect(await window.axeEverywhere()).toEqual([]);
      await window.page.fill('[name=user_code]', codes.user_code);
      await window.page.click('#submit');
    }
    await window.page.waitForSelector('#confirm');
    if (scripts) expect(await window.axeEverywhere()).toEqual([]);
    expect(await window.text()).toContain(codes.user_code);
    await window.page.click('#confirm');
    await window.page.fill('[name=email]', email);
    await window.page.fill('[name=password]', PASSWORD);
    await window.page.click('main form button:has-text("Sign in")');
    await window.page.waitForSelector('#accept');
    await window.page.click('#accept');
    await window.page.waitForSelector('h1:has-text("Your device is connected")');
    if (scripts) expect(await window.axeEverywhere()).toEqual([]);
    const { status } = await node.token(tv, { grant_type, device_code: codes.device_code });
    expect(status).toBe(200);
    expect(window.complaints).toEqual([]);
    await window.close();
  });
});
