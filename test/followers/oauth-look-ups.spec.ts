import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { ServiceUsers } from '../../src/admin/service-users.js';
import { SigningKeys } from '../../src/keys/signing-keys.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthGrants } from '../../src/oauth/grants/oauth-grants.js';
import { headerOf } from '../../src/oauth/tokens/oauth-token-header.js';
import type { ActingUser } from '../../src/testing/index.js';
import { API, OAuthNode, type TestOAuthClient } from '../oauth/oauth-node.js';
import { RawFollower, verifyKey } from './raw-follower.js';

const HOUR = 3_600;
const BY_NOBODY = { actorId: null, origin: null };
const UNAUTHENTICATED = { accepted: false, code: 'unauthenticated' };
const ENDED = { accepted: false, code: 'session_ended' };

describe('look-ups of access tokens of OAuth clients', () => {
  let node: OAuthNode;
  let client: TestOAuthClient;
  let ada: ActingUser;
  let service: RawFollower;
  beforeAll(async () => {
    const lives = { sessionIdleSeconds: HOUR, sessionAbsoluteSeconds: HOUR };
    node = await OAuthNode.start({ options: { authStrategies: ['session', 'api-key', 'oauth'], ...lives } });
    await node.resource();
    const may = { scopes: ['orders:read'], resources: [node.issuer, API] };
    client = await node.client({ ...may, defaultResource: node.issuer });
    ada = await node.logIn();
    service = new RawFollower(node.url, (await verifyKey(node.app)).key);
  });
  afterAll(() => node.close());

  const tokens = (params: Record<string, string> = {}, of = client, browser = ada) =>
    node.tokens(browser, of, { scope: 'openid orders:read', resource: API, ...params });
  const verdictOf = async (ticket: string, audience?: string) => {
    const { status, body } = await service.lookUp({ ticket, ...(audience !== undefined && { audience }) });
    expect(status).toBe(200);
    return body;
  };

  it('name their user, their scopes and everything that ends them', async () => {
    const token = (await tokens()).access_token;
    const { gid } = decodeJwt(token);
    expect(await verdictOf(token, API)).toMatchObject({
      ...{ accepted: true, by: 'credential', strategy: 'oauth', user: { id: ada.userId }, keep: true },
      ...{ scopes: ['orders:read'], client: { id: client.id, firstParty: true } },
      subjects: [
        ...[`grant:${gid}`, `client:${client.id}`, `session:${ada.sessionId}`, `user:${ada.userId}`],
        ...['key:oauth-resources', 'key:signing-keys'],
      ],
    });
  });

  it('refuse one that is for another API, and tell it to no audience that it does not name', async () => {
    const token = (await tokens()).access_token;
    expect(await verdictOf(token)).toEqual(UNAUTHENTICATED);
    expect(await verdictOf(token, node.issuer)).toEqual(UNAUTHENTICATED);
    expect(await verdictOf(token, `${API}orders`)).toEqual(UNAUTHENTICATED);
    const own = (await tokens({ resource: node.issuer })).access_token;
    expect(await verdictOf(own)).toMatchObject({ accepted: true });
    expect(await verdictOf(own, API)).toEqual(UNAUTHENTICATED);
  });

  it('refuse ID tokens, refresh tokens, and opaque tokens, which are for this service alone', async () => {
    const given = await tokens({ resource: node.issuer });
    expect(await verdictOf(given.id_token!)).toEqual(UNAUTHENTICATED);
    expect(await verdictOf(given.refresh_token!)).toEqual(UNAUTHENTICATED);
    const plain = await node.client();
    const opaque = (await node.tokens(ada, plain)).access_token;
    expect(opaque.split('.').length).toBe(1);
    expect(await verdictOf(opaque)).toEqual(UNAUTHENTICATED);
  });

  it.each<[string, (token: string, user: ActingUser) => Promise<unknown>]>([
    ['the logout of its user', (_token, user) => user.post('/auth/logout')],
    ['the end of its grant', (token) => node.part(OAuthGrants).end(String(decodeJwt(token).gid), 'test')],
    ['its own revocation', (token) => node.form('/oauth/revoke', { token }, client)],
  ])('refuse one after %s', async (_what, end) => {
    const user = await node.logIn();
    const token = (await tokens({}, client, user)).access_token;
    expect(await verdictOf(token, API)).toMatchObject({ accepted: true });
    await end(token, user);
    expect(await verdictOf(token, API)).toEqual(ENDED);
  });

  it('name the service user of a client that acts for itself, and end with whatever lets it act', async () => {
    const userId = (await node.part(ServiceUsers).create({ name: 'job', roles: [] } as never, BY_NOBODY as never)).id;
    const machine = await node.client({
      ...{ scopes: ['orders:read'], resources: [API], grantTypes: ['client_credentials'], redirectUris: [] },
      serviceUserId: userId,
    });
    const order = { grant_type: 'client_credentials', scope: 'orders:read', resource: API };
    const token = (await node.token(machine, order)).body.access_token;
    const verdict = await verdictOf(token, API);
    expect(verdict).toMatchObject({ accepted: true, user: { id: userId }, client: { id: machine.id } });
    expect(verdict).toMatchObject({ subjects: expect.arrayContaining([`client:${machine.id}`, `user:${userId}`]) });
    await node.part(OAuthClientAdmin).change(machine.id, { disabled: true }, BY_NOBODY);
    expect(await verdictOf(token, API)).toEqual(ENDED);
  });

  it('name what a token is bound to, so that the service it is shown to can have that proven', async () => {
    const { gid } = decodeJwt((await tokens()).access_token);
    const bound = { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' };
    expect(await verdictOf(signed({ gid, cnf: bound }), API)).toMatchObject({ accepted: true, cnf: bound });
    const unknown = { kid: 'a-key' };
    expect(await verdictOf(signed({ gid, cnf: unknown }), API)).toEqual(UNAUTHENTICATED);
  });

  it('let an answer be kept no longer than the session that its grant hangs on may last', async () => {
    const user = await node.logIn();
    const { gid } = decodeJwt((await tokens({}, client, user)).access_token);
    node.app.clock.advance(HOUR - 100);
    const token = signed({ gid, sub: user.userId });
    const { goodForSeconds } = (await verdictOf(token, API)) as { goodForSeconds: number };
    expect(decodeJwt(token).exp! - node.app.clock.now().getTime() / 1000).toBeGreaterThan(200);
    expect(goodForSeconds).toBeGreaterThan(0);
    expect(goodForSeconds).toBeLessThanOrEqual(100);
  });

  /** As the provider signs them, for the API. */
  function signed(claims: object): string {
    const iat = Math.floor(node.app.clock.now().getTime() / 1000);
    const common = { iss: node.issuer, aud: API, jti: randomUUID(), iat, exp: iat + 300, scope: 'orders:read' };
    const key = node.part(SigningKeys).current();
    const payload = Buffer.from(
      JSON.stringify({ ...common, sub: ada.userId, client_id: client.id, ...claims }),
    ).toString('base64url');
    const input = `${headerOf(key)}.${payload}`;
    return `${input}.${key.sign(input).toString('base64url')}`;
  }
});
