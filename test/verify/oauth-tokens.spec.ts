import type { ActingUser } from '../../src/testing/index.js';
import { createVerifier, type Verifier, VerifyError } from '../../src/verify/index.js';
import { verifyKey } from '../followers/raw-follower.js';
import { API, OAuthNode, type TestOAuthClient } from '../oauth/oauth-node.js';

const ORDERS = { scopes: ['orders:read'] };

describe('a service that is a resource of the provider', () => {
  let node: OAuthNode;
  let client: TestOAuthClient;
  let verifier: Verifier;
  let ada: ActingUser;
  beforeAll(async () => {
    node = await OAuthNode.start({ options: { authStrategies: ['session', 'jwt', 'oauth', 'api-key'] } });
    await node.resource();
    client = await node.client({ scopes: ['orders:read'], resources: [node.issuer, API] });
    ada = await node.logIn();
    const { key } = await verifyKey(node.app);
    verifier = createVerifier({ url: node.url, credential: key, audience: API, log: () => undefined });
    await verifier.ready();
  });
  afterAll(async () => {
    await verifier.close();
    await node.close();
  });

  const tokenFor = async (resource: string): Promise<string> =>
    (await node.tokens(ada, client, { scope: 'openid orders:read', resource })).access_token;
  const outcome = async (token: string, rule: object = ORDERS) => {
    try {
      const headers = { authorization: `Bearer ${token}` };
      return (await verifier.admit({ method: 'GET', headers }, rule))?.by ?? null;
    } catch (error) {
      if (error instanceof VerifyError) return error.code;
      throw error;
    }
  };

  it('lets a client in with a token that is for it, by its scopes, and makes no call after the first time', async () => {
    const token = await tokenFor(API);
    expect(await outcome(token)).toBe('credential');
    const { lookUps } = verifier.status();
    for (let i = 0; i < 10; i += 1) expect(await outcome(token)).toBe('credential');
    expect(verifier.status().lookUps).toBe(lookUps);
    expect(await outcome(token, {})).toBe('forbidden');
    expect(await outcome(token, { scopes: ['orders:write'] })).toBe('forbidden');
  });

  it('refuses a token that is for another resource, and does not ask the service about it', async () => {
    const token = await tokenFor(node.issuer);
    const { lookUps } = verifier.status();
    expect(await outcome(token)).toBe('unauthenticated');
    expect(verifier.status().lookUps).toBe(lookUps);
  });

  it('refuses a token of a user from the moment their logout is answered', async () => {
    const token = await tokenFor(API);
    expect(await outcome(token)).toBe('credential');
    expect((await ada.post('/auth/logout')).status).toBe(204);
    expect(await outcome(token)).not.toBe('credential');
  });
});
