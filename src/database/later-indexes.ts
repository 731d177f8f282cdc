import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from './table-schema.js';

/** An index of a table that may be large: no request may wait while it is built. */
export interface LaterIndex {
  readonly name: string;
  /** Without its schema. */
  readonly table: string;
  /** The rest of the definition, after the table: `(ip, id) WHERE ip IS NOT NULL`. */
  readonly on: string;
}

/** A migration whose indexes are built after its transaction, while the table is written to. Its `down` drops them. */
export interface HasLaterIndexes {
  readonly laterIndexes: readonly LaterIndex[];
}

/** Of these migrations, in their order. */
export function laterIndexesOf(migrations: readonly MigrationInterface[]): LaterIndex[] {
  return migrations.flatMap((migration) => (migration as Partial<HasLaterIndexes>).laterIndexes ?? []);
}

/** Those that are not there, or were not built to their end. */
export async function missingIndexes(runner: QueryRunner, indexes: readonly LaterIndex[]): Promise<LaterIndex[]> {
  const missing: LaterIndex[] = [];
  for (const index of indexes) if (!(await stateOf(runner, index.name))) missing.push(index);
  return missing;
}

/**
 * Builds those that are missing. One whose building was broken off stays behind, invalid: it is dropped and built anew. Not within a
 * transaction, and by one process at a time.
 *
 * @param isShared whether others use the database meanwhile; an embedded one is built at once
 */
export async function buildLaterIndexes(
  runner: QueryRunner,
  indexes: readonly LaterIndex[],
  { isShared }: { readonly isShared: boolean },
): Promise<void> {
  const how = isShared ? 'CONCURRENTLY' : '';
  for (const { name, table, on } of indexes) {
    const isValid = await stateOf(runner, name);
    if (isValid) continue;
    if (isValid === false) await runner.query(`DROP INDEX ${how} coatcheck.${name}`);
    await runner.query(`CREATE INDEX ${how} ${name} ON coatcheck.${table} ${on}`);
  }
}

/** Null: there is none. */
async function stateOf(runner: QueryRunner, name: string): Promise<boolean | null> {
  const [found]: { valid: boolean }[] = await runner.query(
    `SELECT indisvalid AS valid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE relname = $1 AND relnamespace = to_regnamespace($2)`,
    [name, `"${schemaOf(runner)}"`],
  );
  return found?.valid ?? null;
}
