import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { scratchFolder } from '../../scratch-folder.mjs';
import { expanded, pairsOf, type Stage, type Step, stagesOf, wordsOf } from '../../ship/dockerfile.js';
import { layBase } from './imitated-base.js';

const PROJECT = resolve(__dirname, '../../..');

/** What every step does: mounts of its own, in which something is mounted. */
const NAMESPACE = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'mount', '-t', 'tmpfs', 'none', '/mnt'];

/** How the service is to be run, by the last stage. */
export interface ImageConfig {
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly user: number;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

/**
 * Plays a Dockerfile without an engine: every COPY and RUN of every stage, in a root of its own per stage, from a context that holds what
 * `.dockerignore` lets through and nothing else. What cannot be had without an engine is imitated: of the base images there are this
 * machine's compilers and Node, and of the last one what {@link layBase} lays.
 */
export class PlayedImage {
  private readonly folder = mkdtempSync(join(scratchFolder(), 'coatcheck-image-'));
  private readonly roots = new Map<string, string>();
  /** Of all steps that were played. */
  readonly played: string[] = [];
  config!: ImageConfig;
  root!: string;

  /** Why no image can be played on this machine; null: it can. */
  static readonly obstacle: string | null = obstacleHere();

  static play(): PlayedImage {
    const image = new PlayedImage();
    try {
      image.layContext();
      image.layNode();
      const stages = stagesOf(readFileSync(join(PROJECT, 'Dockerfile'), 'utf8'));
      for (const [index, stage] of stages.entries()) image.playStage(stage, index === stages.length - 1);
      return image;
    } catch (error) {
      image.remove();
      throw error;
    }
  }

  /** Starts a program of the image: by default its own. */
  run(command: readonly string[] = this.config.command, environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const { entrypoint, folder, user } = this.config;
    const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
    const script = join(__dirname, 'run-image.sh');
    const args = [...namespaces, script, this.root, folder, String(user), ...entrypoint, ...command];
    return spawn('unshare', args, {
      env: { PATH: process.env.PATH, ...this.config.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private playStage({ name, steps }: Stage, isLast: boolean): void {
    const root = join(this.folder, `stage-${name || 'last'}`);
    mkdirSync(root);
    this.roots.set(name, root);
    if (isLast) layBase(root, join(this.roots.get('runtime')!, 'out/node'));
    let folder = '/';
    const environment: Record<string, string> = {};
    const args: Record<string, string> = {};
    const words: Record<string, readonly string[]> = {};
    for (const step of steps) {
      const { keyword, text } = step;
      if (keyword === 'WORKDIR') mkdirSync(join(root, text), { recursive: true });
      if (keyword === 'WORKDIR') folder = text;
      else if (keyword === 'ENV') Object.assign(environment, pairsOf(text));
      else if (keyword === 'ARG') Object.assign(args, pairsOf(text));
      else if (keyword === 'COPY') this.copy(step, root, folder);
      else if (keyword === 'RUN') this.runStep(root, folder, text, { ...args, ...environment });
      else if (keyword === 'USER') words.USER = [text];
      else if (keyword === 'HEALTHCHECK') words.HEALTHCHECK = wordsOf(/CMD (\[.*)$/.exec(text)![1]!)!;
      else if (keyword === 'ENTRYPOINT' || keyword === 'CMD') words[keyword] = wordsOf(text)!;
      else if (!['LABEL', 'EXPOSE', 'STOPSIGNAL'].includes(keyword)) throw new Error(`cannot play ${keyword}`);
      this.played.push(`${name || 'last'}: ${keyword} ${text}`);
    }
    if (!isLast) return;
    this.root = root;
    this.config = {
      environment,
      folder,
      user: Number(words.USER![0]!.split(':')[0]),
      entrypoint: words.ENTRYPOINT!,
      command: words.CMD!,
      healthCheck: words.HEALTHCHECK!,
    };
  }

  /** What `.dockerignore` lets through: it forbids everything, then allows paths by name. */
  private layContext(): void {
    const lines = readFileSync(join(PROJECT, '.dockerignore'), 'utf8').split('\n');
    const rules = lines.filter((line) => line && !line.startsWith('#'));
    if (rules.shift() !== '*' || rules.some((rule) => !/^![\w./-]+$/.test(rule)))
      throw new Error('.dockerignore is no list of what is allowed');
    const context = join(this.folder, 'context');
    this.roots.set('context', context);
    for (const path of rules.map((rule) => rule.slice(1)))
      cpSync(join(PROJECT, path), join(context, path), { recursive: true });
  }

  /** Node and npm as their image has them below `/usr/local`, of the Node that runs this. */
  private layNode(): void {
    const prefix = join(this.folder, 'node');
    const home = dirname(dirname(realpathSync(process.execPath)));
    const headers = join(home, 'include/node');
    if (!existsSync(headers)) throw new Error(`no headers of Node at ${headers}: argon2 cannot be compiled`);
    const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())));
    cpSync(realpathSync(process.execPath), join(prefix, 'bin/node'));
    cpSync(headers, join(prefix, 'include/node'), { recursive: true });
    cpSync(npm, join(prefix, 'lib/node_modules/npm'), { recursive: true });
    writeFileSync(join(prefix, 'bin/npm'), NPM, { mode: 0o755 });
  }

  private copy({ flags, text }: Step, root: string, folder: string): void {
    const origin = this.roots.get(flags.from ?? 'context')!;
    const sources = text.split(' ');
    const target = sources.pop()!;
    const into = join(root, resolve(folder, target));
    const isFolder = target.endsWith('/') || sources.length > 1;
    for (const source of sources) {
      const place = isFolder ? join(into, basename(source)) : into;
      cpSync(join(origin, source), place, { recursive: true, verbatimSymlinks: true });
    }
  }

  private runStep(root: string, folder: string, command: string, environment: Record<string, string>): void {
    const script = join(__dirname, 'run-in-stage.sh');
    const cache = join(homedir(), '.npm');
    mkdirSync(cache, { recursive: true });
    const args = ['--mount', script, root, join(this.folder, 'node'), cache, folder, command];
    try {
      const env = { ...outsideSettings(), PATH: IMAGE_PATH, HOME: '/root', ...environment };
      execFileSync('unshare', args, { env, stdio: 'pipe', encoding: 'utf8', maxBuffer: 1 << 27 });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`RUN ${expanded(command, environment)}\n${stdout}\n${stderr}`);
    }
  }
}

function obstacleHere(): string | null {
  if (process.getuid?.() !== 0) return 'it needs root';
  const home = dirname(dirname(realpathSync(process.execPath)));
  if (!existsSync(join(home, 'include/node'))) return `no headers of Node are at ${join(home, 'include/node')}`;
  if (!/\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))) return 'its processor is older than x86-64-v3';
  for (const [program, ...args] of [
    ['gcc', '--version'],
    ['g++', '--version'],
    ['make', '--version'],
    ['objdump', '--version'],
    NAMESPACE,
  ] as [string, ...string[]][]) {
    try {
      execFileSync(program, args, { stdio: 'pipe' });
    } catch {
      return `"${[program, ...args].join(' ')}" does not work here`;
    }
  }
  return null;
}

const IMAGE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NPM = '#!/bin/sh\nexec /usr/local/bin/node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n';

/** How packages are reached from here, as an engine's build would be told: proxies, authorities, another registry. */
function outsideSettings(): Record<string, string> {
  const isOne = (name: string) => /^(https?|no)_proxy$|^NODE_EXTRA_CA_CERTS$|^npm_config_registry$/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isOne(name))) as Record<string, string>;
}
