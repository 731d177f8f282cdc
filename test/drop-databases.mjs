// Drops every database of a run on a PostgreSQL that goes on: `TEST_DATABASE_URL`, names that begin with `TEST_DATABASE_PREFIX`.
import pg from 'pg';

const { TEST_DATABASE_URL: url, TEST_DATABASE_PREFIX: prefix } = process.env;
if (!prefix) throw new Error('TEST_DATABASE_PREFIX is empty: every database would be dropped');

const client = new pg.Client({ connectionString: url });
await client.connect();
try {
  const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]);
  for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
} finally {
  await client.end();
}
