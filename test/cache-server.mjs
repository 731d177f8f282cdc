// Runs one throw-away Redis, Redis Cluster or Memcached (the first argument) for as long as the process that forked this
// one lives. Says `{ url }` or `{ failure }`, at the start and to each `{ do: 'kill' | 'stop' | 'continue' | 'start' }`.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const kind = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'coatcheck-test-cache-'));
const ports = await freePorts(kind === 'redis-cluster' ? 3 : 1);
let servers = [];
// Its nodes keep what they know of each other when they are killed.
let isFormed = false;

process.on('disconnect', () => stop(0));
process.on('message', ({ do: action }) => {
  if (action === 'start') return begin();
  for (const server of servers) server.kill({ kill: 'SIGKILL', stop: 'SIGSTOP', continue: 'SIGCONT' }[action]);
  process.send?.({ url: urlOf() });
});
begin();

async function begin() {
  try {
    servers = ports.map(launch);
    await Promise.all(ports.map(untilItListens));
    if (kind === 'redis-cluster' && !isFormed) await formCluster();
    if (kind === 'redis-cluster') await untilAllAgree();
    isFormed = true;
    process.send?.({ url: urlOf() });
  } catch (error) {
    process.send?.({ failure: String(error) });
    stop(1);
  }
}

function launch(port) {
  const [command, args] = kind === 'memcached' ? memcached(port) : redis(port);
  const server = spawn(command, args, { stdio: 'ignore' });
  server.on('error', (error) => process.send?.({ failure: String(error) }));
  return server;
}

function redis(port) {
  const cluster = [
    '--cluster-enabled',
    'yes',
    '--cluster-config-file',
    `nodes-${port}.conf`,
    '--cluster-node-timeout',
    '2000',
  ];
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  return ['redis-server', [...args, ...(kind === 'redis-cluster' ? cluster : [])].map(String)];
}

function memcached(port) {
  const asRoot = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  return ['memcached', ['-l', '127.0.0.1', '-p', String(port), '-U', '0', '-m', '64', ...asRoot]];
}

/** Three masters, a third of the slots each. */
async function formCluster() {
  const share = Math.ceil(16384 / ports.length);
  for (const [i, port] of ports.entries()) {
    await cli(port, 'CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    await cli(port, 'CLUSTER', 'ADDSLOTSRANGE', i * share, Math.min(16383, (i + 1) * share - 1));
    if (i > 0) await cli(port, 'CLUSTER', 'MEET', '127.0.0.1', ports[0]);
  }
}

function untilAllAgree() {
  return within(20_000, async () => {
    const states = await Promise.all(ports.map((port) => cli(port, 'CLUSTER', 'INFO')));
    return states.every(({ stdout }) => /cluster_state:ok/.test(stdout) && /cluster_known_nodes:3/.test(stdout));
  });
}

function cli(port, ...command) {
  return promisify(execFile)('redis-cli', ['-p', String(port), ...command.map(String)]);
}

function urlOf() {
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return `${{ redis: 'redis', 'redis-cluster': 'redis+cluster', memcached: 'memcached' }[kind]}://${hosts}`;
}

function untilItListens(port) {
  return within(
    10_000,
    () =>
      new Promise((resolve) => {
        const probe = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
        probe.once('connect', () => probe.destroy());
      }),
  );
}

async function within(milliseconds, isSo) {
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${kind} did not start in time`);
}

async function stop(code) {
  const running = servers.filter(({ exitCode, signalCode, pid }) => pid && exitCode === null && signalCode === null);
  await Promise.all(running.map((server) => new Promise((resolve) => server.once('exit', resolve).kill('SIGKILL'))));
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

/** Held all at once, so that no two are the same. */
async function freePorts(count) {
  const probes = await Promise.all(Array.from({ length: count }, freePort));
  const found = probes.map((probe) => probe.address().port);
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return found;
}

function freePort() {
  // A node of a cluster also takes the port 10,000 above; both stay below those that the system gives out by itself.
  const wish = kind === 'redis-cluster' ? 10_000 + Math.floor(Math.random() * 12_000) : 0;
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(freePort()));
    probe.listen(wish, '127.0.0.1', () => resolve(probe));
  });
}
