import { randomUUID } from 'node:crypto';
import type { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { builtInFeatures } from '../../src/features.js';
import { PAGE_AREA } from '../../src/pages/page-controller-metadata.js';
import type { TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import { PageVisitor } from './page-visitor.js';

const METHODS: Partial<Record<RequestMethod, string>> = { 0: 'GET', 1: 'POST' };

/** Pages that anybody may open. A page that is neither here nor below a path of {@link CLOSED} fails, so nobody adds one without a thought. */
const OPEN: readonly string[] = [
  'GET /assets/:file',
  'GET /problem',
  'GET /signed-out',
  'POST /sign-out',
  'GET /sign-in',
  'POST /sign-in',
  'POST /sign-in/passkey',
  'GET /sign-in/factor',
  'POST /sign-in/factor',
  'GET /sign-up',
  'POST /sign-up',
  'GET /sign-up/sent',
  'POST /sign-up/sent',
  'GET /forgot',
  'POST /forgot',
  'GET /forgot/sent',
  'POST /password-hint',
];
/** Below these: for users (`own`), where an admin who acts as one may only read; and for admins. */
const CLOSED: readonly (readonly [path: RegExp, kind: 'own' | 'admin'])[] = [
  [/^\/account(\/|$)/, 'own'],
  [/^\/confirm$/, 'own'],
  [/^\/sign-in\/enrol(\/|$)/, 'own'],
  [/^\/admin\/ui(\/|$)/, 'admin'],
];
/** Pages of mailed links stand at the addresses of their JSON routes, whose own matrix says that they are open; and `PAGES_PATH` itself. */
const ELSEWHERE = /^\/auth\/|^\/$/;

type Kind = 'open' | 'own' | 'admin';

const routes = builtInFeatures
  .flatMap(({ controllers = [] }) => controllers)
  .filter((controller) => Reflect.hasMetadata(PAGE_AREA, controller))
  .flatMap((controller) =>
    Object.values(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(({ value: handler }) => {
      const method = typeof handler === 'function' ? Reflect.getMetadata(METHOD_METADATA, handler) : undefined;
      if (method === undefined) return [];
      const path = [controller, handler].map((place) => Reflect.getMetadata(PATH_METADATA, place)).join('/');
      return [`${METHODS[method as RequestMethod]} /${path.replace(/\/+/g, '/').replace(/^\/|\/$/g, '')}`];
    }),
  )
  .filter((route) => !ELSEWHERE.test(pathOf(route)))
  .sort();

function pathOf(route: string): string {
  return route.split(' ')[1]!;
}

function kindOf(route: string): Kind | undefined {
  if (OPEN.includes(route)) return 'open';
  return CLOSED.find(([path]) => path.test(pathOf(route)))?.[1];
}

let pages: PagesUnderTest;
let user: TestUser;
beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session', 'jwt', 'api-key'], secondFactorRoles: ['keeper'] });
  user = await pages.app.logIn({ strategy: 'session' });
});
afterAll(() => pages.close());

/** What a guard said: the rest is the page's own. */
async function verdictFor(visitor: PageVisitor, route: string): Promise<string> {
  const [method = '', path = ''] = route.split(' ');
  const asked = path.replace(/:\w+/g, () => randomUUID());
  // Without a token: what passes the guards goes no further.
  const { status, location, html } = await visitor.send(method, asked, method === 'POST' ? {} : undefined);
  if (status >= 500) return `a ${status}`;
  const leads = kindOf(route) === 'open' ? '' : (location ?? '');
  if (/^\/sign-in\/enrol(\?|$)/.test(leads) && !asked.startsWith('/sign-in/enrol')) return 'enrol';
  if (/^\/sign-in(\?|$)/.test(leads)) return 'sign in';
  return status === 403 && html.includes('not allowed to do this') ? 'forbidden' : 'passes';
}

async function verdicts(visitor: PageVisitor): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const route of routes) found[route] = await verdictFor(visitor, route);
  return found;
}

const expected = (verdict: (kind: Kind, route: string) => string) =>
  Object.fromEntries(routes.map((route) => [route, verdict(kindOf(route)!, route)]));

/** The cookies of a client, in a browser. */
function browserOf(headers: Record<string, string>): PageVisitor {
  const visitor = pages.visitor();
  for (const pair of (headers.cookie ?? '').split('; ').filter(Boolean)) {
    const equals = pair.indexOf('=');
    visitor.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return visitor;
}

describe('who may open which page', () => {
  it('is said of every page', () => {
    expect(routes.length).toBeGreaterThan(40);
    expect(routes.filter((route) => kindOf(route) === undefined)).toEqual([]);
    expect(OPEN.filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('whoever is not signed in is led to the sign-in page', async () => {
    expect(await verdicts(pages.visitor())).toEqual(expected((kind) => (kind === 'open' ? 'passes' : 'sign in')));
  }, 120_000);

  it('a user opens those for users', async () => {
    const found = await verdicts(browserOf(user.headers));
    // A user who is signed in is led on from the sign-in page, which is no refusal.
    expect({ ...found, 'GET /sign-in': 'passes' }).toEqual(
      expected((kind) => (kind === 'admin' ? 'forbidden' : 'passes')),
    );
  }, 120_000);

  it('an admin opens all', async () => {
    const admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'] });
    const found = await verdicts(browserOf(admin.headers));
    expect([...new Set(Object.values(found))]).toEqual(['passes']);
  }, 120_000);

  it('an admin who acts as a user reads what is the user’s, and changes nothing', async () => {
    const admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'], amr: ['pwd', 'mfa'] });
    expect((await admin.post(`/admin/users/${user.userId}/impersonate`, { reason: 'matrix' })).status).toBe(200);
    expect(await verdicts(browserOf(admin.headers))).toEqual(
      expected((kind, route) => {
        if (kind === 'open') return 'passes';
        return kind === 'own' && route.startsWith('GET') ? 'passes' : 'forbidden';
      }),
    );
  }, 120_000);

  it('a user who must enrol a factor first opens nothing else', async () => {
    const known = await pages.app.register();
    const users = pages.app.app.get(UserStore, { strict: false });
    await users.update((await users.findByEmail(known.email))!.id, { roles: ['keeper'] });
    const visitor = pages.visitor();
    await visitor.open('/sign-in');
    await visitor.submit({ email: known.email, password: known.password }, '/sign-in');
    expect(await verdicts(visitor)).toEqual(
      expected((kind, route) => (kind === 'open' || route.includes('/sign-in/enrol') ? 'passes' : 'enrol')),
    );
  }, 120_000);

  it('a token in a header opens none: pages are for browsers that hold a session cookie', async () => {
    const bearer = await pages.app.logIn({ strategy: 'jwt', transport: 'body' });
    const found = await verdicts(pages.visitor({ ...bearer.defaults, 'sec-fetch-site': 'same-origin' }));
    expect(found).toEqual(expected((kind) => (kind === 'open' ? 'passes' : 'sign in')));
  }, 120_000);

  it('no form of any page is taken without its token', async () => {
    const admin = browserOf((await pages.app.actAs({ strategy: 'session', roles: ['admin'] })).headers);
    const taken: string[] = [];
    for (const route of routes.filter((one) => one.startsWith('POST'))) {
      const reply = await admin.send(
        'POST',
        pathOf(route).replace(/:\w+/g, () => randomUUID()),
        {},
      );
      if (reply.status !== 403 || !reply.html.includes('out of date')) taken.push(`${route}: ${reply.status}`);
    }
    expect(taken).toEqual([]);
  }, 120_000);
});
