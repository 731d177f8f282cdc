import { Logger } from '@nestjs/common';
import { DataSource, type Migration } from 'typeorm';
import { ConfigurationError } from '../config/configuration-error.js';
import { coreOptions } from '../config/core-options.js';
import type { Options } from '../config/options.js';
import { type DataSourceSettings, dataSourceOptions, isEmbedded } from './data-source-options.js';
import { assertAssumptions } from './database-assumptions.js';
import { databaseOptions } from './database-options.js';
import { reachDirectly } from './direct-url.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { EmbeddedTemplate, FROM_TEMPLATE } from './embedded-template.js';
import { ensureSchema } from './ensure-schema.js';
import { assertMigrated, migrate } from './migrate.js';
import { listenNever, poolingOf, TRANSACTION_POOLING } from './pooling.js';
import { asStartError, whenUp } from './start-errors.js';
import { MARK, type StatementTimeoutConfig } from './statement-timeout-client.js';
import { DEFAULT_SCHEMA, keepTablesIn, moveTable, schemaOf } from './table-schema.js';

/** How the application opens its database. */
export interface OpeningSettings extends DataSourceSettings {
  readonly migrateOnStart: boolean;
  /** How long it waits for a database that is not up yet. Default 0. */
  readonly waitSeconds?: number;
}

/**
 * A DataSource ready for queries, its tables up to date if `migrateOnStart`. Its `destroy()` ends all that was started.
 *
 * @throws ConfigurationError when the database is not as Coatcheck needs it, naming every problem at once
 */
export async function openDataSource(settings: OpeningSettings): Promise<DataSource> {
  const { databaseUrl, waitSeconds = 0 } = settings;
  const dataSource = await whenUp(() => connectDataSource(settings), databaseUrl, waitSeconds);
  try {
    await assertAssumptions(dataSource, true);
    const pooling = await poolingFinding(dataSource, settings);
    if (pooling) new Logger('database').warn(`DATABASE_URL ${pooling.problem}. Remedy: ${pooling.remedy}.`);
    if (settings.migrateOnStart) await migrateOnce(dataSource, settings);
    else await assertMigrated(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw asStartError(error, databaseUrl);
  }
}

/** From a template there is nothing to do; the first time one is made. */
async function migrateOnce(dataSource: DataSource, settings: OpeningSettings): Promise<void> {
  const template = templateFor(settings);
  const isMissing = template !== undefined && template.read() === undefined;
  await migrate(dataSource);
  if (isMissing && dataSource instanceof OwnDataSource) await template.keep(await dataSource.dump());
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

/** Whether start-up parameters arrive: a pooler may also leave them out without a word, and lend a session in which others have set them. */
async function isAsPinned(dataSource: DataSource): Promise<boolean> {
  const { mark } = dataSource.options.extra ?? {};
  const [{ arrived }] = await dataSource.query('SELECT current_setting($1, true) AS arrived', [MARK]);
  return arrived === mark;
}

/** A DataSource not yet initialised, as the TypeORM command line wants it; an embedded database is running already. */
export async function prepareDataSource(settings: DataSourceSettings): Promise<DataSource> {
  const embedded = settings.databaseUrl
    ? undefined
    : await startEmbeddedPostgres(settings.dataDir, templateFor(settings)?.read());
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

function templateFor({ databaseUrl, dataDir, schema = DEFAULT_SCHEMA, migrations }: DataSourceSettings) {
  return !databaseUrl && dataDir === FROM_TEMPLATE ? new EmbeddedTemplate(schema, migrations) : undefined;
}

/**
 * The features that a pooler in between takes away; null: nothing. The DataSource is told whether it may listen.
 *
 * @throws ConfigurationError when `directUrl` leads to another database, or to a pooler too
 */
export async function poolingFinding(
  dataSource: DataSource,
  settings: DataSourceSettings,
): Promise<typeof TRANSACTION_POOLING | null> {
  const { directUrl } = settings;
  if (directUrl === undefined) {
    const pooling = await poolingOf(dataSource);
    if (pooling === 'none' && !isEmbedded(dataSource.options)) prepareStatements(dataSource);
    const isPooled = pooling === 'transaction';
    if (isPooled) listenNever(dataSource);
    return isPooled ? TRANSACTION_POOLING : null;
  }
  const direct = await connectDataSource({
    ...settings,
    databaseUrl: directUrl,
    directUrl: undefined,
    entities: [],
  }).catch((error) => {
    throw asStartError(error, directUrl, 'databaseDirectUrl');
  });
  try {
    await assertDirect(dataSource, direct);
  } finally {
    await direct.destroy();
  }
  reachDirectly(dataSource, directUrl);
  return null;
}

async function assertDirect(dataSource: DataSource, direct: DataSource): Promise<void> {
  const option = 'databaseDirectUrl';
  const identity = 'SELECT current_database() AS name, extract(epoch FROM pg_postmaster_start_time())::text AS since';
  const [one, other] = [await dataSource.query(identity), await direct.query(identity)];
  if (JSON.stringify(one) !== JSON.stringify(other)) {
    const remedy = 'let both lead to the same database of the same server';
    throw new ConfigurationError([{ option, problem: 'leads to another database than DATABASE_URL', remedy }]);
  }
  if ((await poolingOf(direct)) !== 'transaction') return;
  const remedy = 'name the server itself (port 5432, as a rule), not its pooler';
  throw new ConfigurationError([{ option, problem: 'leads to a pooler in transaction mode too', remedy }]);
}

/** The settings that the options say. */
export function settingsFrom(
  options: Options,
  { entities, migrations }: Pick<DataSourceSettings, 'entities' | 'migrations'>,
): OpeningSettings {
  const { dataDir } = options.of(coreOptions);
  const given = options.of(databaseOptions);
  return {
    dataDir,
    databaseUrl: given.databaseUrl,
    directUrl: given.databaseDirectUrl,
    schema: given.databaseSchema,
    poolSize: given.databasePoolSize,
    waitSeconds: given.databaseWaitSeconds,
    migrateOnStart: given.migrateOnStart,
    entities,
    migrations,
  };
}

/** Whether Coatcheck has opened it, and with it has set what can be set; else it is a host's. */
export function isOwnDataSource(dataSource: DataSource): boolean {
  return dataSource instanceof OwnDataSource;
}

/** Its tables are in its schema. Closes the embedded database with itself, or its last writes might be lost. */
class OwnDataSource extends DataSource {
  constructor(
    options: ConstructorParameters<typeof DataSource>[0],
    private readonly embedded: EmbeddedPostgres | undefined,
  ) {
    super(options);
  }

  /** Of the embedded database. */
  async dump(): Promise<Blob> {
    if (!this.embedded) throw new TypeError('only an embedded database can be copied');
    return this.embedded.dump();
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
