import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bootPages, linkIn, type PagesUnderTest, signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium } from '../../pages/browser.js';

const PASSWORD = 'an engine weaves algebra';
const OTHER = 'a loom of silver numbers';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session'] });
});
afterAll(() => pages?.close());

/** Path and query of the newest reset link of a new user. */
async function resetLink(): Promise<{ email: string; path: string }> {
  const { email } = await pages.app.register({ password: PASSWORD });
  await pages.app.client().post('/auth/password/forgot', { email });
  const { pathname, search } = new URL(await linkIn(pages.app, email));
  return { email, path: pathname + search };
}

const statusOfLogin = async (email: string, password: string) =>
  (await pages.app.client().post('/auth/login', { email, password })).status;

describe('the form of a mailed link', () => {
  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling of this site', { 'sec-fetch-site': 'same-site' }],
    ['from another origin, in an old browser', { origin: 'https://evil.example' }],
    ['from nowhere, in an old browser', { origin: 'null' }],
  ])('is refused %s, and its link stays good', async (_whence, headers) => {
    const { email, path } = await resetLink();
    const browser = pages.visitor({});
    await browser.open(path);
    const refused = await browser.submit({ password: OTHER }, undefined, headers);
    expect([refused.status, refused.html]).toEqual([403, expect.stringContaining('came from another site')]);
    expect(await statusOfLogin(email, PASSWORD)).toBe(200);
    await browser.open(path);
    const sent = await browser.submit({ password: OTHER }, undefined, { 'sec-fetch-site': 'same-origin' });
    expect(sent.status).toBe(303);
    expect(await statusOfLogin(email, OTHER)).toBe(200);
  });

  it('is refused without its form token, with that of another browser, and as JSON or multipart', async () => {
    const { email, path } = await resetLink();
    const [victim, attacker] = [pages.visitor(), pages.visitor()];
    await victim.open(path);
    await attacker.open(path);
    const { action, hidden } = victim.form();
    const { _csrf: foreign = '' } = attacker.form().hidden;
    const fields: Record<string, string> = { ...hidden, password: OTHER };
    const { _csrf: _left, ...without } = fields;
    for (const sent of [without, { ...fields, _csrf: foreign }, { ...fields, _csrf: '' }]) {
      expect((await victim.send('POST', action, sent)).status).toBe(403);
    }
    for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain']) {
      const body = JSON.stringify(fields);
      const { status } = await victim.send('POST', action, body, { 'content-type': type });
      expect([type, status]).toEqual([type, 415]);
    }
    expect(await statusOfLogin(email, PASSWORD)).toBe(200);
  });

  it('works once: sent again, by the reload of a page or from a copy, it changes nothing', async () => {
    const { email, path } = await resetLink();
    const browser = pages.visitor();
    await browser.open(path);
    const { action, hidden } = browser.form();
    expect((await browser.send('POST', action, { ...hidden, password: OTHER })).status).toBe(303);
    const again = await browser.send('POST', action, { ...hidden, password: 'copper wires under snow' });
    expect([again.status, again.html]).toEqual([400, expect.stringContaining('has been used')]);
    expect(again.html).not.toContain(hidden.token);
    expect(await statusOfLogin(email, OTHER)).toBe(200);
  });

  it('has no effect by GET, HEAD or OPTIONS, as mail scanners ask', async () => {
    const { email, path } = await resetLink();
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS']) await fetch(pages.url + path, { method });
    const browser = pages.visitor();
    await browser.open(path);
    expect((await browser.submit({ password: OTHER })).status).toBe(303);
    expect(await statusOfLogin(email, OTHER)).toBe(200);
  });

  it.each([
    ['markup', '"><img src=x onerror=alert(1)>'],
    ['a script', '</script><script>alert(1)</script>'],
    ['a template', '<%= process.exit() %>{{7*7}}'],
    ['another handler', "' autofocus onfocus=alert(1) x='"],
  ])('shows %s in the address as text', async (_what, token) => {
    const { html } = await pages.visitor().open(`/auth/unlock?token=${encodeURIComponent(token)}`);
    const [, value = ''] = /name="token" value="([^"]*)"/.exec(html) ?? [];
    expect(value).toMatch(/^[^<>"']+$/);
    expect(html).not.toMatch(/<(img|script)[^>]*(onerror|>alert)/);
    const shared = await pages.visitor().open(`/auth/unlock?lang=${encodeURIComponent(token)}`);
    expect(shared.html).not.toContain(token);
  });

  it('takes two tokens, or a list, for an incomplete link', async () => {
    for (const query of ['token=a&token=b', 'token[]=a', 'token[x]=a', 'token=']) {
      const { status, html } = await pages.visitor().open(`/auth/unlock?${query}`);
      expect([query, status, html]).toEqual([query, 200, expect.stringContaining('incomplete')]);
    }
  });
});

