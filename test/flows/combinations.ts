import type { Provider } from '@nestjs/common';
import type { AuthOptions } from '../../src/auth.module.js';
import { Clock } from '../../src/kernel/clock.js';
import { createService } from '../../src/service/create-service.js';
import { AuthTestApp, FakeClock, testOptions } from '../../src/testing/index.js';
import { freshDatabase } from '../real-postgres.js';

export const STRATEGIES = ['session', 'jwt'] as const;
export const STORES = ['postgres', 'memory'] as const;
export type StrategyUnderTest = (typeof STRATEGIES)[number];

/** Runs the same rules over every strategy and every store. */
export function overEveryCombination(
  rules: (strategy: StrategyUnderTest, store: (typeof STORES)[number]) => void,
): void {
  describe.each(STORES)('on the %s store', (store) => {
    describe.each(STRATEGIES)('by %s', (strategy) => rules(strategy, store));
  });
}

/** The real service on a real PostgreSQL, listening, with a clock that stands still. */
export async function bootService(options: AuthOptions = {}, providers: Provider[] = []): Promise<AuthTestApp> {
  const database = options.databaseUrl || options.dataDir ? null : await freshDatabase();
  const clock = new FakeClock();
  const values = { ...testOptions, logLevel: 'error', databaseUrl: database?.url, ...options };
  const app = await createService(values, [{ provide: Clock, useValue: clock }, ...providers]);
  await app.listen(0, '127.0.0.1');
  return new AuthTestApp(app, (await app.getUrl()).replace('[::1]', '127.0.0.1'), clock, () => database?.drop());
}
