import { createPublicKey, X509Certificate } from 'node:crypto';
import type { ClientParams } from '../../src/oauth/clients/client-params.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { Authority, type Identity, removeFolders } from '../mtls/authority.js';
import { ADAPTERS, bootTls, type TlsApp } from '../mtls/tls-app.js';
import { call } from '../mtls/tls-client.js';
import { APP_PAGE, claimsOf } from './oauth-node.js';

const root = new Authority('/CN=Of clients');
const subject = '/O=Example/CN=reports';
const [own, other] = [root.issue({ subject }), root.issue({ subject: '/CN=other' })];
const stranger = new Authority('/CN=Nobody we know').issue({ subject });
afterAll(removeFolders);

/** A proxy's word about a certificate, which counts for nothing on a connection of our own. */
const said = ({ cert }: Identity) => ({ 'client-cert': `:${new X509Certificate(cert).raw.toString('base64')}:` });

describe.each(ADAPTERS)('a client that proves itself by the certificate of its own connection, on %s', (adapter) => {
  let app: TlsApp;
  let serviceUserId: string;
  beforeAll(async () => {
    app = await bootTls(adapter, {
      authStrategies: ['session', 'jwt', 'oauth', 'mtls'],
      tlsClientCa: root.certFile,
      oauthInteractionUrl: APP_PAGE,
    });
    serviceUserId = await app.service([]);
  });
  afterAll(() => app?.close());

  const client = async (params: Partial<ClientParams>) => {
    const resource = 'https://localhost:3000';
    const may = {
      grantTypes: ['client_credentials'],
      redirectUris: [],
      resources: [resource],
      scopes: ['example:read'],
    };
    const made = await app.app
      .get(OAuthClientAdmin, { strict: false })
      .create(
        { name: 'Reports', type: 'confidential', ...may, defaultResource: resource, serviceUserId, ...params },
        { actorId: null, origin: null },
      );
    return made.client.id;
  };
  const token = (clientId: string, identity?: Identity, headers?: Record<string, string>) => {
    const form = { grant_type: 'client_credentials', client_id: clientId, scope: 'example:read' };
    return call(`${app.url}/oauth/token`, { identity, headers }, undefined, 'POST', new URLSearchParams(form));
  };
  const refused = async (reply: ReturnType<typeof token>) => {
    const { status, body } = await reply;
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  };
  const orders = async (accessToken: string, identity?: Identity, headers = {}) =>
    (await app.as(identity, '/example/scoped', { authorization: `Bearer ${accessToken}`, ...headers })).status;

  it('is known by a name in it that an anchor vouches for, and its tokens are good with it only', async () => {
    const id = await client({
      tokenEndpointAuthMethod: 'tls_client_auth',
      tlsClientAuthSubjectDn: 'CN=reports,O=Example',
      tlsClientCertificateBoundAccessTokens: true,
    });
    const { status, body } = await token(id, own);
    expect(status).toBe(200);
    for (const identity of [undefined, other, stranger]) await refused(token(id, identity));
    await refused(token(id, undefined, said(own)));
    await refused(token(id, other, said(own)));
    expect(claimsOf(body.access_token).cnf).toEqual({ 'x5t#S256': own.thumbprint });
    expect(await orders(body.access_token, own)).toBe(200);
    for (const identity of [undefined, other]) {
      expect(await orders(body.access_token, identity)).toBe(401);
      expect(await orders(body.access_token, identity, said(own))).toBe(401);
    }
  });

  it('is known by a certificate that it has registered, whichever authority issued it', async () => {
    const { kty, ...jwk } = createPublicKey(stranger.cert).export({ format: 'jwk' });
    const x5c = [new X509Certificate(stranger.cert).raw.toString('base64')];
    const jwks = { keys: [{ kty, ...jwk, use: 'sig', x5c }] };
    const id = await client({ tokenEndpointAuthMethod: 'self_signed_tls_client_auth', jwks });
    expect((await token(id, stranger)).status).toBe(200);
    for (const identity of [undefined, own]) await refused(token(id, identity, said(stranger)));
  });
});
