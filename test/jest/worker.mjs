// Runs spec files, one after the other, for the runner (runner.mjs) that forked this process.
import { createRequire } from 'node:module';
import v8 from 'node:v8';
import vm from 'node:vm';

const require = createRequire(createRequire(import.meta.url).resolve('jest-runner'));
const { setup, worker } = require('./testWorker.js');

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');
v8.setFlagsFromString('--no-expose-gc');

/** By itself Node lets more than a gigabyte pile up; of it, a fifth of that is alive. A new worker would cost ten times a collection. */
const GARBAGE_BYTES = 700e6;
const PATIENCE_MS = 400;
const exit = process.exit.bind(process);
let isReady;

process.on('message', async ({ serializableResolvers, file }) => {
  if (serializableResolvers) {
    isReady = setup({ serializableResolvers });
    return;
  }
  try {
    await isReady;
    const before = process.cpuUsage();
    const result = await worker(file);
    const { user, system } = process.cpuUsage(before);
    answer({ result: { ...result, perfStats: { ...result.perfStats, cpuSeconds: (user + system) / 1e6 } } });
  } catch (error) {
    answer({ failure: error });
  }
});

// With nothing left to do it ends by itself. What a suite has left open must not keep it.
process.on('disconnect', () => setTimeout(sayWhatIsLeft, PATIENCE_MS).unref());

function sayWhatIsLeft() {
  process.stderr.write(`A test worker was left with: ${process.getActiveResourcesInfo().join(', ')}\n`);
  exit(0);
}

function answer(message) {
  if (process.memoryUsage().heapUsed > GARBAGE_BYTES) collectGarbage();
  const whole = { ...message, memory: process.memoryUsage.rss() };
  try {
    process.send(whole);
  } catch {
    // What an assertion compared may have cycles. The messages that people read say the same.
    for (const test of message.result?.testResults ?? []) test.failureDetails = [];
    process.send(whole);
  }
}
