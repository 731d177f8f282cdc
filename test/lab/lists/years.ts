import type { Client } from 'pg';
import { MEASURED } from '../../../src/measurements/measured.js';
import { countedHours } from '../plans/crowd-statements.js';

const NODES = 3;

/** What the crowd of the plans has none of: acts of one admin, a busy address, letters that only old addresses have, service users, and what nodes measured in a year. */
export async function addWhatAdminsLookFor(client: Client, given: Lookout): Promise<void> {
  const { admin, address, events, now } = given;
  const at = `'${now.toISOString()}'::timestamptz`;
  await client.query(
    `INSERT INTO coatcheck.users (id, kind, name, roles, created_at)
     SELECT gen_random_uuid(), 'service', 'service ' || n, '{reader}', ${at} FROM generate_series(1, 200) n`,
  );
  await client.query(
    `INSERT INTO coatcheck.audit_events (id, at, type, user_id, actor_id, ip, details)
     SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
              || '8' || substr(md5(random()::text), 1, 15))::uuid,
            at, CASE WHEN n % 2 = 0 THEN 'admin.user_banned' ELSE 'login.failed' END, '${admin}',
            CASE WHEN n % 2 = 0 THEN '${admin}'::uuid END, '${address}', '{}'
       FROM (SELECT n, ${at} - (${events} - n) * interval '366 days' / ${events} AS at FROM generate_series(1, ${events}) n) drawn`,
  );
  // So many that a walk from the newest finds them at the very end.
  await client.query(
    `UPDATE coatcheck.users SET email = 'qx' || email
      WHERE id IN (SELECT id FROM coatcheck.users WHERE email NOT LIKE 'user-%' ORDER BY id LIMIT ${Math.round(given.users / 200)})`,
  );
  const names = Object.keys(MEASURED).map((name) => `'${name}'`);
  const measured = (minutes: number, from: string, until: string, nodes: string) => `
    INSERT INTO coatcheck.measurements (span_minutes, minute, node, name, count, sum, p50, p99)
    SELECT ${minutes}, minute, node, name, 60, random(), random(), random()
      FROM generate_series(${from}, ${until}, '${minutes} minutes'::interval) minute,
           unnest(ARRAY[${nodes}]) node, unnest(ARRAY[${names.join()}]) name`;
  const ids = Array.from({ length: NODES }, (_, n) => `'node-${n}'`).join();
  const month = `date_trunc('minute', ${at}) - ${given.measuredDays} * interval '1 day'`;
  const year = (unit: string) => `date_trunc('${unit}', ${at}, 'UTC') - interval '365 days'`;
  await client.query(measured(1, month, at, ids));
  await client.query(measured(60, year('hour'), `${at} - interval '2 hours'`, "''"));
  await client.query(measured(1440, year('day'), `${at} - interval '26 hours'`, "''"));
  await client.query('TRUNCATE coatcheck.audit_counts');
  await client.query(countedHours(at));
  await client.query('VACUUM (ANALYZE)');
}

interface Lookout {
  /** How many there are already. */
  readonly users: number;
  /** Id of the admin who did much. */
  readonly admin: string;
  /** Where much came from. */
  readonly address: string;
  /** How many events of each. */
  readonly events: number;
  /** Days of which every minute is kept. */
  readonly measuredDays: number;
  readonly now: Date;
}
