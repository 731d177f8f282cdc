import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Lock files this process holds, so that one left by a dead process of the same number is told from our own. */
const held = new Set<string>();

/** Another process uses the folder. The message is the problem and its remedy. */
export class FolderInUse extends Error {
  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${problem} ${remedy}`);
  }
}

/**
 * Makes this process the only user of `folder` by the file `<folder>.lock`, which holds its process id. The lock of a
 * process that is gone is taken over.
 *
 * @returns what gives the folder back
 * @throws FolderInUse when another process that is alive holds it
 */
export function lockFolder(folder: string): () => void {
  const file = `${resolve(folder)}.lock`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!claim(file)) {
    dropStale(file);
    if (!claim(file)) throw inUse(file);
  }
  held.add(file);
  return () => {
    if (held.delete(file)) rmSync(file, { force: true });
  };
}

/** True for exactly one of all that try while the file does not exist. */
function claim(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function dropStale(file: string): void {
  if (isHeld(file, file)) throw inUse(file);
  // Renamed before it is removed: of two that found it stale only one gets it, and neither removes what the other claimed.
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (isHeld(aside, file)) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function isHeld(file: string, lock: string): boolean {
  const pid = ownerOf(file);
  if (pid === null) return false;
  if (pid === process.pid) return held.has(lock);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ownerOf(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function inUse(file: string): FolderInUse {
  const owner = ownerOf(file) ?? 'another';
  return new FolderInUse(
    `The embedded database is in use by process ${owner}, and only one process can use it.`,
    `Stop that process, choose another DATA_DIR, or set DATABASE_URL. If that process is not a Coatcheck service, delete ${file}.`,
  );
}
