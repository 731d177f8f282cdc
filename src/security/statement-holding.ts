import type { EntityManager } from 'typeorm';
import { type Bind, type Ending, Holding } from './holding.js';

/** A holding in tables of the database, which ends by statements alone: with those of others in one, or by themselves. */
export abstract class StatementHolding extends Holding {
  abstract override statements(of: Ending, bind: Bind): readonly string[];

  async end(of: Ending, tx: EntityManager): Promise<void> {
    const values: unknown[] = [];
    const parts = this.statements(of, (value) => `$${values.push(value)}`);
    if (parts.length > 0) await tx.query(`${together(parts)} SELECT 1`, values);
  }
}

/** Data-modifying statements as one `WITH`, with `rest` behind them. */
export function together(parts: readonly string[], ...rest: readonly string[]): string {
  return `WITH ${[...parts.map((statement, index) => `ended_${index} AS (${statement})`), ...rest].join(', ')}`;
}
