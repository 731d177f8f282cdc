import { randomBytes } from 'node:crypto';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
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
  await cp(join(folder, 'template'), dataDir, { recursive: true });
  return { dataDir, drop: () => rm(dataDir, { recursive: true, force: true }) };
}
