import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { reservePort } from './ports.mjs';

const LOG_SECONDS = 30;

/** A real PgBouncer in transaction mode, in front of a database of the tests' PostgreSQL. */
export interface PgBouncer {
  /** The database through it. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * @param settings lines of its section `[pgbouncer]`, beside the least that it needs; absent: as it is by default
 * @throws what it said when it does not start
 */
export async function startPgBouncer(databaseUrl: string, settings: readonly string[] = []): Promise<PgBouncer> {
  const server = new URL(databaseUrl);
  // Reachable for the user it runs as.
  const folder = mkdtempSync('/var/tmp/coatcheck-test-pgbouncer-');
  chmodSync(folder, 0o755);
  const port = await reservePort();
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${server.username}" "${server.password}"\n`);
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=${server.hostname} port=${server.port}`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1`,
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = trust',
    `auth_file = ${users}`,
    'pool_mode = transaction',
    ...settings,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  // It refuses to run as root.
  const asRoot = process.getuid?.() === 0;
  const child = spawn('pgbouncer', [...(asRoot ? ['-u', 'nobody'] : []), file], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.unref();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  await untilItAnswers(child, url.href).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url: url.href, stop };
}

async function untilItAnswers(child: ChildProcess, url: string): Promise<void> {
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => said.push(String(text)));
  for (let tries = 0; tries < LOG_SECONDS * 10; tries++) {
    if (child.exitCode !== null) break;
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error(`PgBouncer did not start: ${said.join('')}`);
}
