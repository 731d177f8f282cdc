// Keeps the processes of one fleet. Whatever becomes of the driver that forked this one: when it is gone, so are they, and
// so is their folder. `{ id, do: 'start', name, command, args, env, folder, ready }` answers when the output matches `ready`;
// `{ id, do: 'signal', name, signal }` answers at once, or after the end of what was killed.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = mkdtempSync(join(tmpdir(), 'coatcheck-fleet-'));
const children = new Map();

process.on('message', ({ id, ...order }) => {
  const work = order.do === 'start' ? start(order) : signal(order);
  work.then(
    () => answer({ id }),
    (error) => answer({ id, failure: error.message }),
  );
});
process.on('disconnect', end);
process.send?.({ id: 0 });

/** Unless nobody is left to hear it. */
function answer(message) {
  if (process.connected) process.send(message);
}

function start({ name, command, args, env, folder = '.', ready }) {
  const cwd = join(home, folder);
  mkdirSync(cwd, { recursive: true });
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  children.set(name, child);
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk) => {
      if (output === null) return;
      output += chunk;
      if (!new RegExp(ready).test(output)) return;
      output = null;
      resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended (${code}):\n${output}`)));
  });
}

async function signal({ name, signal: which }) {
  const child = children.get(name);
  child.kill(which);
  if (which === 'SIGKILL' || which === 'SIGTERM') await child.ended;
}

async function end() {
  // Also those that were stopped.
  for (const child of children.values()) child.kill('SIGKILL');
  await Promise.all([...children.values()].map(({ ended }) => ended));
  rmSync(home, { recursive: true, force: true });
  process.exit(0);
}
