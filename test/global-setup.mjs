import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';

/**
 * Offers one PostgreSQL to all suites of this run, by an address they ask for its URL. It is started when the first suite
 * asks, so a run of unit specs starts none. `TEST_DATABASE_URL` names one that runs already.
 */
export default async function setUp() {
  const run = { prefix: `coatcheck_test_${randomBytes(4).toString('hex')}_`, url: null, server: null };
  run.broker = createServer((_, reply) => {
    // A worker may be busy for longer than an idle connection lives, and would then ask on a dead one.
    reply.shouldKeepAlive = false;
    run.url ??= process.env.TEST_DATABASE_URL ? Promise.resolve(process.env.TEST_DATABASE_URL) : startServer(run);
    run.url.then(
      (url) => reply.end(JSON.stringify({ url, prefix: run.prefix })),
      (error) => reply.end(JSON.stringify({ failure: error.message })),
    );
  });
  await new Promise((resolve) => run.broker.listen(0, '127.0.0.1', resolve));
  run.broker.unref();
  process.env.COATCHECK_TEST_POSTGRES = `http://127.0.0.1:${run.broker.address().port}/`;
  globalThis.coatcheckTestRun = run;
}

function startServer(run) {
  // A process group of its own: Ctrl-C must reach the server by its parent's end only, and in order.
  run.server = fork(join(import.meta.dirname, 'postgres-server.mjs'), { detached: true, execArgv: [] });
  return new Promise((resolve, reject) => {
    const hint = 'Set TEST_DATABASE_URL to a PostgreSQL in which the tests may create databases.';
    run.server.once('exit', (code) => reject(new Error(`No PostgreSQL for the tests (exit ${code}). ${hint}`)));
    run.server.once('message', ({ url, failure }) => {
      if (url) resolve(url);
      else reject(new Error(`No PostgreSQL for the tests: ${failure}\n${hint}`));
    });
  });
}
