import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient, TestUser } from '../../src/testing/index.js';
import { overStoresAndStrategies } from '../flows/combinations.js';
import { Fleet, outcomes } from '../flows/several-nodes.js';

const MOST = 5;

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

overStoresAndStrategies((sessionStore, strategy) => {
  describe(`with ${MOST} sessions a user`, () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await Fleet.start(2, { sessionStore, authStrategies: [strategy], sessionsPerUser: MOST });
    });
    afterAll(() => fleet.stop());
    const home = () => fleet.nodes[0]!;
    const listed = async (user: TestUser) => (await user.get('/auth/sessions')).body;

    it('a login beyond them ends the oldest, on every node, and says so in the audit', async () => {
      const first = await home().logIn({ transport: 'body' });
      const others: TestUser[] = [];
      for (let i = 1; i < MOST; i++) {
        home().clock.advance(1);
        others.push(await home().logInAgain({ ...first, transport: 'body' }));
      }
      expect(await outcomes(fleet.everywhere(first))).toEqual([200, 200]);
      home().clock.advance(1);
      const last = await home().logInAgain({ ...first, transport: 'body' });
      expect(await outcomes(fleet.everywhere(first))).toEqual(['session_ended', 'session_ended']);
      for (const user of [...others, last]) expect(await codeOf(user)).toBe(200);
      const ended = await endsOf(home(), first.userId, 'too_many_sessions');
      expect(ended.map(({ id }: { id: string }) => id)).toEqual([first.sessionId]);
      const { sessions, nextCursor } = await listed(last);
      expect([sessions.length, nextCursor]).toEqual([MOST, null]);
    });

    it('fifty logins more leave no more of them, and the audit knows of each that went', async () => {
      const first = await home().logIn({ transport: 'body' });
      let last = first;
      for (let i = 1; i < MOST + 50; i++) last = await home().logInAgain({ ...first, transport: 'body' });
      expect((await listed(last)).sessions).toHaveLength(MOST);
      expect(await endsOf(home(), first.userId, 'too_many_sessions')).toHaveLength(50);
    });

    it('twenty logins at once on two nodes leave no more of them', async () => {
      const first = await home().logIn({ transport: 'body' });
      const { email, password } = first;
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, i) => fleet.nodes[i % 2]!.logInAgain({ email, password, transport: 'body' })),
      );
      const alive = (await Promise.all([first, ...all].map(codeOf))).filter((code) => code === 200).length;
      expect(alive).toBeGreaterThan(0);
      expect(alive).toBeLessThanOrEqual(MOST);
    });

    it('a step-up, which puts a new session in the place of one, ends no other', async () => {
      const first = await home().logIn({ transport: 'body' });
      const others: TestUser[] = [];
      for (let i = 1; i < MOST; i++) others.push(await home().logInAgain({ ...first, transport: 'body' }));
      expect((await others[0]!.post('/auth/step-up', { password: first.password })).status).toBe(200);
      expect(await Promise.all([first, ...others.slice(1)].map(codeOf))).toEqual(new Array(MOST - 1).fill(200));
    });

    it('sessions that an epoch has ended are none too many, marked or not', async () => {
      const first = await home().logIn({ transport: 'body' });
      for (let i = 1; i < MOST; i++) await home().logInAgain({ ...first, transport: 'body' });
      expect((await first.post('/auth/logout-all', { keepCurrent: true })).status).toBe(204);
      for (let i = 1; i < MOST; i++) {
        home().clock.advance(1);
        await home().logInAgain({ ...first, transport: 'body' });
      }
      expect(await codeOf(first)).toBe(200);
      await home().logInAgain({ ...first, transport: 'body' });
      expect(await codeOf(first)).toBe('session_ended');
    });
  });
});
