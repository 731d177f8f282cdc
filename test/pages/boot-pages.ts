import type { AuthOptions } from '../../src/auth-options.js';
import type { ActingUser, AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { PageVisitor } from './page-visitor.js';

/** The service with its pages. */
export interface PagesUnderTest {
  readonly app: AuthTestApp;
  readonly url: string;
  /** A browser in which nobody has signed in. */
  visitor(headers?: Record<string, string>): PageVisitor;
  /** A browser in which this user has. Default: a new one. */
  as(user?: ActingUser): Promise<PageVisitor & { readonly user: ActingUser }>;
  close(): Promise<void>;
}

/** Boots the service on a real PostgreSQL; its mails are in `app.mails`. */
export async function bootPages(options: AuthOptions = {}): Promise<PagesUnderTest> {
  const app = await bootService(options);
  const visitor = (headers?: Record<string, string>) => new PageVisitor(app.url, headers);
  return {
    app,
    url: app.url,
    visitor,
    as: async (given) => {
      const user = given ?? (await app.logIn({ strategy: 'session' }));
      const browser = visitor();
      for (const pair of (user.headers.cookie ?? '').split('; ')) {
        const equals = pair.indexOf('=');
        browser.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
      }
      return Object.assign(browser, { user });
    },
    close: () => app.close(),
  };
}
