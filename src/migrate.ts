import { tell } from './cli/command-failure.js';
import { migrateDatabase } from './cli/migrate-database.js';

/** `npm run migrate`, the same as `coatcheck migrate`. */
migrateDatabase().catch((error: unknown) => {
  console.error(tell(error));
  process.exit(1);
});
