import { ask, read } from '../mailbox/mailbox-reader.js';
import { bootPages, linkIn, type PagesUnderTest } from './boot-pages.js';
import { Chromium } from './browser.js';
import type { PageVisitor } from './page-visitor.js';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages({ mailLogin: 'both' });
});
afterAll(() => pages.close());

const me = async (visitor: PageVisitor) => (await visitor.open('/auth/me')).status;
const LINK = '/auth/login/mailbox';
const pathOf = (link: string) => link.slice(pages.url.length);

/** By the button of the sign-in page, to the page that takes the code. */
async function begin(visitor: PageVisitor, email: string): Promise<string> {
  const shown = await visitor.open('/sign-in?return=%2Fconfirm');
  const button = /href="(\/sign-in\/mailbox[^"]*)"/.exec(shown.html)?.[1];
  if (!button) throw new Error('the sign-in page has no button for it');
  await visitor.open(button.replaceAll('&amp;', '&'));
  const sent = await visitor.submit({ email }, '/sign-in/mailbox');
  expect([sent.status, sent.location]).toEqual([303, '/sign-in/mailbox/sent']);
  return (await visitor.open('/sign-in/mailbox/sent')).html;
}

describe('signing in by e-mail on pages', () => {
  it('by the code, and ends where it began', async () => {
    const { email } = await pages.app.register();
    const visitor = pages.visitor();
    expect(await begin(visitor, email)).toContain(email);
    const { code } = (await read(pages.app, email))!;
    const wrong = await visitor.submit({ code: '00000000' }, '/sign-in/mailbox/sent');
    expect([wrong.status, wrong.html]).toEqual([401, expect.stringContaining('That code does not match.')]);
    const done = await visitor.submit({ code }, '/sign-in/mailbox/sent');
    expect([done.status, done.location]).toEqual([303, '/confirm']);
    expect(await me(visitor)).toBe(200);
  });

  it('shows the same for an unknown address', async () => {
    const { email } = await pages.app.register();
    const plain = (html: string, address: string) =>
      html.replaceAll(address, '').replace(/name="_csrf" value="[^"]+"/g, '');
    const unknown = 'nobody-at-all@example.com';
    const [one, other] = [await begin(pages.visitor(), email), await begin(pages.visitor(), unknown)];
    expect(plain(one, email)).toBe(plain(other, unknown));
  });

  it('by the link, whose page does nothing when it is opened, by whatever method and however often', async () => {
    const { email } = await pages.app.register();
    const visitor = pages.visitor();
    await begin(visitor, email);
    const path = pathOf(await linkIn(pages.app, email, LINK));
    for (const method of ['HEAD', 'GET', 'OPTIONS'] as const) {
      for (let i = 0; i < 2; i += 1) await fetch(pages.url + path, { method });
    }
    const shown = await visitor.open(path);
    expect([shown.status, shown.html]).toEqual([200, expect.stringContaining(`sign in as ${email}`)]);
    expect(shown.headers.get('referrer-policy')).toBe('strict-origin');
    expect(await me(visitor)).toBe(401);
    await visitor.open(path);
    const done = await visitor.submit({}, `${LINK}/form`);
    expect([done.status, done.location]).toEqual([303, '/confirm']);
    expect(await me(visitor)).toBe(200);
  });

  it('a program that opens the link and presses its button signs in nowhere, and uses nothing up', async () => {
    const { email } = await pages.app.register();
    const owner = pages.visitor();
    await begin(owner, email);
    const path = pathOf(await linkIn(pages.app, email, LINK));
    const scanner = pages.visitor();
    const shown = await scanner.open(path);
    expect(shown.html).not.toContain(email);
    for (const typed of [{}, { email: 'scanner@example.com' }] as Record<string, string>[]) {
      await scanner.open(path);
      const refused = await scanner.submit(typed, `${LINK}/form`);
      expect([refused.status, refused.html]).toEqual([401, expect.stringContaining('This did not work.')]);
    }
    expect(await me(scanner)).toBe(401);
    await owner.open(path);
    expect((await owner.submit({}, `${LINK}/form`)).status).toBe(303);
    expect(await me(owner)).toBe(200);
  });

  it('on another device the address is typed, and the link is good', async () => {
    const { email } = await pages.app.register();
    await ask(pages.app.client(), email);
    const path = pathOf(await linkIn(pages.app, email, LINK));
    const phone = pages.visitor();
    await phone.open(path);
    const done = await phone.submit({ email }, `${LINK}/form`);
    expect([done.status, done.location]).toEqual([303, '/account']);
    expect(await me(phone)).toBe(200);
  });

  it('a form from another site sends no mail and signs in nowhere', async () => {
    const { email } = await pages.app.register();
    const visitor = pages.visitor();
    await visitor.open('/sign-in/mailbox');
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await visitor.submit({ email }, '/sign-in/mailbox', foreign)).status).toBe(403);
    expect(await read(pages.app, email)).toBeNull();
  });

  it('says so when the code comes too late, or from a browser that did not ask', async () => {
    const shown = await pages.visitor().open('/sign-in/mailbox/sent');
    expect([shown.status, shown.location]).toEqual([303, '/sign-in/mailbox']);
  });

  it.each([true, false])('in Chromium (scripts: %s) without a complaint', async (scripts) => {
    const chromium = await Chromium.start();
    const { email } = await pages.app.register();
    const window = await chromium.open(pages.url, { scripts });
    await window.goto('/sign-in');
    await window.page.click('a[href^="/sign-in/mailbox"]');
    await window.page.fill('main [name=email]', email);
    await window.page.click('main form button');
    await window.page.waitForSelector('main [name=code]');
    const { code } = (await read(pages.app, email))!;
    await window.page.goto(pathOf(await linkIn(pages.app, email, LINK)));
    if (scripts) expect(new URL(window.page.url()).search).toBe('');
    await window.page.goto('/sign-in/mailbox/sent');
    await window.page.fill('main [name=code]', code);
    await Promise.all([window.page.waitForURL('**/account'), window.page.click('main form button')]);
    expect(window.complaints).toEqual([]);
    await chromium.close();
  });
});
