import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm';
const FEATURE_BYTES = 2 * 1024 ** 3;

/**
 * Where servers of the tests keep what has to survive nothing: in memory, if there is room. Hundreds of databases of 300 files each are
 * made and dropped; on ext4, which looks for an inode that was not freed just now, that was a sixth of all the time.
 *
 * @param otherwise where there is no room
 */
export function scratchFolder(otherwise = tmpdir()) {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= FEATURE_BYTES ? MEMORY : otherwise;
  } catch {
    return otherwise;
  }
}
