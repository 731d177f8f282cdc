import type { QueryRunner } from 'typeorm';
import { ConfigurationError } from '../config/configuration-error.js';
import { schemaOf } from './table-schema.js';

/** Tables of a time when there was no schema; together no host has them. */
const EARLIER = `
  SELECT to_regclass('public.revocation_head') IS NOT NULL
     AND to_regclass('public.bootstrap_token') IS NOT NULL AS there`;

/**
 * Makes the schema that Coatcheck's tables are in, unless it is there: an operator may have made it for a role that may make none.
 *
 * @throws ConfigurationError when the role may not, or when the database has tables of an earlier version outside it
 */
export async function ensureSchema(runner: QueryRunner): Promise<void> {
  const schema = schemaOf(runner);
  const [{ there }]: [{ there: boolean }] = await runner.query('SELECT to_regnamespace($1) IS NOT NULL AS there', [
    `"${schema}"`,
  ]);
  await refuseEarlierTables(runner, schema, there);
  if (there) return assertMayMakeTables(runner, schema);
  const [{ may, role }]: [{ may: boolean; role: string }] = await runner.query(
    `SELECT has_database_privilege(current_database(), 'CREATE') AS may, current_user AS role`,
  );
  if (!may)
    throw missingRight(
      `names the schema ${schema}, which does not exist and which the role ${role} may not create`,
      schema,
      role,
    );
  // Several processes may start at once, of whom one has been quicker.
  await runner.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
}

async function assertMayMakeTables(runner: QueryRunner, schema: string): Promise<void> {
  const [{ may, role }]: [{ may: boolean; role: string }] = await runner.query(
    `SELECT has_schema_privilege($1, 'CREATE') AS may, current_user AS role`,
    [schema],
  );
  if (!may)
    throw missingRight(`names the schema ${schema}, in which the role ${role} may not create tables`, schema, role);
}

function missingRight(problem: string, schema: string, role: string): ConfigurationError {
  const remedy =
    `as a role that may: CREATE SCHEMA IF NOT EXISTS "${schema}" AUTHORIZATION "${role}"; ` +
    'or migrate as the owner of the schema (`coatcheck migrate`) and start with MIGRATE_ON_START=false';
  return new ConfigurationError([{ option: 'databaseSchema', problem, remedy }]);
}

/** Starting empty beside them would look as if everything were lost. */
async function refuseEarlierTables(runner: QueryRunner, schema: string, isThere: boolean): Promise<void> {
  if (schema === 'public') return;
  const [earlier]: [{ there: boolean }] = await runner.query(EARLIER);
  if (!earlier.there || (isThere && (await hasTables(runner, schema)))) return;
  const problem = `is ${schema}, but the tables of an earlier version are in the schema public of this database`;
  const remedy =
    'no version that was released had them there: begin with an empty database (in development delete the folder ' +
    '`postgres` in DATA_DIR), or drop those tables first';
  throw new ConfigurationError([{ option: 'databaseSchema', problem, remedy }]);
}

async function hasTables(runner: QueryRunner, schema: string): Promise<boolean> {
  const [{ there }]: [{ there: boolean }] = await runner.query('SELECT to_regclass($1) IS NOT NULL AS there', [
    `"${schema}".users`,
  ]);
  return there;
}
