import { migrations } from '../migrations/index.js';
import { ConfigurationError } from './config/configuration-error.js';
import { coreOptions } from './config/core-options.js';
import { Options } from './config/options.js';
import { databaseOptions } from './database/database-options.js';
import { openDataSource, settingsFrom } from './database/open-data-source.js';

/** `npm run migrate`: runs the pending migrations and ends. Asks for nothing but the database: no key, no mail. */
async function main(): Promise<void> {
  const sections = [{ ...coreOptions, check: undefined }, databaseOptions];
  const options = Options.resolve(sections, Options.readEnvironment(sections));
  const settings = settingsFrom(options, { entities: [], migrations });
  const dataSource = await openDataSource({ ...settings, migrateOnStart: true });
  await dataSource.destroy();
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigurationError ? error.message : error);
  process.exit(1);
});
