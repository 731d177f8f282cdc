import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { AuthTestApp } from './auth-test-app.js';
import { FakeClock } from './fake-clock.js';

/**
 * Gives tests of a whole application what they do with it: users who are logged in, mails, a clock that stands still until it is moved.
 * The application listens on a free port of this machine, unless it listens already.
 *
 * Its own options are in force, so they must suit a test: an embedded database in memory (`dataDir: testOptions.dataDir`) or one of the
 * tests' own, `nodeEnv: 'test'`, no limits on logins. Its `Clock` is taken over, whichever it is.
 *
 * @param app as `NestFactory.create(AppModule)` or `createNestApplication()` of a testing module gives it, with its prefix, versions
 *   and pipes set
 * @throws whatever the application throws at its start; it is closed then
 * @example
 * const app = await wrapAuthApp(await NestFactory.create(AppModule, { abortOnError: false }));
 * const clerk = await app.actAs({ roles: ['clerk'] });
 * expect((await clerk.get('/reports')).status).toBe(200);
 * await app.close();
 */
export async function wrapAuthApp(app: INestApplication): Promise<AuthTestApp> {
  try {
    const clock = takeOver(app.get(Clock, { strict: false }));
    const server: Server = app.getHttpServer();
    if (!server.listening) await app.listen(0, '127.0.0.1');
    // A suite that fails before it has closed the application must not keep its process.
    server.unref();
    return new AuthTestApp(app, await app.getUrl(), clock);
  } catch (error) {
    // Of the two errors the first says what to do. Its database would keep the run of tests from ending.
    await app.close().catch(() => undefined);
    throw error;
  }
}

/** Every part of the application has this very instance. */
function takeOver(clock: Clock): FakeClock {
  if (clock instanceof FakeClock) return clock;
  const taken = new FakeClock(clock.now());
  clock.now = () => taken.now();
  return taken;
}
