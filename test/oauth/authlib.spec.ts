import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { ServiceUsers } from '../../src/admin/service-users.js';
import type { ActingUser } from '../../src/testing/index.js';
import { Authlib, hasAuthlib } from './authlib.js';
import { API, OAuthNode } from './oauth-node.js';

const BY_NOBODY = { actorId: null, origin: null };

(hasAuthlib() ? describe : describe.skip)('an application in Python, with authlib', () => {
  let node: OAuthNode;
  let authlib: Authlib;
  let ada: ActingUser;
  beforeAll(async () => {
    node = await OAuthNode.start();
    await node.resource();
    authlib = Authlib.start();
    ada = await node.logIn();
  });
  afterAll(async () => {
    await authlib?.close();
    await node?.close();
  });

  async function configured(params: object = {}, proof?: string, method = 'client_secret_basic') {
    const { id, secret, redirectUri } = await node.client({ scopes: ['orders:read'], resources: [API], ...params });
    const more = { redirect_uri: redirectUri, scope: 'openid email offline_access' };
    const { error } = await authlib.ask('configure', {
      ...{ issuer: node.issuer, id, proof: proof ?? secret, method },
      ...more,
    });
    expect(error).toBeUndefined();
    return id;
  }

  /** A user who is signed in here goes by the address that authlib made, and back. */
  async function signIn(params: object = {}) {
    const [nonce, verifier] = [randomBytes(16), randomBytes(32)].map((bytes) => bytes.toString('base64url'));
    const { url } = await authlib.ask('authorize', { nonce, verifier, ...params });
    const { pathname, search } = new URL(url);
    const { headers } = await node.here(ada).get(pathname + search);
    return authlib.ask('answered', { address: headers.get('location') });
  }

  it('signs a user in, believes the ID token, reads who it is, and refreshes', async () => {
    const id = await configured();
    const { tokens, claims, error } = await signIn();
    expect(error).toBeUndefined();
    expect(claims).toMatchObject({ sub: ada.userId, email: ada.email, aud: id });
    expect(await authlib.ask('userinfo')).toMatchObject({ status: 200, user: { sub: ada.userId } });
    const { tokens: next } = await authlib.ask('refresh');
    expect([typeof next.access_token, next.refresh_token === tokens.refresh_token]).toEqual(['string', false]);
    expect(await authlib.ask('userinfo')).toMatchObject({ status: 200, user: { sub: ada.userId } });
  });

  it('asks about tokens of both kinds and revokes them', async () => {
    await configured();
    for (const params of [{}, { scope: 'openid orders:read', resource: API }]) {
      const { tokens } = await signIn(params);
      const token = tokens.access_token;
      expect(await authlib.ask('introspect', { token })).toMatchObject({ active: true, sub: ada.userId });
      expect(await authlib.ask('revoke', { token })).toEqual({ status: 200 });
      expect(await authlib.ask('introspect', { token })).toEqual({ active: false });
    }
  });

  it('is told that nothing holds any more once its user has signed out', async () => {
    await configured();
    const other = ada;
    ada = await node.logIn();
    // Without `offline_access`, which outlives a session.
    const { tokens } = await signIn({ scope: 'openid email' });
    expect((await node.here(ada).post('/auth/logout')).status).toBe(204);
    expect(await authlib.ask('introspect', { token: tokens.access_token })).toEqual({ active: false });
    expect((await authlib.ask('userinfo')).status).toBe(401);
    expect((await authlib.ask('refresh')).error).toContain('invalid_grant');
    ada = other;
  });

  it.each(['client_secret_basic', 'client_secret_post', 'private_key_jwt'])(
    'acts for itself, proving itself by %s',
    async (method) => {
      const { id: serviceUserId } = await node
        .part(ServiceUsers)
        .create({ name: 'job', roles: [] } as never, BY_NOBODY as never);
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const isByKey = method === 'private_key_jwt';
      const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }] };
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const id = await configured(
        {
          ...{ grantTypes: ['client_credentials'], redirectUris: [], serviceUserId, tokenEndpointAuthMethod: method },
          ...(isByKey && { jwks }),
        },
        isByKey ? pem : undefined,
        method,
      );
      const { tokens, error } = await authlib.ask('act', { scope: 'orders:read', resource: API });
      expect([error, tokens?.token_type, tokens?.scope]).toEqual([undefined, 'Bearer', 'orders:read']);
      const asked = await authlib.ask('introspect', { token: tokens.access_token });
      expect(asked).toMatchObject({ active: true, sub: id, aud: API });
    },
  );

  it('is refused with a wrong secret, and told so', async () => {
    await configured({}, 'a-wrong-secret-of-forty-three-characters-xx');
    expect((await authlib.ask('act', {})).error).toContain('invalid_client');
  });
});
