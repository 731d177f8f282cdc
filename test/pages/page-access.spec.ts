import { randomUUID } from 'node:crypto';
import type { TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { Authority, removeFolders } from '../mtls/authority.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import { pageRoutes } from './page-routes.js';
import { PageVisitor } from './page-visitor.js';

/** Pages that anybody may open. A page that is neither here nor below a path of {@link CLOSED} fails, so nobody adds one without a thought. */
const OPEN: readonly string[] = [
  'GET /assets/:file',
  'GET /problem',
  'GET /signed-out',
  'POST /sign-out',
  'GET /sign-in',
  'POST /sign-in',
  'POST /sign-in/passkey',
  'GET /sign-in/federated',
  'POST /sign-in/federated',
  'GET /sign-in/factor',
  'POST /sign-in/factor',
  'GET /sign-up',
  'POST /sign-up',
  'GET /sign-up/sent',
  'POST /sign-up/sent',
  'GET /sign-in/verification',
  'POST /sign-in/verification',
  'GET /forgot',
  'POST /forgot',
  'GET /forgot/sent',
  'POST /password-hint',
  'GET /reset',
  'GET /reset/form',
  'POST /reset/form',
];
/** Below these: for users (`own`), where an admin who acts as one may only read; and for admins. */
const CLOSED: readonly (readonly [path: RegExp, kind: 'own' | 'admin'])[] = [
  [/^\/account(\/|$)/, 'own'],
  [/^\/confirm(\/|$)/, 'own'],
  [/^\/sign-in\/enrol(\/|$)/, 'own'],
  [/^\/admin\/ui(\/|$)/, 'admin'],
];
/** Of `own` pages those that an admin who acts as the user may not even read. */
const OF_THE_OWNER: readonly string[] = ['GET /account/delete', 'GET /account/export'];
/** Pages of mailed links, and of interactions, stand at the addresses of JSON routes, whose own matrix says that they are open; and `PAGES_PATH`. */
const ELSEWHERE = /^\/(auth|oauth)\/|^\/$/;

type Kind = 'open' | 'own' | 'admin';

function pathOf(route: string): string {
  return route.split(' ')[1]!;
}

function kindOf(route: string): Kind | undefined {
  if (OPEN.includes(route)) return 'open';
  return CLOSED.find(([path]) => path.test(pathOf(route)))?.[1];
}

let pages: PagesUnderTest;
let user: TestUser;
let routes: readonly string[];
beforeAll(async () => {
  // All strategies: some bring pages of their own.
  const root = new Authority('/CN=Machines');
  pages = await bootPages({
    authStrategies: ['session', 'jwt', 'api-key', 'mtls', 'oauth'],
    mtlsAnchors: [`machines=${root.certFile}`],
    mtlsHeader: 'rfc9440',
    trustedProxies: ['127.0.0.1'],
    secondFactorRoles: ['keeper'],
  });
  routes = pageRoutes(pages)
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !ELSEWHERE.test(pathOf(route)))
    .sort();
  user = await pages.app.logIn({ strategy: 'session' });
});
afterAll(async () => {
  await pages.close();
  removeFolders();
});

/** What a guard said: the rest is the page's own. @param token of a form; empty: what passes the guards goes no further */
async function verdictFor(visitor: PageVisitor, route: string, token: string): Promise<string> {
  const [method = '', path = ''] = route.split(' ');
  const asked = path.replace(/:\w+/g, () => randomUUID());
  const { status, location, html } = await visitor.send(
    method,
    asked,
    method === 'POST' ? { _csrf: token } : undefined,
  );
  if (status >= 500) return `a ${status}`;
  const leads = kindOf(route) === 'open' ? '' : (location ?? '');
  if (/^\/sign-in\/enrol(\?|$)/.test(leads) && !asked.startsWith('/sign-in/enrol')) return 'enrol';
  if (/^\/sign-in(\?|$)/.test(leads)) return 'sign in';
  return status === 403 && html.includes('not allowed to do this') ? 'forbidden' : 'passes';
}

