import { bootPages, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor } from './page-visitor.js';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages();
});
afterAll(() => pages.close());

const me = async (visitor: PageVisitor) => (await visitor.open('/auth/me')).status;

describe('a form', () => {
  const KINDS: [name: string, headers: Record<string, string>][] = [
    ['of another site, by Fetch Metadata', { 'sec-fetch-site': 'cross-site' }],
    ['of a sibling domain, by Fetch Metadata', { 'sec-fetch-site': 'same-site' }],
    ['of a foreign origin', { origin: 'https://evil.example' }],
    ['of an origin that is hidden', { origin: 'null' }],
    [
      'of another site that adds an Authorization header',
      { 'sec-fetch-site': 'cross-site', authorization: 'Bearer x' },
    ],
  ];

  it.each(KINDS)('%s is refused, whatever its token, and ends nothing', async (_kind, headers) => {
    const user = await pages.as();
    await user.open('/confirm');
    const { hidden } = user.form('/sign-out');
    const bare = pages.visitor({});
    for (const [name, value] of user.cookies) bare.cookies.set(name, value);
    const refused = await bare.send('POST', '/sign-out', hidden, headers);
    expect(refused.status).toBe(403);
    expect(refused.html).toContain('This form is out of date or came from another site.');
    expect((await user.user.get('/auth/me')).status).toBe(200);
  });

  it('that a browser says nothing about is judged by its token alone', async () => {
    const user = await pages.as();
    await user.open('/confirm');
    const { hidden } = user.form('/sign-out');
    const silent = pages.visitor({});
    for (const [name, value] of user.cookies) silent.cookies.set(name, value);
    expect((await silent.send('POST', '/sign-out', {})).status).toBe(403);
    expect((await silent.send('POST', '/sign-out', hidden)).location).toBe('/signed-out');
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['wrong', `${'A'.repeat(22)}.${'A'.repeat(43)}`],
    ['sent twice', 'twice'],
  ])('with a token that is %s is refused, where it has come from this very page', async (_kind, token) => {
    const visitor = pages.visitor();
    const user = await pages.app.register();
    await visitor.open('/sign-in');
    const { _csrf: good } = visitor.form('/sign-in').hidden;
    const fields = new URLSearchParams({ email: user.email, password: user.password });
    if (token === 'twice') for (const one of [good!, good!]) fields.append('_csrf', one);
    else if (token !== undefined) fields.set('_csrf', token);
    const refused = await visitor.send('POST', '/sign-in', fields.toString());
    expect([refused.status, refused.html]).toEqual([403, expect.stringContaining('out of date')]);
    expect(await me(visitor)).toBe(401);
  });

  it('with the token of another browser, or of another session, is refused', async () => {
    const [ada, eve] = [await pages.as(), await pages.as()];
    await eve.open('/confirm');
    const { hidden } = eve.form('/confirm');
    const stepUp = await ada.send('POST', '/confirm', {
      ...hidden,
      password: (ada.user as { password?: string }).password!,
    });
    expect(stepUp.status).toBe(403);
    const [one, other] = [pages.visitor(), pages.visitor()];
    await one.open('/sign-in');
    await other.open('/sign-in');
    const user = await pages.app.register();
    const fields = { ...one.form('/sign-in').hidden, email: user.email, password: user.password };
    expect((await other.send('POST', '/sign-in', fields)).status).toBe(403);
    expect(await me(other)).toBe(401);
  });

  it('of before a login is good for nothing in the session after it', async () => {
    const visitor = pages.visitor();
    const user = await pages.app.register();
    await visitor.open('/sign-in');
    const { hidden } = visitor.form('/sign-in');
    await visitor.submit({ email: user.email, password: user.password }, '/sign-in');
    expect(await me(visitor)).toBe(200);
    expect((await visitor.send('POST', '/confirm', { ...hidden, password: user.password })).status).toBe(403);
  });

  it.each([
    ['JSON', 'application/json', '{"email":"ada@example.com"}'],
    ['parts', 'multipart/form-data; boundary=x', '--x--'],
    ['plain text', 'text/plain', 'email=ada@example.com'],
    ['another alphabet', 'application/x-www-form-urlencoded; charset=iso-8859-1', 'email=ada'],
    ['nothing', '', ''],
  ])('is a form: %s is refused', async (_kind, type, body) => {
    const reply = await fetch(`${pages.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin', ...(type && { 'content-type': type }) },
      body,
    });
    expect(reply.status).toBe(415);
  });

  it.each([
    ['a field that is none of it', 'surprise=1', 400],
    ['a field twice', 'password=a&password=b', 400],
    ['UTF-8 that is broken', 'password=%ff', 400],
    ['a field like an object', 'password[a]=b', 400],
    ['a field that means something to JavaScript', '__proto__=b&constructor=c', 400],
  ])('with %s is refused, and says so', async (_kind, more, status) => {
    const visitor = pages.visitor();
    await visitor.open('/sign-in');
    const { hidden } = visitor.form('/sign-in');
    const fields = new URLSearchParams({ ...hidden, email: 'ada@example.com' }).toString();
    expect((await visitor.send('POST', '/sign-in', `${fields}&${more}`)).status).toBe(status);
  });
});

describe('what a page shows of what it was sent', () => {
  const MARKUP = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&`;

  it('is text', async () => {
    const visitor = pages.visitor();
    await visitor.open(`/sign-in?return=${encodeURIComponent(`/a"><script>`)}`);
    const shown = await visitor.submit({ email: MARKUP, password: MARKUP }, '/sign-in');
    expect(shown.html).not.toContain('<script>alert');
    expect(shown.html).not.toContain('<img');
    const factor = await visitor.open(`/sign-in/factor?factor=${encodeURIComponent(MARKUP)}`);
    expect(factor.html).not.toContain('<script>alert');
    const language = await visitor.open(
      `/signed-out?lang=${encodeURIComponent(MARKUP)}&x=${encodeURIComponent(MARKUP)}`,
    );
    expect(language.html).not.toContain('<script>alert');
    expect(language.html).not.toContain('<img');
  });
});

describe('a page', () => {
  const HEADERS: Record<string, string | RegExp> = {
    'content-security-policy':
      /^default-src 'none';.*frame-ancestors 'none'.*require-trusted-types-for 'script'; trusted-types 'none'$/,
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  };

  it.each([
    ['/sign-in', 200],
    ['/signed-out', 200],
    ['/problem', 200],
    ['/confirm', 303],
    ['/sign-in/factor', 303],
    ['/assets/nothing.css', 404],
  ])('%s (%i) cannot be framed, kept or scripted', async (path, status) => {
    const shown = await pages.visitor().open(path);
    expect(shown.status).toBe(status);
    for (const [name, value] of Object.entries(HEADERS))
      expect([name, shown.headers.get(name)]).toEqual([name, expect.stringMatching(value)]);
    expect(shown.html).not.toMatch(/<style|style=|<script(?! type="module" src=)|javascript:|\son\w+=/i);
  });

  it('that was shown in a session is not to be had by going back after it', async () => {
    const user = await pages.as();
    expect((await user.open('/confirm')).headers.get('cache-control')).toBe('no-store');
    await user.submit({}, '/sign-out');
    expect((await user.open('/confirm')).location).toBe('/sign-in?return=%2Fconfirm');
  });
});
