import { decodeJwt, decodeProtectedHeader } from 'jose';
import { ServiceUsers } from '../../src/admin/service-users.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthHandling } from '../../src/oauth/provider/oauth-handling.js';
import { OAuthResourceEntity } from '../../src/oauth/resources/oauth-resource.entity.js';
import { RESOURCES_CHANGED } from '../../src/oauth/resources/oauth-resources.js';
import { Revocations } from '../../src/revocation/revocations.js';
import type { ActingUser, TestReply } from '../../src/testing/index.js';
import { API, basic, OAuthNode, type TestOAuthClient } from './oauth-node.js';

const BY_NOBODY = { actorId: null, origin: null };
const FORM = 'application/x-www-form-urlencoded';

/** All that a client sees, but for what differs from one request to the next. */
function seen({ status, headers, body }: TestReply) {
  const { date: _date, 'x-request-id': _id, 'content-length': _length, ...rest } = Object.fromEntries(headers);
  return { status, headers: rest, body };
}

describe('requests with nothing unusual, which are answered without the library', () => {
  let node: OAuthNode;
  let client: TestOAuthClient;
  let machine: TestOAuthClient;
  let operator: TestOAuthClient;
  let ada: ActingUser;
  let serviceUserId: string;
  beforeAll(async () => {
    node = await OAuthNode.start();
    await node.resource();
    const may = { scopes: ['orders:read'], resources: [API] };
    client = await node.client(may);
    serviceUserId = (await node.part(ServiceUsers).create({ name: 'job', roles: [] } as never, BY_NOBODY as never)).id;
    const ofItself = { grantTypes: ['client_credentials'], redirectUris: [], serviceUserId };
    machine = await node.client({ ...may, ...ofItself });
    operator = await node.client({ ...may, ...ofItself });
    await node.dataSource.getRepository(OAuthResourceEntity).update({ uri: API }, { operatorClientId: operator.id });
    await node.part(Revocations).confirm([RESOURCES_CHANGED]);
    ada = await node.logIn();
  });
  afterAll(() => node.close());

  /** How many of the requests meanwhile were the library's. */
  async function byLibrary<T>(work: () => Promise<T>): Promise<{ answer: T; asked: number }> {
    const { tally } = node.part(OAuthHandling);
    const before = tally.byLibrary;
    const answer = await work();
    return { answer, asked: tally.byLibrary - before };
  }

  /** The same request, plainly, and with a field that changes nothing but makes it the library's. */
  async function both(by: TestOAuthClient, path: string, fields: Record<string, string>) {
    const plain = await byLibrary(() => node.form(path, fields, by));
    const library = await byLibrary(() => node.form(path, { ...fields, client_id: by.id }, by));
    expect([plain.asked, library.asked]).toEqual([0, 1]);
    return { plain: seen(plain.answer), library: seen(library.answer) };
  }

  const ofMachine = { grant_type: 'client_credentials', scope: 'orders:read', resource: API };
  const token = async (by: TestOAuthClient, fields: Record<string, string>) => {
    const { body } = await node.token(by, fields);
    return body.access_token as string;
  };

  it.each([
    ['a JWT of a user', () => node.tokens(ada, client, { scope: 'openid orders:read', resource: API })],
    ['an opaque one of a user', () => node.tokens(ada, client, { scope: 'openid profile' })],
    ['a JWT of a client’s own', async () => ({ access_token: await token(machine, ofMachine) })],
    [
      'an opaque one of a client’s own',
      async () => ({ access_token: await token(machine, { grant_type: 'client_credentials', scope: 'openid' }) }),
    ],
  ])('are told of %s what the library tells: its owner, who operates its API, anyone else', async (_name, make) => {
    const { access_token } = await make();
    const told = [];
    for (const by of [client, machine, operator]) {
      const { plain, library } = await both(by, '/oauth/introspect', { token: access_token });
      expect(plain).toEqual(library);
      expect(Object.keys(plain.body)).toEqual(Object.keys(library.body));
      told.push(plain.body.active);
    }
    expect(told).toContain(true);
    expect(told).toContain(false);
  });

  it.each([
    ['a logout', 'a JWT', API, async () => ada.post('/auth/logout')],
    ['a logout', 'an opaque one', undefined, async () => ada.post('/auth/logout')],
    ['its revocation', 'a JWT', API, async (one: string) => node.form('/oauth/revoke', { token: one }, client)],
    [
      'its revocation',
      'an opaque one',
      undefined,
      async (one: string) => node.form('/oauth/revoke', { token: one }, client),
    ],
  ])('after %s say of %s no more that it holds', async (_end, _kind, resource, end) => {
    ada = await node.logIn();
    const fields: Record<string, string> =
      resource === undefined ? { scope: 'openid' } : { scope: 'orders:read', resource };
    const { access_token } = await node.tokens(ada, client, fields);
    expect((await node.introspect(client, access_token)).body).toMatchObject({ active: true });
    await end(access_token);
    const { answer, asked } = await byLibrary(() => node.introspect(client, access_token));
    expect([answer.status, answer.body, asked]).toEqual([200, { active: false }, 0]);
  });

  it('say of no token of a client that it holds once it is disabled, and let it ask for none', async () => {
    ada = await node.logIn();
    const jwt = (await node.tokens(ada, client, { scope: 'orders:read', resource: API })).access_token;
    expect((await node.introspect(operator, jwt)).body).toMatchObject({ active: true });
    await node.part(OAuthClientAdmin).change(client.id, { disabled: true }, BY_NOBODY);
    const { answer, asked } = await byLibrary(() => node.introspect(operator, jwt));
    expect([answer.body, asked]).toEqual([{ active: false }, 0]);
    expect((await node.introspect(client, jwt)).body).toMatchObject({ error: 'invalid_client' });
    await node.part(OAuthClientAdmin).change(client.id, { disabled: false }, BY_NOBODY);
  });

  it('say of no token that it holds when its time is over', async () => {
    const jwt = await token(machine, ofMachine);
    const opaque = await token(machine, { grant_type: 'client_credentials', scope: 'openid' });
    node.app.clock.advance(86_400 + 1);
    for (const one of [jwt, opaque]) {
      const { plain } = await both(machine, '/oauth/introspect', { token: one });
      expect(plain.body).toEqual({ active: false });
    }
    node.app.clock.advance(-86_400 - 1);
    expect((await node.introspect(machine, jwt)).body).toMatchObject({ active: true });
    ada = await node.logIn();
  });

  it.each([
    ['a scope', ofMachine],
    ['no scope', { grant_type: 'client_credentials', resource: API }],
    ['a scope that it may not have', { ...ofMachine, scope: 'orders:read orders:write' }],
    ['a scope twice', { ...ofMachine, scope: 'orders:read orders:read' }],
  ])('give a client the token for itself that the library gives, for %s', async (_name, fields) => {
    const { plain, library } = await both(machine, '/oauth/token', fields);
    const { access_token: own, ...ours } = plain.body;
    const { access_token: its, ...theirs } = library.body;
    expect({ ...plain, body: ours }).toEqual({ ...library, body: theirs });
    expect(own.split('.', 1)).toEqual(its.split('.', 1));
    expect(decodeProtectedHeader(own)).toMatchObject({ typ: 'at+jwt', cck: 'grant' });
    const [one, other] = [decodeJwt(own), decodeJwt(its)];
    const { jti, iat = 0, exp = 0, ...claims } = one;
    const { jti: otherJti, iat: otherIat = 0, exp: otherExp = 0, ...others } = other;
    expect(claims).toEqual(others);
    expect(Object.keys(one)).toEqual(Object.keys(other));
    expect(exp - iat).toBe(otherExp - otherIat);
    expect([jti?.length, jti === otherJti]).toEqual([otherJti?.length, false]);
  });

  it('are the library’s to refuse: nothing is given for less than all that is right', async () => {
    const asked = async (headers: Record<string, string>, fields: Record<string, string> | string) => {
      const text = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
      const all = { 'content-type': FORM, authorization: basic(machine), ...headers };
      const sent = () => node.browser().request('POST', '/oauth/token', text, all);
      const { answer, asked: times } = await byLibrary(sent);
      return [times, answer.status, answer.body.error];
    };
    const wrong = basic({ ...machine, secret: `${machine.secret!.slice(0, -2)}zz` });
    expect(await asked({ authorization: wrong }, ofMachine)).toEqual([1, 401, 'invalid_client']);
    const nobody = basic({ ...machine, id: '019a0000-0000-7000-8000-000000000000' });
    expect(await asked({ authorization: nobody }, ofMachine)).toEqual([1, 401, 'invalid_client']);
    const off = basic(client);
    expect(await asked({ authorization: off }, ofMachine)).toEqual([1, 400, 'invalid_request']);
    expect(await asked({}, { ...ofMachine, scope: 'a  b' })).toEqual([1, 400, 'invalid_scope']);
    expect(await asked({}, { ...ofMachine, resource: 'https://other.example/' })).toEqual([1, 400, 'invalid_target']);
    expect(await asked({}, { ...ofMachine, grant_type: 'password' })).toEqual([1, 400, 'unsupported_grant_type']);
    const twice = `${new URLSearchParams(ofMachine)}&grant_type=client_credentials`;
    expect(await asked({}, twice)).toEqual([1, 400, 'invalid_request']);
    expect(await asked({}, { ...ofMachine, client_secret: machine.secret! })).toEqual([1, 400, 'invalid_request']);
    expect(await asked({ dpop: 'x' }, ofMachine)).toEqual([1, 400, 'invalid_dpop_proof']);
    expect(await asked({ origin: 'https://evil.example' }, ofMachine)).toEqual([1, 400, 'invalid_request']);
    expect(await asked({ 'content-type': 'application/json' }, ofMachine)).toEqual([1, 400, 'invalid_request']);
  });

  it('are the library’s where tokens are bound to more than their holder', async () => {
    const bound = await node.client({
      ...{ scopes: ['orders:read'], resources: [API], redirectUris: [], serviceUserId },
      grantTypes: ['client_credentials'],
      dpopBoundAccessTokens: true,
    } as never);
    const { answer, asked } = await byLibrary(() => node.token(bound, ofMachine));
    expect([asked, answer.status, answer.body.error]).toEqual([1, 400, 'invalid_grant']);
  });

  it('give nothing to a client whose service user is banned, nor with a secret that is void', async () => {
    const boss = await node.logIn({ roles: ['admin'] } as never);
    expect((await boss.post(`/admin/users/${serviceUserId}/ban`, {})).status).toBe(204);
    const { answer, asked } = await byLibrary(() => node.token(machine, ofMachine));
    expect([asked, answer.status, answer.body.error]).toEqual([1, 400, 'unauthorized_client']);
    expect((await boss.post(`/admin/users/${serviceUserId}/unban`, {})).status).toBe(204);
    const { clientSecret } = await node.part(OAuthClientAdmin).renewSecret(machine.id, 0, BY_NOBODY);
    expect((await node.token(machine, ofMachine)).body.error).toBe('invalid_client');
    machine = { ...machine, secret: clientSecret };
    expect((await node.token(machine, ofMachine)).status).toBe(200);
  });
});
