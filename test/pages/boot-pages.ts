import type { Provider } from '@nestjs/common';
import type { BrowserContext } from 'playwright-core';
import type { AuthOptions } from '../../src/auth-options.js';
import { Clock } from '../../src/kernel/clock.js';
import { createService } from '../../src/service/create-service.js';
import { type ActingUser, AuthTestApp, FakeClock, testOptions } from '../../src/testing/index.js';
import { closedAtTheEnd } from '../left-open.js';
import { reservePort } from '../ports.mjs';
import { freshDatabase } from '../real-postgres.js';

export const PASSWORD = 'an engine weaves algebra';

/**
 * The service with its pages and the mail outbox on a real PostgreSQL, listening at its own `PUBLIC_URL`, so that a browser may follow
 * what mails link to. The clock stands still.
 */
export async function bootPages(
  options: AuthOptions = {},
  providers: Provider[] = [],
  clock = new FakeClock(),
): Promise<AuthTestApp> {
  const database = await freshDatabase();
  const port = await reservePort();
  const url = `http://localhost:${port}`;
  const values = {
    ...testOptions,
    logLevel: 'error',
    databaseUrl: database.url,
    publicUrl: url,
    authStrategies: ['session'],
    ...options,
  };
  const app = await createService(values, [{ provide: Clock, useValue: clock }, ...providers]);
  await app.listen(port, '127.0.0.1');
  return closedAtTheEnd(new AuthTestApp(app, url, clock, () => database.drop()));
}

/** Gives a browser the cookies of a user's client: signed in without a form. */
export async function signInAs(user: ActingUser, context: BrowserContext, url: string): Promise<void> {
  const cookies = (user.headers.cookie ?? '').split('; ').filter(Boolean);
  await context.addCookies(
    cookies.map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url, httpOnly: true, sameSite: 'Lax' as const };
    }),
  );
}

/** The address that the newest mail to `to` links to. */
export async function linkIn(app: AuthTestApp, to: string): Promise<string> {
  const [mail] = await app.mails(to);
  const link = /https?:\/\/\S+[?&]token=[\w.%-]+/.exec(mail?.text ?? '')?.[0];
  if (!link)
    throw new Error(`no link in the newest mail to ${to}: ${mail ? JSON.stringify(mail.text) : 'there is none'}`);
  return link;
}
