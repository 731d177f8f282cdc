import { createHash, generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootEdge } from '../edge/boot-edge.js';
import { graphqlModule, ShopResolver } from '../edge/graphql-host.js';
import { open, ShopGateway, useSockets } from '../edge/socket-host.js';
import { Granting } from './granting.js';
import { APP_PAGE } from './oauth-node.js';
import { HERE, SignedTokens } from './signed-tokens.js';

describe('a token of a client on other edges', () => {
  let app: AuthTestApp;
  let on: Granting;
  let tokens: SignedTokens;
  let clientId: string;
  beforeAll(async () => {
    app = await bootEdge({
      adapter: 'fastify',
      imports: [graphqlModule('mercurius on fastify')],
      parts: [ShopGateway, ShopResolver],
      prepare: useSockets('ws'),
      options: { authStrategies: ['session', 'jwt', 'oauth'], oauthInteractionUrl: APP_PAGE },
    });
    on = new Granting(app);
    tokens = new SignedTokens(app);
    clientId = await on.client({ scopes: ['shop:read'], resources: [HERE] });
  });
  afterAll(() => app.close());

  /** A user, what they granted, and a token for it. */
  async function granted(claims: object = {}) {
    const user: TestUser = await app.logIn();
    const grantId = await on.grant(user, clientId);
    return { user, grantId, token: tokens.of(grantId, clientId, user.userId, { scope: 'shop:read', ...claims }) };
  }
  const openBy = (token: string, scheme = 'Bearer', more: object = {}) =>
    open('ws', app.url, { headers: { authorization: `${scheme} ${token}`, ...more } });

  async function boundToken() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = (await exportJWK(publicKey)) as JsonWebKey;
    const { token, user } = await granted({ cnf: { jkt: await calculateJwkThumbprint(jwk as never) } });
    const ath = createHash('sha256').update(token).digest('base64url');
    const proof = (htm: string, path: string) =>
      new SignJWT({ jti: randomUUID(), htm, htu: HERE + path, iat: Math.floor(app.clock.now().getTime() / 1000), ath })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk } as never)
        .sign(privateKey);
    return { token, proof, user };
  }

  it('opens messages that its scopes are asked for, and no others', async () => {
    const { token } = await granted();
    const socket = await openBy(token);
    expect((await socket.ask('machine')).data).toEqual({ by: 'oauth' });
    expect((await socket.ask('me')).data).toMatchObject({ code: 'forbidden' });
    socket.close();
  });

  it.each([
    ['its grant', ({ grantId }: { grantId: string }) => on.grants.end(grantId, 'test')],
    ['its session', ({ user }: { user: TestUser }) => user.post('/auth/logout')],
    ['its client', () => on.disable(clientId)],
  ])('closes its sockets with %s', async (_what, end) => {
    clientId = await on.client({ scopes: ['shop:read'], resources: [HERE] });
    const given = await granted();
    const socket = await openBy(given.token);
    expect((await socket.ask('machine')).event).toBe('machine');
    await end(given);
    expect(await socket.closed).toMatch(/session_ended$/);
    await expect(openBy(given.token)).rejects.toThrow('401 session_ended');
    clientId = await on.client({ scopes: ['shop:read'], resources: [HERE] });
  });

  it('closes its sockets when an admin takes a scope from its client that they were opened with', async () => {
    const { user, grantId } = await granted();
    const client = await on.client({ scopes: ['shop:read'], resources: [HERE] });
    const own = await on.grant(user, client);
    const socket = await openBy(tokens.of(own, client, user.userId, { scope: 'shop:read' }));
    const other = await openBy(tokens.of(grantId, clientId, user.userId, { scope: 'shop:read' }));
    expect((await socket.ask('machine')).event).toBe('machine');
    await on.narrow(client, []);
    expect(await socket.closed).toMatch(/token_expired$/);
    expect((await other.ask('machine')).event).toBe('machine');
    other.close();
  });

  it('closes its own sockets when it is revoked by itself, and not those of its sister', async () => {
    const { user, grantId, token } = await granted({ jti: 'one' });
    const sister = tokens.of(grantId, clientId, user.userId, { scope: 'shop:read', jti: 'other' });
    const [own, other] = [await openBy(token), await openBy(sister)];
    await on.grants.revokeToken(`grant:${grantId}`, 'one', app.clock.in(300));
    expect(await own.closed).toMatch(/session_ended$/);
    expect((await other.ask('machine')).event).toBe('machine');
    other.close();
  });

  it('bound to a key opens a socket with one proof, for as many messages as it has', async () => {
    const { token, proof } = await boundToken();
    const dpop = await proof('GET', '/');
    const socket = await openBy(token, 'DPoP', { dpop });
    for (let i = 0; i < 3; i += 1) expect((await socket.ask('machine')).data).toEqual({ by: 'oauth' });
    socket.close();
    await expect(openBy(token, 'DPoP', { dpop })).rejects.toThrow('401 unauthenticated');
    await expect(openBy(token, 'Bearer')).rejects.toThrow('401 unauthenticated');
  });

  it('opens resolvers, several by one request and one proof', async () => {
    const { token, user } = await granted();
    const ask = (query: string, headers: Record<string, string>) => app.client(headers).post('/graphql', { query });
    const query = '{ one: machine { user } two: machine { user } }';
    const both = (userId: string) => ({ data: { one: { user: userId }, two: { user: userId } } });
    expect((await ask(query, { authorization: `Bearer ${token}` })).body).toEqual(both(user.userId));
    const { token: bound, proof, user: holder } = await boundToken();
    const sent = { authorization: `DPoP ${bound}`, dpop: await proof('POST', '/graphql') };
    expect((await ask(query, sent)).body).toEqual(both(holder.userId));
    expect((await ask(query, sent)).body.errors[0].extensions.code).toBe('unauthenticated');
  });
});
