import pg from 'pg';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

/** One of them locks the user and asks whether whoever acts still may: their row, their session, the epoch of everyone. */
const MOST = 8;
const SESSIONS = 30;

/** Every statement of the process, in their order, but those of the lease, which beats whatever happens. */
function watched(): { during(work: () => Promise<unknown>): Promise<string[]>; stop(): void } {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  return {
    async during(work) {
      spy.mockClear();
      await work();
      const seen = spy.mock.calls.map(([given]) => textOf(given));
      return seen.filter(
        (sql) => !/node_leases WHERE|UPDATE coatcheck.node_leases|FROM coatcheck.revocations WHERE/.test(sql),
      );
    },
    stop: () => spy.mockRestore(),
  };
}

function textOf(given: unknown): string {
  return typeof given === 'string' ? given : (given as { text: string }).text;
}

describe('on PostgreSQL', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({
      authStrategies: ['session', 'api-key'],
      apiKeyScopes: ['example:read'],
      // A look into the mail queue would be counted too.
      mailPollSeconds: 3600,
    });
  });
  afterAll(() => app.close());

  it(`an admin's ban takes at most ${MOST} statements, one append to the feed and one wait, whatever the user holds`, async () => {
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const user = await app.logIn();
    for (let i = 0; i < SESSIONS; i += 1) await app.logInAgain(user);
    await user.post('/auth/api-keys', { name: 'a key', scopes: ['example:read'] });
    await user.post('/auth/email/change', { email: 'elsewhere@example.com', password: user.password });
    await app.client().post('/auth/password/forgot', { email: user.email });
    await app.mails();
    expect((await admin.get('/auth/me')).status).toBe(200);
    const statements = watched();
    const made = await statements.during(async () => {
      expect((await admin.post(`/admin/users/${user.userId}/ban`, {})).status).toBe(204);
    });
    statements.stop();
    expect(made.length).toBeLessThanOrEqual(MOST);
    expect(made.filter((sql) => sql.includes('INSERT INTO coatcheck.revocations'))).toHaveLength(1);
    expect(made.filter((sql) => sql.includes('LEFT JOIN coatcheck.node_leases'))).toHaveLength(1);
    // Nothing comes between the append and the commit: the feed's head is locked.
    expect(made[made.findIndex((sql) => sql.includes('INSERT INTO coatcheck.revocations')) + 1]).toBe('COMMIT');
    expect((await user.get('/auth/me')).status).toBe(401);
  });
});
