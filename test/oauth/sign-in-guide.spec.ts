import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { BackChannelLogout } from '../../src/oauth/logout/back-channel-logout.js';
import type { ActingUser } from '../../src/testing/index.js';
import { runGuideCode } from '../docs/guide-code.js';
import { codeBlocksOf } from '../docs/markdown.js';
import { closedAtTheEnd } from '../left-open.js';
import { Chromium, inChromium } from '../pages/browser.js';
import { PageVisitor } from '../pages/page-visitor.js';
import { reservePort } from '../ports.mjs';
import { followHome, startWithPages, visitorOf } from './interaction-node.js';
import type { OAuthNode } from './oauth-node.js';

const GUIDE = 'docs/guides/sign-in-to-your-app.md';
const PASSWORD = 'an engine weaves algebra';

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  closedAtTheEnd({
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

describe('the web application of the guide', () => {
  let node: OAuthNode;
  let url: string;
  beforeAll(async () => {
    node = await startWithPages();
    const port = await reservePort();
    url = `http://localhost:${port}`;
    const client = await node.client({
      redirectUris: [`${url}/callback`],
      postLogoutRedirectUris: [`${url}/`],
      backchannelLogoutUri: `${url}/backchannel-logout`,
    });
    const environment = { ISSUER: node.issuer, CLIENT_ID: client.id, CLIENT_SECRET: client.secret!, APP_URL: url };
    const { app } = await runGuideCode(GUIDE, 'app.ts', environment);
    await listening(app, port);
  });
  afterAll(() => node?.close());

  async function signedIn(user: ActingUser) {
    const [browser, app] = [visitorOf(node, user), new PageVisitor(url)];
    const asked = await app.send('GET', '/login');
    const shown = await followHome(browser, node, await browser.open(pathOf(asked.headers.get('location')!)));
    await app.follow(await app.open(pathOf(shown.location!)));
    return { browser, app };
  }
  const pathOf = (address: string) => new URL(address).pathname + new URL(address).search;
  const said = async (app: PageVisitor) => (await app.open('/')).html;

  it('signs a user in, and out of everything', async () => {
    const ada = await node.logIn();
    const { browser, app } = await signedIn(ada);
    expect(await said(app)).toBe(`Signed in as ${ada.email}`);
    const asked = await app.send('GET', '/logout');
    expect(await said(app)).toBe('No user is signed in');
    await browser.open(pathOf(asked.headers.get('location')!));
    const back = await browser.submit({ logout: 'yes' }, '/oauth/logout/confirm');
    expect(back.location).toBe(`${url}/`);
    expect((await node.here(ada).get('/auth/me')).status).toBe(401);
  });

  it('hears that a session has ended here, and of no other', async () => {
    const [ada, bob] = [await node.logIn(), await node.logIn()];
    const [{ app }, { app: other }] = [await signedIn(ada), await signedIn(bob)];
    expect((await node.here(ada).post('/auth/logout')).status).toBe(204);
    await node.part(BackChannelLogout).deliverDue();
    expect(await said(app)).toBe('No user is signed in');
    expect(await said(other)).toBe(`Signed in as ${bob.email}`);
  });

  it('believes no answer that its browser did not ask for, and no unsigned logout', async () => {
    const { app } = await signedIn(await node.logIn());
    const foreign = new PageVisitor(url);
    expect((await foreign.open('/callback?code=x&state=y')).status).toBe(500);
    expect((await foreign.send('POST', '/backchannel-logout', { logout_token: 'x.y.z' })).status).toBe(500);
    expect(await said(app)).toMatch('Signed in as');
  });
});

inChromium('the page of the guide, in a browser', () => {
  let node: OAuthNode;
  let chromium: Chromium;
  let url: string;
  beforeAll(async () => {
    [node, chromium] = await Promise.all([startWithPages(), Chromium.start()]);
    const port = await reservePort();
    url = `http://localhost:${port}`;
    const addresses = { redirectUris: [`${url}/`], postLogoutRedirectUris: [`${url}/`] };
    const { id } = await node.client({ name: 'Shop', type: 'public', firstParty: false, ...addresses });
    const html = codeBlocksOf(GUIDE)
      .find(({ language }) => language === 'html')!
      .code.replace('https://auth.example.com', node.issuer)
      .replace('CLIENT_ID', id);
    const library = join(dirname(require.resolve('oidc-client-ts/package.json')), 'dist/browser/oidc-client-ts.min.js');
    const server = createServer((request, response) => {
      const isScript = request.url === '/oidc-client-ts.min.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(isScript ? readFileSync(library) : `<!doctype html><title>Shop</title>${html}`);
    });
    await listening(server, port);
  });
  afterAll(() => Promise.all([chromium?.close(), node?.close()]));

  it('signs a user in by `oidc-client-ts`, refreshes, and signs them out', async () => {
    const { email } = await node.app.register({ password: PASSWORD });
    const window = await chromium.open(node.url);
    const who = (text: string) => window.page.waitForSelector(`#who:has-text("${text}")`);
    await window.page.goto(`${url}/`);
    await who('No user is signed in');
    await window.page.click('#in');
    await window.page.fill('[name=email]', email);
    await window.page.fill('[name=password]', PASSWORD);
    await window.page.click('main form button:has-text("Sign in")');
    await window.page.click('#accept');
    await who(`Signed in as ${email}`);
    const before = await window.page.evaluate('users.getUser().then((user) => user.access_token)');
    const after = await window.page.evaluate('users.signinSilent().then((user) => user.access_token)');
    expect([typeof after, after === before]).toEqual(['string', false]);
    await window.page.click('#out');
    await window.page.click('main form button');
    await who('No user is signed in');
    await window.page.click('#in');
    expect(await window.page.waitForSelector('[name=password]')).not.toBeNull();
    await window.close();
  });
});
