import { spawnSync } from 'node:child_process';

/**
 * Whether a program of others is there. Its tests are left out without it, loudly; but not in continuous integration.
 *
 * @param arguments_ of a call that succeeds where all that is needed is there
 */
export function isInstalled(
  name: string,
  packages: string,
  program: string,
  ...arguments_: readonly string[]
): boolean {
  if (process.env.CI === 'true') return true;
  if (spawnSync(program, arguments_, { stdio: 'ignore' }).status === 0) return true;
  process.stderr.write(`\n!! ${name} is not installed: its tests are LEFT OUT. Install ${packages}.\n\n`);
  return false;
}
