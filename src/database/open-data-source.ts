import { Logger } from '@nestjs/common';
import { DataSource, type Migration } from 'typeorm';
import { coreOptions } from '../config/core-options.js';
import type { Options } from '../config/options.js';
import { type DataSourceSettings, dataSourceOptions, isEmbedded } from './data-source-options.js';
import { assertAssumptions } from './database-assumptions.js';
import { databaseOptions } from './database-options.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { ensureSchema } from './ensure-schema.js';
import { assertMigrated, migrate } from './migrate.js';
import { LOCK_MILLISECONDS } from './pinned-settings.js';
import { poolingOf, TRANSACTION_POOLING } from './pooling.js';
import type { StatementTimeoutConfig } from './statement-timeout-client.js';
import { DEFAULT_SCHEMA, keepTablesIn, moveTable, schemaOf } from './table-schema.js';

/** How the application opens its database. */
export interface OpeningSettings extends DataSourceSettings {
  readonly migrateOnStart: boolean;
}

/**
 * A DataSource ready for queries, its tables up to date if `migrateOnStart`. Its `destroy()` ends all that was started.
 *
 * @throws ConfigurationError when the database is not as Coatcheck needs it, naming every problem at once
 */
export async function openDataSource(settings: OpeningSettings): Promise<DataSource> {
  const dataSource = await connectDataSource(settings);
  try {
    await assertAssumptions(dataSource, true);
    const pooling = await poolingOf(dataSource);
    if (pooling === 'transaction') warnOfPooling();
    if (pooling === 'none' && !isEmbedded(dataSource.options)) prepareStatements(dataSource);
    if (settings.migrateOnStart) await migrate(dataSource);
    else await assertMigrated(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** A DataSource that is connected, and nothing else: what it leads to has not been checked yet. */
export async function connectDataSource(settings: DataSourceSettings): Promise<DataSource> {
  const dataSource = await prepareDataSource(settings);
  const isPinned = await dataSource.initialize().then(isAsPinned, async (error: Error) => {
    const isRefused = /unsupported startup parameter/.test(error.message) && settings.pinning !== 'afterwards';
    if (isRefused) return false;
    await dataSource.destroy();
    throw error;
  });
  if (isPinned || settings.pinning === 'afterwards' || !settings.databaseUrl) return dataSource;
  await dataSource.destroy();
  return connectDataSource({ ...settings, pinning: 'afterwards' });
}

/** Whether start-up parameters arrive: a pooler may also leave them out without a word. */
async function isAsPinned(dataSource: DataSource): Promise<boolean> {
  const [{ locks }] = await dataSource.query("SELECT current_setting('lock_timeout') AS locks");
  return locks === `${LOCK_MILLISECONDS / 1000}s`;
}

/** A DataSource not yet initialised, as the TypeORM command line wants it; an embedded database is running already. */
export async function prepareDataSource(settings: DataSourceSettings): Promise<DataSource> {
  const embedded = settings.databaseUrl ? undefined : await startEmbeddedPostgres(settings.dataDir);
  const dataSource = new OwnDataSource(dataSourceOptions(settings, embedded), embedded);
  keepTablesIn(dataSource, settings.schema ?? DEFAULT_SCHEMA);
  return dataSource;
}

/** From now on: what its pool hands each connection is one object. */
function prepareStatements(dataSource: DataSource): void {
  const { options } = (
    dataSource.driver as unknown as { readonly master: { readonly options: StatementTimeoutConfig } }
  ).master;
  options.prepares = true;
}

function warnOfPooling(): void {
  const { problem, remedy } = TRANSACTION_POOLING;
  new Logger('database').warn(`DATABASE_URL ${problem}. Remedy: ${remedy}.`);
}

/** The settings that the options say. */
export function settingsFrom(
  options: Options,
  { entities, migrations }: Pick<DataSourceSettings, 'entities' | 'migrations'>,
): OpeningSettings {
  const { dataDir } = options.of(coreOptions);
  const {
    databaseUrl,
    databaseSchema: schema,
    databasePoolSize: poolSize,
    migrateOnStart,
  } = options.of(databaseOptions);
  return { databaseUrl, dataDir, schema, poolSize, migrateOnStart, entities, migrations };
}

/** Its tables are in its schema. Closes the embedded database with itself, or its last writes might be lost. */
class OwnDataSource extends DataSource {
  constructor(
    options: ConstructorParameters<typeof DataSource>[0],
    private readonly embedded: EmbeddedPostgres | undefined,
  ) {
    super(options);
  }

  /** As `typeorm migration:run` has it: its table of migrations comes before the first migration. */
  override async runMigrations(...given: Parameters<DataSource['runMigrations']>): Promise<Migration[]> {
    const runner = this.createQueryRunner();
    await ensureSchema(runner).finally(() => runner.release());
    return super.runMigrations(...given);
  }

  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    const schema = schemaOf(this);
    for (const metadata of this.entityMetadatas) if (metadata.schema === DEFAULT_SCHEMA) moveTable(metadata, schema);
  }

  override async destroy(): Promise<void> {
    try {
      if (this.isInitialized) await super.destroy();
    } finally {
      await this.embedded?.close();
    }
  }
}
