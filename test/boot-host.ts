import { type AuthTestApp, bootAuthApp, type TestAppSettings } from '../src/testing/index.js';
import { freshEmbeddedDatabase } from './embedded-database.js';
import { closedAtTheEnd, waitedForAtTheEnd } from './left-open.js';
import { freshDatabase } from './real-postgres.js';

/** {@link bootAuthApp} on a real PostgreSQL from the template: an embedded one takes seconds to boot. */
export async function bootHost({ options, ...settings }: TestAppSettings = {}): Promise<AuthTestApp> {
  const database = await freshDatabase();
  const app = await bootAuthApp({
    adapter: 'fastify',
    ...settings,
    options: { databaseUrl: database.url, ...options },
  });
  const close = app.close.bind(app);
  return closedAtTheEnd(Object.assign(app, { close: () => close().finally(() => waitedForAtTheEnd(database.drop())) }));
}

/** {@link bootAuthApp} on an embedded PostgreSQL from the template: one in memory is made anew, which takes four seconds of CPU. */
export async function bootEmbeddedHost({ options, ...settings }: TestAppSettings = {}): Promise<AuthTestApp> {
  const { dataDir, drop } = await freshEmbeddedDatabase();
  const app = await bootAuthApp({ adapter: 'fastify', ...settings, options: { dataDir, ...options } });
  const close = app.close.bind(app);
  return closedAtTheEnd(Object.assign(app, { close: () => close().finally(drop) }));
}
