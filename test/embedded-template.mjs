// Makes one embedded database with all tables, of the file that those in memory begin with, for suites to copy: making one takes seconds, opening a
// copy a fraction of one.
// Says `{ url }`, which is its folder, or `{ failure }`; deletes it with all copies at the end of the process that forked this one.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from '../dist/migrations/index.js';
import { EmbeddedTemplate, FROM_TEMPLATE } from '../dist/src/database/embedded-template.js';
import { openDataSource } from '../dist/src/database/open-data-source.js';
import { DEFAULT_SCHEMA } from '../dist/src/database/table-schema.js';
import { scratchFolder } from './scratch-folder.mjs';

const folder = mkdtempSync(join(scratchFolder(), 'coatcheck-test-embedded-'));
const stop = (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
};
process.on('disconnect', () => stop(0));

try {
  const template = new EmbeddedTemplate(DEFAULT_SCHEMA, migrations, join(import.meta.dirname, '..'));
  // Where there is none, opening one in memory leaves it, for suites in memory too.
  if (!template.file) {
    const settings = { dataDir: FROM_TEMPLATE, poolSize: 1, entities: [], migrations, migrateOnStart: true };
    await (await openDataSource(settings)).destroy();
  }
  const postgres = join(folder, 'template', 'postgres');
  mkdirSync(postgres, { recursive: true });
  execFileSync('tar', ['-xf', template.file, '-C', postgres], { stdio: 'pipe' });
  process.send?.({ url: folder });
} catch (error) {
  process.send?.({ failure: String(error) });
  stop(1);
}
