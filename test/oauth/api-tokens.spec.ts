import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, exportJWK, SignJWT } from 'jose';
import { SigningKeys } from '../../src/keys/signing-keys.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthClients } from '../../src/oauth/clients/oauth-clients.js';
import { OAuthTokens } from '../../src/oauth/tokens/oauth-tokens.js';
import { Revocations } from '../../src/revocation/revocations.js';
import { AccessTokens } from '../../src/strategies/jwt/access-tokens.js';
import type { TestUser } from '../../src/testing/index.js';
import { overStores, PUSHING_STORES } from '../flows/combinations.js';
import { StoreCalls, UNDISTURBED } from '../flows/counting-providers.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Fleet } from '../flows/several-nodes.js';
import { BY_NOBODY, ENDS, endUnderLoad, OAUTH, Setting, told } from './setting.js';
import { HERE } from './signed-tokens.js';

overStores((sessionStore) => {
  describe('an access token of a client', () => {
    const calls = new StoreCalls();
    let setting: Setting;
    let user: TestUser;
    let grantId: string;
    let clientId: string;
    beforeAll(async () => {
      setting = new Setting(await bootWithMadeUsers({ ...OAUTH, ...UNDISTURBED, sessionStore }, calls.providers));
      calls.watch(setting.app);
      clientId = await setting.makeClient();
      user = await setting.app.logIn();
      grantId = await setting.on.grant(user, clientId);
    });
    afterAll(() => setting.app.close());
    const token = (claims: object = {}) => setting.tokens.of(grantId, clientId, user.userId, claims);

    it('opens routes that its scopes are asked for, in the name of its user', async () => {
      const { status, body } = await setting.by(token());
      expect([status, body.userId]).toEqual([200, user.userId]);
      expect(told(await setting.by(token({ scope: undefined }), '/example/protected'))).toBe(200);
    });

    if (PUSHING_STORES.includes(sessionStore))
      it('asks no store in steady state, and is verified once', async () => {
        const known = token();
        await setting.by(known);
        const tokens = setting.app.app.get(OAuthTokens, { strict: false });
        const { size } = tokens;
        const made = await calls.during(async () => {
          for (let i = 0; i < 20; i += 1) expect(told(await setting.by(known))).toBe(200);
        });
        expect(made).toBe(0);
        expect(tokens.size).toBe(size);
      });

    it('shows who its user is at /auth/me, with openid', async () => {
      const { status, body } = await setting.by(token(), '/auth/me');
      expect([status, body.user?.id]).toEqual([200, user.userId]);
      const without = await setting.by(token({ scope: 'example:read' }), '/auth/me');
      expect(told(without)).toBe('403 forbidden');
      expect(without.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="openid"');
    });

    it.each(['/auth/sessions', '/auth/api-keys', '/auth/security-log', '/admin/users', '/example/admin'])(
      'opens nothing else of the user’s: %s',
      async (path) => {
        const reply = await setting.by(
          token({ scope: 'openid profile email offline_access example:read admin' }),
          path,
        );
        expect(['403 forbidden', '404 not_found']).toContain(told(reply));
      },
    );

    it('without the scope is refused, and the challenge says which would do', async () => {
      const reply = await setting.by(token({ scope: 'openid' }));
      expect(told(reply)).toBe('403 forbidden');
      expect(reply.headers.get('www-authenticate')).toMatch(
        /Bearer .*error="insufficient_scope", scope="example:read"/,
      );
    });

    it('for others is refused, also for an API of another origin that the client may ask for', async () => {
      for (const aud of ['https://api.example.com', `${HERE}/`, `${HERE}/other`, HERE.toUpperCase()]) {
        const reply = await setting.by(token({ aud }));
        expect(told(reply)).toBe('401 unauthenticated');
        expect(reply.headers.get('www-authenticate')).toContain('Bearer realm="coatcheck", error="invalid_token"');
      }
      expect(told(await setting.by(token({ aud: ['https://api.example.com', HERE] })))).toBe(200);
    });

    it('that does not fit its grant is refused: of another client, of another user, of none', async () => {
      expect(told(await setting.by(token({ client_id: randomUUID() })))).toBe('401 unauthenticated');
      expect(told(await setting.by(token({ sub: randomUUID() })))).toBe('401 unauthenticated');
      expect(told(await setting.by(token({ gid: randomUUID() })))).toBe('401 session_ended');
      expect(told(await setting.by(token({ gid: 'x' })))).toBe('401 unauthenticated');
    });

    it('and an access token of a session never pass for each other', async () => {
      const { accessToken } = await setting.app.logIn({ strategy: 'jwt' });
      expect(told(await setting.by(accessToken!, '/auth/sessions'))).toBe(200);
      const [header] = token().split('.');
      const [own, payload, signature] = accessToken!.split('.');
      const [, clients, other] = token().split('.');
      expect(told(await setting.by(`${header}.${payload}.${signature}`, '/auth/sessions'))).toBe('401 unauthenticated');
      expect(told(await setting.by(`${own}.${clients}.${other}`, '/auth/me'))).toBe('401 unauthenticated');
      const read = setting.app.app.get(AccessTokens, { strict: false }).readSigned(token());
      expect(read).toBeNull();
    });

    it('is no ticket of a browser: a cookie with it opens nothing', async () => {
      const browser = setting.app.client();
      browser.setCookie('access', token());
      browser.setCookie('__Host-access', token());
      expect(told(await browser.get('/example/scoped'))).toBe('401 unauthenticated');
    });

    it('beside another ticket is refused, whichever is good', async () => {
      const both = setting.app.client({ authorization: `Bearer ${token()}` });
      user.copyInto(both);
      expect(told(await both.get('/example/scoped'))).toBe('401 unauthenticated');
    });

    it('revoked by itself is over, and its sisters are not', async () => {
      const [one, other] = [token(), token()];
      expect(told(await setting.by(one))).toBe(200);
      const { jti, exp } = decodeJwt(one);
      await setting.on.grants.revokeToken(`grant:${grantId}`, jti!, new Date(exp! * 1000));
      expect(told(await setting.by(one))).toBe('401 session_ended');
      expect(told(await setting.by(other))).toBe(200);
    });

    it('is over with its own time', async () => {
      const short = token({ exp: Math.floor(setting.app.clock.now().getTime() / 1000) - 5 });
      const reply = await setting.by(short);
      expect(told(reply)).toBe('401 token_expired');
      expect(reply.headers.get('www-authenticate')).toContain('error="invalid_token"');
    });

    it('loses at once what its client may no longer ask for', async () => {
      const other = await setting.makeClient();
      const grant = await setting.on.grant(user, other);
      const narrowed = setting.tokens.of(grant, other, user.userId);
      expect(told(await setting.by(narrowed))).toBe(200);
      const admin = setting.app.app.get(OAuthClientAdmin, { strict: false });
      await admin.change(other, { scopes: [] }, BY_NOBODY);
      expect(told(await setting.by(narrowed))).toBe('403 forbidden');
      await admin.change(other, { disabled: true }, BY_NOBODY);
      expect(told(await setting.by(narrowed))).toBe('401 session_ended');
    });
  });

  describe('an access token of a client that acts for itself', () => {
    const calls = new StoreCalls();
    let setting: Setting;
    beforeAll(async () => {
      setting = new Setting(await bootWithMadeUsers({ ...OAUTH, ...UNDISTURBED, sessionStore }, calls.providers));
      calls.watch(setting.app);
    });
    afterAll(() => setting.app.close());

    it('acts as its service user, without a look in steady state', async () => {
      const { clientId, userId } = await setting.makeMachine();
      const token = setting.tokens.ofClient(clientId);
      // Whatever its making has announced has reached this node.
      await setting.app.app.get(Revocations, { strict: false }).confirm([]);
      expect((await setting.by(token)).body.userId).toBe(userId);
      if (!PUSHING_STORES.includes(sessionStore)) return;
      const made = await calls.during(async () => {
        for (let i = 0; i < 20; i += 1) expect(told(await setting.by(token))).toBe(200);
      });
      expect(made).toBe(0);
      expect(setting.app.app.get(OAuthClients, { strict: false }).tally.asked).toBeGreaterThan(0);
    });

    it('is over when it is revoked, when its client is disabled or gone, and when its secret is void at once', async () => {
      const admin = setting.app.app.get(OAuthClientAdmin, { strict: false });
      const { clientId } = await setting.makeMachine();
      const [one, other] = [setting.tokens.ofClient(clientId), setting.tokens.ofClient(clientId)];
      const { jti, exp } = decodeJwt(one);
      expect(told(await setting.by(one))).toBe(200);
      await setting.on.grants.revokeToken(`client:${clientId}`, jti!, new Date(exp! * 1000));
      expect([told(await setting.by(one)), told(await setting.by(other))]).toEqual(['401 session_ended', 200]);
      await admin.renewSecret(clientId, 0, BY_NOBODY);
      expect(told(await setting.by(other))).toBe('401 session_ended');
      const third = setting.tokens.ofClient(clientId, { gen: 2 });
      expect(told(await setting.by(third))).toBe(200);
      await admin.change(clientId, { disabled: true }, BY_NOBODY);
      expect(told(await setting.by(third))).toBe('401 session_ended');
      await admin.change(clientId, { disabled: false }, BY_NOBODY);
      await admin.remove(clientId, BY_NOBODY);
      expect(told(await setting.by(third))).toBe('401 session_ended');
    });

    it('is over while its service user is banned', async () => {
      const boss = await setting.app.logIn({ changes: { roles: ['admin'] } });
      const { clientId, userId } = await setting.makeMachine();
      const token = setting.tokens.ofClient(clientId);
      expect(told(await setting.by(token))).toBe(200);
      expect((await boss.post(`/admin/users/${userId}/ban`, {})).status).toBe(204);
      expect(told(await setting.by(token))).toBe('401 session_ended');
    });

    it('names no client that does not act for itself, and no other generation', async () => {
      const plain = await setting.makeClient();
      expect(told(await setting.by(setting.tokens.ofClient(plain)))).toBe('401 session_ended');
      const { clientId } = await setting.makeMachine();
      for (const gen of [0, 2])
        expect(told(await setting.by(setting.tokens.ofClient(clientId, { gen })))).toBe('401 session_ended');
      expect(told(await setting.by(setting.tokens.ofClient(clientId, { gen: undefined })))).toBe('401 unauthenticated');
      expect(told(await setting.by(setting.tokens.ofClient(randomUUID())))).toBe('401 session_ended');
    });
  });

  describe('after an end is answered, on two nodes under load', () => {
    let fleet: Fleet;
    let nodes: Setting[];
    beforeAll(async () => {
      fleet = await Fleet.start(2, { ...OAUTH, sessionStore, databasePoolSize: 8 });
      nodes = fleet.nodes.map((app) => new Setting(app));
    });
    afterAll(() => fleet.stop());

    // Where sessions are kept decides how their end is told; all else is of the database, whatever keeps them.
    const ofThisStore = sessionStore === 'postgres' ? Object.keys(ENDS) : ['logout', 'a ban', 'an ended grant'];
    it.each(ofThisStore)('%s: no node accepts any of its tokens again', async (name) => {
      const { late, after, asked } = await endUnderLoad(nodes, name);
      expect([late, [...new Set(after)]]).toEqual([[], ['401 session_ended']]);
      expect(asked).toBeGreaterThan(8);
    });

    it('a token of a key that one node made a moment ago is accepted at once on the other', async () => {
      const [here, there] = nodes as [Setting, Setting];
      const clientId = await here.makeClient();
      const user = await here.app.logIn();
      const id = await here.on.grant(user, clientId);
      await here.app.app.get(SigningKeys, { strict: false }).rotate(BY_NOBODY as never);
      const token = here.tokens.of(id, clientId, user.userId);
      for (const node of [there, here]) expect(told(await node.by(token))).toBe(200);
      await here.app.app.get(SigningKeys, { strict: false }).withdraw(BY_NOBODY as never);
      for (const node of nodes) expect(told(await node.by(token))).toBe('401 token_expired');
    });
  });
});

describe('a token that is bound to a key', () => {
  let setting: Setting;
  let user: TestUser;
  let grantId: string;
  let clientId: string;
  let holder: { key: KeyObject; jwk: JsonWebKey; jkt: string };
  beforeAll(async () => {
    setting = new Setting(await bootWithMadeUsers(OAUTH));
    clientId = await setting.makeClient();
    user = await setting.app.logIn();
    grantId = await setting.on.grant(user, clientId);
    const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = (await exportJWK(publicKey)) as JsonWebKey;
    holder = { key, jwk, jkt: await calculateJwkThumbprint(jwk as never) };
  });
  afterAll(() => setting.app.close());
  const bound = () => setting.tokens.of(grantId, clientId, user.userId, { cnf: { jkt: holder.jkt } });
  const proof = (token: string, claims: object = {}) => {
    const iat = Math.floor(setting.app.clock.now().getTime() / 1000);
    const ath = createHash('sha256').update(token).digest('base64url');
    const payload = { jti: randomUUID(), htm: 'GET', htu: `${HERE}/example/scoped`, iat, ath, ...claims };
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: holder.jwk };
    return new SignJWT(payload).setProtectedHeader(header as never).sign(holder.key);
  };
  const by = (token: string, dpop?: string) =>
    setting.app
      .client({ authorization: `DPoP ${token}`, ...(dpop !== undefined && { dpop }) })
      .get('/example/scoped?page=2');

  it('passes with a proof, each once', async () => {
    const token = bound();
    const once = await proof(token);
    expect(told(await by(token, once))).toBe(200);
    const again = await by(token, once);
    expect(told(again)).toBe('401 unauthenticated');
    expect(again.headers.get('www-authenticate')).toMatch(/DPoP algs="[^"]*ES256[^"]*", error="invalid_dpop_proof"/);
    expect(told(await by(token, await proof(token)))).toBe(200);
  });

  it('of twelve at once with the same proof passes one', async () => {
    const token = bound();
    const once = await proof(token);
    const answers = await Promise.all(Array.from({ length: 12 }, async () => told(await by(token, once))));
    expect(answers.filter((one) => one === 200)).toHaveLength(1);
  });

  it('as Bearer is refused, and so is one that is not bound with a proof', async () => {
    const token = bound();
    const asBearer = await setting.by(token, '/example/scoped', { dpop: await proof(token) });
    expect(told(asBearer)).toBe('401 unauthenticated');
    expect(asBearer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const free = setting.tokens.of(grantId, clientId, user.userId);
    expect(told(await by(free, await proof(free)))).toBe('401 unauthenticated');
    expect(told(await by(token))).toBe('401 unauthenticated');
    expect(told(await by(token, `${await proof(token)}, ${await proof(token)}`))).toBe('401 unauthenticated');
  });

  it('and its proof are for one request: another method, path or token is refused', async () => {
    const token = bound();
    for (const claims of [
      { htm: 'POST' },
      { htu: `${HERE}/example/protected` },
      { htu: 'https://evil.example/example/scoped' },
    ])
      expect(told(await by(token, await proof(token, claims)))).toBe('401 unauthenticated');
    expect(told(await by(token, await proof(bound())))).toBe('401 unauthenticated');
  });

  it('is over with its grant, proof or not', async () => {
    const other = await setting.app.logIn();
    const id = await setting.on.grant(other, clientId);
    const token = setting.tokens.of(id, clientId, other.userId, { cnf: { jkt: holder.jkt } });
    expect(told(await by(token, await proof(token)))).toBe(200);
    expect((await other.post('/auth/logout')).status).toBe(204);
    expect(told(await by(token, await proof(token)))).toBe('401 session_ended');
  });

  it('bound to a certificate is refused over a connection without one', async () => {
    const token = setting.tokens.of(grantId, clientId, user.userId, { cnf: { 'x5t#S256': 'A'.repeat(43) } });
    expect(told(await setting.by(token))).toBe('401 unauthenticated');
  });
});
