import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get } from '@nestjs/common';
import { Scopes } from '../../src/access/route-decorators.js';
import type { ClientChanges } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthClients } from '../../src/oauth/clients/oauth-clients.js';
import type { ActingUser, TestReply } from '../../src/testing/index.js';
import { isInstalled, sharedServer } from '../servers-of-this-run.js';
import { basic, OAuthNode, type TestOAuthClient } from './oauth-node.js';

/** The feed of one is part of the transactions of a change, that of the other is not. */
const STORES = ['postgres', ...(isInstalled('redis-server') ? (['redis'] as const) : [])] as const;

@Controller()
class OrdersController {
  @Get('orders')
  @Scopes('orders:read')
  list() {
    return [];
  }
}

/** Everything is asked of both nodes, right after the answer: the one that was told, and the one that has it in its view. */
describe.each(STORES)('what ends with a client, on every node, with sessions in %s', (sessionStore) => {
  let one: OAuthNode;
  let other: OAuthNode;
  let admin: ActingUser;
  let options: object;
  beforeAll(async () => {
    const storage = sessionStore === 'redis' ? { sessionStore, redisUrl: (await sharedServer('redis')).url } : {};
    options = { oauthRs256: false, ...storage };
    one = await OAuthNode.start({ controllers: [OrdersController], options });
    other = await one.another({ controllers: [OrdersController], options });
    admin = await one.logIn({ roles: ['admin'] });
  }, 60_000);
  afterAll(async () => {
    await other.close();
    await one.close();
  });

  const service = async () => (await admin.post('/admin/users', { kind: 'service', name: 'orders' })).body.id as string;
  const machine = async (serviceUserId: string): Promise<TestOAuthClient> => {
    const order = {
      name: 'Orders',
      type: 'confidential',
      serviceUserId,
      scopes: ['orders:read'],
      resources: [one.issuer],
    };
    const { body } = await admin.post('/admin/clients', { ...order, defaultResource: one.issuer });
    return { id: body.client.id, secret: body.clientSecret, redirectUri: '' };
  };
  const forItself = (client: TestOAuthClient, at = one): Promise<TestReply> =>
    at.token(client, { grant_type: 'client_credentials', scope: 'orders:read' });
  const tokenOf = async (client: TestOAuthClient): Promise<string> => {
    const { status, body, text } = await forItself(client);
    if (status !== 200) throw new Error(`no token: ${status} ${text}`);
    return body.access_token;
  };
  const orders = (token: string) =>
    Promise.all(
      [one, other].map(
        async (node) => (await node.browser().get('/orders', { authorization: `Bearer ${token}` })).status,
      ),
    );
  const patch = (client: TestOAuthClient, changes: ClientChanges) =>
    admin.request('PATCH', `/admin/clients/${client.id}`, changes);

  async function working() {
    const serviceUserId = await service();
    const client = await machine(serviceUserId);
    const token = await tokenOf(client);
    expect(await orders(token)).toEqual([200, 200]);
    return { serviceUserId, client, token };
  }

  it('disabling: its tokens and its secret; enabled again it begins anew', async () => {
    const { client, token } = await working();
    expect((await patch(client, { disabled: true })).status).toBe(200);
    expect(await orders(token)).toEqual([401, 401]);
    for (const node of [one, other]) expect((await forItself(client, node)).status).toBe(401);
    expect((await patch(client, { disabled: false })).status).toBe(200);
    expect(await orders(token)).toEqual([401, 401]);
    expect(await orders(await tokenOf(client))).toEqual([200, 200]);
  });

  it('disabling while it asks for tokens: not one of those is good afterwards', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { client } = await working();
      const asked = Array.from({ length: 12 }, (_, i) => forItself(client, i % 2 ? one : other));
      expect((await patch(client, { disabled: true })).status).toBe(200);
      const issued = (await Promise.all(asked)).flatMap(({ body }) => body.access_token ?? []);
      for (const token of issued) expect(await orders(token)).toEqual([401, 401]);
      expect((await patch(client, { disabled: false })).status).toBe(200);
      for (const token of issued) expect(await orders(token)).toEqual([401, 401]);
    }
  });

  it('deleting: its tokens and its secret, for good', async () => {
    const { client, token, serviceUserId } = await working();
    expect((await admin.delete(`/admin/clients/${client.id}`)).status).toBe(204);
    expect(await orders(token)).toEqual([401, 401]);
    for (const node of [one, other]) expect((await forItself(client, node)).body.error).toBe('invalid_client');
    expect((await admin.get(`/admin/users/${serviceUserId}`)).status).toBe(200);
  });

  it('a secret that is void at once: it, and the tokens got by it; not with an overlap', async () => {
    const { client, token } = await working();
    const renewed = await admin.post(`/admin/clients/${client.id}/secret`, {});
    expect(renewed.status).toBe(201);
    expect(await orders(token)).toEqual([200, 200]);
    for (const node of [one, other]) expect((await forItself(client, node)).status).toBe(200);
    const fresh = { ...client, secret: renewed.body.clientSecret };
    const later = await tokenOf(fresh);
    const last = await admin.post(`/admin/clients/${client.id}/secret`, { overlapSeconds: 0 });
    expect(await orders(token)).toEqual([401, 401]);
    expect(await orders(later)).toEqual([401, 401]);
    for (const node of [one, other])
      for (const void_ of [client, fresh]) expect((await forItself(void_, node)).body.error).toBe('invalid_client');
    expect(await orders(await tokenOf({ ...client, secret: last.body.clientSecret }))).toEqual([200, 200]);
  });

  it('a ban of its service user: its tokens, while it lasts', async () => {
    const { client, token, serviceUserId } = await working();
    expect((await admin.post(`/admin/users/${serviceUserId}/ban`, {})).status).toBe(204);
    expect(await orders(token)).toEqual([401, 401]);
    for (const node of [one, other]) expect((await forItself(client, node)).status).toBeGreaterThanOrEqual(400);
  });

  it('the end of its service user: what it does for itself', async () => {
    const { client, token, serviceUserId } = await working();
    expect((await admin.delete(`/admin/users/${serviceUserId}`)).status).toBe(204);
    expect(await orders(token)).toEqual([401, 401]);
    for (const node of [one, other]) expect((await forItself(client, node)).body.error).toBe('unauthorized_client');
  });

  it('a scope that its API has no more, or the client may not ask for: at once', async () => {
    const uri = one.issuer;
    const { client, token } = await working();
    expect((await patch(client, { scopes: [] })).status).toBe(200);
    expect(await orders(token)).toEqual([403, 403]);
    expect((await patch(client, { scopes: ['orders:read'] })).status).toBe(200);
    expect(await orders(token)).toEqual([200, 200]);
    expect((await patch(client, { resources: [], defaultResource: null, scopes: [] })).status).toBe(200);
    expect(await orders(token)).toEqual([403, 403]);
    expect((await one.browser().get('/orders')).status).toBe(401);
    expect((await admin.get(`/admin/resources/${encodeURIComponent(uri)}`)).body.scopes).toMatchObject({
      'orders:read': '',
    });
  });

  it('what users have granted it: access, refresh and introspection; enabled again, they are asked anew', async () => {
    const ada = await one.logIn();
    const client = await one.client({ scopes: ['orders:read'], resources: [one.issuer] });
    const params = { scope: 'orders:read', resource: one.issuer };
    const tokens = await one.tokens(ada, client, params);
    expect(await orders(tokens.access_token)).toEqual([200, 200]);
    expect((await patch(client, { disabled: true })).status).toBe(200);
    expect(await orders(tokens.access_token)).toEqual([401, 401]);
    expect((await patch(client, { disabled: false })).status).toBe(200);
    expect(await orders(tokens.access_token)).toEqual([401, 401]);
    for (const node of [one, other]) {
      expect((await node.introspect(client, tokens.access_token)).body).toEqual({ active: false });
      expect((await node.refresh(client, tokens.refresh_token!)).body.error).toBe('invalid_grant');
    }
    const again = await one.tokens(ada, client, params);
    expect(await orders(again.access_token)).toEqual([200, 200]);
    expect((await admin.delete(`/admin/clients/${client.id}`)).status).toBe(204);
    expect(await orders(again.access_token)).toEqual([401, 401]);
    for (const table of ['oauth_grants', 'oauth_consents'])
      expect(await one.dataSource.query(`SELECT FROM coatcheck.${table} WHERE client_id = $1`, [client.id])).toEqual(
        [],
      );
  });

  it('the end of all sessions: what clients do for themselves, until an admin says so again', async () => {
    const { client, token } = await working();
    expect((await admin.post('/admin/revoke-all', {})).status).toBe(204);
    expect(await orders(token)).toEqual([401, 401]);
    for (const node of [one, other]) expect((await forItself(client, node)).body.error).toBe('unauthorized_client');
    admin = await one.logIn({ roles: ['admin'] });
    const { body } = await admin.post(`/admin/clients/${client.id}/secret`, {});
    expect(await orders(token)).toEqual([401, 401]);
    expect(await orders(await tokenOf({ ...client, secret: body.clientSecret }))).toEqual([200, 200]);
  });

  it('the end of all sessions: what clients of the file have for themselves; they get new tokens', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oauth-file-'));
    const oauthClients = join(folder, 'clients.json');
    const client = { id: 'nightly', secret: 'a-secret-of-the-file-that-is-long-enough', redirectUri: '' };
    const reach = { scopes: ['orders:read'], resources: [one.issuer], defaultResource: one.issuer };
    const entry = { id: client.id, name: 'Nightly', type: 'confidential', clientSecret: client.secret, ...reach };
    writeFileSync(oauthClients, JSON.stringify([{ ...entry, serviceUserId: await service() }]));
    const started = { controllers: [OrdersController], options: { ...options, oauthClients } };
    const nodes = await Promise.all([one.another(started), one.another(started)]);
    const told = (token: string) =>
      Promise.all(
        nodes.map(async (node) => (await node.browser().get('/orders', { authorization: `Bearer ${token}` })).status),
      );
    const tokenAt = async (node: OAuthNode): Promise<string> => (await forItself(client, node)).body.access_token;
    try {
      const before = [await tokenAt(nodes[0]!), await tokenAt(nodes[1]!)];
      for (const token of before) expect(await told(token)).toEqual([200, 200]);
      const looks = () => nodes.map((node) => node.part(OAuthClients).tally.loaded);
      const known = looks();
      for (const token of before) expect(await told(token)).toEqual([200, 200]);
      expect(looks()).toEqual(known);
      expect((await admin.post('/admin/revoke-all', {})).status).toBe(204);
      for (const token of before) {
        expect(await told(token)).toEqual([401, 401]);
        for (const node of nodes) expect((await node.introspect(client, token)).body).toEqual({ active: false });
      }
      for (const node of nodes) expect(await told(await tokenAt(node))).toEqual([200, 200]);
    } finally {
      await Promise.all(nodes.map((node) => node.close()));
      rmSync(folder, { recursive: true });
      admin = await one.logIn({ roles: ['admin'] });
    }
  });

  it('nothing of another’s: a client with the secret of another is none', async () => {
    const { client } = await working();
    const { client: second } = await working();
    const { status, body } = await one.form('/oauth/token', { grant_type: 'client_credentials' }, undefined, {
      authorization: basic({ ...client, secret: second.secret }),
    });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });
});
