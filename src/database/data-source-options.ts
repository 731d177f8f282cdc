import { randomBytes } from 'node:crypto';
import type { DataSourceOptions, MigrationInterface } from 'typeorm';
import { StatementTimeoutClient, type StatementTimeoutConfig } from './statement-timeout-client.js';
import { DEFAULT_SCHEMA } from './table-schema.js';

/** Settings needed to reach the tables. */
export interface DataSourceSettings {
  /** Absent: the embedded PostgreSQL. */
  readonly databaseUrl?: string | undefined;
  /** Past a pooler, for what needs a session of its own. Absent: as `databaseUrl`. */
  readonly directUrl?: string | undefined;
  /** The embedded database lives in its folder `postgres`; `memory://` keeps nothing. */
  readonly dataDir: string;
  readonly poolSize: number;
  /** How a connection comes to its settings (`StatementTimeoutClient`). Default `startup`. */
  readonly pinning?: StatementTimeoutConfig['pinning'];
  /** That all tables are in. Default `coatcheck`. */
  readonly schema?: string;
  readonly entities: (new () => object)[];
  readonly migrations: (new () => MigrationInterface)[];
}

/** Settings that TypeORM needs to reach the embedded PostgreSQL in place of a URL. */
export interface EmbeddedConnection {
  readonly extra: object;
}

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

// A client waits in vain for as long as these add up to, so they stay in seconds. The server gives up on a statement
// first: then the connection is still good. `query_timeout` is for a server that no longer says anything.
const STATEMENT_TIMEOUTS = {
  connectionTimeoutMillis: 3_000,
  statement_timeout: 5_000,
  query_timeout: 7_000,
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
  Client: StatementTimeoutClient,
};

/** Records, in the schema of the tables, which migrations were run. */
export const MIGRATIONS_TABLE = 'coatcheck_migrations';

/** The one description of the database that the application and the TypeORM command line share. */
export function dataSourceOptions(settings: DataSourceSettings, embedded?: EmbeddedConnection): PostgresOptions {
  const { databaseUrl, poolSize, pinning, schema = DEFAULT_SCHEMA, entities, migrations } = settings;
  return {
    type: 'postgres',
    applicationName: 'coatcheck',
    entities,
    migrations,
    schema,
    migrationsTableName: MIGRATIONS_TABLE,
    synchronize: false,
    // Ids are made by the application: no extension, so no superuser.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    ...(embedded
      ? { poolSize: 1, extra: embedded.extra }
      : {
          url: databaseUrl,
          poolSize,
          extra: { ...STATEMENT_TIMEOUTS, pinning, mark: randomBytes(8).toString('hex') },
        }),
  };
}

/** Whether these options lead to the embedded PostgreSQL, which has one connection and no other process to mind. */
export function isEmbedded(options: DataSourceOptions): boolean {
  return 'connection' in (options.extra ?? {});
}
