import { VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { AuthModule } from '../../src/index.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { PageVisitor } from '../pages/page-visitor.js';
import { ADAPTERS, type BusyHost, bootBusyHost, URI_VERSIONS } from './busy-host.js';

const PUBLIC_URL = 'http://localhost:3000';

/** How a host may place our routes, and where they are then. */
const PLACES: Record<string, Omit<BusyHost, 'adapter'>> = {
  'a global prefix': { prefix: 'api', path: '/api' },
  'a prefix and two URI versions': { prefix: 'api', versioning: URI_VERSIONS, path: '/api/v1' },
  'a URI version, and none': {
    versioning: { type: VersioningType.URI, defaultVersion: ['1', VERSION_NEUTRAL] },
    path: '',
  },
  'a version in a header': {
    versioning: { type: VersioningType.HEADER, header: 'x-version', defaultVersion: '1' },
    path: '',
  },
  'a version in the media type': {
    versioning: { type: VersioningType.MEDIA_TYPE, key: 'v=', defaultVersion: '1' },
    prefix: 'api',
    path: '/api',
  },
  'a path by RouterModule': {
    imports: [RouterModule.register([{ path: 'iam', module: AuthModule }])],
    prefix: 'api',
    path: '/api/iam',
  },
  'paths of their own': { options: { authPath: 'identity/v2', adminPath: 'staff' }, path: '' },
};

/** What a version is told apart by is the adapter's business; paths are Nest's. */
const ON_BOTH = /version/;

describe.each(ADAPTERS)('on %s, with', (adapter) => {
  const places = Object.entries(PLACES).filter(([name]) => adapter === 'express' || ON_BOTH.test(name));

  describe.each(places)('%s', (_name, place) => {
    const { path = '', options } = place;
    const authPath = `${path}/${options?.authPath ?? 'auth'}`;
    let app: AuthTestApp;
    beforeAll(async () => {
      app = await bootBusyHost({ adapter, ...place });
      app = Object.assign(app, { url: app.url.slice(0, app.url.length - path.length) });
    });
    afterAll(() => app.close());

    it('each mailed link opens a page in its style, whose form works there; so does the JSON route', async () => {
      const address = { email: 'ada@example.com', password: 'correct horse battery staple' };
      expect((await app.client().post(`${authPath}/register`, address)).status).toBe(202);
      const verification = await mailedLink(app, address.email);
      expect(verification.pathname).toBe(`${authPath}/email/verify`);
      await expectPage(app, verification);
      expect((await submit(app, verification)).status).toBe(303);

      expect((await app.client().post(`${authPath}/password/forgot`, { email: address.email })).status).toBe(202);
      const reset = await mailedLink(app, address.email);
      await expectPage(app, reset);
      expect((await submit(app, reset, { password: 'another horse battery staple' })).status).toBe(303);

      const login = { ...address, password: 'another horse battery staple' };
      const ada = app.client();
      expect((await ada.post(`${authPath}/login`, login)).status).toBe(200);
      const change = { email: 'ada@example.org', password: login.password };
      expect((await ada.post(`${authPath}/email/change`, change)).status).toBe(202);
      const confirmation = await mailedLink(app, change.email);
      await expectPage(app, confirmation);
      expect((await post(app, confirmation)).status).toBe(204);
      const undo = await mailedLink(app, address.email);
      expect(undo.pathname).toBe(`${authPath}/email/change/undo`);
      await expectPage(app, undo);
      expect((await post(app, undo)).status).toBe(204);
    });

    it('the link that unlocks an account opens a page', async () => {
      const email = 'locked@example.com';
      await app.client().post(`${authPath}/register`, { email, password: 'correct horse battery staple' });
      await post(app, await mailedLink(app, email));
      for (let i = 0; i < 10; i++) await app.client().post(`${authPath}/login`, { email, password: `wrong ${i}` });
      const unlock = await mailedLink(app, email);
      expect(unlock.pathname).toBe(`${authPath}/unlock`);
      await expectPage(app, unlock);
      expect((await post(app, unlock)).status).toBe(204);
    });

    it('the keys of access tokens are where they are mounted, and at the root', async () => {
      for (const place of [`${path}/.well-known/jwks.json`, '/.well-known/jwks.json']) {
        const { status, body, headers } = await app.client().get(place);
        expect([place, status, Object.keys(body)]).toEqual([place, 200, ['keys']]);
        expect(headers.get('cache-control')).toBe('public, max-age=300');
      }
    });
  });
});

describe('an address below which a proxy serves the application, and strips it', () => {
  const publicUrl = 'http://localhost:3000/id';
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootBusyHost({ adapter: 'express', prefix: 'api', path: '/api', options: { publicUrl } });
  });
  afterAll(() => app.close());

  it('is in mailed links and in the issuer of tokens', async () => {
    const { email, password } = await app.register();
    const [mail] = await app.mails(email);
    expect(mail!.text).toContain(`${publicUrl}/api/auth/email/verify?token=`);
    const ada = await app.logInAgain({ email, password, strategy: 'jwt' });
    const claims = JSON.parse(Buffer.from(ada.accessToken!.split('.')[1]!, 'base64url').toString());
    expect([claims.iss, claims.aud]).toEqual([publicUrl, publicUrl]);
  });
});

async function mailedLink(app: AuthTestApp, to: string): Promise<URL> {
  const [mail] = await app.mails(to);
  const link = new URL(/https?:\S+token=\S+/.exec(mail?.text ?? '')![0]);
  expect(link.origin).toBe(PUBLIC_URL);
  return link;
}

/** As a browser does that follows a link. */
async function expectPage(app: AuthTestApp, { pathname, search }: URL): Promise<void> {
  const page = await app.client().get(pathname + search, { accept: 'text/html' });
  expect([pathname, page.status, page.headers.get('content-type')]).toEqual([
    pathname,
    200,
    'text/html; charset=utf-8',
  ]);
  expect(page.text).toMatch(/^<!doctype html>/);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const [, sheet = ''] = /rel="stylesheet" href="([^"]+)"/.exec(page.text) ?? [];
  expect([sheet, (await app.client().get(sheet)).status]).toEqual([expect.stringMatching(/^\//), 200]);
}

/** As the page's form does, without scripts. */
async function submit(app: AuthTestApp, { pathname, search }: URL, fields: Record<string, string> = {}) {
  const browser = new PageVisitor(app.url);
  await browser.open(pathname + search);
  return browser.submit(fields);
}

/** As a page of the application's own does. */
function post(app: AuthTestApp, { pathname, searchParams }: URL, more: object = {}) {
  return app.client().post(pathname, { token: searchParams.get('token'), ...more });
}
