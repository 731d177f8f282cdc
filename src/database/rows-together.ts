import type { DataSource } from 'typeorm';

/** A query that answers one row at most. Its columns are called by no other that may be read beside it. */
interface RowQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Asked extends RowQuery {
  resolve(row: Record<string, unknown>): void;
  reject(error: unknown): void;
}

/** What is asked for within {@link readTogether}; null outside of it. */
let collected: Map<DataSource, Asked[]> | null = null;

/**
 * Sends what `step` asks {@link rowOf} for in one statement: each further row costs a join instead of a statement, and none of those who ask
 * has to know of another. What it asks for after its first `await` comes in a statement of its own.
 */
export function readTogether<T>(step: () => T): T {
  if (collected) return step();
  const asked = new Map<DataSource, Asked[]>();
  collected = asked;
  try {
    return step();
  } finally {
    collected = null;
    for (const [dataSource, queries] of asked) void readAll(dataSource, queries);
  }
}

/**
 * Reads one row.
 *
 * @param text with `$1`, `$2` … for `values`
 * @returns the row; all columns are null, or absent, where there is none
 */
export function rowOf<Row extends object>(
  dataSource: DataSource,
  text: string,
  values: readonly unknown[],
): Promise<Partial<Row>> {
  return new Promise((resolve, reject) => {
    const asked = { text, values, resolve: (row: object) => resolve(row as Partial<Row>), reject };
    if (!collected) return void readAll(dataSource, [asked]);
    collected.set(dataSource, [...(collected.get(dataSource) ?? []), asked]);
  });
}

async function readAll(dataSource: DataSource, asked: readonly Asked[]): Promise<void> {
  const { text, values } = asked.length === 1 ? asked[0]! : joined(asked);
  try {
    const [row = {}] = await dataSource.query<Record<string, unknown>[]>(text, [...values]);
    for (const { resolve } of asked) resolve(row);
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}

function joined(queries: readonly RowQuery[]): RowQuery {
  const values: unknown[] = [];
  const joins = queries.map((query, i) => {
    const text = query.text.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + values.length}`);
    values.push(...query.values);
    return `LEFT JOIN (${text}) AS read_${i} ON true`;
  });
  return { text: `SELECT * FROM (VALUES (1)) AS one (one) ${joins.join(' ')}`, values };
}
