import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The development secret: made on first use and kept in `<dataDir>/secret.key`, readable by its owner only. Two processes
 * starting at once end up with the same one.
 */
export function keptSecretKey(dataDir: string): string {
  if (dataDir.startsWith('memory:')) return freshKey();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'secret.key');
  if (!existsSync(file)) claim(file);
  return readFileSync(file, 'utf8').trim();
}

/** Written whole under another name, then linked: of several starters one link succeeds, and none reads half a key. */
function claim(file: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${freshKey()}\n`, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

function freshKey(): string {
  return randomBytes(32).toString('base64url');
}
