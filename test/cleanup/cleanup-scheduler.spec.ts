import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AuditSink } from '../../src/audit/audit-sink.js';
import { CleanupScheduler } from '../../src/cleanup/cleanup-scheduler.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

const DAY = 86_400;

describe('the cleanup scheduler', () => {
  let database: TestDatabase;
  let nodes: AuthTestApp[];
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await freshDatabase();
    const options = { databaseUrl: database.url, cleanupSeconds: 0, auditRetentionDays: 400 };
    nodes = [await bootWithMadeUsers(options), await bootWithMadeUsers(options)];
    dataSource = nodes[0]!.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await database.drop();
  });

  const cleanupSchedulers = () => nodes.map(({ app }) => app.get(CleanupScheduler, { strict: false }));
  const advance = (days: number) => {
    for (const { clock } of nodes) clock.advance(days * DAY);
  };
  const count = async (table: string, condition = 'true') => {
    const [row] = await dataSource.query(`SELECT count(*)::int AS count FROM coatcheck.${table} WHERE ${condition}`);
    return row.count as number;
  };

  it('deletes sessions a day after their end, with their refresh tokens, and no earlier', async () => {
    const user = await nodes[0]!.logIn({ strategy: 'jwt' }).catch(() => nodes[0]!.logIn());
    await user.post('/auth/logout');
    advance(30);
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await count('sessions', `id = '${user.sessionId}'`)).toBe(1);
    advance(1.01);
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await count('sessions', `id = '${user.sessionId}'`)).toBe(0);
    expect(await count('refresh_tokens', `session_id = '${user.sessionId}'`)).toBe(0);
  });

  it('leaves sessions that live', async () => {
    const user = await nodes[0]!.logIn();
    await cleanupSchedulers()[0]!.cleanUp();
    expect((await user.get('/auth/me')).status).toBe(200);
  });

  it('deletes mailed tokens long after they ran out', async () => {
    const { email } = await nodes[0]!.register();
    await nodes[0]!.client().post('/auth/password/forgot', { email });
    await nodes[0]!.mails();
    const before = await count('mailed_tokens');
    expect(before).toBeGreaterThan(0);
    advance(20);
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await count('mailed_tokens')).toBe(before);
    advance(12);
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await count('mailed_tokens')).toBe(0);
  });

  it('deletes registrations whose link was never followed a day after they ran out', async () => {
    await nodes[0]!
      .client()
      .post('/auth/register', { email: 'never@example.com', password: 'an engine weaves algebra' });
    expect(await count('registrations')).toBe(1);
    advance(1);
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await count('registrations')).toBe(1);
    advance(2);
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await count('registrations')).toBe(0);
  });

  it('deletes events of the audit by their age, and no other role can', async () => {
    const userId = randomUUID();
    const audit = nodes[0]!.app.get(AuditSink, { strict: false });
    await audit.record({ type: 'app.old', userId });
    advance(399);
    await audit.record({ type: 'app.young', userId });
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await count('audit_events', `user_id = '${userId}'`)).toBe(2);
    advance(2);
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await dataSource.query(`SELECT type FROM coatcheck.audit_events WHERE user_id = '${userId}'`)).toEqual([
      { type: 'app.young' },
    ]);
    await expect(dataSource.query('DELETE FROM coatcheck.audit_events')).rejects.toThrow('append-only');
  });

  it('deletes deliveries given up 30 days ago, and none that are still tried', async () => {
    const [dead, alive] = [randomUUID(), randomUUID()];
    const now = nodes[0]!.clock.now();
    await dataSource.query(
      `INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until, dead_at)
       VALUES ($1, 'siem', 10, $3, $3, $3), ($2, 'siem', 1, $3, $3, NULL)`,
      [dead, alive, now],
    );
    advance(31);
    await cleanupSchedulers()[0]!.cleanUp();
    expect(await dataSource.query('SELECT event_id FROM coatcheck.audit_outbox')).toEqual([{ event_id: alive }]);
  });

  it('deletes 1,700 sessions in batches, each once, though two nodes come at once', async () => {
    advance(1);
    const now = nodes[0]!.clock.now();
    await dataSource.query(
      `INSERT INTO coatcheck.sessions (id, user_id, strategy, created_at, authenticated_at, last_seen_at, idle_expires_at, absolute_expires_at, amr)
       SELECT gen_random_uuid(), gen_random_uuid(), 'session', $1, $1, $1, $1, $1, '{}' FROM generate_series(1, 1700)`,
      [now],
    );
    advance(2);
    const deleted = await Promise.all(cleanupSchedulers().map((cleanupScheduler) => cleanupScheduler.cleanUp()));
    const again = await cleanupSchedulers()[0]!.cleanUp();
    expect(deleted[0]! + deleted[1]! + again).toBeGreaterThanOrEqual(1700);
    expect(await count('sessions', `absolute_expires_at = '${now.toISOString()}'`)).toBe(0);
  });

  it('leaves the work to the node that is at it', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock(4712203311)');
    advance(400);
    const before = await count('audit_events');
    expect(before).toBeGreaterThan(0);
    expect(await cleanupSchedulers()[1]!.cleanUp()).toBe(0);
    expect(await count('audit_events')).toBe(before);
    await runner.rollbackTransaction();
    await runner.release();
    expect(await cleanupSchedulers()[1]!.cleanUp()).toBeGreaterThan(0);
  });

  it('says so when a cleanup fails, and stops no other cleanup', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    for (const hidden of ['audit_outbox', 'sessions']) {
      await cleanupSchedulers()[0]!.cleanUp();
      const [session, delivery] = [randomUUID(), randomUUID()];
      const then = new Date(nodes[0]!.clock.now().getTime() - 40 * DAY * 1000);
      await dataSource.query(
        `INSERT INTO coatcheck.sessions (id, user_id, strategy, created_at, authenticated_at, last_seen_at, idle_expires_at, absolute_expires_at, amr)
         VALUES ($1, $1, 'session', $2, $2, $2, $2, $2, '{}')`,
        [session, then],
      );
      await dataSource.query(
        `INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until, dead_at)
         VALUES ($1, 'siem', 10, $2, $2, $2)`,
        [delivery, then],
      );
      warn.mockClear();
      await dataSource.query(`ALTER TABLE coatcheck.${hidden} RENAME TO hidden`);
      await cleanupSchedulers()[0]!.cleanUp();
      await dataSource.query(`ALTER TABLE coatcheck.hidden RENAME TO ${hidden}`);
      expect(warn.mock.calls.map(([line]) => String(line))).toEqual([expect.stringContaining(hidden)]);
      expect(await count('sessions', `id = '${session}'`)).toBe(hidden === 'sessions' ? 1 : 0);
      expect(await count('audit_outbox', `event_id = '${delivery}'`)).toBe(hidden === 'audit_outbox' ? 1 : 0);
    }
    warn.mockRestore();
  });
});
