import type { Provider } from '@nestjs/common';
import type { AuthOptions } from '../../src/auth-options.js';
import { Clock } from '../../src/kernel/clock.js';
import { createService } from '../../src/service/create-service.js';
import { AuthTestApp, FakeClock, type TestClient, testOptions } from '../../src/testing/index.js';
import { closedAtTheEnd } from '../left-open.js';
import { freshDatabase } from '../real-postgres.js';
import { isInstalled, sharedServer } from '../servers-of-this-run.js';
import { DocumentedClient, DocumentedRoutes } from './documented-client.js';

export const STRATEGIES = ['session', 'jwt'] as const;
export const STORES = [
  'postgres',
  ...(isInstalled('redis-server') ? (['redis', 'redis-cluster'] as const) : []),
  ...(isInstalled('memcached') ? (['memcached'] as const) : []),
  'memory',
] as const;
export type StrategyUnderTest = (typeof STRATEGIES)[number];
export type StoreUnderTest = (typeof STORES)[number];

/** Those that can push, and whose feed nobody else writes to: they answer from a view in steady state. */
export const PUSHING_STORES = STORES.filter((store) => store !== 'memcached' && store !== 'redis-cluster');
/** The two kinds: sessions beside their users in the database, and sessions in a store of their own. Contract suites prove each store. */
export const KINDS_OF_STORE = STORES.filter((store) => store === 'postgres' || store === 'redis');

/** Runs the same rules over every strategy and every store, or those `stores`. Only the trunk is worth that. */
export function overEveryCombination(
  rules: (strategy: StrategyUnderTest, store: StoreUnderTest) => void,
  stores: readonly StoreUnderTest[] = STORES,
): void {
  overStores((store) => overStrategies((strategy) => rules(strategy, store)), stores);
}

/** Runs rules that depend on where sessions are kept: over both kinds of store, or those `stores`. */
export function overStores(
  rules: (store: StoreUnderTest) => void,
  stores: readonly StoreUnderTest[] = KINDS_OF_STORE,
): void {
  // That none is installed was said where it was looked for.
  if (stores.length === 0) it.skip('on a store that is installed', () => undefined);
  else describe.each(stores)('on the %s store', rules);
}

/** Runs rules that depend on what carries a ticket. */
export function overStrategies(
  rules: (strategy: StrategyUnderTest) => void,
  strategies: readonly StrategyUnderTest[] = STRATEGIES,
): void {
  describe.each(strategies)('by %s', rules);
}

/**
 * Runs rules that depend on where sessions are kept and on what carries a ticket, but not on which of the one meets which of the other: over
 * each store once, and each strategy once.
 */
export function overStoresAndStrategies(rules: (store: StoreUnderTest, strategy: StrategyUnderTest) => void): void {
  const isAlone = KINDS_OF_STORE.length === 1;
  const pairs = KINDS_OF_STORE.flatMap((store) =>
    isAlone ? STRATEGIES.map((strategy) => [store, strategy] as const) : [[store, strategyOn(store)] as const],
  );
  describe.each(pairs)('on the %s store, by %s', rules);
}

/** By which strategy a store is tried where one is enough; between them PostgreSQL and Redis have both. */
export const strategyOn = (store: StoreUnderTest): StrategyUnderTest => (store === 'postgres' ? 'session' : 'jwt');

/** A service whose every answer must be in its own OpenAPI document. */
class DocumentedApp extends AuthTestApp {
  routes = DocumentedRoutes.none;

  override client(headers?: Record<string, string>): TestClient {
    return new DocumentedClient(this.url, this.routes, headers);
  }
}

/** The real service on a real PostgreSQL (or where `options` say), listening, with a clock that stands still. @param port 0: any */
export async function bootService(
  options: AuthOptions = {},
  providers: Provider[] = [],
  clock = new FakeClock(),
  port = 0,
): Promise<AuthTestApp> {
  const database = options.databaseUrl || options.dataDir ? null : await freshDatabase();
  const values = {
    ...testOptions,
    logLevel: 'error',
    apiDocs: 'always',
    databaseUrl: database?.url,
    ...options,
    ...(await storageOptions(options)),
  };
  const app = await createService(values, [{ provide: Clock, useValue: clock }, ...providers]);
  await app.listen(port, '127.0.0.1');
  const served = closedAtTheEnd(new DocumentedApp(app, await app.getUrl(), clock, () => database?.drop()));
  served.routes = await DocumentedRoutes.of(app, async () => (await served.client().get('/openapi.json')).body.paths);
  return served;
}

/** The store's name and address, by its name in {@link STORES}, unless it has an address. */
export async function storageOptions({
  sessionStore: store,
  redisUrl,
  memcachedUrl,
}: AuthOptions): Promise<AuthOptions> {
  if (redisUrl || memcachedUrl) return {};
  if (store === 'memcached') return { memcachedUrl: (await sharedServer(store)).url };
  if (store !== 'redis' && store !== 'redis-cluster') return {};
  return { sessionStore: 'redis', redisUrl: (await sharedServer(store)).url };
}
