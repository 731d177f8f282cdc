// Makes one embedded database with all tables, for suites to copy: making one takes seconds, opening a copy a fraction of one.
// Says `{ url }`, which is its folder, or `{ failure }`; deletes it with all copies at the end of the process that forked this one.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from '../dist/migrations/index.js';
import { openDataSource } from '../dist/src/database/open-data-source.js';
import { scratchFolder } from './scratch-folder.mjs';

const folder = mkdtempSync(join(scratchFolder(), 'coatcheck-test-embedded-'));
const stop = (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
};
process.on('disconnect', () => stop(0));

try {
  const making = join(folder, 'making');
  mkdirSync(making);
  const settings = { dataDir: making, poolSize: 1, entities: [], migrations, migrateOnStart: true };
  await (await openDataSource(settings)).destroy();
  cpSync(join(making, 'postgres'), join(folder, 'template', 'postgres'), { recursive: true });
  rmSync(making, { recursive: true });
  process.send?.({ url: folder });
} catch (error) {
  process.send?.({ failure: String(error) });
  stop(1);
}
