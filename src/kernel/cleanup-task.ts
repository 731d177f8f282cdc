import type { EntityManager } from 'typeorm';

/**
 * Deletes rows that a feature no longer needs. Declared in the feature's `cleanups`, and run by the feature `cleanup`, on one node at a
 * time.
 */
export interface CleanupTask {
  /** The name of the deleted things, for the log. */
  readonly name: string;

  /** Deletes at most `limit` rows, in one short statement of the transaction `within`; returns how many. Finds them by an index. */
  deleteExpired(within: EntityManager, now: Date, limit: number): Promise<number>;
}

/**
 * Deletes rows that expired more than `keptSeconds` ago. Those that another transaction holds are left for the next time.
 *
 * @param table one of Coatcheck's, without its schema
 * @param end the column that says when; with an index of its own
 */
export function deleting(table: string, end: string, keptSeconds = 0): CleanupTask {
  const statement = deletionOf(table, end);
  return {
    name: table,
    deleteExpired: async (within, now, limit) => {
      const [, deleted] = await within.query(statement, [new Date(now.getTime() - keptSeconds * 1000), limit]);
      return deleted;
    },
  };
}

/**
 * The statement that deletes at most `$2` rows whose `end` is before `$1`, the oldest first. In this order only the index can find them,
 * however many there are: a limit alone tempts PostgreSQL to read the table up to the first that fits. By their places, for
 * a join with so many keys tempts it to read the table once more.
 */
export function deletionOf(table: string, end: string): string {
  return `DELETE FROM coatcheck.${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM coatcheck.${table} WHERE ${end} < $1 ORDER BY ${end} LIMIT $2 FOR UPDATE SKIP LOCKED))`;
}
