import { bootPages, type PagesUnderTest } from './boot-pages.js';
import { type PageRoute, pageRoutes } from './page-routes.js';
import { PageVisitor } from './page-visitor.js';

const ID = '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f';
/** Open to everyone, or to all but those who are signed in. */
const PUBLIC =
  /^\/(assets|sign-in(?!\/enrol)|sign-up|forgot|reset|signed-out|sign-out|problem|password-hint|auth)\b|^\/$/;

let pages: PagesUnderTest;
let routes: PageRoute[];
beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session', 'jwt', 'api-key'], secondFactorRoles: ['enrolling'] });
  routes = pageRoutes(pages).filter(({ path }) => !PUBLIC.test(path));
});
afterAll(() => pages?.close());

const pathOf = ({ path }: PageRoute) => path.replace(/:\w+/g, ID);

/** Status, and where it leads without its query, of each route for this browser; forms have a token that is good. */
async function repliesTo(browser: PageVisitor, among = routes, headers: Record<string, string> = {}) {
  const replies = new Map<string, string>();
  for (const route of among) {
    let token = '';
    if (route.method === 'POST') {
      await browser.open('/account/log');
      token = /name="_csrf" value="([^"]+)"/.exec((await browser.open('/account/log')).html)?.[1] ?? '';
    }
    const form = route.method === 'POST' ? { _csrf: token } : undefined;
    const { status, location } = await browser.send(route.method, pathOf(route), form, headers);
    replies.set(`${route.method} ${route.path}`, `${status} ${location?.split('?')[0] ?? ''}`.trim());
  }
  return replies;
}

const other = (replies: Map<string, string>, usual: RegExp) => [...replies].filter(([, reply]) => !usual.test(reply));

describe('a page that is not open to everyone', () => {
  it('leads whoever is not signed in to the sign-in page, and takes no form of theirs', async () => {
    expect(routes.length).toBeGreaterThan(60);
    expect(other(await repliesTo(pages.visitor()), /^303 \/sign-in$/)).toEqual([]);
  });

  it('takes no bearer token and no API key, in a header or in the place of the session', async () => {
    const jwt = await pages.app.logIn({ strategy: 'jwt', changes: { roles: ['admin'] } });
    const user = await pages.app.logIn({ strategy: 'session' });
    const made = await user.post('/auth/api-keys', { name: 'x', scopes: [] });
    expect(made.status).toBe(201);
    const strangers: Record<string, string>[] = [
      { authorization: jwt.headers.authorization! },
      { authorization: `Bearer ${made.body.apiKey}` },
      { 'x-api-key': made.body.apiKey },
    ];
    for (const headers of strangers) {
      const strange = other(await repliesTo(pages.visitor(), routes, headers), /^303 \/sign-in$/);
      expect([Object.keys(headers), strange]).toEqual([Object.keys(headers), []]);
    }
    const cookie = pages.visitor();
    cookie.cookies.set('session', made.body.apiKey);
    expect(other(await repliesTo(cookie), /^303 \/sign-in$/)).toEqual([]);
  });

  it('of an admin is closed to users', async () => {
    const admins = routes.filter(({ path }) => path.startsWith('/admin/'));
    expect(admins.length).toBeGreaterThan(30);
    expect(other(await repliesTo(await pages.as(), admins), /^403$/)).toEqual([]);
  });

  it('leads a session that may only enrol to the enrolment', async () => {
    const user = await pages.app.register();
    const admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'] });
    const { id } = (await admin.get(`/admin/users?search=${encodeURIComponent(user.email)}`)).body.users[0];
    expect((await admin.put(`/admin/users/${id}/roles`, { roles: ['enrolling'] })).status).toBe(200);
    const browser = pages.visitor();
    await browser.open('/sign-in');
    expect((await browser.submit({ email: user.email, password: user.password })).location).toBe('/sign-in/enrol');
    const closed = routes.filter(({ method, path }) => method === 'GET' && !path.startsWith('/sign-in/enrol'));
    const strange = other(await repliesTo(browser, closed), /^303 \/sign-in\/enrol$|^403$/);
    expect(strange).toEqual([]);
    expect([
      ...(
        await repliesTo(
          browser,
          closed.filter(({ path }) => !path.startsWith('/admin')),
        )
      ).values(),
    ]).toContain('303 /sign-in/enrol');
  });

  it('changes nothing for an admin who acts as the user', async () => {
    const admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'] });
    const { id } = (await (await pages.app.logIn()).get('/auth/me')).body.user;
    const browser = await pages.as(admin);
    await browser.open(`/admin/ui/users/${id}/act-as`);
    expect((await browser.submit({ reason: 'ticket 4711' }, `/admin/ui/users/${id}/act-as`)).location).toBe('/account');
    expect((await browser.open('/account')).status).toBe(200);
    const forms = routes.filter(({ method, path }) => method === 'POST' || path.startsWith('/admin/'));
    expect(other(await repliesTo(browser, forms), /^403$/)).toEqual([]);
    for (const path of ['/account/export', '/account/delete']) expect((await browser.open(path)).status).toBe(403);
  });
});
