import { runGuideCode } from '../docs/guide-code.js';
import { followHome, startWithPages, visitorOf } from './interaction-node.js';
import type { OAuthNode } from './oauth-node.js';

const GUIDE = 'docs/guides/device-code-for-your-cli.md';

describe('the program of the guide', () => {
  let node: OAuthNode;
  beforeAll(async () => {
    node = await startWithPages();
  });
  afterAll(() => node?.close());

  it('signs its user in by a code, refreshes, and is out when the user takes its access back', async () => {
    const grantTypes = ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'];
    const deploy = { name: 'Deploy', type: 'public', redirectUris: [], firstParty: false, grantTypes } as const;
    const client = await node.client(deploy);
    const environment = { ISSUER: node.issuer, CLIENT_ID: client.id };
    const { signIn, accessToken } = await runGuideCode(GUIDE, 'sign-in.ts', environment);
    const ada = await node.logIn();
    const { setTimeout: wait } = globalThis;
    // Nothing is waited for: the user has said yes before the program asks.
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((act: () => void, ms?: number) => {
      const isOfTheClient = /openid-client/.test(new Error().stack ?? '');
      return wait(act, isOfTheClient ? 0 : ms);
    }) as never);
    const { email, refreshToken } = await signIn(async (url: string, code: string) => {
      const visitor = visitorOf(node, ada);
      await visitor.open(new URL(url).pathname);
      expect((await visitor.submit({ user_code: code })).html).toContain('Deploy');
      await followHome(visitor, node, await visitor.submit({ confirm: 'yes' }));
      const done = await visitor.submit({ accept: 'yes', scope: 'email' });
      expect((await followHome(visitor, node, done)).html).toContain('Your device is connected');
    });
    jest.restoreAllMocks();
    expect(email).toBe(ada.email);
    const next = await accessToken(refreshToken);
    expect((await node.userinfo(next.accessToken)).body.email).toBe(ada.email);
    const { body } = await node.here(ada).get('/auth/grants');
    expect((await node.here(ada).delete(`/auth/grants/${body.grants[0].id}`)).status).toBe(204);
    await expect(accessToken(next.refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect((await node.userinfo(next.accessToken)).status).toBe(401);
  });
});
