import { migrations } from '../../migrations/index.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { databaseOptions } from '../database/database-options.js';
import { openDataSource, settingsFrom } from '../database/open-data-source.js';

/** Runs the pending migrations. Asks for nothing but the database: no key, no mail. */
export async function migrateDatabase(): Promise<void> {
  const sections = [{ ...coreOptions, validate: undefined }, databaseOptions];
  const options = Options.resolve(sections, Options.readEnvironment(sections));
  const settings = settingsFrom(options, { entities: [], migrations });
  const dataSource = await openDataSource({ ...settings, migrateOnStart: true });
  await dataSource.destroy();
}
