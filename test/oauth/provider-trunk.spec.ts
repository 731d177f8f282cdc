import { claimsOf, OAuthNode, type TestOAuthClient } from './oauth-node.js';

describe('the provider', () => {
  let node: OAuthNode;
  let client: TestOAuthClient;

  beforeAll(async () => {
    node = await OAuthNode.start();
    client = await node.client();
  });
  afterAll(() => node.close());

  it('gives tokens to a client of the operator whose user is logged in, without a page', async () => {
    const ada = await node.logIn();
    const tokens = await node.tokens(ada, client, { scope: 'openid profile email', nonce: 'n' });
    expect(tokens.access_token).toHaveLength(44);
    expect(claimsOf(tokens.id_token!)).toMatchObject({ iss: node.issuer, aud: client.id, sub: ada.userId, nonce: 'n' });
  });
});
