import type { EntityManager } from 'typeorm';

/**
 * Something that a room wants to be rid of when nobody needs it any more. Declared in the room's `chores`, and seen to by the room
 * `upkeep`, on one node at a time.
 */
export interface Chore {
  /** What is deleted, as the log says it. */
  readonly name: string;

  /** Deletes at most `limit` rows, in one short statement of the transaction `within`; returns how many. Finds them by an index. */
  tidy(within: EntityManager, now: Date, limit: number): Promise<number>;
}

/**
 * A chore by one condition. Rows that somebody else holds at the moment are left for the next time.
 *
 * @param key the columns of its primary key, comma-separated
 * @param condition SQL over the table; `$1` is the instant `keptSeconds` ago
 */
export function deleting(table: string, key: string, condition: string, keptSeconds = 0): Chore {
  const statement = `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT $2 FOR UPDATE SKIP LOCKED)`;
  return {
    name: table,
    tidy: async (within, now, limit) => {
      const [, deleted] = await within.query(statement, [new Date(now.getTime() - keptSeconds * 1000), limit]);
      return deleted;
    },
  };
}
