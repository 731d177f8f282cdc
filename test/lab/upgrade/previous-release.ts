import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '../../..');
const CACHE = join(PROJECT, 'node_modules/.cache/coatcheck-releases');

/** The release that nodes are upgraded from. */
export interface PreviousRelease {
  /** Where it is built, with its `dist`. */
  readonly folder: string;
  /** Whether it is what it should be; false where the history is too short: then it is today's version once more. */
  readonly isPrevious: boolean;
}

/** Builds it from the history, once: later runs find it in the cache of `node_modules`. */
export function previousRelease(): PreviousRelease {
  const { commit } = JSON.parse(readFileSync(join(__dirname, 'previous-release.json'), 'utf8')) as { commit: string };
  if (!isThere(commit)) {
    process.stderr.write(
      `\n!! This clone does not have ${commit}, the previous release: NO UPGRADE IS TESTED, only that nodes of today's version\n` +
        '!! replace each other. Clone with the whole history, or "git fetch --unshallow".\n\n',
    );
    return { folder: PROJECT, isPrevious: false };
  }
  const folder = join(CACHE, commit);
  if (!existsSync(folder)) build(commit, folder);
  return { folder, isPrevious: true };
}

function isThere(commit: string): boolean {
  try {
    git('cat-file', '-e', `${commit}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

/** Under another name until it is whole. */
function build(commit: string, folder: string): void {
  const unfinished = `${folder}-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    const archive = git(
      'archive',
      commit,
      '--',
      'package.json',
      'package-lock.json',
      'service',
      'tsconfig.json',
      'ormconfig.ts',
      'src',
      'migrations',
    );
    execFileSync('tar', ['-x', '-C', unfinished], { input: archive });
    installFor(unfinished);
    // As its own `npm run build` does, without declarations, which are not run.
    const tsc = join(PROJECT, 'node_modules/@typescript/native/bin/tsc');
    const args = [tsc, '-p', 'tsconfig.json', '--declaration', 'false'];
    execFileSync(process.execPath, args, { cwd: unfinished, stdio: 'inherit' });
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Today's packages, if every one that it runs on has the same version there; else its own. */
function installFor(folder: string): void {
  const wanted = { ...dependenciesIn(folder), ...dependenciesIn(join(folder, 'service')) };
  const there = { ...dependenciesIn(PROJECT), ...dependenciesIn(join(PROJECT, 'service')) };
  const isSame = Object.entries(wanted).every(([name, version]) => there[name] === version);
  if (isSame) symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  else execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
}

function dependenciesIn(folder: string): Record<string, string> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies;
}

function git(...args: string[]): Buffer {
  return execFileSync('git', args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
}
