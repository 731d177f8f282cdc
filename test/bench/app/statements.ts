import pg from 'pg';

let executed = 0;

/** Counts what goes to PostgreSQL, `BEGIN` and `COMMIT` included; the heartbeat's own is in it, one in a second. */
export function countStatements(): void {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    executed += 1;
    return (query as (...all: unknown[]) => unknown).apply(this, args);
  } as typeof query;
}

/** Since the start. */
export function statementsExecuted(): number {
  return executed;
}
