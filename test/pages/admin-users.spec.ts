import type { ActingUser } from '../../src/testing/index.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor } from './page-visitor.js';

const EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
const HOUR = 3600;

let pages: PagesUnderTest;
let admin: PageVisitor & { readonly user: ActingUser };

beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session', 'jwt', 'api-key'] });
  admin = await pages.as(await anAdmin());
});
afterAll(() => pages.close());

const anAdmin = () => pages.app.logIn({ changes: { roles: ['admin'] }, strategy: 'session' });
const pageOf = (user: { userId: string }, tab = '') => `/admin/ui/users/${user.userId}${tab}`;
const read = async (user: { userId: string }) => (await admin.user.get(`/admin/users/${user.userId}`)).body;

describe('every page of the desk', () => {
  const PATHS = [
    '/admin/ui/users',
    '/admin/ui/users/new',
    '/admin/ui/audit',
    '/admin/ui/audit/export',
    '/admin/ui/invitations',
    '/admin/ui/keys',
    '/admin/ui/keys/withdraw',
    '/admin/ui/webhooks',
    '/admin/ui/configuration',
    '/admin/ui/end-everything',
    ...[
      '',
      '/sessions',
      '/factors',
      '/keys',
      '/log',
      '/ban',
      '/log-out',
      '/reset-factors',
      '/roles',
      '/act-as',
      '/delete',
    ],
  ].map((path) => (path.startsWith('/admin') ? path : `/admin/ui/users/:id${path}`));

  it.each(PATHS)('is for admins: %s', async (path) => {
    const user = await pages.as();
    const address = path.replace(':id', user.user.userId);
    const stranger = await pages.visitor().open(address);
    expect([stranger.status, stranger.location]).toEqual([303, `/sign-in?return=${encodeURIComponent(address)}`]);
    expect((await user.open(address)).status).toBe(403);
    expect((await admin.open(address)).status).toBe(200);
  });

  it('is not shown to an admin who acts as a user', async () => {
    const other = await pages.as(await anAdmin());
    const victim = await pages.app.logIn({});
    await other.open(pageOf(victim, '/act-as'));
    expect((await other.submit({ reason: 'ticket 4711' })).location).toBe('/account');
    expect((await other.open('/admin/ui/users')).status).toBe(403);
  });
});