describe('forgot and sign up', () => {
  it('answer alike for an address that has an account and one that has none', async () => {
    const { email } = await pages.app.register({ password: PASSWORD });
    for (const [path, more] of [
      ['/forgot', {}],
      ['/sign-up', { name: '', password: OTHER }],
      ['/sign-up/sent', {}],
      ['/sign-in/verification', {}],
    ] as const) {
      const replies = [];
      for (const address of [email, 'nobody@example.com']) {
        const browser = pages.visitor();
        await browser.open(path);
        const { status, location } = await browser.submit({ email: address, ...more });
        replies.push({ status, location });
      }
      expect(replies[0]).toEqual({ status: 303, location: expect.stringMatching(/sent$|^\/sign-in$/) });
      expect(replies[1]).toEqual(replies[0]);
    }
  });

  it('a form and the JSON route share one budget of mails to an address', async () => {
    const limited = await bootPages({ authStrategies: ['session'], mailsPerAddress: 2 });
    try {
      const body = { email: 'ada@example.com' };
      expect((await limited.app.client().post('/auth/password/forgot', body)).status).toBe(202);
      const browser = limited.visitor();
      await browser.open('/forgot');
      expect((await browser.submit(body)).status).toBe(303);
      await browser.open('/forgot');
      const refused = await browser.submit(body);
      expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
      expect((await limited.app.client().post('/auth/password/forgot', body)).status).toBe(429);
    } finally {
      await limited.close();
    }
  });

  it('a form that was filled in wrongly costs nothing under a limit, and shows no password', async () => {
    const limited = await bootPages({ authStrategies: ['session'], mailsPerAddress: 1 });
    try {
      const browser = limited.visitor();
      await browser.open('/sign-up');
      for (let tries = 0; tries < 3; tries++) {
        const refused = await browser.submit({ email: 'ada@example.com', name: '', password: 'password' });
        expect([refused.status, refused.html]).toEqual([400, expect.stringContaining('easy to guess')]);
        expect(refused.html).not.toContain('value="password"');
      }
      expect((await browser.submit({ email: 'ada@example.com', name: '', password: OTHER })).status).toBe(303);
    } finally {
      await limited.close();
    }
  });
});

describe('the hint on a password that is being typed', () => {
  it('is that of the policy, in the reader’s language, and nothing is kept', async () => {
    const browser = pages.visitor({ 'sec-fetch-site': 'same-origin', 'accept-language': 'de' });
    await browser.open('/sign-up');
    const { _csrf = '' } = browser.form().hidden;
    const hint = async (fields: Record<string, string>) =>
      JSON.parse((await browser.send('POST', '/password-hint', { _csrf, ...fields })).html).hint;
    expect(await hint({ password: 'short' })).toMatch(/mindestens \d+ Zeichen/);
    expect(await hint({ password: 'password' })).toMatch(/häufigsten/);
    expect(await hint({ password: 'ada.lovelace', email: 'ada.lovelace@example.com' })).toMatch(/E-Mail-Adresse/);
    expect(await hint({ password: PASSWORD })).toMatch(/gut/);
    expect((await browser.send('POST', '/password-hint', { password: PASSWORD })).status).toBe(403);
  });
});

