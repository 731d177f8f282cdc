// Somebody else's NOTIFY, on a channel of theirs in a database (BENCH_DATABASE), as fast as BENCH_RATE a second. Answers how many it has sent.
import pg from 'pg';

const rate = Number(process.env.BENCH_RATE);
const CONNECTIONS = 4;
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: CONNECTIONS });
let sent = 0;
let due = 0;
const startedAt = performance.now();

async function worker() {
  for (;;) {
    due += 1;
    const wait = startedAt + (due * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    await pool.query(`SELECT pg_notify('somebody_else', $1)`, [`order ${sent}`]);
    sent += 1;
  }
}
for (let at = 0; at < CONNECTIONS; at++) void worker();
process.on('disconnect', () => process.exit(0));
process.on('message', ({ id }) => process.send({ id, result: sent }));
process.send({ url: 'http://127.0.0.1:1' });
