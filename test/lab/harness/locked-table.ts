import { Client } from 'pg';

/** Nobody may read or write the table meanwhile. */
export async function lockTable(databaseUrl: string, table: string, meanwhile: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`LOCK TABLE coatcheck."${table}" IN ACCESS EXCLUSIVE MODE`);
    await meanwhile();
  } finally {
    await client.end();
  }
}
