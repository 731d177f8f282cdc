import { randomUUID } from 'node:crypto';
import { AUTH_DATA_SOURCE } from '../../../src/database/auth-data-source.js';
import { SupersededSessions } from '../../../src/security/superseded-sessions.js';
import { SessionService } from '../../../src/sessions/session.service.js';
import { SessionStore } from '../../../src/sessions/session.store.js';
import type { AuthTestApp, TestClient, TestUser } from '../../../src/testing/index.js';
import { sessionRecord } from '../../../src/testing/session-record.js';
import { bootService, KINDS_OF_STORE, overStores } from '../../flows/combinations.js';
import { Fleet, outcomes } from '../../flows/several-nodes.js';

const PILE = 5_000;
const SEEDED_TOGETHER = 500;
const LIKE_IT = `INSERT INTO coatcheck.sessions SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),
  'created_at', s.created_at - n * interval '1 millisecond'))).* FROM coatcheck.sessions s, generate_series($2::integer, $3::integer) n WHERE s.id = $1`;

const codeOf = async (client: Pick<TestClient, 'get'>) => {
  const { status, body } = await client.get('/auth/me');
  return status === 200 ? 200 : body.code;
};
const queryOn = (app: AuthTestApp) => {
  const dataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
  return (sql: string, values: unknown[] = []) => dataSource.query(sql, values);
};
const endsOf = (app: AuthTestApp, userId: string, reason: string) =>
  queryOn(app)(
    `SELECT session_id AS id, details FROM coatcheck.audit_events WHERE type = 'session.revoked' AND user_id = $1 AND reason = $2`,
    [userId, reason],
  );

overStores((sessionStore) => {
  describe(`a user with ${PILE} sessions`, () => {
    let fleet: Fleet;
    let thief: TestUser;
    let owner: TestUser;
    let strangers: TestUser[];
    beforeAll(async () => {
      fleet = await Fleet.start(2, { sessionStore, authStrategies: ['session'] });
      const [home] = fleet.nodes;
      thief = await home!.logIn();
      owner = await home!.logInAgain(thief);
      const stranger = await home!.logIn();
      strangers = [stranger];
      for (let i = 0; i < 12; i++) strangers.push(await home!.logInAgain(stranger));
      await seed(home!, owner.userId, PILE);
    });
    afterAll(() => fleet.stop());

    it('is shown a page at a time, and so is an admin', async () => {
      const first = (await owner.get('/auth/sessions?limit=20')).body;
      const second = (await owner.get(`/auth/sessions?limit=20&cursor=${first.nextCursor}`)).body;
      const ids = [...first.sessions, ...second.sessions].map(({ id }: { id: string }) => id);
      expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
      expect((await owner.get('/auth/sessions')).body.sessions).toHaveLength(100);
      const admin = await fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] } });
      expect((await admin.get(`/admin/users/${owner.userId}/sessions?limit=7`)).body.sessions).toHaveLength(7);
      const seen = new Set<string>();
      let cursor: string | null = null;
      for (let page = 0; page < 5; page++) {
        const path: string = `/admin/sessions?limit=50${cursor ? `&cursor=${cursor}` : ''}`;
        const { status, body } = await admin.get(path);
        expect(status).toBe(200);
        for (const { id } of body.sessions) seen.add(id);
        cursor = body.nextCursor;
      }
      expect(seen.size).toBe(250);
    });

    it('logs out everywhere, the thief is out on the other node, and strangers are served meanwhile', async () => {
      const [home, other] = fleet.nodes;
      expect(await outcomes(fleet.everywhere(thief))).toEqual([200, 200]);
      const before = await announced(home!, sessionStore);
      const [stay, ...leave] = strangers;
      const [{ status }, ...served] = await Promise.all([
        owner.post('/auth/logout-all'),
        ...leave.map((user) => user.post('/auth/logout')),
        ...Array.from({ length: 20 }, () => fleet.at(1, stay!).get('/auth/me')),
      ]);
      expect(status).toBe(204);
      expect(await outcomes(fleet.everywhere(thief))).toEqual(['session_ended', 'session_ended']);
      expect(served.map((reply) => reply.status)).toEqual([...leave.map(() => 204), ...new Array(20).fill(200)]);

      const marking = home!.app.get(SupersededSessions, { strict: false }).settled();
      const again = await other!.logInAgain(strangers[0]!);
      expect((await fleet.at(1, again).post('/auth/logout')).status).toBe(204);
      expect(await codeOf(stay!)).toBe(200);
      await marking;
      // One for the user, one for each stranger that left; none for each of the sessions.
      if (before !== null)
        expect((await announced(home!, sessionStore))! - before).toBeLessThanOrEqual(leave.length + 3);
      const [marked, ...more] = await endsOf(home!, owner.userId, 'logged_out_everywhere');
      expect([Number(marked.details.count), more]).toEqual([PILE + 2, []]);
      const fresh = await other!.logInAgain(owner);
      expect((await fresh.get('/auth/sessions')).body.sessions.map(({ id }: { id: string }) => id)).toEqual([
        fresh.sessionId,
      ]);
    });
  });
}, KINDS_OF_STORE);

