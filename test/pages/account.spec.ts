import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsOptional, IsString, Length } from 'class-validator';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { codeAt, setUpTotp } from '../flows/authenticator-app.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor, Shown } from './page-visitor.js';

/** What stands in `<main>`, without marks. */
const textOf = ({ html }: Shown) =>
  (/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const XSS = `"><img src=x onerror=alert(1)>'<script>alert(1)</script>`;
const HOUR = 3600;

let site: PagesUnderTest;
beforeAll(async () => {
  site = await bootPages({ authStrategies: ['session', 'jwt', 'api-key'] });
}, 60_000);
afterAll(() => site.close());

const query = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  site.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);

/** Sends a form and opens the page it leads to. */
async function sent(browser: PageVisitor, fields: Record<string, string>, path?: string): Promise<Shown> {
  const reply = await browser.submit(fields, path);
  expect([reply.status, reply.location]).toEqual([303, expect.any(String)]);
  return browser.follow(reply);
}

describe('every page of an account', () => {
  const PAGES = [
    '/account',
    '/account/email',
    '/account/password',
    '/account/export',
    '/account/delete',
    '/account/factors',
    '/account/factors/totp',
    '/account/keys',
    '/account/keys/new',
    '/account/log',
  ];

  it.each(PAGES)(
    '%s is shown to a user, changes nothing, and leads whoever is not signed in to sign-in',
    async (path) => {
      const ada = await site.as();
      const before = await query('SELECT count(*)::integer AS n FROM coatcheck.audit_events');
      const shown = await ada.open(path);
      expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(await query('SELECT count(*)::integer AS n FROM coatcheck.audit_events')).toEqual(before);
      const stranger = await site.visitor().open(path);
      expect([stranger.status, stranger.location]).toEqual([303, `/sign-in?return=${encodeURIComponent(path)}`]);
    },
  );

  it.each(PAGES)('%s speaks German', async (path) => {
    const ada = await site.as();
    const shown = await ada.open(`${path}?lang=de`);
    expect([shown.status, /<html lang="([^"]*)"/.exec(shown.html)?.[1]]).toEqual([200, 'de']);
  });

  it('shows nothing in the navigation that is not there', async () => {
    const ada = await site.as();
    const { html } = await ada.open('/account');
    for (const [, path] of html.matchAll(/href="(\/account[^"]*)"/g))
      expect([path, (await ada.open(path!)).status]).toEqual([
        path,
        expect.toBeOneOf?.([200, 303]) ?? expect.anything(),
      ]);
    expect(html).not.toMatch(/\/account\/(apps|logins)/);
  });
});
