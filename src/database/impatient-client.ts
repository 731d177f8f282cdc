import { Client } from 'pg';
import { isTooLate, tooLate } from '../kernel/deadline.js';

/**
 * A connection that is thrown away once a query on it went unanswered (`query_timeout`). The stock client goes back to the
 * pool with the dead query still on it, and everybody who draws it waits for the same timeout again. And one that begins nothing for a
 * request that was turned away.
 */
export class ImpatientClient extends Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `query` seven ways; this one only looks at the outcome
  override query(...given: any[]): any {
    // What it had begun is taken back, and the connection is somebody else's.
    if (isTooLate() && !isRollback(given[0])) return Promise.reject(tooLate());
    // biome-ignore lint/suspicious/noExplicitAny: see above
    const result = (super.query as (...given: any[]) => unknown).apply(this, given);
    if (result instanceof Promise) result.catch((error) => this.dropIfUnanswered(error));
    return result;
  }

  private dropIfUnanswered(error: unknown): void {
    if ((error as Error).message === 'Query read timeout') this.connection.stream.destroy();
  }
}

function isRollback(statement: unknown): boolean {
  return typeof statement === 'string' && statement.startsWith('ROLLBACK');
}