describe('with PAGES=off', () => {
  it('mailed links are pages all the same, and lead nowhere else; other pages are not there', async () => {
    const off = await bootPages({ authStrategies: ['session'], pages: 'off' });
    try {
      const { email } = await off.app.register({ password: PASSWORD });
      await off.app.client().post('/auth/password/forgot', { email });
      const { pathname, search } = new URL(await linkIn(off.app, email));
      const browser = off.visitor();
      const page = await browser.open(pathname + search);
      expect([page.status, page.html]).toEqual([200, expect.stringContaining('Choose a new password')]);
      const [, sheet = ''] = /rel="stylesheet" href="([^"]+)"/.exec(page.html) ?? [];
      expect((await fetch(off.url + sheet)).status).toBe(200);
      expect(page.html).not.toMatch(/href="[^"]*sign-in|data-hint/);
      const done = await browser.follow(await browser.submit({ password: OTHER }));
      expect([done.status, done.html]).toEqual([200, expect.stringContaining('signed out everywhere')]);
      expect(done.html).not.toMatch(/href="[^"]*sign-in/);
      for (const path of ['/sign-up', '/forgot', '/account', '/sign-in'])
        expect((await fetch(off.url + path)).status).toBe(404);
    } finally {
      await off.close();
    }
  });
});

inChromium('from another site', () => {
  let server: Server;
  let evil: string;
  let chromium: Chromium;
  let body = '';

  beforeAll(async () => {
    server = createServer((_request, reply) => reply.end(`<!doctype html><title>evil</title>${body}`));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    evil = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    chromium = await Chromium.start();
  });
  afterAll(async () => {
    await chromium?.close();
    server?.closeAllConnections();
    server?.close();
  });

  it.each(['/auth/unlock?token=x', '/sign-up', '/problem'])('%s is in no frame', async (path) => {
    body = `<iframe src="${pages.url}${path}"></iframe>`;
    const window = await chromium.open(pages.url);
    await window.page.goto(evil);
    const frame = window.page.frames().find((one) => one !== window.page.mainFrame());
    // What stands in its place is Chromium's own page.
    expect(await frame!.evaluate('document.querySelector("main.card") === null')).toBe(true);
    await window.close();
  });

  it('a form that sends itself is refused, also by a browser that was given the page before', async () => {
    const { email, path } = await resetLink();
    const token = new URLSearchParams(path.split('?')[1]).get('token');
    body = `<form method="post" action="${pages.url}/auth/password/reset/form"><input name="token" value="${token}">
      <input name="password" value="${OTHER}"></form><script>document.forms[0].submit()</script>`;
    const window = await chromium.open(pages.url);
    await window.goto(path);
    const [reply] = await Promise.all([
      window.page.waitForResponse((one) => one.url().endsWith('/reset/form')),
      window.page.goto(evil).catch(() => null),
    ]);
    expect(reply.status()).toBe(403);
    expect(await statusOfLogin(email, PASSWORD)).toBe(200);
    await window.close();
  });

  it('nothing of an account is to be seen by going back after signing out', async () => {
    const user = await pages.app.actAs({ strategy: 'session', email: 'grace@example.com', name: 'Grace Hopper' });
    const window = await chromium.open(pages.url);
    await signInAs(user, window.context, pages.url);
    await window.goto('/account');
    expect(await window.page.content()).toContain('Grace Hopper');
    await window.press('Sign out');
    expect(await window.heading()).toBe('You are signed out');
    await window.page.goBack();
    expect(await window.page.content()).not.toContain('Grace Hopper');
    expect(window.path).toBe('/sign-in?return=%2Faccount');
    expect((await user.get('/auth/me')).status).toBe(401);
    await window.close();
  });
});
