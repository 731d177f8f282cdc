import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const PATIENCE_MS = 30_000;

/** Leaves no server and no database of this run behind. */
export default async function tearDown() {
  const { broker, servers, urls, prefix } = globalThis.coatcheckTestRun;
  broker.closeAllConnections();
  broker.close();
  await Promise.all(servers.map(stop));
  if (!process.env.TEST_DATABASE_URL) return;
  // In a process of its own: in this one Jest transforms packages for its workers, as long as this function runs.
  const env = { ...process.env, TEST_DATABASE_URL: await urls['/'], TEST_DATABASE_PREFIX: prefix };
  execFileSync(process.execPath, [join(import.meta.dirname, 'drop-databases.mjs')], { env, stdio: 'inherit' });
}

function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return undefined;
  return new Promise((resolve) => {
    // It leads a group of its own, in which its servers are. Whoever waits for the tests must not wait for it.
    const patience = setTimeout(() => process.kill(-server.pid, 'SIGKILL'), PATIENCE_MS);
    server.once('exit', () => {
      clearTimeout(patience);
      resolve();
    });
    if (server.connected) server.disconnect();
  });
}
