import type { AuthTestApp } from '../../../src/testing/index.js';
import { ADAPTERS, bootBusyHost, URI_VERSIONS } from '../../hosts/busy-host.js';
import { linkIn } from '../../pages/boot-pages.js';
import { EventStream } from '../../pages/event-stream.js';
import { PageVisitor } from '../../pages/page-visitor.js';

const HOSTS = [
  [
    'with a prefix, versions and parts of its own',
    { prefix: 'api', versioning: URI_VERSIONS, path: '/api/v1' },
    '/api',
  ],
  ['whose own pipes refuse everything and are made for each request', { isScoped: true }, ''],
] as const;

describe.each(ADAPTERS)('pages in a host on %s', (adapter) => {
  describe.each(HOSTS)('%s', (_kind, host, prefix) => {
    const base = `${prefix}/auth-pages`;
    let app: AuthTestApp;
    beforeAll(async () => {
      app = await bootBusyHost({ adapter, ...host, options: { authStrategies: ['session'], pages: 'on' } });
    });
    afterAll(() => app?.close());

    const visitor = () => new PageVisitor(new URL(app.url).origin);

    it('a user signs in by forms, is returned, watches the sessions, and signs out', async () => {
      const [browser, user] = [visitor(), await app.register()];
      const shown = await browser.open(`${base}/sign-in?return=${base}/account/sessions&utm_source=x`);
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      const signedIn = await browser.submit({ email: user.email, password: user.password });
      expect([signedIn.status, signedIn.location]).toEqual([303, `${base}/account/sessions`]);
      const { html } = await browser.follow(signedIn);
      const live = /data-live="([^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&');
      const stream = await EventStream.open(browser, live);
      expect([stream.status, stream.contentType]).toEqual([200, 'text/event-stream; charset=utf-8']);
      const other = await app.logInAgain(user);
      await stream.until(({ event }) => event === 'change');
      await other.post('/auth/logout');
      await stream.until(({ data }) => data.includes(other.sessionId));
      await browser.open(`${base}/account`);
      expect((await browser.submit({}, `${base}/sign-out`)).location).toBe(`${base}/signed-out`);
      await stream.ended;
      expect((await browser.open(`${base}/account`)).location).toMatch(`${base}/sign-in?return=`);
    });

    it('a form that is not of our own page is refused, and no user is signed in', async () => {
      const [browser, { email, password }] = [visitor(), await app.register()];
      await browser.open(`${base}/sign-in`);
      const { action, hidden } = browser.form();
      const fields = { ...hidden, email, password };
      const type = 'content-type';
      const sent = [
        await browser.send('POST', action, { email, password }),
        await browser.send('POST', action, fields, { 'sec-fetch-site': 'cross-site' }),
        await browser.send('POST', action, JSON.stringify(fields), { [type]: 'application/json' }),
        await browser.send('POST', action, 'x', { [type]: 'text/plain' }),
      ];
      expect(sent.map(({ status }) => status)).toEqual([403, 403, 415, 415]);
      const token = `_csrf=${encodeURIComponent(hidden._csrf!)}`;
      for (const odd of [
        'email=a&email=b',
        'email[a]=b',
        '__proto__[x]=1',
        'a=%00',
        `email=${'[a]'.repeat(500)}`,
        '%ff=%',
      ])
        expect([odd, (await browser.send('POST', action, `${token}&${odd}`)).status]).toEqual([odd, 400]);
      expect((await browser.open(`${base}/account`)).location).toMatch(`${base}/sign-in?return=`);
    });

    it('a mailed link is a form, too', async () => {
      const { email } = await app.register();
      await app.client().post('/auth/password/forgot', { email });
      const { pathname, search } = new URL(await linkIn(app, email));
      const browser = visitor();
      expect((await browser.open(pathname + search)).html).toContain('Choose a new password');
      expect((await browser.submit({ password: 'a loom of silver numbers' })).status).toBe(303);
    });
  });
});
