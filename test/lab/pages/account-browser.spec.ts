import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../src/database/auth-data-source.js';
import type { TestUser } from '../../../src/testing/index.js';
import { codeAt, setUpTotp } from '../../flows/authenticator-app.js';
import { bootPages, type PagesUnderTest, signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window, type WindowSettings } from '../../pages/browser.js';

inChromium('the pages of an account, in a browser', () => {
  let site: PagesUnderTest;
  let chromium: Chromium;
  const windows: Window[] = [];
  beforeAll(async () => {
    site = await bootPages({ authStrategies: ['session', 'api-key'] });
    chromium = await Chromium.start();
  }, 120_000);
  afterEach(async () => {
    for (const window of windows.splice(0)) {
      expect(window.complaints).toEqual([]);
      await window.close();
    }
  });
  afterAll(async () => {
    await chromium?.close();
    await site?.close();
  });

  async function opened(user: TestUser, settings?: WindowSettings): Promise<Window> {
    const window = await chromium.open(site.url, settings);
    windows.push(window);
    await signInAs(user, window.context, site.url);
    return window;
  }

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

  it('axe finds nothing, in both schemes and widths, and nothing stands out at 320 px', async () => {
    const user = await site.app.logIn({ strategy: 'session' });
    const { body: key } = await user.post('/auth/api-keys', { name: 'nightly export', scopes: ['orders:read'] });
    await site.app.client({ 'x-api-key': key.apiKey }).get('/auth/me');
    const window = await opened(user);
    const found: string[] = [];
    const own = [`/account/keys/${key.id}`, `/account/keys/${key.id}/rotate`, `/account/keys/${key.id}/revoke`];
    for (const path of [...PAGES, ...own]) {
      expect([path, await window.goto(path)]).toEqual([path, 200]);
      found.push(...(await window.axeEverywhere()).map((line) => `${path}: ${line}`));
      found.push(...(await window.overflow(320)).map((line) => `${path}: ${line}`));
      await window.page.setViewportSize({ width: 1200, height: 900 });
    }
    expect(found).toEqual([]);
  }, 300_000);

  it('axe finds nothing where a secret is shown, and where something is wrong', async () => {
    const user = await site.app.logIn({ strategy: 'session' });
    const window = await opened(user);
    const found: string[] = [];
    const looked = async () => {
      found.push(...(await window.axeEverywhere()), ...(await window.overflow(320)));
      await window.page.setViewportSize({ width: 1200, height: 900 });
    };
    await window.goto('/account/factors/totp');
    await window.page.fill('#password', 'wrong');
    await window.leaving(() => window.page.click('main form button'));
    await looked();
    await window.page.fill('#password', user.password);
    await window.leaving(() => window.page.click('main form button'));
    expect(await window.page.locator('.secret').count()).toBe(1);
    await looked();
    await window.page.fill('#code', '000000');
    await window.leaving(() => window.page.click('main form button'));
    await looked();
    await window.goto('/account/keys/new');
    await window.page.fill('#name', 'nightly export');
    await window.leaving(() => window.page.click('main form button'));
    expect(await window.heading()).toBe('Your new API key');
    await looked();
    expect(found).toEqual([]);
  });

  it('a new API key is copied by a button, which without scripts is not there', async () => {
    const user = await site.app.logIn({ strategy: 'session' });
    for (const scripts of [true, false]) {
      const window = await opened(user, { scripts });
      await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await window.goto('/account/keys/new');
      await window.page.fill('#name', 'laptop');
      await window.leaving(() => window.page.click('main form button'));
      const button = window.page.locator('[data-copy]');
      expect(await button.isVisible()).toBe(scripts);
      if (!scripts) continue;
      const key = await window.page.locator('#new-key').textContent();
      await button.click();
      await window.page.waitForSelector('text=Copied.');
      expect(key).toMatch(/^cck_/);
      expect(await window.page.evaluate('navigator.clipboard.readText()')).toBe(key);
    }
  });

  it('an authenticator app is set up by the keyboard alone and without scripts', async () => {
    const user = await site.app.logIn({ strategy: 'session' });
    const window = await opened(user, { scripts: false });
    await window.goto('/account/factors/totp');
    await window.type('Your password', user.password);
    await window.press('Set up');
    const secret = (await window.page.locator('.secret').textContent())!.replace(/\s/g, '');
    await window.type('Code that the app shows', codeAt(secret, site.app.clock.now()));
    await window.press('Confirm');
    expect(await window.heading()).toBe('Your recovery codes');
    expect(await window.page.locator('.codes li').count()).toBe(10);
    await window.press('I have kept them');
    expect(await window.text()).toContain('10 left');
  });

  it('a passkey is added, renamed and removed, and the browser is told which are left', async () => {
    const user = await site.app.logIn({ strategy: 'session' });
    const window = await opened(user);
    const session = await window.context.newCDPSession(window.page);
    await session.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await window.page.addInitScript(`(() => {
      if (!window.PublicKeyCredential) return;
      window.told = [];
      PublicKeyCredential.signalAllAcceptedCredentials = async (what) => { window.told.push(what); };
    })()`);
    await window.goto('/account/factors/passkey/add');
    await window.page.fill('#password', user.password);
    await window.page.fill('#name', 'Key ring <b>');
    await window.leaving(() => window.page.click('main form button'));
    expect([window.path, await window.text()]).toEqual([
      '/account/factors/passkey',
      expect.stringContaining('Key ring <b>'),
    ]);
    const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
    const told = () => window.page.evaluate('window.told') as Promise<{ allAcceptedCredentialIds: string[] }[]>;
    expect((await told())[0]!.allAcceptedCredentialIds).toHaveLength(credentials.length);

    await window.press('Rename');
    await window.type('Name of the passkey', 'Laptop');
    await window.press('Rename');
    expect(await window.text()).toContain('Laptop');
    await window.press('Remove');
    await window.press('Remove');
    expect(await window.text()).toContain('You have no passkey.');
    expect((await told())[0]!.allAcceptedCredentialIds).toEqual([]);
    const dataSource = site.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    expect(await dataSource.query('SELECT id FROM coatcheck.passkeys WHERE user_id = $1', [user.userId])).toEqual([]);
  });

  it('a page with a secret is not kept: going back to it shows none', async () => {
    const user = await site.app.logIn({ strategy: 'session' });
    await setUpTotp(site.app, user);
    const window = await opened(user);
    await window.goto('/account/factors/recovery-code');
    await window.press('Create new codes');
    const [first] = await window.page.locator('.codes li').allTextContents();
    expect([...(await window.axeEverywhere()), ...(await window.overflow(320))]).toEqual([]);
    await window.page.setViewportSize({ width: 1200, height: 900 });
    await window.press('I have kept them');
    await window.page.goBack().catch(() => undefined);
    expect(await settled(window)).not.toContain(first!);
  });
});

/** What is shown once no page is on its way. */
async function settled({ page }: Window): Promise<string> {
  for (;;) {
    await page.waitForLoadState();
    const html = await page.content().catch(() => null);
    if (html !== null) return html;
  }
}
