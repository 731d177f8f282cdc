import type { Client } from 'pg';
import type { SentStatement } from './statements.js';

/** What a plan does to one table. */
export interface MetricValue {
  readonly table: string;
  /** Reads the table from end to end, or up to where a limit lets it stop. */
  readonly isSequential: boolean;
  /** Rows looked at, also those that did not fit; null where the statement could not be carried out again. */
  readonly rows: number | null;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

const READS = /^(Seq|Index|Index Only|Bitmap Heap|Tid|Tid Range|Sample) Scan$/;

/** Carries the statement out as it was sent, in a transaction that is rolled back, and tells which rows it looked at. */
export async function readingsOf(client: Client, sent: SentStatement): Promise<MetricValue[]> {
  const measured = await explained(client, 'ANALYZE, TIMING OFF', sent).catch(() => null);
  // What can be done once only, an INSERT of the same key for example, has a plan all the same.
  return readings(measured ?? (await explained(client, 'COSTS', sent)));
}

/** As PostgreSQL plans a prepared statement that it has carried out often enough: for whatever values. */
export async function genericReadingsOf(client: Client, sent: SentStatement): Promise<MetricValue[]> {
  return readings(await explained(client, 'GENERIC_PLAN', { ...sent, values: [] }));
}

async function explained(client: Client, how: string, { text, values, settings }: SentStatement): Promise<PlanNode> {
  await client.query('BEGIN');
  try {
    for (const setting of settings) await client.query(setting);
    const { rows } = await client.query(`EXPLAIN (${how}, FORMAT JSON) ${text}`, [...values]);
    return rows[0]['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('ROLLBACK');
  }
}

function readings(node: PlanNode): MetricValue[] {
  const below = (node.Plans ?? []).flatMap(readings);
  const table = node['Relation Name'];
  if (!table || !READS.test(node['Node Type'])) return below;
  return [{ table, isSequential: node['Node Type'] === 'Seq Scan', rows: rowsOf(node) }, ...below];
}

function rowsOf(node: PlanNode): number | null {
  const { 'Actual Rows': kept, 'Actual Loops': loops = 1 } = node;
  if (kept === undefined) return null;
  const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return Math.round((kept + dropped) * loops);
}
