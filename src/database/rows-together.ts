import type { DataSource } from 'typeorm';
import { isPrepared, prepared } from './prepared.js';

/** A query that answers one row at most. Its columns are called by no other that may be read beside it. */
interface RowQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Asked extends RowQuery {
  resolve(row: Record<string, unknown>): void;
  reject(error: unknown): void;
}

/** The reads collected within {@link readTogether}; null outside of it. */
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
  const { text, values } = asked.reduce<RowQuery>(joined, NOTHING);
  try {
    const [row = {}] = await dataSource.query<Record<string, unknown>[]>(text, [...values]);
    for (const { resolve } of asked) resolve(row);
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}

const NOTHING: RowQuery = { text: '', values: [] };

/** By their texts, of which there are few. */
const texts = new Map<string, Map<string, string>>();

function joined(one: RowQuery, other: RowQuery): RowQuery {
  if (one === NOTHING) return other;
  const following = texts.get(one.text) ?? new Map<string, string>();
  texts.set(one.text, following);
  const text = following.get(other.text) ?? textOf(one, other);
  following.set(other.text, text);
  return { text, values: [...one.values, ...other.values] };
}

function textOf(one: RowQuery, other: RowQuery): string {
  const second = other.text.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + one.values.length}`);
  const text = `SELECT * FROM (VALUES (1)) AS one (one) LEFT JOIN (${one.text}) AS first ON true LEFT JOIN (${second}) AS second ON true`;
  return isPrepared(one.text) && isPrepared(other.text) ? prepared(text) : text;
}
