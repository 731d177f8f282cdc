import type { DataSource, EntityMetadata, QueryRunner } from 'typeorm';
import { isPrepared, prepared } from './prepared.js';

/**
 * The schema that statements name, whatever schema the tables are in: `SELECT … FROM coatcheck.sessions` can be read, found, and pasted into
 * psql as it stands. Where the tables are elsewhere, {@link keepTablesIn} has it replaced on the way to the database.
 */
export const DEFAULT_SCHEMA = 'coatcheck';

/**
 * Not within a name, nor within quotes or a comment, which are passed over whole: what an application's own statement says of `coatcheck.` in
 * a text of its users is no table.
 */
const NAMED = /'[^']*'|"[^"]*"|--[^\n]*|(?<![\w"'.$])coatcheck\.(?=["a-z_])/g;

/** Statements are few and are sent again and again; those that are put together anew each time must not fill the memory. */
const MOST_REMEMBERED = 2_000;

const schemas = new WeakMap<DataSource | QueryRunner, string>();

/** In which schema Coatcheck's tables are, for this DataSource. */
export function schemaOf(of: DataSource | QueryRunner): string {
  return schemas.get(of) ?? ('dataSource' in of ? schemas.get(of.dataSource) : undefined) ?? DEFAULT_SCHEMA;
}

/** The statement as it reads where the tables are in `schema`. */
export function inSchema(statement: string, schema: string): string {
  return schema === DEFAULT_SCHEMA ? statement : remembered(statement, schema);
}

/**
 * From now on every statement of this DataSource, also of its transactions and its repositories, finds Coatcheck's tables in `schema`. Costs nothing
 * where that is the default.
 *
 * @throws TypeError when the DataSource is already used with another schema
 */
export function keepTablesIn(dataSource: DataSource, schema: string): void {
  const before = schemas.get(dataSource);
  if (before === schema) return;
  if (before !== undefined)
    throw new TypeError(`This DataSource already has Coatcheck's tables in the schema ${before}, not ${schema}`);
  schemas.set(dataSource, schema);
  if (schema === DEFAULT_SCHEMA) return;
  const create = dataSource.createQueryRunner;
  dataSource.createQueryRunner = function (...mode) {
    return rewriting(create.apply(this, mode), schema);
  };
}

/** The same, of a single connection. Returns it. */
function rewriting(runner: QueryRunner, schema: string): QueryRunner {
  schemas.set(runner, schema);
  const query = runner.query;
  runner.query = function (this: QueryRunner, statement: string, ...rest: never[]) {
    return query.call(this, inSchema(statement, schema), ...rest);
  } as QueryRunner['query'];
  return runner;
}

/** Moves what TypeORM knows of a table; its statements come of that. */
export function moveTable(metadata: EntityMetadata, schema: string): void {
  metadata.schema = schema;
  metadata.tablePath = `${schema}.${metadata.tableName}`;
  for (const key of metadata.foreignKeys)
    key.referencedTablePath = `${schema}.${key.referencedEntityMetadata.tableName}`;
}

const replaced = new Map<string, Map<string, string>>();

function remembered(statement: string, schema: string): string {
  let ofSchema = replaced.get(schema);
  if (!ofSchema || ofSchema.size > MOST_REMEMBERED) {
    ofSchema = new Map();
    replaced.set(schema, ofSchema);
  }
  const known = ofSchema.get(statement);
  if (known !== undefined) return known;
  const moved = statement.replace(NAMED, (found) => (found === `${DEFAULT_SCHEMA}.` ? `"${schema}".` : found));
  if (isPrepared(statement)) prepared(moved);
  ofSchema.set(statement, moved);
  return moved;
}
