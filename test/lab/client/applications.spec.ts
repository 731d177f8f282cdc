import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { createClient } from '../../../src/client/client.js';
import { readSession } from '../../../src/client/next/next.js';
import { AuthProvider, useSession } from '../../../src/client/react/react.js';
import type { AuthTestApp } from '../../../src/testing/index.js';
import { bundled } from '../../client/bundle.js';
import { ClientSite } from '../../client/client-site.js';
import { Tab } from '../../client/page-under-test.js';
import { bootService } from '../../flows/combinations.js';
import { inChromium } from '../../pages/browser.js';

const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const ME = 'GET /auth/me';
/** An application that owns its client, and frees it when it goes: Strict Mode lets it go and come back at once. `shown` is each render. */
const PROGRAM = `
import { createElement, StrictMode, useEffect } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { createClient } from 'coatcheck/client';
import { AuthProvider, useSession } from 'coatcheck/client/react';
const shown = [], mounts = [];
const Who = () => {
  const { status, user } = useSession();
  const text = user?.email ?? status;
  shown.push(text);
  return createElement('p', null, text);
};
const Owner = ({ client, children }) => {
  useEffect(() => (mounts.push('mounted'), () => (mounts.push('gone'), client.dispose())), [client]);
  return children;
};
const app = (client, initial) => createElement(StrictMode, null,
  createElement(Owner, { client }, createElement(AuthProvider, { client, initial }, createElement(Who))));
const place = () => document.body.appendChild(document.createElement('main'));
const text = () => document.querySelector('main').textContent;
const mount = () => {
  globalThis.client = createClient({ baseUrl: location.origin });
  globalThis.root = createRoot(place());
  root.render(app(client));
};
const replace = () => {
  globalThis.client = createClient({ baseUrl: location.origin });
  root.render(app(client));
};
const hydrate = ({ html, initial }) => {
  globalThis.client = createClient({ baseUrl: location.origin });
  const main = place();
  main.innerHTML = html;
  globalThis.root = hydrateRoot(main.firstChild, app(client, initial), {
    onRecoverableError: (error) => console.error(error),
  });
};
Object.assign(globalThis, { createClient, mount, replace, hydrate, text, shown, mounts });
`;

