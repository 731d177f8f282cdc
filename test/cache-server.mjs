// Runs one throw-away Redis, Redis Cluster or Memcached (the first argument) for as long as the process that forked this
// one lives; with the second argument `old` a Redis is as one that has run for long. Says `{ url }` or `{ failure }`, at the start and to each `{ do: 'kill' | 'stop' | 'continue' | 'start' }`.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { reservePort, wasTaken } from './ports.mjs';

const [kind, age] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'coatcheck-test-cache-'));
// A node of a cluster also takes the port 10,000 above.
const OFFSET = kind === 'redis-cluster' ? 10_000 : 0;
let ports = await choosePorts();
let servers = [];
/** Longer than a starved machine lets one of them wait: a node that another takes for dead answers CLUSTERDOWN, and the service 503. */
const CLUSTER_NODE_TIMEOUT_MS = 30_000;
/** Lets the feed of each database be an hour old. One that is younger than a lease may have forgotten some: revokers wait for as long. */
const MAKE_OLD = `
  local now = redis.call('TIME')
  for database = 0, ARGV[1] do
    if database > 0 then redis.call('SELECT', database) end
    redis.call('HSET', KEYS[1], 'born', (now[1] - 3600) * 1000, 'head', 0)
  end
  return 'old'`;
const LAST_DATABASE = kind === 'redis' ? 15 : 0;
// Its nodes keep what they know of each other when they are killed.
let isFormed = false;
let isStarted = false;

process.on('disconnect', () => stop(0));
process.on('message', async ({ do: action }) => {
  if (action === 'start') return begin();
  if (action === 'kill') await killAll();
  else for (const server of servers) server.kill({ stop: 'SIGSTOP', continue: 'SIGCONT' }[action]);
  if (action === 'stop') await Promise.all(servers.map(untilAllThreadsStand));
  process.send?.({ url: urlOf() });
});
begin();

/** The signal is on its way when `kill` returns; until the thread that takes it runs, the others still answer. */
async function untilAllThreadsStand({ pid }) {
  const folder = `/proc/${pid}/task`;
  if (!existsSync(folder)) return;
  const stands = (thread) => /\) T /.test(readFileSync(`${folder}/${thread}/stat`, 'utf8'));
  while (!readdirSync(folder).every(stands)) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function begin() {
  try {
    await launchAll();
    if (kind === 'redis-cluster' && !isFormed) await formCluster();
    if (kind === 'redis-cluster') await untilAllAgree();
    isFormed = true;
    if (age === 'old' && kind !== 'memcached') await makeOld();
    process.send?.({ url: urlOf() });
  } catch (error) {
    process.send?.({ failure: String(error) });
    stop(1);
  }
}

/** The first time at other ports when somebody else has taken one meanwhile; later only there is where clients look for it. */
async function launchAll() {
  for (;;) {
    servers = ports.map(launch);
    try {
      return await Promise.all(servers.map((server, i) => untilItListens(server, ports[i])));
    } catch (error) {
      await killAll();
      if (isStarted || !wasTaken(String(error))) throw error;
      ports = await choosePorts();
    } finally {
      isStarted ||= servers.every(isRunning);
    }
  }
}

function launch(port) {
  const [command, args] = kind === 'memcached' ? memcached(port) : redis(port);
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  server.said = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk) => {
      server.said = `${server.said}${chunk}`.slice(-4000);
    });
  server.on('error', (error) => {
    server.said += String(error);
  });
  return server;
}

function isRunning({ pid, exitCode, signalCode }) {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function redis(port) {
  const cluster = [
    '--cluster-enabled',
    'yes',
    '--cluster-config-file',
    `nodes-${port}.conf`,
    '--cluster-node-timeout',
    CLUSTER_NODE_TIMEOUT_MS,
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
  return until(async () => {
    const states = await Promise.all(ports.map((port) => cli(port, 'CLUSTER', 'INFO')));
    return states.every(({ stdout }) => /cluster_state:ok/.test(stdout) && /cluster_known_nodes:3/.test(stdout));
  });
}

/** @throws what Redis said: its program does not fail with it */
async function makeOld() {
  const { stdout } = await cli(ports[0], '-c', 'EVAL', MAKE_OLD, 1, 'coatcheck:{feed}:state', LAST_DATABASE);
  if (stdout.trim() !== 'old') throw new Error(`Redis did not become old: ${stdout}`);
}

function cli(port, ...command) {
  return promisify(execFile)('redis-cli', ['-p', String(port), ...command.map(String)]);
}

function urlOf() {
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return `${{ redis: 'redis', 'redis-cluster': 'redis+cluster', memcached: 'memcached' }[kind]}://${hosts}`;
}

/** However long it takes, unless it ends. @throws what it said */
function untilItListens(server, port) {
  return until(async () => {
    if (!isRunning(server)) throw new Error(`${kind} ended as it started:\n${server.said}`);
    return new Promise((resolve) => {
      const probe = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      probe.once('connect', () => probe.destroy());
    });
  });
}

async function until(isSo) {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 25));
}

async function stop(code) {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function killAll() {
  const ended = (server) => new Promise((resolve) => server.once('exit', resolve).kill('SIGKILL'));
  return Promise.all(servers.filter(isRunning).map(ended));
}

async function choosePorts() {
  const chosen = [];
  for (let i = 0; i < (OFFSET ? 3 : 1); i += 1) chosen.push(await reservePort(OFFSET));
  return chosen;
}
