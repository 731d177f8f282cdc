import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID } from 'node:crypto';
import { Controller, Get } from '@nestjs/common';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, exportJWK, SignJWT } from 'jose';
import { CurrentAuth, Scopes } from '../../src/access/route-decorators.js';
import { ServiceUsers } from '../../src/admin/service-users.js';
import type { AuthContext } from '../../src/kernel/auth-context.js';
import { SigningKeys } from '../../src/keys/signing-keys.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthResourceEntity } from '../../src/oauth/resources/oauth-resource.entity.js';
import { RESOURCES_CHANGED } from '../../src/oauth/resources/oauth-resources.js';
import { headerOf } from '../../src/oauth/tokens/oauth-token-header.js';
import { Revocations } from '../../src/revocation/revocations.js';
import type { ActingUser, TestReply } from '../../src/testing/index.js';
import { StoreCalls, UNDISTURBED } from '../flows/counting-providers.js';
import { API, OAuthNode, type TestOAuthClient } from './oauth-node.js';

@Controller('orders')
class OrdersController {
  @Get()
  @Scopes('orders:read')
  list(@CurrentAuth() { by, user }: AuthContext) {
    return { by, userId: user.id };
  }
}

const BY_NOBODY = { actorId: null, origin: null };
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body?.code ?? body?.error}`);

describe('tokens that the provider issues', () => {
  const calls = new StoreCalls();
  let node: OAuthNode;
  let other: OAuthNode;
  let client: TestOAuthClient;
  let machine: TestOAuthClient;
  let machineUserId: string;
  let ada: ActingUser;
  beforeAll(async () => {
    const settings = { controllers: [OrdersController], options: UNDISTURBED };
    node = await OAuthNode.start({ ...settings, providers: calls.providers });
    calls.watch(node.app);
    other = await node.another(settings);
    await node.resource();
    const may = { scopes: ['orders:read'], resources: [node.issuer, API] };
    client = await node.client({ ...may, defaultResource: node.issuer });
    const users = node.part(ServiceUsers);
    machineUserId = (await users.create({ name: 'nightly job', roles: [] } as never, BY_NOBODY as never)).id;
    machine = await node.client({
      ...may,
      grantTypes: ['client_credentials'],
      redirectUris: [],
      serviceUserId: machineUserId,
    });
    ada = await node.logIn();
  });
  afterAll(async () => {
    await other.close();
    await node.close();
  });

  const at = (on: OAuthNode, token: string, path = '/orders', headers: Record<string, string> = {}) =>
    on.browser().get(path, { authorization: `Bearer ${token}`, ...headers });
  const jwt = async (of = client, params: Record<string, string> = {}, browser = ada) =>
    (await node.tokens(browser, of, { scope: 'openid orders:read', ...params })).access_token;
  const ofMachine = async (fields: Record<string, string> = {}) => {
    const given = { grant_type: 'client_credentials', scope: 'orders:read', resource: node.issuer, ...fields };
    const { status, body, text } = await node.token(machine, given);
    if (status !== 200) throw new Error(`${status} ${text}`);
    return body.access_token as string;
  };

  it('begin with the header that the strategy looks for, and open its routes on every node', async () => {
    const token = await jwt();
    expect(token.split('.', 1)[0]).toBe(headerOf(node.part(SigningKeys).current()));
    for (const on of [node, other]) expect((await at(on, token)).body).toEqual({ by: 'oauth', userId: ada.userId });
    expect(decodeJwt(token)).toMatchObject({
      aud: node.issuer,
      iss: node.issuer,
      sub: ada.userId,
      client_id: client.id,
    });
  });

  it('tell who the user is at /auth/me where openid was asked for, and open nothing else there', async () => {
    expect((await at(node, await jwt(), '/auth/me')).body.user).toMatchObject({ id: ada.userId });
    expect(told(await at(node, await jwt(client, { scope: 'orders:read' }), '/auth/me'))).toBe('403 forbidden');
    for (const path of ['/auth/sessions', '/admin/users'])
      expect(told(await at(node, await jwt(), path))).toBe('403 forbidden');
  });

  it('for another API open nothing here', async () => {
    expect(told(await at(node, await jwt(client, { resource: API })))).toBe('401 unauthenticated');
  });

  it('that are ID tokens, opaque or refresh tokens are none for a route', async () => {
    const tokens = await node.tokens(ada, client, { scope: 'openid orders:read' });
    expect(told(await at(node, tokens.id_token!))).toBe('401 unauthenticated');
    expect(told(await at(node, tokens.refresh_token!))).toBe('401 unauthenticated');
    const plain = await node.client();
    const opaque = (await node.tokens(ada, plain)).access_token;
    expect(told(await at(node, opaque, '/auth/me'))).toBe('401 unauthenticated');
  });

  it('of a client that acts for itself act as its service user, until its secret is void at once', async () => {
    const token = await ofMachine();
    expect(decodeJwt(token)).toMatchObject({ sub: machine.id, client_id: machine.id, gen: expect.any(Number) });
    for (const on of [node, other]) expect((await at(on, token)).body).toEqual({ by: 'oauth', userId: machineUserId });
    const { clientSecret } = await node.part(OAuthClientAdmin).renewSecret(machine.id, 0, BY_NOBODY);
    for (const on of [node, other]) expect(told(await at(on, token))).toBe('401 session_ended');
    machine = { ...machine, secret: clientSecret };
    expect(told(await at(other, await ofMachine()))).toBe(200);
  });

  describe('and are asked about', () => {
    it('are active for their own client, with what RFC 7662 names', async () => {
      const token = await jwt();
      const { iat, exp, jti } = decodeJwt(token);
      expect((await node.introspect(client, token)).body).toEqual({
        active: true,
        sub: ada.userId,
        client_id: client.id,
        iss: node.issuer,
        aud: node.issuer,
        scope: 'openid orders:read',
        token_type: 'Bearer',
        jti,
        iat,
        exp,
      });
      const own = await ofMachine();
      expect((await other.introspect(machine, own)).body).toMatchObject({
        active: true,
        sub: machine.id,
        aud: node.issuer,
      });
    });

    it('are active for who operates the API, and inactive for everyone else', async () => {
      const token = await jwt(client, { resource: API });
      expect((await node.introspect(machine, token)).body).toEqual({ active: false });
      await node.dataSource.getRepository(OAuthResourceEntity).update({ uri: API }, { operatorClientId: machine.id });
      await node.part(Revocations).confirm([RESOURCES_CHANGED]);
      expect((await node.introspect(machine, token)).body).toMatchObject({
        active: true,
        aud: API,
        client_id: client.id,
      });
      expect((await node.introspect(machine, await jwt())).body).toEqual({ active: false });
    });

    it('are inactive, never an error, when they are over, foreign, forged, or none', async () => {
      const eve = await node.logIn();
      const token = await jwt(client, {}, eve);
      const [header, payload, signature] = token.split('.') as [string, string, string];
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const foreign = await new SignJWT({ ...decodeJwt(token) })
        .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'ES256' })
        .sign(privateKey);
      const tokens = await node.tokens(eve, client, { scope: 'openid orders:read' });
      const bad = [
        foreign,
        tokens.id_token!,
        `${header}.${payload}.${signature}x`,
        `${header}.${payload}.`,
        `${header}..`,
        `${header}.${Buffer.from('{"jti":1}').toString('base64url')}.${signature}`,
        'jwt_',
        `jwt_${decodeJwt(token).jti}`,
        'x'.repeat(5000),
      ];
      for (const text of bad) {
        const { status, body } = await node.introspect(client, text);
        expect([text.slice(0, 20), status, body]).toEqual([text.slice(0, 20), 200, { active: false }]);
      }
      expect((await node.introspect(client, token)).body.active).toBe(true);
      expect((await eve.post('/auth/logout')).status).toBe(204);
      for (const on of [node, other]) expect((await on.introspect(client, token)).body).toEqual({ active: false });
    });

    it('cost no statement: of a JWT, and of a client that acts for itself', async () => {
      const tokens = [await jwt(), await ofMachine()];
      const clients = [client, machine];
      for (const [i, token] of tokens.entries())
        expect((await node.introspect(clients[i]!, token)).body.active).toBe(true);
      const made = await calls.during(async () => {
        for (const [i, token] of tokens.entries())
          expect((await node.introspect(clients[i]!, token)).body.active).toBe(true);
      });
      expect(made).toBe(0);
    });

    it('are asked about by a client that proves itself, and once in a request', async () => {
      const token = await jwt();
      expect((await node.introspect({ ...client, secret: 'wrong' }, token)).status).toBe(401);
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const proof = `client_id=${client.id}&client_secret=${client.secret}`;
      const send = (body: string) => node.browser().request('POST', '/oauth/introspect', body, type);
      expect(told(await send(`token=${token}&token=${token}&${proof}`))).toBe('400 invalid_request');
      expect(told(await send(proof))).toBe('400 invalid_request');
    });
  });

  describe('and are revoked', () => {
    const revoke = (token: string, by = client, more: Record<string, string> = {}) =>
      node.form('/oauth/revoke', { token, ...more }, by);

    it('are over on every node when it is answered, and nothing else of their grant is', async () => {
      const tokens = await node.tokens(ada, client, { scope: 'openid orders:read' });
      const sister = await jwt();
      expect((await revoke(tokens.access_token, client, { token_type_hint: 'access_token' })).status).toBe(200);
      for (const on of [node, other]) {
        expect(told(await at(on, tokens.access_token))).toBe('401 session_ended');
        expect((await on.introspect(client, tokens.access_token)).body).toEqual({ active: false });
        expect(told(await at(on, sister))).toBe(200);
      }
      expect((await node.refresh(client, tokens.refresh_token!)).status).toBe(200);
      expect((await revoke(tokens.access_token)).status).toBe(200);
    });

    it('of a client that acts for itself too', async () => {
      const [one, two] = [await ofMachine(), await ofMachine()];
      expect((await revoke(one, machine)).status).toBe(200);
      for (const on of [node, other])
        expect([told(await at(on, one)), told(await at(on, two))]).toEqual(['401 session_ended', 200]);
    });

    it('by another client are not, and it is told nothing', async () => {
      const token = await jwt();
      const { status, text } = await revoke(token, machine);
      expect([status, text]).toEqual([200, '']);
      expect(told(await at(other, token))).toBe(200);
    });

    it('with a refresh token of their grant, all are over', async () => {
      const eve = await node.logIn();
      const tokens = await node.tokens(eve, client, { scope: 'openid orders:read' });
      expect((await revoke(tokens.refresh_token!)).status).toBe(200);
      for (const on of [node, other]) expect(told(await at(on, tokens.access_token))).toBe('401 session_ended');
      expect(told(await node.refresh(client, tokens.refresh_token!))).toBe('400 invalid_grant');
    });

    it('that are none of ours, or expired, are answered as if they were', async () => {
      for (const text of ['x', 'a.b.c', (await jwt()).replace(/.{10}$/, 'AAAAAAAAAA')])
        expect((await revoke(text)).status).toBe(200);
    });
  });

  describe('bound to a key', () => {
    let holder: { key: KeyObject; jwk: JsonWebKey; jkt: string };
    beforeAll(async () => {
      const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const jwk = (await exportJWK(publicKey)) as JsonWebKey;
      holder = { key, jwk, jkt: await calculateJwkThumbprint(jwk as never) };
    });
    const proof = (htm: string, path: string, token?: string) => {
      const iat = Math.floor(node.app.clock.now().getTime() / 1000);
      const ath = token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') };
      const payload = { jti: randomUUID(), htm, htu: `${node.issuer}${path}`, iat, ...ath };
      const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: holder.jwk };
      return new SignJWT(payload).setProtectedHeader(header as never).sign(holder.key);
    };

    it('pass with proofs of that key only, at the node that the proof is sent to', async () => {
      const fields = { grant_type: 'client_credentials', scope: 'orders:read', resource: node.issuer };
      const { body } = await node.token(machine, fields, { dpop: await proof('POST', '/oauth/token') });
      expect(body.token_type).toBe('DPoP');
      const token: string = body.access_token;
      expect(decodeJwt(token).cnf).toEqual({ jkt: holder.jkt });
      const sent = { authorization: `DPoP ${token}`, dpop: await proof('GET', '/orders', token) };
      expect(told(await node.browser().get('/orders', sent))).toBe(200);
      expect(told(await node.browser().get('/orders', sent))).toBe('401 unauthenticated');
      expect(told(await at(node, token))).toBe('401 unauthenticated');
      expect((await node.introspect(machine, token)).body).toMatchObject({
        active: true,
        token_type: 'DPoP',
        cnf: { jkt: holder.jkt },
      });
    });
  });
});
