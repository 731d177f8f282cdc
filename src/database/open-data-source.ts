import { DataSource } from 'typeorm';
import { coreOptions } from '../config/core-options.js';
import type { Options } from '../config/options.js';
import { type DataSourceSettings, dataSourceOptions } from './data-source-options.js';
import { databaseOptions } from './database-options.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { assertMigrated, migrate } from './migrate.js';

/** How the application opens its database. */
export interface OpeningSettings extends DataSourceSettings {
  readonly migrateOnStart: boolean;
}

/** A DataSource ready for queries, its tables up to date if `migrateOnStart`. Its `destroy()` ends all that was started. */
export async function openDataSource(settings: OpeningSettings): Promise<DataSource> {
  const dataSource = await prepareDataSource(settings);
  try {
    await dataSource.initialize();
    if (settings.migrateOnStart) await migrate(dataSource);
    else await assertMigrated(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** A DataSource not yet initialised, as the TypeORM command line wants it; an embedded database is running already. */
export async function prepareDataSource(settings: DataSourceSettings): Promise<DataSource> {
  const embedded = settings.databaseUrl ? undefined : await startEmbeddedPostgres(settings.dataDir);
  return new OwnDataSource(dataSourceOptions(settings, embedded), embedded);
}

/** The settings that the options say. */
export function settingsFrom(
  options: Options,
  { entities, migrations }: Pick<DataSourceSettings, 'entities' | 'migrations'>,
): OpeningSettings {
  const { dataDir } = options.of(coreOptions);
  const { databaseUrl, databasePoolSize: poolSize, migrateOnStart } = options.of(databaseOptions);
  return { databaseUrl, dataDir, poolSize, migrateOnStart, entities, migrations };
}

/** Closes the embedded database with itself, or its last writes might be lost. */
class OwnDataSource extends DataSource {
  constructor(
    options: ConstructorParameters<typeof DataSource>[0],
    private readonly embedded: EmbeddedPostgres | undefined,
  ) {
    super(options);
  }

  override async destroy(): Promise<void> {
    try {
      if (this.isInitialized) await super.destroy();
    } finally {
      await this.embedded?.close();
    }
  }
}
