import { request as sendHttp } from 'node:http';
import type { ActingUser } from '../../src/testing/index.js';
import { API, basic, OAuthNode, pkce, type TestOAuthClient } from './oauth-node.js';

const FORMS = ['token', 'introspect', 'revoke', 'par', 'device/authorize'];
const PAGES = ['authorize', 'device', 'logout'];

describe('whatever a client sends to the provider', () => {
  let node: OAuthNode;
  let client: TestOAuthClient;
  let ada: ActingUser;

  beforeAll(async () => {
    node = await OAuthNode.start({ options: { oauthRegistration: 'open' } });
    await node.resource(API);
    client = await node.client({ resources: [API], scopes: ['orders:read'] });
    ada = await node.logIn();
  });
  afterAll(() => node?.close());

  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const send = (path: string, body: string, headers: Record<string, string> = {}) =>
    node.browser().request('POST', path, body, { ...form, ...headers });

  const HOSTILE: readonly [string, string][] = [
    ['NUL in a value', 'client_id=a%00b&grant_type=refresh_token&refresh_token=%00&token=%00'],
    ['NUL of its own', 'client_id=\0&token=\0'],
    ['a parameter twice', 'client_id=a&client_id=b&grant_type=x&grant_type=y&token=1&token=2'],
    ['arrays', 'client_id[]=a&grant_type[]=refresh_token&token[a]=b'],
    ['names of Object.prototype', '__proto__=1&constructor=2&client_id=toString&grant_type=constructor'],
    ['nothing', ''],
    ['no form at all', '{"client_id":"a"}'],
    ['half an escape', 'client_id=%E0%A4%A&token=%'],
    ['no UTF-8', 'client_id=%ff%fe&token=%ff'],
    ['lone surrogates', 'client_id=%ED%A0%80'],
    ['a JWT of nobody', 'client_id=a&token=eyJhbGciOiJub25lIn0.eyJhIjoxfQ.&client_assertion=eyJhbGciOiJub25lIn0.e30.'],
    ['very long values', `client_id=${'a'.repeat(4_000)}&token=${'b'.repeat(40_000)}`],
  ];

  it.each(HOSTILE)('is refused with an OAuth error where it is %s', async (_name, body) => {
    for (const endpoint of FORMS) {
      for (const headers of [{}, { authorization: basic(client) }, { authorization: 'Basic %%%' }]) {
        const reply = await send(`/oauth/${endpoint}`, body, headers as Record<string, string>);
        expect([endpoint, reply.status < 500, reply.headers.get('x-request-id')]).toEqual([
          endpoint,
          true,
          expect.any(String),
        ]);
        if (reply.status >= 400) {
          expect(Object.keys(reply.body)).toEqual(expect.arrayContaining(['error']));
          expect(reply.headers.get('www-authenticate') !== null).toBe(reply.status === 401);
        }
      }
    }
  });

  it.each(HOSTILE)('never breaks a page where it is %s', async (_name, body) => {
    for (const page of PAGES) {
      for (const browser of [node.browser(), node.here(ada)]) {
        const query = encodeURI(body).replace(/#/g, '').slice(0, 8_000).replace(/%25/g, '%');
        const asked = await browser.get(`/oauth/${page}?${query}`);
        expect([page, asked.status < 500]).toEqual([page, true]);
        const posted = await browser.request('POST', `/oauth/${page}`, body, form);
        expect([page, posted.status < 500]).toEqual([page, true]);
      }
    }
  });

  it('is refused as too large beyond 50 kB, told of or not', async () => {
    for (const endpoint of [...FORMS, 'authorize', 'register', 'userinfo']) {
      const { status, body } = await send(`/oauth/${endpoint}`, `token=${'a'.repeat(100_000)}`);
      expect([endpoint, status, body.code]).toEqual([endpoint, 413, 'payload_too_large']);
    }
    const chunked = await new Promise<number>((resolve, reject) => {
      const { port } = new URL(node.url);
      const asked = sendHttp({ port, path: '/oauth/token', method: 'POST', headers: form }, ({ statusCode }) =>
        resolve(statusCode ?? 0),
      );
      asked.on('error', reject);
      for (let i = 0; i < 10; i += 1) asked.write('a'.repeat(10_000));
      asked.end();
    });
    expect(chunked).toBe(413);
  });

  it('registers nothing where it is no description of a client, and breaks nothing', async () => {
    const uris = '"redirect_uris":["https://app.example.com/cb"],"token_endpoint_auth_method":"none"';
    const bodies = [
      '',
      'null',
      '[]',
      '"text"',
      '{"redirect_uris":1}',
      '{"redirect_uris":[["https://app.example.com/cb"]]}',
      `{"__proto__":{"a":1},"constructor":1}`,
      `{${uris},"client_name":"\\u0000"}`,
      `{${uris},"client_name":{"a":1}}`,
      `{${uris},"jwks":{"keys":"a"}}`,
      `{${uris},"contacts":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
      `{${uris},"redirect_uris":["javascript:alert(1)"]}`,
    ];
    for (const body of bodies) {
      const reply = await send('/oauth/register', body, { 'content-type': 'application/json' });
      expect([body.slice(0, 60), [201, 400]]).toEqual([body.slice(0, 60), expect.arrayContaining([reply.status])]);
      // What is no metadata that is known here may be left out (RFC 7591 §2); without an address to go back to there is no client.
      if (!body.startsWith(`{${uris}`) || body.includes('javascript:'))
        expect(reply.body.error).toEqual(expect.any(String));
    }
    // Half of a character is no text that a store could keep as it is.
    const half = await send('/oauth/register', `{${uris},"client_name":"\\ud800"}`, {
      'content-type': 'application/json',
    });
    expect(half.status).toBeLessThan(500);
  });

  it('is found under any case and with a slash at its end, and counted as the same', async () => {
    const reply = await send('/OAuth/Token/', 'grant_type=client_credentials', { authorization: basic(client) });
    expect([reply.status, reply.body.error]).toEqual([400, 'invalid_request']);
  });

  it('is answered by problem details where there is no such path', async () => {
    for (const path of ['/oauth', '/oauth/nothing', '/oauth/token/more', '/oauth/authorize/a/b', '/oauth/%74oken']) {
      const { status, body, headers } = await node.browser().get(path);
      expect([path, status, body.code, body.requestId]).toEqual([path, 404, 'not_found', headers.get('x-request-id')]);
    }
  });

  it('is answered by 405 with Allow where the method is wrong', async () => {
    for (const [path, method, allowed] of [
      ['/oauth/token', 'GET', 'POST, OPTIONS'],
      ['/oauth/authorize', 'DELETE', 'GET, HEAD, POST'],
      ['/.well-known/openid-configuration', 'POST', 'GET, HEAD, OPTIONS'],
      ['/oauth/logout/confirm', 'GET', 'POST'],
      ['/oauth/userinfo', 'PROPFIND', 'GET, HEAD, POST, OPTIONS'],
    ] as const) {
      const { status, body, headers } = await node.browser().request(method, path);
      expect([path, status, body.code, headers.get('allow')]).toEqual([path, 405, 'method_not_allowed', allowed]);
    }
  });

  it('is told the methods by OPTIONS, where no browser asks for other origins', async () => {
    for (const [path, allowed] of [
      ['/oauth/token', 'POST, OPTIONS'],
      ['/oauth/par', 'POST, OPTIONS'],
      ['/oauth/introspect', 'POST, OPTIONS'],
      ['/oauth/revoke', 'POST, OPTIONS'],
      ['/oauth/device/authorize', 'POST, OPTIONS'],
      ['/oauth/userinfo', 'GET, HEAD, POST, OPTIONS'],
      ['/.well-known/openid-configuration', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const { status, text, headers } = await node.browser().request('OPTIONS', path);
      expect([path, status, text, headers.get('allow')]).toEqual([path, 204, '', allowed]);
      expect(headers.get('x-request-id')).toEqual(expect.any(String));
    }
    const { status, body, headers } = await node.browser().request('OPTIONS', '/oauth/logout');
    expect([status, body.code, headers.get('allow')]).toEqual([405, 'method_not_allowed', 'GET, HEAD, POST']);
  });

  it('asks for proof with every 401', async () => {
    const stranger = { ...client, secret: 'wrong' };
    const basics = await node.token(stranger, { grant_type: 'refresh_token', refresh_token: 'a' });
    const post = await send('/oauth/token', `client_id=${client.id}&client_secret=wrong&grant_type=refresh_token`);
    const none = await send('/oauth/token', `client_id=${client.id}&grant_type=refresh_token`);
    for (const { status, body, headers } of [basics, post, none])
      expect([status, body.error, headers.get('www-authenticate')]).toEqual([
        401,
        'invalid_client',
        expect.stringMatching(/^Basic realm=/),
      ]);
    for (const reply of [await node.userinfo('a'.repeat(44)), await node.browser().get('/oauth/userinfo')])
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer /)]);
    const registered = await node.browser().get('/oauth/register/00000000-0000-7000-8000-000000000000');
    expect([registered.status, registered.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer /),
    ]);
  });

  it('gets every header of security, and is kept by no cache', async () => {
    const replies = [
      await send('/oauth/token', ''),
      await node.here(ada).get(node.authorizeUrl(client, pkce())),
      await node.browser().get('/oauth/nothing'),
      await node.browser().get('/oauth/device'),
    ];
    for (const { headers } of replies) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toContain('no-store');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-request-id')).toEqual(expect.any(String));
    }
  });

  it('has no say in the addresses that it is told', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    const { port } = new URL(node.url);
    const text = await new Promise<string>((resolve, reject) => {
      sendHttp({ port, path: '/.well-known/openid-configuration', headers }, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString()));
      })
        .on('error', reject)
        .end();
    });
    expect(JSON.parse(text)).toMatchObject({ issuer: node.issuer, token_endpoint: `${node.issuer}/oauth/token` });
    expect(text).not.toContain('evil');
  });

  it('may come from scripts of the origins that its client is called back at, and of no other', async () => {
    const spa = await node.client({ type: 'public', redirectUris: ['https://spa.example.com/cb'] });
    const preflight = await node.browser().request('OPTIONS', '/oauth/token', undefined, {
      origin: 'https://spa.example.com',
      'access-control-request-method': 'POST',
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://spa.example.com',
    ]);
    const fields = { grant_type: 'refresh_token', refresh_token: 'a'.repeat(43) };
    const own = await node.token(spa, fields, { origin: 'https://spa.example.com' });
    expect([own.body.error, own.headers.get('access-control-allow-origin')]).toEqual([
      'invalid_grant',
      'https://spa.example.com',
    ]);
    const foreign = await node.token(spa, fields, { origin: 'https://evil.example' });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([400, null]);
    expect(own.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('is sent from POST to GET where it is an authorization request or a logout', async () => {
    const { challenge } = pkce();
    const url = node.authorizeUrl(client, { verifier: '', challenge });
    const { status, headers } = await send('/oauth/authorize', url.split('?')[1]!);
    expect([status, headers.get('location')]).toEqual([303, url]);
    const odd = await node.here(ada).get(`${url}&state=a?b`.replace('state=a-state&', ''));
    expect(new URL(odd.headers.get('location')!).searchParams.get('state')).toBe('a?b');
  });
});
