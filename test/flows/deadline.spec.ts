import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { AuthTestApp, TestReply } from '../../src/testing/index.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { bootService } from './combinations.js';

const SECONDS = 1;

describe(`on a database that stands still for longer than the deadline of ${SECONDS} s`, () => {
  let database: TestDatabase;
  let app: AuthTestApp;
  let holder: Client;
  beforeAll(async () => {
    database = await freshDatabase();
    app = await bootService({ databaseUrl: database.url, requestDeadlineSeconds: SECONDS });
    holder = new Client({ connectionString: database.url });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await app.close();
    await database.drop();
  });

  /** While nobody else gets at the table. Afterwards all statements that waited for it are through. */
  async function whileHeld(table: string, work: () => Promise<void>): Promise<void> {
    await holder.query(`BEGIN; LOCK TABLE coatcheck.${table} IN ACCESS EXCLUSIVE MODE`);
    await work().finally(() => holder.query('COMMIT'));
    for (let busy = 1; busy > 0; ) {
      const sql = `SELECT count(*)::int AS busy FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'`;
      busy = (await holder.query(sql)).rows[0].busy;
    }
  }

  /** While the table is still held: nothing else ends the wait. */
  const givenUp = async (asking: Promise<TestReply>) => {
    const reply = await asking;
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
  };

  it('a login is answered 503 in time, goes no further, and known users are served meanwhile', async () => {
    const user = await app.logIn({ transport: 'body' });
    const { email, password } = user;
    const login = () => app.client().post('/auth/login', { email, password });
    const live = async () =>
      (await holder.query('SELECT FROM coatcheck.sessions WHERE user_id = $1', [user.userId])).rowCount;
    await whileHeld('lockouts', async () => {
      // The first finds out that the database is slow.
      await givenUp(app.client().post('/auth/login', { email: 'nobody@example.com', password }));
      await givenUp(login());
      expect((await user.get('/auth/me')).status).toBe(200);
    });
    expect(await live()).toBe(1);
    expect((await login()).status).toBe(200);
    expect(await live()).toBe(2);
  });

  it('a transaction that wants more is rolled back, and its connection is given back', async () => {
    const email = `late-${randomUUID()}@example.com`;
    const register = () => app.client().post('/auth/register', { email, password: 'correct horse 9 battery' });
    await whileHeld('mail_jobs', async () => {
      await givenUp(
        app.client().post('/auth/register', { email: 'first@example.com', password: 'correct horse 9 battery' }),
      );
      await givenUp(register());
    });
    const known = async () =>
      (await holder.query('SELECT FROM coatcheck.registrations WHERE email = $1', [email])).rowCount;
    expect(await known()).toBe(0);
    expect((await register()).status).toBe(202);
    expect(await known()).toBe(1);
  });
});
