import { migrations } from './migrations/index.js';
import { coreOptions } from './src/config/core-options.js';
import { defineOptions } from './src/config/option-section.js';
import { Options } from './src/config/options.js';
import { databaseOptions } from './src/database/database-options.js';
import { prepareDataSource, settingsFrom } from './src/database/open-data-source.js';
import { entities } from './src/features.js';

// Of the core only what the database needs: a migration job is given no secret key and no public URL.
const { nodeEnv, dataDir } = coreOptions.specs;
const sections = [defineOptions({ title: 'Core', specs: { nodeEnv, dataDir } }), databaseOptions];
const options = Options.resolve(sections, Options.readEnvironment(sections));

/** The DataSource of the TypeORM command line, which awaits it. */
export const dataSource = prepareDataSource(settingsFrom(options, { entities, migrations }));
