import { createPublicKey, generateKeyPairSync, randomUUID, verify, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import { PublicFetch } from '../../src/http/public-fetch.js';
import { SigningKeys } from '../../src/keys/signing-keys.js';
import type { ActingUser } from '../../src/testing/index.js';
import { Authority, type Identity, removeFolders } from '../mtls/authority.js';
import { API, claimsOf, OAuthNode, pkce, type TestOAuthClient } from './oauth-node.js';

const DOCUMENT = 'https://agent.example.com/client.json';
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The network: which documents there are, and what was asked for. */
class Documents {
  readonly asked: string[] = [];
  readonly of = new Map<string, object>();

  async fetch(address: string): Promise<Response> {
    this.asked.push(address);
    const document = this.of.get(address);
    const headers = { 'content-type': 'application/json' };
    return document ? new Response(JSON.stringify(document), { headers }) : new Response('', { status: 404 });
  }
}

describe('clients of the provider prove themselves', () => {
  const root = new Authority('/CN=Of clients');
  const documents = new Documents();
  let node: OAuthNode;
  let other: OAuthNode;
  let ada: ActingUser;

  beforeAll(async () => {
    const providers = [{ provide: PublicFetch, useValue: documents }];
    const options = {
      authStrategies: ['session', 'oauth', 'mtls'],
      trustedProxies: ['127.0.0.1', '::1'],
      mtlsHeader: 'rfc9440' as const,
      mtlsAnchors: [`default=${root.certFile}`],
      oauthClientDocuments: 'any' as const,
      mailPollSeconds: 3600,
    };
    node = await OAuthNode.start({ options, providers });
    other = await node.another({ providers });
    await node.resource(API);
    ada = await node.logIn();
  });
  afterAll(async () => {
    await other?.close();
    await node?.close();
    removeFolders();
  });

  const der = ({ cert }: Pick<Identity, 'cert'>) => new X509Certificate(cert).raw.toString('base64');
  const shown = (identity: Identity) => ({ 'client-cert': `:${der(identity)}:` });
  const idTokenOf = async (client: TestOAuthClient, headers = {}) => {
    const { code, proof } = await node.code(ada, client);
    const fields = { grant_type: 'authorization_code', code, redirect_uri: client.redirectUri };
    return node.form(
      '/oauth/token',
      { ...fields, code_verifier: proof.verifier, client_id: client.id },
      undefined,
      headers,
    );
  };

  it('by a certificate of their own, and by no other', async () => {
    const identity = root.issue();
    const { kty, ...jwk } = createPublicKey(identity.cert).export({ format: 'jwk' });
    const client = await node.client({
      tokenEndpointAuthMethod: 'self_signed_tls_client_auth',
      jwks: { keys: [{ kty, ...jwk, use: 'sig', x5c: [der(identity)] }] },
    });
    expect((await idTokenOf(client, shown(identity))).status).toBe(200);
    for (const headers of [{}, shown(root.issue())]) {
      const { status, body } = await idTokenOf(client, headers);
      expect([status, body.error]).toEqual([401, 'invalid_client']);
    }
  });

  it('by a name in a certificate of an anchor, even if another anchor has that name', async () => {
    const client = await node.client({
      tokenEndpointAuthMethod: 'tls_client_auth',
      tlsClientAuthSubjectDn: 'CN=reports,O=Example',
    });
    const subject = '/O=Example/CN=reports';
    expect((await idTokenOf(client, shown(root.issue({ subject })))).status).toBe(200);
    const strangers = [new Authority('/CN=Nobody we know').issue({ subject }), root.issue({ subject: '/CN=other' })];
    for (const stranger of strangers) expect((await idTokenOf(client, shown(stranger))).status).toBe(401);
    expect((await idTokenOf(client, { 'client-cert': ':garbage:' })).status).toBe(401);
  });

  it('by a signed assertion, each of which counts once on all nodes', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const client = await node.client({
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'a' }] },
    });
    const assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'a' })
      .setIssuer(client.id)
      .setSubject(client.id)
      .setAudience(node.issuer)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
    const fields = { grant_type: 'refresh_token', refresh_token: 'a'.repeat(43) };
    const proof = { client_assertion_type: JWT_BEARER, client_assertion: assertion };
    const replies = await Promise.all(
      [node, other, node, other].map((at) => at.form('/oauth/token', { ...fields, ...proof })),
    );
    expect(replies.map(({ body }) => body.error).sort()).toEqual([
      'invalid_client',
      'invalid_client',
      'invalid_client',
      'invalid_grant',
    ]);
  });

  it('by a document at their own address, called back on this machine on any port', async () => {
    documents.of.set(DOCUMENT, {
      client_id: DOCUMENT,
      client_name: 'Agent',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'orders:read',
    });
    const agent = { id: DOCUMENT, secret: undefined, redirectUri: 'http://127.0.0.1:49152/callback' };
    const { location, reply } = await node.authorize(ada, agent, { scope: 'orders:read', resource: API });
    expect([reply.status, location.pathname]).toEqual([303, expect.stringMatching(/^\/oauth\/interaction\//)]);
    const stranger = await node.authorize(ada, { ...agent, redirectUri: 'https://evil.example/callback' });
    expect([stranger.reply.status, stranger.location.protocol]).toEqual([400, 'about:']);
    const missing = await node.authorize(ada, { ...agent, id: 'https://agent.example.com/none.json' });
    expect(missing.reply.status).toBe(400);
  });

  it('not by a document that asks to be trusted with a secret, or names another', async () => {
    const address = 'https://agent.example.com/other.json';
    for (const document of [
      { client_id: DOCUMENT, redirect_uris: ['https://agent.example.com/cb'] },
      { client_id: address, redirect_uris: ['https://agent.example.com/cb'], client_secret: 'a' },
      {
        client_id: address,
        redirect_uris: ['https://agent.example.com/cb'],
        token_endpoint_auth_method: 'client_secret_post',
      },
      { client_id: address, redirect_uris: 'https://agent.example.com/cb' },
    ]) {
      documents.of.set(address, document);
      const client = { id: address, secret: undefined, redirectUri: 'https://agent.example.com/cb' };
      expect((await node.authorize(ada, client)).reply.status).toBe(400);
    }
  });

  it('and get ID tokens by RS256 where they ask for it, good by the keys that are published', async () => {
    for (const [idTokenSignedResponseAlg, digest] of [
      ['RS256', 'RSA-SHA256'],
      ['ES256', 'sha256'],
    ] as const) {
      const client = await node.client({ idTokenSignedResponseAlg });
      const [head = '', body = '', signature = ''] = (await node.tokens(ada, client)).id_token!.split('.');
      const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url').toString());
      const { keys } = (await other.browser().get('/.well-known/jwks.json')).body;
      const key = createPublicKey({ key: keys.find((one: { kid: string }) => one.kid === kid), format: 'jwk' });
      const dsaEncoding = 'ieee-p1363' as const;
      const signed = Buffer.from(`${head}.${body}`);
      expect(alg).toBe(idTokenSignedResponseAlg);
      expect(verify(digest, signed, { key, dsaEncoding }, Buffer.from(signature, 'base64url'))).toBe(true);
    }
  });

  it('and go on over a rotation of keys, without a restart of any node', async () => {
    const client = await node.client({ resources: [API], scopes: ['orders:read'] });
    const before = await node.tokens(ada, client, { scope: 'openid orders:read', resource: API });
    await node.part(SigningKeys).rotate({ actorId: null, origin: null });
    const kidOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()).kid;
    for (const at of [node, other]) {
      // A node that has not noticed goes on signing by the former key, which is good as well.
      if (at === other) await other.part(SigningKeys).refresh();
      const { body } = await at.refresh(client, before.refresh_token!);
      expect(kidOf(body.access_token)).not.toBe(kidOf(before.access_token));
      expect(kidOf(body.id_token)).not.toBe(kidOf(before.id_token!));
      for (const token of [before.access_token, body.access_token])
        expect((await other.introspect(client, token)).body.active).toBe(true);
    }
    // Who logs out shows what was signed before.
    const hint = new URLSearchParams({ id_token_hint: before.id_token! });
    const { status, text } = await other.here(ada).get(`/oauth/logout?${hint}`);
    expect([status, text.includes('name="xsrf"')]).toEqual([200, true]);
    expect(claimsOf(before.id_token!).sub).toBe(ada.userId);
  });

  it('never get a code without a challenge, but for one whose admin has lifted it', async () => {
    const lifted = await node.client({ requirePkce: false });
    const params = { code_challenge: '', code_challenge_method: '', nonce: 'n' };
    const { location } = await node.authorize(ada, lifted, params, pkce());
    expect(location.searchParams.get('code')).toEqual(expect.any(String));
    const bound = await node.authorize(ada, await node.client(), params, pkce());
    expect(bound.location.searchParams.get('error')).toBe('invalid_request');
  });
});
