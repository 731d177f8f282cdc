import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sharedServer } from './servers-of-this-run.js';

/** An embedded database of its own. */
export interface EmbeddedDatabase {
  readonly dataDir: string;
  /** After whoever opened it has closed it. */
  drop(): Promise<void>;
}

/** One with all tables, copied from one that was migrated once per run. */
export async function freshEmbeddedDatabase(): Promise<EmbeddedDatabase> {
  const { url: folder } = await sharedServer('embedded');
  const dataDir = join(folder, randomBytes(6).toString('hex'));
  // A thousand files: Node takes two seconds of CPU for them.
  await promisify(execFile)('cp', ['-R', join(folder, 'template'), dataDir]);
  return { dataDir, drop: () => rm(dataDir, { recursive: true, force: true }) };
}
