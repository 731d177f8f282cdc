import { bootPages, type PagesUnderTest } from '../../pages/boot-pages.js';
import { type PageRoute, pageRoutes } from '../../pages/page-routes.js';
import type { PageVisitor } from '../../pages/page-visitor.js';

const NO_ID = '01936F2E-8B1A-7C3D-9E4F-5A6B7C8D9E0F';
const ODD_IDS = ['x', '%00', '%ff', '%', '__proto__', 'a'.repeat(3000)];
const ODD_TEXTS = [
  '',
  '\u0000',
  'x\u0000y',
  '{"a":1}',
  'a'.repeat(5000),
  '9'.repeat(40),
  '0000-00-00T00:00',
  '2026-02-30T25:61',
];
const ODD_QUERIES = ['a[]=1', '__proto__=x', 'lang=a&lang=b', 'cursor=a&cursor=b', '%', '%ff=%ff', 'return=%', 'a=%00'];
const ODD_FORMS = [
  ...ODD_QUERIES,
  'constructor=1&toString=2',
  'email[a]=b',
  `a=${'x'.repeat(1_100_000)}`,
  '&'.repeat(5000),
];
/** A form of which one field is odd is a good one but for it. */
const GOOD: Readonly<Record<string, string>> = {
  email: 'good@example.com',
  return: '/account',
  factor: 'totp',
  credential: '{"id":"x"}',
  remember: 'on',
  reason: '',
  until: '',
  roles: '',
  scopes: '',
  days: '',
  life: '7',
  overlap: '1',
  anchor: 'default',
  kind: 'dns',
  value: 'a.example.com',
};
/** After these the admin would be signed in no more. */
const LAST = /sign-out$|delete$|end-everything$|keys\/withdraw$/;

let pages: PagesUnderTest;
let admin: PageVisitor;
let user: string;
let service: string;
beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session', 'api-key', 'jwt'] });
  // With a password: else there is nothing to confirm by.
  const acting = await pages.app.logIn({ changes: { roles: ['admin'] } });
  admin = await pages.as(acting);
  user = (await (await pages.app.logIn()).get('/auth/me')).body.user.id;
  service = (await acting.post('/admin/users', { kind: 'service', name: 'robot' })).body.id;
});
afterAll(() => pages?.close());

/** Events are cut off once they have begun. */
async function statusOf(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const reply = await fetch(pages.url + path, {
    method,
    redirect: 'manual',
    headers: { cookie, 'sec-fetch-site': 'same-origin', ...headers },
    ...(body !== undefined && { body }),
  });
  await reply.body?.cancel();
  return reply.status;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function pathOf({ path }: PageRoute): string {
  const owner = /\/(keys|certificates)\b/.test(path) ? service : user;
  return path.replace(/users\/:\w+/, `users/${owner}`).replace(/:\w+/g, NO_ID);
}

/** What is sent to one route, each with its name. */
async function* oddRequests(route: PageRoute): AsyncGenerator<[string, Promise<number>]> {
  const path = pathOf(route);
  for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE']) yield [method, statusOf(method, path)];
  if (route.path.includes(':')) {
    const body = route.method === 'POST' ? '' : undefined;
    for (const id of ODD_IDS) yield [id, statusOf(route.method, route.path.replace(/:\w+/g, id), FORM, body)];
  }
  if (route.method === 'GET') {
    for (const query of ODD_QUERIES) yield [query, statusOf('GET', `${path}?${query}`)];
    for (const field of [...route.fields, 'return', 'factor', 'token'])
      for (const text of ODD_TEXTS)
        yield [`${field}: ${text}`, statusOf('GET', `${path}?${new URLSearchParams({ [field]: text })}`)];
    return;
  }
  await admin.open('/confirm');
  const { _csrf = '' } = admin.form('/confirm').hidden;
  const fields = route.fields.length > 0 ? route.fields : ['email', 'password', 'name'];
  for (const field of fields)
    for (const text of ODD_TEXTS) {
      const good = Object.fromEntries(fields.map((name) => [name, GOOD[name] ?? 'x']));
      const form = new URLSearchParams({ ...good, [field]: text, _csrf });
      if (route.path.includes(':')) for (const parameter of route.path.match(/(?<=:)\w+/g)!) form.delete(parameter);
      yield [`${field}: ${text}`, statusOf('POST', path, FORM, form.toString())];
    }
  for (const form of ODD_FORMS)
    yield [form, statusOf('POST', path, FORM, `_csrf=${encodeURIComponent(_csrf)}&${form}`)];
  for (const type of ['', 'application/x-www-form-urlencoded; charset=', 'text/plain', 'application/json'])
    yield [`type ${type}`, statusOf('POST', path, { 'content-type': type }, 'x')];
}

it('nothing that a page is sent makes a 5xx: odd methods, paths, queries, forms, and every field of every form', async () => {
  const routes = pageRoutes(pages).filter(({ method, path }) => method === 'GET' || !LAST.test(path));
  expect(routes.length).toBeGreaterThan(90);
  const broken: string[] = [];
  let sent = 0;
  for (const route of routes)
    for await (const [what, status] of oddRequests(route)) {
      sent += 1;
      if ((await status) >= 500 && route.path !== '/problem')
        broken.push(`${route.method} ${route.path} ${what.slice(0, 40)}`);
    }
  expect(broken).toEqual([]);
  expect(sent).toBeGreaterThan(3000);
  expect((await admin.open('/admin/ui/users')).status).toBe(200);
});
