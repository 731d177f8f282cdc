import { OAuthNode } from './oauth-node.js';

const WISHED = { redirect_uris: ['https://agent.example.com/callback'], client_name: 'Agent' };

describe('requests to register a client', () => {
  let node: OAuthNode;
  beforeAll(async () => {
    node = await OAuthNode.start({ options: { oauthRegistration: 'open', loginAttempts: 5 } });
  });
  afterAll(() => node.close());

  const post = (body: unknown, headers: Record<string, string> = {}) =>
    node.browser().request('POST', '/oauth/register', body, headers);

  it('are named by discovery, and answered to scripts of any origin', async () => {
    const { body } = await node.browser().get('/.well-known/openid-configuration');
    expect(body.registration_endpoint).toBe(`${node.issuer}/oauth/register`);
    const asked = await node.browser().request('OPTIONS', '/oauth/register', undefined, {
      origin: 'https://inspector.example.com',
      'access-control-request-method': 'POST',
    });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(asked.headers.get('access-control-allow-headers')).toContain('Content-Type');
  });

  it('make a client that reads, changes and deletes itself, and asks for consent', async () => {
    const made = await post(WISHED);
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(made.headers.get('access-control-allow-origin')).toBe('*');
    const { client_id: id, registration_access_token: token, registration_client_uri: uri } = made.body;
    expect(uri).toBe(`${node.issuer}/oauth/register/${id}`);
    const bearer = { authorization: `Bearer ${token}` };
    const at = `/oauth/register/${id}`;
    expect((await node.browser().get(at, bearer)).body).toMatchObject({ client_id: id, client_name: 'Agent' });
    const nobody = await node.browser().get(at);
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ]);
    const changed = await node.browser().request('PUT', at, { ...WISHED, client_id: id, client_name: 'Robot' }, bearer);
    expect([changed.status, changed.body.client_name]).toEqual([200, 'Robot']);
    const ada = await node.logIn();
    const client = { id, secret: undefined, redirectUri: WISHED.redirect_uris[0]! };
    const { reply, location } = await node.authorize(ada, client);
    expect([reply.status, location.searchParams.get('code')]).toEqual([303, null]);
    expect((await node.browser().request('DELETE', at, undefined, bearer)).status).toBe(204);
    expect((await node.browser().get(at, bearer)).status).toBe(401);
    expect((await node.authorize(ada, client)).reply.status).toBe(400);
  });

  it.each<[string, unknown, Record<string, string>, number]>([
    ['a form', 'redirect_uris=x', { 'content-type': 'application/x-www-form-urlencoded' }, 400],
    ['no JSON', '{', { 'content-type': 'application/json' }, 400],
    ['NUL', { ...WISHED, client_name: '\0' }, {}, 400],
    ['half a character', { ...WISHED, client_name: '\ud800' }, {}, 400],
    ['60 kB', { ...WISHED, note: 'x'.repeat(60_000) }, {}, 413],
    ['a list', [WISHED], {}, 400],
  ])('are refused with %s', async (_what, body, headers, status) => {
    expect((await post(body, headers)).status).toBe(status);
  });

  it('are refused by another method, and limited, however the path is written', async () => {
    const odd = await node.browser().request('PATCH', '/oauth/register', WISHED);
    expect([odd.status, odd.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    const statuses: number[] = [];
    for (let i = 0; i < 25; i += 1)
      statuses.push(
        (await node.browser().request('POST', i % 2 ? '/oauth/REGISTER/' : '/oauth/register', WISHED)).status,
      );
    expect(new Set(statuses)).toEqual(new Set([201, 429]));
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(20);
  });
});

it('are no route where registration is off', async () => {
  const node = await OAuthNode.start();
  expect((await node.browser().request('POST', '/oauth/register', WISHED)).status).toBe(404);
  const { body } = await node.browser().get('/.well-known/openid-configuration');
  expect(body).not.toHaveProperty('registration_endpoint');
  await node.close();
});
