import type { AuthOptions } from '../../src/auth-options.js';
import { Options } from '../../src/config/options.js';
import { sectionsOf } from '../../src/features.js';
import { createService } from '../../src/service/create-service.js';
import { servesApiDocs } from '../../src/service/service-options.js';
import { AuthTestApp, FakeClock, testOptions } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { bootService } from '../flows/combinations.js';
import { closedAtTheEnd } from '../left-open.js';
import { freshDatabase } from '../real-postgres.js';

describe('routes that options leave out', () => {
  const CLOSED: [string, string, object][] = [
    ['GET', '/admin/users', { adminRoutes: false }],
    ['POST', '/admin/import', { adminRoutes: false }],
    ['GET', '/auth/devices', { routesLeftOut: ['devices'] }],
    ['POST', '/auth/refresh', { authStrategies: ['session'] }],
    ['GET', '/.well-known/jwks.json', { authStrategies: ['session'] }],
    ['GET', '/auth/api-keys', { authStrategies: ['session', 'jwt'] }],
    ['GET', '/admin/users/0198b7a2-5c00-7000-8000-000000000000/certificates', { authStrategies: ['session', 'jwt'] }],
  ];
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootHost({
      options: Object.assign({}, ...CLOSED.map(([, , options]) => options), { authStrategies: ['session'] }),
    });
  });
  afterAll(() => app.close());

  it.each(CLOSED)('%s %s is unknown with %j', async (method, path) => {
    const { status, text } = await app.client().request(method, path, method === 'POST' ? {} : undefined);
    // The framework's own words: nothing of ours is mapped there.
    expect([status, text]).toEqual([404, expect.stringContaining(`Cannot ${method} ${path}`)]);
  });

  it('the others are there', async () => {
    expect((await app.client().get('/auth/me')).status).toBe(401);
    expect((await app.client().get('/auth/email/verify')).status).toBe(200);
  });
});

describe('options of routes', () => {
  const resolve = (values: AuthOptions) => () => Options.resolve(sectionsOf(), { ...testOptions, ...values });

  it('name features that are there', () => {
    expect(resolve({ routesLeftOut: ['nothing'] })).toThrow('ROUTES_LEFT_OUT contains an unknown name');
    expect(resolve({ routesLeftOut: ['devices', 'passkey'] })).not.toThrow();
  });

  it('tell users and admins apart', () => {
    expect(resolve({ authPath: 'iam', adminPath: 'iam' })).toThrow('ADMIN_PATH is the same as AUTH_PATH');
  });

  it.each(['/auth', 'auth/', '', 'a b', '../auth', 'a//b'])('refuse AUTH_PATH=%j', (authPath) => {
    expect(resolve({ authPath })).toThrow('AUTH_PATH');
  });

  it.each([
    'https://example.com/id?x=1',
    'https://user:secret@example.com',
    'https://example.com//id',
    'example.com/id',
    'https://example.com/a/../b',
  ])('refuse PUBLIC_URL=%s', (publicUrl) => {
    expect(resolve({ publicUrl, nodeEnv: 'production' })).toThrow('PUBLIC_URL is not an address');
  });

  it('take an address below a path', () => {
    expect(resolve({ publicUrl: 'http://localhost:3000/id/' })).not.toThrow();
  });
});

describe('documents of the service', () => {
  it('are closed in production unless API_DOCS is `always`', () => {
    const served = (apiDocs: 'development' | 'always' | 'never', nodeEnv: string) =>
      servesApiDocs({ apiDocs, nodeEnv });
    expect([served('development', 'production'), served('development', 'development')]).toEqual([false, true]);
    expect([served('always', 'production'), served('never', 'development')]).toEqual([true, false]);
  });

  it('are unknown where they are closed, and `GET /` leads to none', async () => {
    const database = await freshDatabase();
    const values = { ...testOptions, databaseUrl: database.url, logLevel: 'error', apiDocs: 'never' };
    const service = await createService(values);
    await service.listen(0, '127.0.0.1');
    const app = closedAtTheEnd(
      new AuthTestApp(service, await service.getUrl(), new FakeClock(), () => database.drop()),
    );
    expect((await app.client().get('/docs')).status).toBe(404);
    expect((await app.client().get('/openapi.json')).status).toBe(404);
    expect((await app.client().get('/')).body).toEqual({ docs: null, outbox: '/dev/outbox', health: '/health/ready' });
    await app.close();
  });

  it('name the prefix that a trusted proxy tells of as their server, and no one else’s', async () => {
    for (const [trustedProxies, url] of [
      [['127.0.0.1'], 'http://localhost:3000/id'],
      [[], 'http://localhost:3000'],
    ] as [string[], string][]) {
      const app = await bootService({ trustedProxies });
      const { body } = await app.client().get('/openapi.json', { 'x-forwarded-prefix': '/id' });
      expect(body.servers).toEqual([{ url }]);
      await app.close();
    }
  });

  it('`GET /` shows people links where there are no pages', async () => {
    const app = await bootService({ pages: 'off' });
    const page = await app.client().get('/', { accept: 'text/html' });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('<a href="/dev/outbox">')]);
    await app.close();
  });

  it('a mail of the outbox is shown as HTML that runs nothing', async () => {
    const app = await bootService();
    const { email } = await app.register();
    const outbox = await app.client().get('/dev/outbox', { accept: 'text/html' });
    const [, path] = /<a href="(outbox\/[0-9a-f-]+)">/.exec(outbox.text)!;
    const mail = await app.client().get(`/dev/${path}`);
    expect([mail.status, mail.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(mail.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*; sandbox$/);
    expect(outbox.text).toContain(email);
    expect((await app.client().get('/dev/outbox/0198b7a2-5c00-4000-8000-000000000000')).status).toBe(404);
    await app.close();
  });
});

it('pages of allowed origins may send what tracing adds, and what CORS_HEADERS allows', async () => {
  const app = await bootService({ corsOrigins: ['https://app.example.com'], corsHeaders: ['X-Tenant'] });
  const preflight = await app.client().request('OPTIONS', '/auth/login', undefined, {
    origin: 'https://app.example.com',
    'access-control-request-method': 'POST',
  });
  const allowed = preflight.headers.get('access-control-allow-headers')!.split(', ');
  expect(allowed).toEqual(
    expect.arrayContaining(['X-Requested-With', 'traceparent', 'tracestate', 'baggage', 'sentry-trace', 'X-Tenant']),
  );
  await app.close();
});

it('a request on Fastify has an id that no other process gives', async () => {
  const app = await bootHost();
  const ids = await Promise.all([1, 2].map(async () => (await app.client().get('/auth/me')).body.requestId));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-/);
  await app.close();
});
