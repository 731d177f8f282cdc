import { fork, spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { stackOf } from './stack-of.mjs';

/** jest-worker's word for what a worker tells besides its answer: `[CUSTOM, [event, payload]]`. */
const CUSTOM = 3;
const PATIENCE_MS = 2000;

/** One process that runs spec files, one at a time. It ends only while it runs none, or because a file took too long. */
export class WorkerProcess {
  constructor(id, serializableResolvers) {
    this.id = id;
    this.child = fork(join(import.meta.dirname, 'worker.mjs'), [], {
      env: { ...process.env, JEST_WORKER_ID: String(id), ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
      execArgv: [
        ...process.execArgv.filter((option) => !/^--(debug|inspect)/.test(option)),
        // Most of what a test makes is gone soon: a larger nursery saves a tenth of what is computed.
        '--max-semi-space-size=64',
        // What is alive grows at the start: each of its first collections would look through all of it again, a twelfth of what is computed.
        '--initial-heap-size=600',
        // Later ones would come too often: a worker that waits passes for idle, and then V8 collects, and lets the heap grow little. It may grow to
        // four times what is alive.
        '--heap-growing-percent=300',
        '--no-memory-reducer',
        // Where its debugger would listen, if stackOf opened it.
        '--inspect-port=0',
      ],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child.stdout.pipe(process.stdout, { end: false });
    this.child.stderr.pipe(process.stderr, { end: false });
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
      // Without a process there is no end of one; other errors are told where they are asked for.
      this.child.on('error', ({ message }) => this.child.pid ?? resolve({ signal: message }));
    });
    this.child.on('message', (message) => this.hear(message));
    this.send({ serializableResolvers });
  }

  /**
   * @param onEvent is told Jest's events of single tests
   * @returns Jest's result, and the bytes this process then holds
   * @throws what kept the file from having one: it did not load, the process ended, or it ran longer than `limitMs`
   */
  async run(file, limitMs, onEvent) {
    this.lastTest = undefined;
    this.onEvent = onEvent;
    const answer = new Promise((resolve) => {
      this.answer = resolve;
    });
    let timer;
    const tooLong = new Promise((resolve) => {
      timer = setTimeout(resolve, limitMs, 'too long');
    });
    this.send({ file });
    const first = await Promise.race([answer, tooLong, this.ended]);
    clearTimeout(timer);
    if (first === 'too long') throw await this.putDown(relative(file.globalConfig.rootDir, file.path), limitMs);
    if (first.failure) throw first.failure;
    if (!first.result) throw new Error(`The test worker ended (${howOf(first)}) ${this.where()}`);
    this.before = relative(file.globalConfig.rootDir, file.path);
    return first;
  }

  /** Whether it can run a file. If not, it ended after one: something in there failed when nobody waited for it any more. */
  isAlive() {
    const { exitCode, signalCode } = this.child;
    if (exitCode === null && signalCode === null) return true;
    const how = howOf({ code: exitCode, signal: signalCode });
    process.stderr.write(`\n!! A test worker ended (${how}) after ${this.before}; another goes on.\n`);
    return false;
  }

  /** Ends it, between two files. */
  async end() {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    if (this.child.connected) this.child.disconnect();
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends it with everything it has started. */
  async kill() {
    const { pid } = this.child;
    if (pid !== undefined) for (const one of [...descendantsOf(pid), pid]) killOne(one);
    await this.ended;
  }

  async putDown(name, limitMs) {
    const seconds = limitMs / 1000;
    const text = `${name} had not ended after ${seconds} s ${this.where()}; its worker was killed.`;
    process.stderr.write(`\n!! ${text}\n${(await stackOf(this.child)).join('\n')}\n`);
    await this.kill();
    return new Error(text);
  }

  where() {
    const after = this.before ? `; the file before it in that process was ${this.before}` : '';
    if (!this.lastTest) return `before its first test${after}`;
    const [event, name] = this.lastTest;
    return `${event === 'test-case-start' ? 'in' : 'after'} the test "${name}"`;
  }

  hear(message) {
    if (!Array.isArray(message)) return this.answer?.(message);
    const [kind, [event, payload]] = message;
    if (kind !== CUSTOM) return undefined;
    this.lastTest = [event, payload[1]?.fullName];
    return this.onEvent?.(event, payload);
  }

  /** Of a process that has ended, `ended` tells. */
  send(message) {
    this.child.send(message, () => undefined);
  }
}

function howOf({ code, signal }) {
  return signal ?? `exit ${code}`;
}

/** Innermost first; none where there is no `ps`. */
function descendantsOf(pid) {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', timeout: PATIENCE_MS });
  const lines = (stdout ?? '').trim().split('\n');
  const all = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent) => all.filter(([, of]) => of === parent).flatMap(([child]) => [...below(child), child]);
  return below(pid);
}

function killOne(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
