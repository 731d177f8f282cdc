import { gzipSync } from 'node:zlib';
import { bootPages, type PagesUnderTest } from './boot-pages.js';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages();
});
afterAll(() => pages.close());

it('a page is whole, in the reader’s language, and carries its own policy', async () => {
  const { status, headers, html } = await pages.visitor().open('/signed-out');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/);
  expect(html).toContain('<h1>You are signed out</h1>');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const german = await pages.visitor().open('/signed-out', { 'accept-language': 'de-AT,en;q=0.5' });
  expect(german.html).toContain('<h1>Sie sind abgemeldet</h1>');
});

it('its style sheet is there, for ever, under the name that the page uses', async () => {
  const { html } = await pages.visitor().open('/signed-out');
  const [, href = ''] = /<link rel="stylesheet" href="([^"]+)">/.exec(html) ?? [];
  const sheet = await pages.visitor().open(href);
  expect(sheet.status).toBe(200);
  expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(sheet.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(sheet.html).toContain('--paper: light-dark(');
});

it('the sign-in page is light: 8 kB for page and sheet, 12 kB with the module of passkeys, in three requests', async () => {
  const visitor = pages.visitor();
  const { html } = await visitor.open('/sign-in');
  const files = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  expect(files).toHaveLength(2);
  const gzipped = async (path: string) => gzipSync((await visitor.open(path)).html, { level: 9 }).length;
  const [sheet, module] = [await gzipped(files[0]!), await gzipped(files[1]!)];
  const page = gzipSync(html, { level: 9 }).length + sheet;
  expect(page).toBeLessThanOrEqual(8 * 1024);
  expect(page + module).toBeLessThanOrEqual(12 * 1024);
});

it('`GET /` leads browsers to the sign-in page or the account, and tells programs what it did', async () => {
  const visitor = pages.visitor();
  expect((await visitor.open('/', { accept: 'text/html' })).location).toBe('/sign-in');
  expect((await (await pages.as()).open('/', { accept: 'text/html' })).location).toBe('/account');
  expect(JSON.parse((await visitor.open('/')).html)).toMatchObject({ outbox: '/dev/outbox' });
});

it('an unknown address is a page to a browser, and a problem in JSON to whatever does not ask for HTML', async () => {
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
  for (const path of ['/acount', '/account/nothing', '/admin/ui/nothing', '/auth/nothing']) {
    const { status, headers, html } = await pages.visitor().open(path, browser);
    expect([path, status, headers.get('content-type')]).toEqual([path, 404, 'text/html; charset=utf-8']);
    expect(html).toContain('<h1>');
    expect(html).not.toContain(`href="${path}"`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  }
  for (const accept of [
    '*/*',
    'application/json',
    'application/json, text/html',
    'text/html;q=0.1, application/json',
    '',
  ])
    expect([accept, (await pages.visitor().open('/acount', { accept })).headers.get('content-type')]).toEqual([
      accept,
      'application/problem+json; charset=utf-8',
    ]);
  const posted = await pages.visitor().send('POST', '/acount', {}, browser);
  expect([posted.status, posted.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
});