inChromium('applications', () => {
  let site: ClientSite;
  /** Of no origin that the service lets ask. */
  let stranger: ClientSite;
  let app: AuthTestApp;
  let browser: Browser;
  let context: BrowserContext;
  let user: { readonly email: string; readonly password: string };

  beforeAll(async () => {
    const script = await bundled(PROGRAM, { format: 'iife', minify: false });
    const policy = "default-src 'none'; script-src 'self'; connect-src *";
    site = await ClientSite.open(script, policy);
    stranger = await ClientSite.open(script, policy);
    app = await bootService({ publicUrl: site.origin, corsOrigins: [site.origin] });
    site.serve(app.url);
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await site?.close();
    await stranger?.close();
  });
  beforeEach(async () => {
    user = await app.register({ name: 'Ada' });
    context = await browser.newContext();
    site.forget();
  });
  afterEach(() => context.close());

  const shows = (tab: Tab, text: string) => tab.eventually(`text() === ${JSON.stringify(text)}`);

  it('mounted twice by Strict Mode asks once, and still hears of this tab and of others', async () => {
    const tab = await Tab.open(context, site.origin);
    await tab.run('void mount()');
    await shows(tab, 'signed-out');
    expect(await tab.run('mounts')).toEqual(['mounted', 'gone', 'mounted']);
    expect(site.count(ME)).toBe(1);
    tab.complaints.length = 0;
    await tab.logIn(user);
    await shows(tab, user.email);
    const other = await Tab.open(context, site.origin);
    await other.run('void mount()');
    await shows(other, user.email);
    await other.run('client.logout()');
    await shows(tab, 'signed-out');
    expect(tab.complaints).toEqual([]);
  });

  it('unmounted hears of nothing any more, and mounted again it asks', async () => {
    const tab = await Tab.open(context, site.origin);
    await tab.run('void mount()');
    await shows(tab, 'signed-out');
    await tab.run('void root.unmount()');
    const other = await Tab.open(context, site.origin);
    await other.run('void mount()');
    await other.logIn(user);
    expect(await tab.run('client.session.getSnapshot().status')).toBe('signed-out');
    await tab.run('void (document.querySelector("main").remove(), mount())');
    await shows(tab, user.email);
  });

  it('hydrated shows from its first render on whom the server knew, without a warning and without a request', async () => {
    const known = app.client();
    const { email, password } = user;
    await known.post('/auth/login', { email, password, strategy: 'session' });
    const cookie = known.headers.cookie!;
    const initial = await readSession({ headers: { cookie } }, { baseUrl: app.url });
    const Who = () => createElement('p', null, useSession().user?.email);
    const client = createClient({ baseUrl: app.url });
    const html = renderToString(createElement(AuthProvider, { client, initial }, createElement(Who)));
    expect(html).toBe(`<p>${email}</p>`);
    const [name, value] = cookie.split('; ')[0]!.split('=') as [string, string];
    await context.addCookies([{ name, value, url: site.origin, httpOnly: true }]);
    const tab = await Tab.open(context, site.origin);
    await tab.run('void hydrate(given)', { html: `<div>${html}</div>`, initial });
    await tab.eventually('mounts.length > 0');
    expect(await tab.run('[...new Set(shown)]')).toEqual([email]);
    expect(tab.complaints).toEqual([]);
    expect(site.asked).toEqual([]);
    await tab.run('client.logout()');
    await shows(tab, 'signed-out');
    // What the server knew is over: it is not shown again while it is unknown who signed in.
    const grace = await app.register({ name: 'Grace' });
    await tab.run('void (shown.length = 0)');
    const other = await Tab.open(context, site.origin);
    await other.run('void mount()');
    await other.logIn(grace);
    await shows(tab, grace.email);
    expect(await tab.run('shown')).not.toContain(email);
  });

  it('replaced by another version of themselves (HMR) leave nothing behind that asks or listens', async () => {
    const tab = await Tab.open(context, site.origin);
    await tab.run('void mount()');
    await shows(tab, 'signed-out');
    await tab.run(
      `void (globalThis.heardByOld = 0, client.session.subscribe(() => (heardByOld += 1)), globalThis.old = client)`,
    );
    site.forget();
    await tab.run('void replace()');
    await tab.eventually('mounts.length > 4');
    await tab.logIn(user);
    await shows(tab, user.email);
    expect(await tab.run('[old === client, heardByOld, old.session.getSnapshot().status]')).toEqual([
      false,
      0,
      'signed-out',
    ]);
    expect(site.count(ME)).toBe(1);
    // What still holds the old one may go on with it: it finds out anew who is signed in.
    expect(await tab.run(`old.session.check().then(({ user }) => user.email)`)).toBe(user.email);
  });

  const logInFrom = (tab: Tab): Promise<string[]> =>
    tab.run(
      `(async () => {
        globalThis.client = createClient({ baseUrl: given.url });
        const { status, problem } = await client.login(given.user);
        return [status, problem.code, String(problem.status), problem.message];
      })()`,
      { url: app.url, user: { email: user.email, password: user.password } },
    );

  it('on another site that the service does not let ask are told by what setting it would', async () => {
    const tab = await Tab.open(context, stranger.origin);
    const told = await logInFrom(tab);
    expect(told).toEqual(['problem', 'unreachable', '0', expect.stringContaining('CORS_ORIGINS')]);
    expect(await tab.run('client.session.check().then(({ status }) => status)')).toBe('unavailable');
  });

  it('on another site that may ask are told that the browser keeps no cookie of the service', async () => {
    const tab = await Tab.open(context, site.origin);
    expect((await logInFrom(tab)).slice(0, 2)).toEqual(['problem', 'cookies_blocked']);
    expect(await tab.snapshot()).toMatchObject({ status: 'signed-out' });
  });
});
