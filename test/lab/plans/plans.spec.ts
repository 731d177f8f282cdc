import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Client } from 'pg';
import type { AuthTestApp } from '../../../src/testing/index.js';
import { bootService } from '../../flows/combinations.js';
import { freshDatabase, type TestDatabase } from '../../real-postgres.js';
import { Receiver } from '../../webhooks/receiver.js';
import { adminsActing, adminsLooking, adminsReading } from './admin-flows.js';
import { cleanup } from './cleanup-flow.js';
import { fill } from './crowd.js';
import { lifeOfAUser } from './life-of-a-user.js';
import { genericReadingsOf, type MetricValue, readingsOf } from './plan.js';
import { reasonFor } from './reasons.js';
import { type SentStatement, SentStatements } from './statements.js';

/** Enough that PostgreSQL would rather use an index than read a table. */
const SIZE = { users: 20_000, events: 100_000, known: 20, passwordHash: 'none' };
/** A table with fewer is small. */
const SMALL_ROWS = 1000;
/** Whatever the size of the table. */
const MOST_ROWS = 5000;

/** `PLANS_DATABASE_URL`: a database that `npm run bench:load` has filled; otherwise a small one is. */
const given = process.env.PLANS_DATABASE_URL;

describe('however many rows there are', () => {
  const receiver = new Receiver();
  let database: TestDatabase;
  let client: Client;
  let app: AuthTestApp;
  let sent: ReadonlyMap<string, readonly SentStatement[]>;
  let large: ReadonlySet<string>;

  beforeAll(async () => {
    await receiver.open();
    database = given ? { url: given, drop: async () => {} } : await freshDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    // Whoever measured there signed under a key of their own.
    if (given) await client.query('DELETE FROM coatcheck.signing_keys');
    else await fill(client, { ...SIZE, now: new Date() });
    const { rows } = await client.query(
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'coatcheck'::regnamespace AND reltuples >= $1`,
      [SMALL_ROWS],
    );
    large = new Set(rows.map(({ relname }) => relname));
    const statements = new SentStatements();
    app = await bootService({
      databaseUrl: database.url,
      webhooks: [`siem=${receiver.url}`],
      webhookSecrets: [`siem=whsec_${randomBytes(32).toString('base64')}`],
      webhookInternalAddresses: ['127.0.0.1'],
    });
    for (const strategy of ['session', 'jwt'] as const) await lifeOfAUser(app, strategy);
    const admin = await app.logIn({ changes: { roles: ['admin'] }, strategy: 'jwt', transport: 'body' });
    await cleanup(app);
    await adminsReading(admin, admin);
    await adminsLooking(app, admin);
    await adminsActing(app, admin);
    sent = statements.end();
  });
  afterAll(async () => {
    await app.close();
    await client.end();
    await database.drop();
    receiver.close();
  });

  it('every table has been asked for', () => {
    const text = [...sent.keys()].join('\n');
    const known = [...large].filter((table) => !new RegExp(`\\b${table}\\b`).test(text));
    expect({ large: large.size > 12, known }).toEqual({ large: true, known: [] });
  });

  it(`no statement reads a large table from end to end, or more than ${MOST_ROWS} rows`, async () => {
    const faults: string[] = [];
    const report: string[] = [];
    for (const [shape, runs] of sent) {
      for (const run of runs) {
        const readings = await readingsOf(client, run);
        if (run.isNamed) readings.push(...(await genericReadingsOf(client, run)));
        faults.push(
          ...faultsOf(shape, readings, run.values).map(
            (fault) => `${fault}: ${shape} ${JSON.stringify(run.values).slice(0, 200)}`,
          ),
        );
        report.push(`${JSON.stringify(readings)} ${shape}`);
      }
    }
    if (process.env.PLANS_REPORT) writeFileSync(process.env.PLANS_REPORT, `${report.join('\n')}\n`);
    expect(faults).toEqual([]);
  });

  it('a row that others refer to can be deleted without reading theirs', async () => {
    const { rows } = await client.query(
      `SELECT conname FROM pg_constraint c WHERE contype = 'f' AND NOT EXISTS (
         SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])`,
    );
    expect(rows).toEqual([]);
  });

  function faultsOf(shape: string, readings: readonly MetricValue[], values: readonly unknown[]): string[] {
    return readings
      .filter(({ table }) => large.has(table))
      .filter(({ isSequential, rows }) => isSequential || (rows ?? 0) > MOST_ROWS)
      .filter((reading) => reasonFor(shape, reading, values) === null)
      .map(({ table, isSequential, rows }) => `${isSequential ? 'reads all of' : 'reads much of'} ${table} (${rows})`);
  }
});
