import pg from 'pg';

/** Leaves no server and no database of this run behind. */
export default async function tearDown() {
  const { broker, servers, urls, prefix } = globalThis.coatcheckTestRun;
  broker.closeAllConnections();
  broker.close();
  await Promise.all(servers.map(stop));
  if (process.env.TEST_DATABASE_URL) await dropDatabases(await urls['/'], prefix);
}

function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return undefined;
  return new Promise((resolve) => {
    server.once('exit', resolve);
    server.disconnect();
  });
}

async function dropDatabases(url, prefix) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]);
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