describe('sessions that a crash has left unmarked', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start(2, { authStrategies: ['jwt', 'session'], accessTokenSeconds: 7200 });
  });
  afterAll(() => fleet.stop());

  it('are refused on every node, refresh nothing, and are in no list', async () => {
    const [home, other] = fleet.nodes;
    const one = await home!.logIn({ transport: 'body', strategy: 'jwt' });
    const two = await home!.logInAgain({ ...one, strategy: 'session' });
    expect((await one.post('/auth/logout-all')).status).toBe(204);
    await home!.app.get(SupersededSessions, { strict: false }).settled();
    await queryOn(home!)('UPDATE coatcheck.sessions SET ended_at = NULL, end_reason = NULL WHERE user_id = $1', [
      one.userId,
    ]);
    const third = await bootService({ databaseUrl: fleet.database.url, authStrategies: ['jwt', 'session'] });
    const late = (user: TestUser) => user.copyInto(third.client(user.defaults));
    for (const user of [one, two]) {
      const tried = [...fleet.everywhere(user), late(user)];
      expect(await outcomes(tried)).toEqual(['session_ended', 'session_ended', 'session_ended']);
    }
    const refused = await other!.client().post('/auth/refresh', { refreshToken: one.refreshToken });
    expect([refused.status, refused.body.code]).toEqual([401, 'session_ended']);
    const fresh = await home!.logInAgain({ ...one, strategy: 'session' });
    const mine = (await fresh.get('/auth/sessions')).body.sessions.map(({ id }: { id: string }) => id);
    expect(mine).toEqual([fresh.sessionId]);
    const admin = await home!.logIn({ changes: { roles: ['admin'] }, strategy: 'session' });
    const all = (await admin.get('/admin/sessions')).body.sessions.map(({ id }: { id: string }) => id);
    expect(all).toContain(fresh.sessionId);
    for (const { sessionId } of [one, two]) expect(all).not.toContain(sessionId);
    expect(await home!.app.get(SessionService, { strict: false }).userEpochOf(one.sessionId)).toBe(null);
    await third.close();
  });
});

/** As if they had been started before there was a bound. */
async function seed(app: AuthTestApp, userId: string, count: number): Promise<void> {
  const store = app.app.get(SessionStore, { strict: false });
  const now = app.clock.now();
  const started = (secondsAgo: number) =>
    sessionRecord({ userId, id: randomUUID(), createdAt: new Date(now.getTime() - 1000 - secondsAgo) }, now);
  const first = started(0);
  await store.insert(first);
  // Where they are rows, statements make as many like it; a row at a time takes as long as everything else here.
  const isRow = (await queryOn(app)('SELECT FROM coatcheck.sessions WHERE id = $1', [first.id])).length > 0;
  for (let done = 1; done < count; done += SEEDED_TOGETHER) {
    const together = Math.min(SEEDED_TOGETHER, count - done);
    if (isRow) await queryOn(app)(LIKE_IT, [first.id, done, done + together - 1]);
    else await Promise.all(Array.from({ length: together }, (_, i) => store.insert(started(done + i))));
  }
}

/** Entries in the feed of PostgreSQL; null where it is another. */
async function announced(app: AuthTestApp, store: string): Promise<number | null> {
  if (store !== 'postgres') return null;
  const [{ seq }] = await queryOn(app)('SELECT seq FROM coatcheck.revocation_head');
  return Number(seq);
}
