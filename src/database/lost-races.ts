import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';

/** Serialization failure, deadlock: the statement was undone as a whole, and the same again meets what the winner has left. */
const LOST = /^(40001|40P01)$/;
const TRIES = 5;
const TRIES_OF_TRANSACTIONS = 3;
/** At most so long before the second try, twice as long before the third. */
const PAUSE_MS = 40;

/** Those, a lock that was waited for in vain, a statement that took too long, a pool of which no connection came back. */
const BUSY = /^(40001|40P01|55P03|57014)$/;
const POOL_IS_BUSY = 'timeout exceeded when trying to connect';

/**
 * Whether the database is there and could not do it in time. Not the same as being out of reach: others are served, and a client that holds a
 * lock on purpose must not gain by it.
 */
export function isBusy(error: unknown): boolean {
  return BUSY.test(codeOf(error)) || (error instanceof Error && error.message.startsWith(POOL_IS_BUSY));
}

/**
 * Does a single statement again when it lost a race against another transaction. Not for part of a transaction, which is lost with
 * it, nor for a lock that was waited for in vain: its holder may keep it.
 *
 * @throws what the last try threw
 */
export async function afterLostRaces<T>(statement: () => Promise<T>, most = TRIES): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await statement();
    } catch (error) {
      if (tries >= most || !LOST.test(codeOf(error))) throw error;
    }
  }
}

/**
 * A transaction that is done again, three times in all, when it lost a race against another one: it was undone as a whole. So `work` must
 * be repeatable: all it changes, it changes through `tx`.
 *
 * @throws what the last try threw
 */
export function transactionAfterLostRaces<T>(
  dataSource: DataSource,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  let tries = 0;
  return afterLostRaces(async () => {
    // Not at once, or the same two meet again.
    if (tries > 0) await pause(tries * PAUSE_MS * Math.random());
    tries += 1;
    return dataSource.transaction(work);
  }, TRIES_OF_TRANSACTIONS);
}

function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  return String(code ?? driverError?.code);
}
