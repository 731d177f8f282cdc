import type { DataSource, QueryRunner } from 'typeorm';

/**
 * Has what begins within `begin` come as far as a lock that `sql` takes, lets `meanwhile` happen, and then lets it go on.
 *
 * @param begin answers what is to wait, e.g. a request that was sent
 * @param waits how many statements are to wait before anything else happens
 * @returns what came of both
 */
export async function heldBack<A, B>(
  database: DataSource,
  sql: string,
  begin: () => Promise<A>,
  meanwhile: (holder: QueryRunner) => Promise<B>,
  waits = 1,
): Promise<[A, B]> {
  const holder = database.createQueryRunner();
  await holder.startTransaction();
  try {
    await holder.query(sql);
    let isEarly = false;
    const begun = begin().finally(() => (isEarly = true));
    while ((await waiting(database)) < waits) if (isEarly) throw new Error('it did not wait for the lock');
    const happened = await meanwhile(holder);
    await holder.commitTransaction();
    return [await begun, happened];
  } finally {
    if (holder.isTransactionActive) await holder.rollbackTransaction();
    await holder.release();
  }
}

/**
 * Has `first` and `second` wait for the lock of this user, in that order, and lets both go on: the first is done, and the second finds what
 * that has left.
 */
export function inTurn<A, B>(
  database: DataSource,
  userId: string,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  return inTurnBehind(database, `SELECT 1 FROM coatcheck.users WHERE id = '${userId}' FOR UPDATE`, first, second);
}

/** Has `first` wait for a lock that `lock` takes, and then `second` for that or for what `first` has locked, and lets both go on. */
export async function inTurnBehind<A, B>(
  database: DataSource,
  lock: string,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const [answered, { later }] = await heldBack(database, lock, first, async () => {
    let isEarly = false;
    const begun = second().finally(() => (isEarly = true));
    while ((await waiting(database)) < 2)
      if (isEarly) throw new Error(`it did not wait for the lock: ${JSON.stringify(await begun)}`);
    return { later: begun };
  });
  return [answered, await later];
}

/** Not asked within the transaction that they wait for: it would not see connections that were opened since. */
async function waiting(database: DataSource): Promise<number> {
  const [row] = await database.query(
    `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  return row.count;
}
