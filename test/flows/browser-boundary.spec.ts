import { Controller, Post } from '@nestjs/common';
import { CsrfTokens } from '../../src/access/csrf-tokens.js';
import { type AuthTestApp, type TestReply } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { bootWithMadeUsers } from './made-users.js';

const OWN = 'https://auth.example.com';
const APP = 'https://app.example.com';
const common: Record<string, string | RegExp> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': /camera=\(\)/,
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
};

function expectHeaders({ headers }: TestReply, expected: Record<string, string | RegExp>): void {
  for (const [name, value] of Object.entries(expected))
    expect([name, headers.get(name)]).toEqual([name, expect.stringMatching(value)]);
}

describe('every reply of the service', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ publicUrl: OWN });
  });
  afterAll(() => app.close());

  it.each([
    ['GET', '/health/live', 200],
    ['GET', '/auth/me', 401],
    ['GET', '/nowhere', 404],
    ['DELETE', '/auth/login', 405],
    ['POST', '/auth/login', 400],
    ['GET', '/docs', 200],
    ['GET', '/openapi.json', 200],
    ['GET', '/.well-known/jwks.json', 200],
    ['GET', '/dev/outbox', 200],
    ['GET', '/%zz', 400],
  ])('carries the security headers: %s %s, %i', async (method, path, status) => {
    const reply = await app.client().request(method, path);
    expect(reply.status).toBe(status);
    expectHeaders(reply, { ...common, 'strict-transport-security': /^max-age=31536000/ });
  });

  it('carries them where a mailed link leads, of whose address other sites learn nothing but the host', async () => {
    const reply = await app.client().get('/auth/email/verify?token=x');
    expect(reply.status).toBe(200);
    // Under `no-referrer` Chromium sends `Origin: null` with the form.
    expectHeaders(reply, { ...common, 'referrer-policy': /^strict-origin$/ });
  });

  it('is never told to come by https where it is reached by http', async () => {
    const plain = await bootWithMadeUsers();
    expect((await plain.client().get('/auth/me')).headers.get('strict-transport-security')).toBeNull();
    await plain.close();
  });

  it('is no-store when it carries or judges credentials', async () => {
    const known = await app.register();
    for (const path of ['/auth/login', '/auth/refresh', '/auth/logout', '/auth/register', '/auth/unlock']) {
      const { headers } = await app.client().post(path, known);
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
    }
  });

  it('speaks to no other origin by default', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const reply = await app.client().request(method, '/auth/me', undefined, asks(APP));
      expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

function asks(origin: string): Record<string, string> {
  return { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
}

describe('with CORS_ORIGINS', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ publicUrl: OWN, corsOrigins: [APP, 'https://other.example.com:8443'] });
  });
  afterAll(() => app.close());

  const allowed = ({ headers }: TestReply) => [
    headers.get('access-control-allow-origin'),
    headers.get('access-control-allow-credentials'),
    headers.get('vary'),
  ];

  it('answers the preflight of a listed origin', async () => {
    const reply = await app.client().request('OPTIONS', '/auth/login', undefined, asks(APP));
    expect(reply.status).toBe(204);
    expect(allowed(reply)).toEqual([APP, 'true', 'Origin']);
    expect(reply.headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(reply.headers.get('access-control-allow-headers')).toContain('Content-Type');
  });

  it('lets a listed origin read replies and errors, and act with cookies', async () => {
    const known = await app.register();
    const page = app.client({ origin: APP, 'sec-fetch-site': 'same-site' });
    const login = await page.post('/auth/login', known);
    expect([login.status, ...allowed(login)]).toEqual([200, APP, 'true', 'Origin']);
    expect(login.headers.get('access-control-expose-headers')).toContain('RateLimit-Remaining');
    const out = await page.post('/auth/logout-all', {});
    expect(out.status).toBe(204);
    expect(allowed(await page.get('/auth/me'))).toEqual([APP, 'true', 'Origin']);
  });

  it.each([
    'https://app.example.com.evil.test',
    'https://evil-app.example.com',
    'http://app.example.com',
    'https://app.example.com:444',
    'https://app.example.com/',
    'https://sub.app.example.com',
    'null',
    '*',
    OWN.toUpperCase(),
  ])('says nothing to %s, and lets it do nothing', async (origin) => {
    const preflight = await app.client().request('OPTIONS', '/auth/login', undefined, asks(origin));
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(preflight.headers.get('vary')).toBe('Origin');
    const known = { email: 'ada@example.com', password: 'correct horse battery' };
    for (const site of ['cross-site', 'same-site']) {
      const reply = await app.client().post('/auth/login', known, { origin, 'sec-fetch-site': site });
      expect([reply.status, reply.body.code, reply.setCookies]).toEqual([403, 'csrf_rejected', []]);
    }
  });

  it.each([
    '*',
    'null',
    'https://app.example.com/',
    'https://*.example.com',
    'app.example.com',
    'ftp://app.example.com',
  ])('does not start with %s', async (origin) => {
    await expect(bootWithMadeUsers({ corsOrigins: [origin] })).rejects.toThrow(/CORS_ORIGINS/);
  });

  it('does not start in production with an origin of plain http', async () => {
    const options = { nodeEnv: 'production', publicUrl: OWN, corsOrigins: ['http://app.example.com'] } as const;
    await expect(bootWithMadeUsers(options)).rejects.toThrow(/CORS_ORIGINS contains a plain http origin/);
  });
});

describe('a form of a host’s own page', () => {
  @Controller()
  class Shop {
    @Post('orders')
    order() {
      return { ordered: true };
    }
  }

  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootHost({ controllers: [Shop], adapter: 'express' });
  });
  afterAll(() => app.close());

  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const tokens = () => app.app.get(CsrfTokens, { strict: false });

  it('needs the token of its session when the browser does not say where it is from', async () => {
    const [ada, bob] = [await app.logIn(), await app.logIn()];
    const order = (fields: string, headers = {}) => ada.request('POST', '/orders', fields, { ...FORM, ...headers });
    const token = tokens().issue(ada.sessionId);
    const refused = [
      await order('x=1'),
      await order('_csrf=x'),
      await order(`_csrf=${tokens().issue(bob.sessionId)}`),
      await order(`_csrf=${token.slice(0, -2)}AA`),
      await order(`_csrf=${token}`, { origin: 'https://evil.test' }),
      await order(`_csrf=${token}`, { 'sec-fetch-site': 'same-site' }),
    ];
    for (const { status, body } of refused) expect([status, body.code]).toEqual([403, 'csrf_rejected']);
    expect((await order(`_csrf=${token}`)).status).toBe(201);
    expect((await order('x=1', { 'x-csrf-token': token })).status).toBe(201);
    expect((await order('x=1', { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it('has a token that the next login makes useless', async () => {
    const ada = await app.logIn();
    const token = tokens().issue(ada.sessionId);
    const again = await app.logInAgain(ada);
    const reply = await again.request('POST', '/orders', `_csrf=${token}`, FORM);
    expect([reply.status, reply.body.code]).toEqual([403, 'csrf_rejected']);
    expect(tokens().issue(ada.sessionId)).not.toBe(token);
  });
});
