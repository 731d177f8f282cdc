import { BackChannelLogout } from '../../src/oauth/logout/back-channel-logout.js';
import type { ActingUser } from '../../src/testing/index.js';
import { codeBlocksOf } from '../docs/markdown.js';
import { Apache, hasApache, PlainBrowser } from './apache.js';
import { followHome, startWithPages, visitorOf } from './interaction-node.js';
import type { OAuthNode } from './oauth-node.js';

const GUIDE = 'docs/guides/sign-in-to-your-app.md';

(hasApache() ? describe : describe.skip)('Apache with `mod_auth_openidc`, configured as the guide says', () => {
  let node: OAuthNode;
  let apache: Apache;
  beforeAll(async () => {
    node = await startWithPages();
    const port = await Apache.freePort();
    const url = `http://localhost:${port}`;
    const { id, secret } = await node.client({
      redirectUris: [`${url}/app/callback`],
      postLogoutRedirectUris: [`${url}/bye/`],
      backchannelLogoutUri: `${url}/app/callback?logout=backchannel`,
    });
    const directives = codeBlocksOf(GUIDE).find(({ language }) => language === 'apache')!.code;
    apache = await Apache.start(
      port,
      directives
        .replace('https://auth.example.com', node.issuer)
        .replace('https://shop.example.com', url)
        .replace('CLIENT_ID', id)
        .replace('CLIENT_SECRET', secret!)
        .replace('CRYPTO_PASSPHRASE', 'passphrase-of-the-test'),
    );
  });
  afterAll(() => Promise.all([apache?.close(), node?.close()]));

  const pathOf = (address: string) => new URL(address).pathname + new URL(address).search;

  /** @returns the browser, at the application and here */
  async function signedIn(user: ActingUser) {
    const [app, here] = [new PlainBrowser(), visitorOf(node, user)];
    const asked = await app.get(`${apache.url}/app/`);
    expect([asked.status, new URL(asked.location).origin]).toEqual([302, node.issuer]);
    const answer = await followHome(here, node, await here.open(pathOf(asked.location)));
    const back = await app.get(answer.location!);
    expect([back.status, back.location]).toEqual([302, `${apache.url}/app/`]);
    return { app, here };
  }
  const visit = (app: PlainBrowser) => app.get(`${apache.url}/app/`);

  it('lets a user in by the session here, and says who it is', async () => {
    const ada = await node.logIn();
    const { app } = await signedIn(ada);
    expect(await visit(app)).toMatchObject({ status: 200, user: ada.email });
  });

  it('signs the user out here and there', async () => {
    const ada = await node.logIn();
    const { app, here } = await signedIn(ada);
    const bye = `${apache.url}/bye/`;
    const asked = await app.get(`${apache.url}/app/callback?logout=${encodeURIComponent(bye)}`);
    expect((await here.open(pathOf(asked.location))).status).toBe(200);
    const back = await here.submit({ logout: 'yes' }, '/oauth/logout/confirm');
    expect(new URL(back.location!).href.split('?')[0]).toBe(bye);
    expect((await node.here(ada).get('/auth/me')).status).toBe(401);
    expect((await visit(app)).status).toBe(302);
  });

  it('hears of the end of a session, and lets that user in no more, but others', async () => {
    const [ada, bob] = [await node.logIn(), await node.logIn()];
    const [{ app }, { app: other }] = [await signedIn(ada), await signedIn(bob)];
    expect((await node.here(ada).post('/auth/logout')).status).toBe(204);
    await node.part(BackChannelLogout).deliverDue();
    expect((await visit(app)).status).toBe(302);
    expect(await visit(other)).toMatchObject({ status: 200, user: bob.email });
  });
});