describe('the list of users', () => {
  it('is found through by a form whose empty fields ask for nothing', async () => {
    const wanted = await pages.app.register({ email: 'needle@haystack.example' });
    const { html, status } = await admin.open('/admin/ui/users?search=needle%40haystack&status=&kind=&cursor=');
    expect(status).toBe(200);
    expect(html).toContain(wanted.email);
    expect(html.match(/<th scope="row">/g)).toHaveLength(1);
    expect((await admin.open('/admin/ui/users?search=needle%40haystack&status=banned')).html).toContain(
      'No users match',
    );
  });

  it('has pages that lead on, with the same filters', async () => {
    const names = Array.from({ length: 51 }, (_, made) => `paged ${made}`);
    await Promise.all(names.map((name) => admin.user.post('/admin/users', { kind: 'service', name })));
    const first = await admin.open('/admin/ui/users?search=paged&kind=service');
    const next = /href="([^"]*cursor=[^"]*)" data-swap/.exec(first.html)![1]!.replaceAll('&amp;', '&');
    expect(next).toContain('search=paged&kind=service');
    const second = await admin.open(next);
    const shown = [first, second].flatMap(({ html }) =>
      [...html.matchAll(/">(paged \d+)<\/a>/g)].map(([, name]) => name),
    );
    expect(shown.slice().sort()).toEqual(names.slice().sort());
    expect(second.html).not.toContain('Next page');
  });

  it('refuses a filter that is none of its own', async () => {
    expect((await admin.open('/admin/ui/users?status=odd')).status).toBe(400);
    expect((await admin.open('/admin/ui/users?cursor=x')).status).toBe(400);
    expect((await admin.open('/admin/ui/users?colour=red')).status).toBe(400);
  });
});

describe('what an admin does to a user', () => {
  it('a ban says how many sessions it ends, is carried out, and is lifted', async () => {
    const user = await pages.app.logIn({});
    await pages.app.logInAgain({ email: user.email, password: user.password });
    const { html } = await admin.open(pageOf(user, '/ban'));
    expect(html).toContain('<strong>2 sessions</strong>');
    const done = await admin.submit({ reason: 'spam', until: '' });
    expect(done.location).toBe(pageOf(user));
    expect((await user.get('/auth/me')).status).toBe(401);
    expect(await read(user)).toMatchObject({ status: 'banned', banReason: 'spam', bannedUntil: null });
    const shown = await admin.follow(done);
    expect(shown.html).toContain('The user is banned on every node.');
    expect((await admin.submit({}, pageOf(user, '/unban'))).status).toBe(303);
    expect(await read(user)).toMatchObject({ status: 'active' });
  });

  it('a ban that ends before it begins is refused, with what was typed', async () => {
    const user = await pages.app.logIn({});
    await admin.open(pageOf(user, '/ban'));
    const { status, html } = await admin.submit({ reason: 'typed once', until: '2001-01-01T00:00' });
    expect(status).toBe(400);
    expect(html).toContain('value="typed once"');
    expect(html).toContain('role="alert"');
    expect(await read(user)).toMatchObject({ status: 'active' });
  });

  it('all sessions end, or one', async () => {
    const user = await pages.app.logIn({ strategy: 'session' });
    const other = await pages.app.logInAgain({ email: user.email, password: user.password, strategy: 'session' });
    await admin.open(pageOf(user, '/sessions'));
    await admin.submit({}, pageOf(user, `/sessions/${user.sessionId}/end`));
    expect([(await user.get('/auth/me')).status, (await other.get('/auth/me')).status]).toEqual([401, 200]);
    await admin.open(pageOf(user, '/log-out'));
    await admin.submit();
    expect((await other.get('/auth/me')).status).toBe(401);
  });

  it('roles are set, and such as cannot be are refused', async () => {
    const user = await pages.app.logIn({});
    await admin.open(pageOf(user, '/roles'));
    expect((await admin.submit({ roles: 'editor, not/a/role' })).status).toBe(400);
    await admin.open(pageOf(user, '/roles'));
    expect((await admin.submit({ roles: 'editor,  reviewer editor' })).status).toBe(303);
    expect((await read(user)).roles).toEqual(['editor', 'reviewer']);
  });

  it('only one whose address was typed is deleted', async () => {
    const user = await pages.app.logIn({});
    await admin.open(pageOf(user, '/delete'));
    const wrong = await admin.submit({ typed: 'someone@example.com' });
    expect([wrong.status, (await read(user)).id]).toEqual([400, user.userId]);
    expect((await admin.submit({ typed: user.email.toUpperCase() })).location).toBe('/admin/ui/users');
    expect((await admin.user.get(`/admin/users/${user.userId}`)).status).toBe(404);
  });

  it('no admin bans or deletes themselves', async () => {
    await admin.open(pageOf(admin.user, '/ban'));
    const { status, html } = await admin.submit({ reason: '', until: '' });
    expect(status).toBe(409);
    expect(html).toContain('you cannot do it to yourself');
    expect((await admin.open(pageOf(admin.user))).html).not.toContain('/ban"');
  });

  it('a link to choose a password is mailed', async () => {
    const user = await pages.app.logIn({});
    await admin.open(pageOf(user));
    await admin.submit({}, pageOf(user, '/password-reset'));
    expect(await pages.app.mailedToken(user.email)).toBeTruthy();
  });

  it('asks for a proof again where the JSON routes do, before anything is filled in', async () => {
    const user = await pages.app.logIn({});
    const stale = await pages.as(await anAdmin());
    pages.app.clock.advance(HOUR);
    for (const act of ['/roles', '/reset-factors', '/delete']) {
      const { status, location } = await stale.open(pageOf(user, act));
      expect([act, status, location]).toEqual([act, 303, `/confirm?return=${encodeURIComponent(pageOf(user, act))}`]);
    }
    expect((await stale.open('/admin/ui/end-everything')).location).toMatch(/^\/confirm/);
    expect((await stale.open(pageOf(user, '/log-out'))).status).toBe(200);
    admin = await pages.as(await anAdmin());
  });

  it('a form without the token of our page does nothing', async () => {
    const user = await pages.app.logIn({});
    const { status } = await admin.send('POST', pageOf(user, '/log-out'), { _csrf: 'x' });
    expect([status, (await user.get('/auth/me')).status]).toEqual([403, 200]);
  });
});

describe('a service user', () => {
  it('is made, and its key is shown once', async () => {
    await admin.open('/admin/ui/users/new');
    const made = await admin.submit({ name: 'orders', roles: 'reader' });
    const keys = `${made.location}/keys`;
    await admin.open(keys);
    const { status, html } = await admin.submit({ name: 'nightly', scopes: '', days: '30' }, keys);
    expect(status).toBe(200);
    const [key = ''] = /cck_\w{32}_\w+/.exec(html) ?? [];
    expect(key).not.toBe('');
    const again = await admin.open(keys);
    expect(again.html).toContain('nightly');
    expect(again.html).not.toContain(key);
    const id = /keys\/([0-9a-f-]{36})\/revoke/.exec(again.html)![1];
    expect((await admin.submit({}, `${keys}/${id}/revoke`)).status).toBe(303);
    expect((await admin.open(keys)).html).toContain('There are no API keys.');
  });

  it('must have a name', async () => {
    await admin.open('/admin/ui/users/new');
    expect((await admin.submit({ name: ' ', roles: '' })).status).toBe(400);
  });

  it('only it gets keys from an admin', async () => {
    const person = await pages.app.logIn({});
    expect((await admin.open(pageOf(person, '/keys'))).html).not.toContain('Create a key');
    await admin.open('/admin/ui/invitations');
    const { hidden } = admin.form();
    const { status } = await admin.send('POST', pageOf(person, '/keys'), {
      ...hidden,
      name: 'x',
      scopes: '',
      days: '',
    });
    expect(status).toBe(409);
  });
});

it('whatever a user calls themselves, or an admin says of them, is text', async () => {
  const user = await pages.app.logIn({ changes: { name: EVIL } });
  await pages.app.client().post('/auth/login', { email: user.email, password: 'wrong' }, { 'user-agent': EVIL });
  await admin.open(pageOf(user, '/ban'));
  await admin.submit({ reason: EVIL, until: '' });
  const encoded = encodeURIComponent(EVIL);
  for (const path of [
    pageOf(user),
    pageOf(user, '/log'),
    pageOf(user, '/sessions'),
    pageOf(user, '/delete'),
    `/admin/ui/users?search=${encoded}`,
    `/admin/ui/audit?userId=${user.userId}`,
    `/admin/ui/audit?type=${encoded}`,
  ]) {
    const { html } = await admin.open(path);
    expect({ path, isInert: !/<script>alert|<img src=x/.test(html) }).toEqual({ path, isInert: true });
  }
  expect((await admin.open(pageOf(user))).html).toContain('&lt;script&gt;alert(1)');
});

describe('a ban until a day that there is not', () => {
  it.each(['2026-02-30T10:00', '0000-00-00T00:00', '2027-01-01T25:61', '2027-02-30T10:00'])(
    'such as %s is refused beside the form, as by the JSON route, and the user is not banned',
    async (until) => {
      const { id } = (await (await pages.app.logIn()).get('/auth/me')).body.user;
      const path = `/admin/ui/users/${id}/ban`;
      await admin.open(path);
      const { status, html } = await admin.submit({ reason: 'spam', until }, path);
      expect([status, html]).toEqual([400, expect.stringContaining('missing or not allowed')]);
      const shown = await admin.open(`/admin/ui/users/${id}`);
      expect([shown.status, shown.html]).toEqual([200, expect.not.stringContaining('Banned')]);
    },
  );
});
