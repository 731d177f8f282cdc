import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** Those of WordPress: to start a thread takes longer than all of them. */
const MOST_HERE = 8192;
/** Rounds that other requests wait for. */
const AT_ONCE = 1024;

/** As text, because compiled, bundled and under Jest there is no one place where a file of ours could be found. */
const PROGRAM = `
const { createHash } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');

let { key, password, rounds } = workerData;
for (; rounds > 0; rounds--) key = createHash('md5').update(key).update(password).digest();
parentPort.postMessage(key);
`;

/** MD5 of both, one behind the other. */
export function md5(one: Uint8Array, other: Uint8Array): Buffer {
  return createHash('md5').update(one).update(other).digest();
}

/** MD5 of the key and the password, which is the next round's key. Other requests go on beside it: many rounds take a thread of their own. */
export async function md5Rounds(first: Buffer, password: Buffer, rounds: number): Promise<Buffer> {
  if (rounds > MOST_HERE) return inThread(first, password, rounds);
  let key = first;
  for (let round = 1; round <= rounds; round++) {
    key = md5(key, password);
    if (round % AT_ONCE === 0) await nextTurn();
  }
  return key;
}

function inThread(key: Buffer, password: Buffer, rounds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Neither the environment, which has secrets, nor what the host's process was started with.
    const worker = new Worker(PROGRAM, { eval: true, env: {}, execArgv: [], workerData: { key, password, rounds } });
    worker.once('message', (digest: Uint8Array) => resolve(Buffer.from(digest)));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread of a hash exited (${code})`)));
  });
}
