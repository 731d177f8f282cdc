import type { ActingUser } from '../../src/testing/index.js';
import { followHome, startWithPages, visitorOf } from './interaction-node.js';
import type { OAuthNode } from './oauth-node.js';
import { hasOidcAgent, OidcAgent } from './oidc-agent.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const SCOPE = '--scope=openid offline_access';

(hasOidcAgent() ? describe : describe.skip)('`oidc-agent`, which has tokens for programs at a terminal', () => {
  let node: OAuthNode;
  let agent: OidcAgent;
  let ada: ActingUser;
  beforeAll(async () => {
    node = await startWithPages();
    agent = OidcAgent.start();
    ada = await node.logIn();
  });
  afterAll(async () => {
    await agent?.close();
    await node?.close();
  });

  /** Says yes on the page that a browser is shown. */
  async function agree(visitor: ReturnType<typeof visitorOf>) {
    return followHome(visitor, node, await visitor.submit({ accept: 'yes', scope: 'offline_access' }));
  }

  async function expectGoodUntilTakenBack(account: string) {
    const token = await agent.token(account);
    expect((await node.userinfo(token)).body).toMatchObject({ sub: ada.userId });
    const { body } = await node.here(ada).get('/auth/grants');
    for (const { id } of body.grants) expect((await node.here(ada).delete(`/auth/grants/${id}`)).status).toBe(204);
    expect((await node.userinfo(token)).status).toBe(401);
    await expect(agent.token(account)).rejects.toThrow(/invalid_grant/);
  }

  it('gets them by a code that its user types in elsewhere, until the access is taken back', async () => {
    const { id, secret } = await node.client({
      name: 'Terminal',
      grantTypes: [DEVICE, 'refresh_token'],
      redirectUris: [],
      firstParty: false,
    });
    const by = [`--iss=${node.issuer}`, `--client-id=${id}`, `--client-secret=${secret}`];
    const setup = agent.setUp('by-device', '--flow=device', ...by, SCOPE);
    const [, code = ''] = await setup.said(/([A-Z]{4}-[A-Z]{4})/);
    const visitor = visitorOf(node, ada);
    await visitor.open('/oauth/device');
    expect((await visitor.submit({ user_code: code })).html).toContain('Terminal');
    await followHome(visitor, node, await visitor.submit({ confirm: 'yes' }));
    await agree(visitor);
    expect(await setup.ended).toEqual({ code: 0, text: expect.any(String) });
    await expectGoodUntilTakenBack('by-device');
  });
});
