import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { isWaiting } from './sequencer.mjs';
import { WorkerProcess } from './worker-process.mjs';

const require = createRequire(import.meta.url);
const { default: TestRunner } = require('jest-runner');

/** Of so many workers one is for files that wait. */
const ENOUGH_FOR_WAITING = 3;
/** How long a run may need to end after its last file. */
const END_MS = 180_000;

/**
 * Runs spec files like Jest's own runner, except that nothing hangs for ever and nothing is begun twice. Jest's limit for a test
 * covers neither what a file does outside of its tests nor a loop that never yields, and it asks a worker for its memory while the worker has
 * begun the next file, kills it there and begins that file again.
 *
 * A file may take `TEST_FILE_SECONDS`, by itself twice what a single test may.
 */
export default class Runner extends TestRunner {
  #listeners = new Map();

  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return super.on(event, listener);
  }

  async runTests(tests, watcher, options) {
    if (options.serial) return this.#runHere(tests, watcher, options);
    const left = [...tests];
    const count = Math.min(this._globalConfig.maxWorkers, tests.length);
    const slots = Array.from({ length: count }, (_, i) => this.#runSlot(i + 1, count, left, tests, watcher));
    await Promise.all(slots);
    endOrSayWhy();
    if (watcher.isInterrupted()) throw new Error('interrupted');
  }

  /** In this process only another thread can see that it hangs. */
  async #runHere(tests, watcher, options) {
    const guard = new Worker(new URL('./guard-thread.mjs', import.meta.url));
    guard.unref();
    const stop = super.on('test-file-start', ([test]) =>
      guard.postMessage({ file: test.path, limitMs: limitOf(test) }),
    );
    try {
      await super.runTests(tests, watcher, options);
    } finally {
      stop();
      guard.postMessage({});
    }
    endOrSayWhy();
  }

  /**
   * The last of several takes what waits first, and the others take that last: two files that wait, side by side, would leave a core idle, and at
   * the end of the run all of them.
   */
  async #runSlot(id, count, left, tests, watcher) {
    const isForWaiting = id === count && count >= ENOUGH_FOR_WAITING;
    let worker;
    const stop = watcher.on('change', ({ interrupted }) => {
      if (interrupted) worker?.kill();
    });
    while (left.length > 0 && !watcher.isInterrupted()) {
      const best = left.findIndex((one) => isWaiting(one) === isForWaiting);
      const [test] = left.splice(Math.max(best, 0), 1);
      await this.#emit('test-file-start', [test]);
      if (!worker?.isAlive()) worker = new WorkerProcess(id, resolversOf(tests));
      const isFit = await this.#runFile(worker, test);
      if (isFit) continue;
      await worker.end();
      worker = undefined;
    }
    await worker?.end();
    stop();
  }

  /** @returns whether the worker is fit for another file */
  async #runFile(worker, test) {
    try {
      const forward = (event, payload) => this.#emit(event, payload);
      const { result, memory } = await worker.run(this.#fileOf(test), limitOf(test), forward);
      await this.#emit('test-file-success', [test, result]);
      return memory < (this._globalConfig.workerIdleMemoryLimit ?? Number.POSITIVE_INFINITY);
    } catch (error) {
      await this.#emit('test-file-failure', [test, error]);
      return false;
    }
  }

  #fileOf(test) {
    const { changedFiles, sourcesRelatedToTestsInChangedFiles: related } = this._context;
    return {
      config: test.context.config,
      context: {
        ...this._context,
        changedFiles: changedFiles && [...changedFiles],
        sourcesRelatedToTestsInChangedFiles: related && [...related],
      },
      globalConfig: this._globalConfig,
      path: test.path,
    };
  }

  async #emit(event, payload) {
    for (const listener of this.#listeners.get(event) ?? []) await listener(payload);
  }
}

function limitOf({ context }) {
  const seconds = Number(process.env.TEST_FILE_SECONDS);
  return seconds ? seconds * 1000 : 2 * (context.config.testTimeout ?? 300_000);
}

function resolversOf(tests) {
  const contexts = new Map(tests.map(({ context }) => [context.config.id, context]));
  return [...contexts.values()].map(({ config, moduleMap }) => ({ config, serializableModuleMap: moduleMap.toJSON() }));
}

/** The timer itself keeps nothing alive: it comes only when something else does. */
function endOrSayWhy() {
  const seconds = Number(process.env.TEST_END_SECONDS);
  const say = () => {
    const left = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(`!! All files have run, but the run does not end. It is left with: ${left}\n`);
    process.exit(1);
  };
  setTimeout(say, seconds ? seconds * 1000 : END_MS).unref();
}
