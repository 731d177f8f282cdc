import { DataSource, type MigrationInterface } from 'typeorm';
import { migrations as ownMigrations } from '../../migrations/index.js';
import { MIGRATIONS_TABLE } from './data-source-options.js';
import { directUrlOf } from './direct-url.js';
import { keepTablesIn, schemaOf } from './table-schema.js';

/** The same database by connections of its own, which are waited for as long as it takes; with Coatcheck's migrations, or the host's that list them. */
export function patientCopy(dataSource: DataSource, poolSize = 1): DataSource {
  const { options } = dataSource;
  const schema = schemaOf(dataSource);
  const extra = {
    ...options.extra,
    lock_timeout: 0,
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  };
  const recorded = lists(options.migrations)
    ? {}
    : { migrations: ownMigrations, migrationsTableName: MIGRATIONS_TABLE, schema };
  const url = directUrlOf(dataSource);
  const settings = {
    ...options,
    ...recorded,
    ...(url && { url }),
    entities: [],
    subscribers: [],
    synchronize: false,
    dropSchema: false,
  };
  const copy = new DataSource({ ...settings, migrationsRun: false, poolSize, extra } as DataSource['options']);
  keepTablesIn(copy, schema);
  return copy;
}

/** Whether Coatcheck's migrations are among those that a host's DataSource runs; or a file of which it cannot be known. */
function lists(given: DataSource['options']['migrations']): boolean {
  const all = Object.values(given ?? {}) as (string | (new () => MigrationInterface))[];
  return all.some((one) => one === ownMigrations[0] || typeof one === 'string');
}
