import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { isLong } from '../harness/form.js';

const PROJECT = resolve(__dirname, '../../..');
/** What the model is of, and what searches it. */
const PATHS = ['src/revocation', 'test/lab/model'];

/** Whether the model is to be searched: in CI, in the long form, and where the protocol differs from the main branch's. */
export function isDue(): boolean {
  if (process.env.CI === 'true' || isLong) return true;
  const base = ['origin/main', 'main']
    .map((branch) => git('merge-base', 'HEAD', branch))
    .find(({ status }) => status === 0);
  // Without a main branch to compare with nothing is known, so it is.
  if (!base) return true;
  const isChanged = git('diff', '--quiet', base.stdout.trim(), '--', ...PATHS).status !== 0;
  return isChanged || git('ls-files', '--others', '--exclude-standard', '--', ...PATHS).stdout !== '';
}

function git(...args: string[]) {
  return spawnSync('git', args, { cwd: PROJECT, encoding: 'utf8' });
}
