import { mkdirSync } from 'node:fs';
import { Catalogue } from '../../../src/languages/catalogue.js';
import { startWithPages } from '../../oauth/interaction-node.js';
import { API, type OAuthNode, pkce, type TestOAuthClient } from '../../oauth/oauth-node.js';
import { signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';
import { ODD_TEXTS } from '../../pages/people.js';
import { OAUTH_FLOW } from '../../pages/visits.js';

const PICTURES = process.env.PAGE_PICTURES;
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const PASSWORD = 'copper wires under snow';

/** Pages of the provider that no address leads to; each is looked at as `every-page.spec.ts` looks at the others. */
inChromium('a page in the middle of a flow of the provider', () => {
  let node: OAuthNode;
  let chromium: Chromium;
  let window: Window;
  let client: TestOAuthClient;
  const seen = new Set<string>();

  beforeAll(async () => {
    [node, chromium] = await Promise.all([startWithPages(), Chromium.start()]);
    await node.resource(API, { 'orders:read': ODD_TEXTS[0], 'orders:write': ODD_TEXTS[4] });
    client = await node.client({
      name: ODD_TEXTS[0],
      firstParty: false,
      resources: [API],
      scopes: ['orders:read', 'orders:write'],
      redirectUris: ['http://localhost:9/callback'],
    });
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  });
  beforeEach(async () => {
    window = await chromium.open(node.url);
  });
  afterEach(() => window.close());
  afterAll(async () => {
    await chromium?.close();
    await node?.close();
  });

  async function lookAt(page: string, values: Record<string, string> = {}, state = ''): Promise<void> {
    seen.add(page);
    const title = node.app.app.get(Catalogue, { strict: false }).text('en', `${page}.title`, values);
    expect(await window.page.title()).toContain(`${title} - `);
    if (PICTURES) await window.page.screenshot({ path: `${PICTURES}/${page}${state}.png`, fullPage: true });
    const found = {
      axe: await window.axeEverywhere(),
      keyboard: await window.keyboardProblems(),
      narrow: await window.overflow(320),
      long: await window.overflowWithLongerWords(),
      rightToLeft: await window.overflowFromTheRight(),
      complaints: window.complaints.splice(0),
    };
    const none = { axe: [], keyboard: [], narrow: [], long: [], rightToLeft: [], complaints: [] };
    expect({ page, ...found }).toEqual({ page, ...none });
    await window.page.setViewportSize({ width: 1200, height: 900 });
  }

  const authorize = (params: Record<string, string> = {}) =>
    node.authorizeUrl(client, pkce(), {
      scope: 'openid profile email orders:read orders:write',
      resource: API,
      ...params,
    });

  it('consent, with all there is to warn of', async () => {
    await signInAs(await node.logIn(), window.context, node.url);
    await window.goto(authorize());
    await lookAt('oauth-consent');
  });

  it('signed in, on the way to the application', async () => {
    const { email } = await node.app.register({ password: PASSWORD });
    await window.goto(authorize());
    await window.page.fill('[name=email]', email);
    await window.page.fill('[name=password]', PASSWORD);
    // It would go on by itself at once: what it leads to answers with no page.
    await window.page.route('**/oauth/authorize/*', (route) => route.fulfill({ status: 204 }));
    await window.page.click('main form button:has-text("Sign in")');
    await window.page.waitForSelector('#continue');
    window.complaints.splice(0);
    await lookAt('oauth-continue');
  });

  it('another account is wanted', async () => {
    const ada = await node.logIn();
    const own = await node.client({ name: 'Own', redirectUris: ['https://own.example.com/callback'] });
    const { id_token } = await node.tokens(await node.logIn(), own);
    await signInAs(ada, window.context, node.url);
    await window.goto(node.authorizeUrl(own, pkce(), { id_token_hint: id_token! }));
    await lookAt('oauth-switch');
  });

  it('a device, before and after it is allowed', async () => {
    const tv = await node.client({ name: 'TV', redirectUris: [], grantTypes: [DEVICE, 'refresh_token'] });
    const { body } = await node.form('/oauth/device/authorize', { scope: 'openid' }, tv);
    await signInAs(await node.logIn(), window.context, node.url);
    await window.goto('/oauth/device');
    await window.page.fill('[name=user_code]', body.user_code);
    await window.leaving(() => window.page.click('#submit'));
    await lookAt('oauth-device-confirm');
    await window.leaving(() => window.page.click('#confirm'));
    await lookAt('oauth-device-done');
  });

  it('the secret of an application', async () => {
    await signInAs(await node.logIn({ roles: ['admin'], amr: ['pwd'] }), window.context, node.url);
    await window.goto('/admin/ui/clients/new');
    await window.page.fill('[name=name]', 'Shop');
    await window.page.fill('[name=redirectUris]', 'https://shop.example.com/callback');
    await window.leaving(() => window.page.click('#create'));
    await lookAt('admin-client-secret', { label: 'Shop' });
  });

  it('all of them were looked at', () => {
    expect([...seen].sort()).toEqual([...OAUTH_FLOW].sort());
  });
});