/** Of every page, beside what is expected. Forms that are to be refused have a token that is good: it is not the token that is missing. */
async function verdicts(visitor: PageVisitor, verdict: (kind: Kind, route: string) => string) {
  // Somebody who acts as a user has the form of the sign-out there, and a visitor that of the sign-in.
  const { html } = await visitor.follow(await visitor.open('/account/log'));
  const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1];
  if (!token) throw new Error(`a page without a form: ${html}`);
  const [found, expected]: Record<string, string>[] = [{}, {}];
  for (const route of routes) {
    const wanted = verdict(kindOf(route)!, route);
    expected![route] = wanted;
    found![route] = await verdictFor(visitor, route, wanted === 'passes' ? '' : token);
  }
  return { found: found!, expected: expected! };
}

/** The cookies of a client, in a browser. */
function browserOf(headers: Record<string, string>): PageVisitor {
  const visitor = pages.visitor();
  for (const pair of (headers.cookie ?? '').split('; ').filter(Boolean)) {
    const equals = pair.indexOf('=');
    visitor.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return visitor;
}

const ifOpen = (kind: Kind) => (kind === 'open' ? 'passes' : 'sign in');

describe('who may open which page', () => {
  it('is said of every page', () => {
    expect(routes.length).toBeGreaterThan(40);
    expect(routes.filter((route) => kindOf(route) === undefined)).toEqual([]);
    expect(OPEN.filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('a visitor who is not signed in is led to the sign-in page', async () => {
    const { found, expected } = await verdicts(pages.visitor(), ifOpen);
    expect(found).toEqual(expected);
  }, 120_000);

  it('a user opens those for users', async () => {
    const { found, expected } = await verdicts(browserOf(user.headers), (kind) =>
      kind === 'admin' ? 'forbidden' : 'passes',
    );
    // A user who is signed in is led on from the sign-in page, which is no refusal.
    expect({ ...found, 'GET /sign-in': 'passes' }).toEqual(expected);
  }, 120_000);

  it('an admin opens all', async () => {
    const admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'] });
    const { found } = await verdicts(browserOf(admin.headers), () => 'passes');
    expect([...new Set(Object.values(found))]).toEqual(['passes']);
  }, 120_000);

  it('an admin who acts as a user reads what is the user’s, and changes nothing', async () => {
    const admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'], amr: ['pwd', 'mfa'] });
    const browser = browserOf(admin.headers);
    const form = `/admin/ui/users/${user.userId}/act-as`;
    await browser.open(form);
    expect((await browser.submit({ reason: 'ticket 4711' }, form)).location).toBe('/account');
    const { found, expected } = await verdicts(browser, (kind, route) => {
      if (kind === 'open') return 'passes';
      return kind === 'own' && route.startsWith('GET') && !OF_THE_OWNER.includes(route) ? 'passes' : 'forbidden';
    });
    expect(found).toEqual(expected);
  }, 120_000);

  it('a user who must enrol a factor first opens nothing else but a new proof', async () => {
    const known = await pages.app.register();
    const users = pages.app.app.get(UserStore, { strict: false });
    await users.update((await users.findByEmail(known.email))!.id, { roles: ['keeper'] });
    const visitor = pages.visitor();
    await visitor.open('/sign-in');
    await visitor.submit({ email: known.email, password: known.password }, '/sign-in');
    const { found, expected } = await verdicts(visitor, (kind, route) =>
      kind === 'open' || / \/(sign-in\/enrol|confirm)/.test(route) ? 'passes' : 'enrol',
    );
    expect(found).toEqual(expected);
  }, 120_000);

  it('a token or an API key opens none, in a header or in the place of the session: pages are for browsers that hold a session cookie', async () => {
    const bearer = await pages.app.logIn({ strategy: 'jwt', transport: 'body', changes: { roles: ['admin'] } });
    const { body } = await user.post('/auth/api-keys', { name: 'x', scopes: [] });
    const same = { 'sec-fetch-site': 'same-origin' };
    const cookie = pages.visitor();
    cookie.cookies.set('session', body.apiKey);
    const strangers = [
      pages.visitor({ ...bearer.defaults, ...same }),
      pages.visitor({ authorization: `Bearer ${body.apiKey}`, ...same }),
      pages.visitor({ 'x-api-key': body.apiKey, ...same }),
      cookie,
    ];
    expect([bearer.defaults.authorization, body.apiKey]).toEqual([expect.any(String), expect.any(String)]);
    for (const stranger of strangers) {
      const { found, expected } = await verdicts(stranger, ifOpen);
      expect(found).toEqual(expected);
    }
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
