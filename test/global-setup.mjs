import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';

/** What suites may ask for, by path, and how it is started. */
const SERVERS = {
  '/': {
    script: 'postgres-server.mjs',
    hint: 'Set TEST_DATABASE_URL to a PostgreSQL in which the tests may create databases.',
  },
  '/redis': { script: 'cache-server.mjs', hint: 'Install the package redis-server.' },
  '/redis-cluster': { script: 'cache-server.mjs', hint: 'Install the package redis-server.' },
  '/memcached': { script: 'cache-server.mjs', hint: 'Install the package memcached.' },
  '/embedded': { script: 'embedded-template.mjs', hint: 'Run npm run build: it is made by what was built.' },
  '/hosts': { script: 'compiled-hosts.mjs', hint: 'Run npm run build: what was built is packed for them.' },
  '/package': { script: 'packed-package.mjs', hint: 'Run npm run build: what was built is packed.' },
};

/**
 * Offers one PostgreSQL, one Redis, one Memcached, one template of an embedded database, the packed package and hosts that have installed it to all suites of this run, and a Redis
 * Cluster to each worker, by an address they ask for the URL. Each is started when the first suite asks, so a run of unit specs
 * starts none. `TEST_DATABASE_URL` names a PostgreSQL that runs already.
 */
export default async function setUp() {
  const run = { prefix: `coatcheck_test_${randomBytes(4).toString('hex')}_`, urls: {}, servers: [] };
  if (process.env.TEST_DATABASE_URL) run.urls['/'] = Promise.resolve(process.env.TEST_DATABASE_URL);
  run.broker = createServer(({ url: path }, reply) => {
    // Kept alive, a connection could be closed here at the moment it is used there.
    reply.shouldKeepAlive = false;
    run.urls[path] ??= startServer(run, path);
    run.urls[path].then(
      (url) => reply.end(JSON.stringify({ url, prefix: run.prefix })),
      (error) => reply.end(JSON.stringify({ failure: error.message })),
    );
  });
  await new Promise((resolve) => run.broker.listen(0, '127.0.0.1', resolve));
  run.broker.unref();
  process.env.COATCHECK_TEST_SERVERS = `http://127.0.0.1:${run.broker.address().port}`;
  globalThis.coatcheckTestRun = run;
}

function startServer(run, path) {
  const [, kind] = path.split('/');
  const { script, hint } = SERVERS[`/${kind}`];
  // A process group of its own: Ctrl-C must reach the server by its parent's end only, and in order.
  const server = fork(join(import.meta.dirname, script), [kind, 'old'], { detached: true, execArgv: [] });
  run.servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`No ${script} for the tests (exit ${code}). ${hint}`)));
    server.once('message', ({ url, failure }) => {
      if (url) resolve(url);
      else reject(new Error(`No server for the tests: ${failure}\n${hint}`));
    });
  });
}
