import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CommanderError } from 'commander';
import { tell } from '../../src/cli/command-failure.js';
import { commands } from '../../src/cli/commands.js';

const MAIN = join(__dirname, '../../dist/src/cli/main.js');

/** What came of a command. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Environment = Readonly<Record<string, string>>;

/** Runs a command of the built command line as a process of its own. */
export function runAsProcess(args: readonly string[], input: string, environment: Environment): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...environment } });
  // A command that refuses its arguments ends before it has read anything.
  child.stdin.on('error', () => {}).end(input);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, out, err })));
}

/**
 * Runs a command in this process, with an application of its own: a second node, without the second that starting one takes.
 * One at a time: it has the process's environment, standard input and output to itself.
 */
export async function runHere(args: readonly string[], input: string, environment: Environment): Promise<Outcome> {
  const own = { env: process.env, stdin: process.stdin };
  const told = { out: '', err: '' };
  const keep = (where: 'out' | 'err') => (chunk: unknown, encoding?: unknown, done?: unknown) => {
    told[where] += String(chunk);
    const written = typeof encoding === 'function' ? encoding : done;
    if (typeof written === 'function') process.nextTick(written as () => void);
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(keep('out') as never),
    jest.spyOn(process.stderr, 'write').mockImplementation(keep('err') as never),
  ];
  process.env = { ...environment };
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true });
  try {
    const code = await codeOf(args);
    return { code, ...told };
  } finally {
    process.env = own.env;
    Object.defineProperty(process, 'stdin', { value: own.stdin, configurable: true });
    for (const spy of spies) spy.mockRestore();
  }
}

/** As src/cli/main.ts does, which ends its process besides. */
async function codeOf(args: readonly string[]): Promise<number> {
  const program = commands();
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(['node', 'coatcheck', ...args]);
    return 0;
  } catch (error) {
    // Its own refusals, and what it is asked about itself, it has told already.
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`${tell(error)}\n`);
    return 1;
  }
}
