import type { Provider } from '@nestjs/common';
import type { BrowserContext } from 'playwright-core';
import type { AuthOptions } from '../../src/auth-options.js';
import type { ActingUser, AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { reservePort } from '../ports.mjs';
import { PageVisitor } from './page-visitor.js';

/** The service with its pages. */
export interface PagesUnderTest {
  readonly app: AuthTestApp;
  readonly url: string;
  /** A browser in which nobody has signed in. */
  visitor(headers?: Record<string, string>): PageVisitor;
  /** A browser in which this user has. Default: a new one. */
  as(user?: undefined): Promise<PageVisitor & { readonly user: TestUser }>;
  as<U extends ActingUser>(user: U): Promise<PageVisitor & { readonly user: U }>;
  close(): Promise<void>;
}

/**
 * Boots the service on a real PostgreSQL at its own `PUBLIC_URL`, so that a browser may follow what mails link to; its mails are in
 * `app.mails`.
 */
export async function bootPages(options: AuthOptions = {}, providers: Provider[] = []): Promise<PagesUnderTest> {
  const port = await reservePort();
  const url = `http://localhost:${port}`;
  const app = Object.assign(await bootWithMadeUsers({ publicUrl: url, ...options }, providers, undefined, port), {
    url,
  });
  const visitor = (headers?: Record<string, string>) => new PageVisitor(url, headers);
  return {
    app,
    url,
    visitor,
    as: async <U extends ActingUser>(given?: U) => {
      const user = given ?? (await app.logIn({ strategy: 'session' }));
      const browser = visitor();
      for (const [name, value] of cookiesOf(user)) browser.cookies.set(name, value);
      return Object.assign(browser, { user: user as U & TestUser });
    },
    close: () => app.close(),
  };
}

/** Gives a browser the cookies of a user's client: signed in without a form. */
export async function signInAs(user: ActingUser, context: BrowserContext, url: string): Promise<void> {
  const cookies = cookiesOf(user).map(([name, value]) => ({ name, value, url, httpOnly: true }));
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, sameSite: 'Lax' as const })));
}

/** The address that the newest mail to `to` links to. @param page only of mails that link to this page */
export async function linkIn(app: AuthTestApp, to: string, page = '/'): Promise<string> {
  const mail = (await app.mails(to)).find(({ text }) => text.includes(`${page}?token=`) || page === '/');
  const link = /https?:\/\/\S+[?&]token=[\w.%-]+/.exec(mail?.text ?? '')?.[0];
  if (!link)
    throw new Error(`no link in the newest mail to ${to}: ${mail ? JSON.stringify(mail.text) : 'there is none'}`);
  return link;
}

function cookiesOf(user: ActingUser): [name: string, value: string][] {
  const pairs = (user.headers.cookie ?? '').split('; ').filter(Boolean);
  return pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
}
