/** Serialization failure, deadlock: the statement was undone as a whole, and the same again meets what the winner has left. */
const LOST = /^(40001|40P01)$/;
const TRIES = 5;

/**
 * Does a single statement again when it lost a race against another transaction. Not for part of a transaction, which is lost with
 * it, nor for a lock that was waited for in vain: whoever holds it may hold it on.
 *
 * @throws what the last try threw
 */
export async function afterLostRaces<T>(statement: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await statement();
    } catch (error) {
      const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
      if (tries === TRIES || !LOST.test(String(code ?? driverError?.code))) throw error;
    }
  }
}
