import { randomUUID } from 'node:crypto';
import { FederatedEnds } from '../../../src/factors/federated/recheck/federated-ends.js';
import type { AuthTestApp } from '../../../src/testing/index.js';
import { storm } from '../../federation/recheck-storm.js';
import { RestedSessions } from '../../federation/rested-sessions.js';
import { KINDS_OF_STORE } from '../../flows/combinations.js';
import { Fleet } from '../../flows/several-nodes.js';
import { isLong } from '../harness/form.js';

const NODES = 3;
const SESSIONS = isLong ? 1_000 : 100;
const ROUNDS = isLong ? 20 : 8;
const ENDED_AT_ONCE = isLong ? 100_000 : 2_000;
const MADE_TOGETHER = 10_000;

describe.each(KINDS_OF_STORE)(
  `sessions that rest on logins elsewhere, at ${NODES} nodes, on the %s store`,
  (sessionStore) => {
    let fleet: Fleet;
    beforeAll(async () => {
      const options = { sessionStore, sessionIdleSeconds: 30 * 86_400, databasePoolSize: 10 };
      fleet = await Fleet.start(NODES, { authStrategies: ['session'], ...options });
    });
    afterAll(() => fleet.stop());

    it(`${SESSIONS} of them, looked at ${ROUNDS} times under faults: none ends whose login stands, each does whose is revoked`, async () => {
      const report = await storm({ nodes: fleet.nodes, sessions: SESSIONS, rounds: ROUNDS, deaths: SESSIONS / 50 });
      process.stdout.write(`\n${sessionStore}: ${JSON.stringify(report)}\n`);
      expect(report).toMatchObject({ wronglyEnded: [], late: [], left: 0, lost: 0 });
      expect(report.checks).toBeGreaterThan(SESSIONS * ROUNDS * 0.3);
      expect(Math.min(report.faults, report.revoked, report.deaths)).toBeGreaterThan(0);
    });
  },
);

describe('sessions that rest on one connection', () => {
  it(`all ${ENDED_AT_ONCE} end, acknowledged, each in the audit`, async () => {
    const fleet = await Fleet.start(2, { authStrategies: ['session'], databasePoolSize: 10 });
    try {
      const [app, other] = fleet.nodes as [AuthTestApp, AuthTestApp];
      const on = new RestedSessions(app, undefined as never);
      const one = await app.actAs();
      const connectionId = randomUUID();
      // A statement of the service has five seconds, and so has each of these.
      for (let made = 1; made < ENDED_AT_ONCE; made += MADE_TOGETHER)
        await on.database.query(
          `INSERT INTO coatcheck.sessions
           SELECT (jsonb_populate_record(kept, jsonb_build_object('id', gen_random_uuid()))).*
             FROM coatcheck.sessions AS kept, generate_series(1, $1::integer) WHERE kept.id = $2`,
          [Math.min(MADE_TOGETHER, ENDED_AT_ONCE - made), one.sessionId],
        );
      for (let noted = 0; noted < ENDED_AT_ONCE; noted += MADE_TOGETHER)
        await on.database.query(
          `WITH logins AS (
             INSERT INTO coatcheck.federated_logins (id, connection_id, identity_id, checked_at, next_check_at)
             SELECT id, $1, $2, now(), 'infinity' FROM coatcheck.sessions ORDER BY id OFFSET $3 LIMIT $4 RETURNING id)
           INSERT INTO coatcheck.federated_sessions (session_id, login_id) SELECT id, id FROM logins`,
          [connectionId, randomUUID(), noted, MADE_TOGETHER],
        );
      expect((await one.copyInto(other.client()).get('/auth/me')).status).toBe(200);
      const since = performance.now();
      expect(await on.part(FederatedEnds).end({ connectionId }, 'federated_connection_removed')).toBe(ENDED_AT_ONCE);
      process.stdout.write(
        `\n${ENDED_AT_ONCE} sessions ended in ${((performance.now() - since) / 1000).toFixed(1)} s\n`,
      );
      const [{ live }] = await on.database.query(
        'SELECT count(*)::integer AS live FROM coatcheck.sessions WHERE ended_at IS NULL',
      );
      const [{ told }] = await on.database.query(
        `SELECT count(*)::integer AS told FROM coatcheck.audit_events WHERE type = 'session.revoked'`,
      );
      const [{ left }] = await on.database.query('SELECT count(*)::integer AS left FROM coatcheck.federated_logins');
      expect({ live, told, left }).toEqual({ live: 0, told: ENDED_AT_ONCE, left: 0 });
      expect((await one.copyInto(other.client()).get('/auth/me')).status).toBe(401);
    } finally {
      await fleet.stop();
    }
  });
});
