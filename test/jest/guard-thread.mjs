// Ends the process when a spec file in its main thread takes longer than it may: that thread may be in a loop that never yields.
import { writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

const STDERR = 2;
let timer;

parentPort.on('message', ({ file, limitMs }) => {
  clearTimeout(timer);
  if (file) timer = setTimeout(end, limitMs, file, limitMs);
});

function end(file, limitMs) {
  writeSync(STDERR, `\n!! ${file} had not ended after ${limitMs / 1000} s; the run was killed.\n`);
  process.kill(process.pid, 'SIGKILL');
}
