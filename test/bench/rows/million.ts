import pg from 'pg';
import type { FilledView } from '../app/view-orders.js';
import { ticketsOf } from '../harness/tickets.js';
import type { Figure, Measurement } from '../row.js';

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 1_000_000);

/** One node that knows a million sessions: what they take, what a look at one of them costs, and how long such a node needs to start. */
export const million: Measurement = {
  name: 'million',
  async measure(bench) {
    const [databaseUrl, emptyUrl] = [await bench.database(), await bench.database()];
    await fill(databaseUrl);
    const options = { sessionViewSize: 10 * SESSIONS };
    const started = async (url: string) => {
      const start = performance.now();
      const app = await bench.startApp({ strategy: 'session', databaseUrl: url, options });
      return { app, milliseconds: performance.now() - start };
    };
    const empty = await started(emptyUrl);
    await empty.app.stop();
    const { app, milliseconds } = await started(databaseUrl);
    await ticketsOf(app, 16);
    const before = await app.memory();
    const { seconds, knownMicros, busyMicros } = await app.order<FilledView>('fillView', databaseUrl);
    const after = await app.memory();
    await app.stop();
    const bytes = after.heapUsed + after.external - before.heapUsed - before.external;
    const count = `${SESSIONS.toLocaleString('en')} sessions`;
    return [
      {
        row: `memory of ${count} in one node`,
        value: bytes / 1e6,
        unit: 'MB',
        note: `${(bytes / SESSIONS).toFixed(0)} bytes each; the process has ${(after.rss / 1e6).toFixed(0)} MB`,
      },
      {
        row: `recognising any of ${count}`,
        value: knownMicros,
        unit: 'µs of CPU',
        ratio: knownMicros / busyMicros,
        of: 'one of a hundred of them',
        note: 'no store call',
      },
      {
        row: `${count} seen for the first time`,
        value: SESSIONS / seconds,
        unit: '/s',
        note: `${seconds.toFixed(0)} s for all; looked up together, 5,000 at once`,
      },
      {
        row: `start of a node beside ${count}`,
        value: milliseconds,
        unit: 'ms',
        ratio: milliseconds / empty.milliseconds,
        of: 'beside none',
      } satisfies Figure,
    ];
  },
};

/** As many users, a session each. */
async function fill(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('SET synchronous_commit = off');
  await client.query(
    `INSERT INTO coatcheck.users (id, email, email_verified_at, name, roles, created_at)
     SELECT gen_random_uuid(), 'user-' || at || '@many.example', now(), 'User Number ' || at, '{user}', now()
       FROM generate_series(1, $1::int) at`,
    [SESSIONS],
  );
  await client.query(
    `INSERT INTO coatcheck.sessions (id, user_id, strategy, secret_hash, created_at, authenticated_at, last_seen_at,
       idle_expires_at, absolute_expires_at, ip, user_agent, amr)
     SELECT gen_random_uuid(), id, 'session', left(md5(id::text) || md5(email), 43), now(), now(), now(), now() + interval '7 days',
            now() + interval '30 days', '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', '{pwd}'
       FROM coatcheck.users`,
  );
  await client.query('ANALYZE');
  await client.end();
}
