import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { TestReply, TestUser } from '../../src/testing/index.js';
import { overStores } from '../flows/combinations.js';
import { Fleet } from '../flows/several-nodes.js';

const ROUNDS = 3;
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

overStores((sessionStore) => {
  describe('admins who revoke at once, at two nodes', () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await Fleet.start(2, { sessionStore, databasePoolSize: 12 });
    });
    afterAll(() => fleet.stop());

    const query = (sql: string, values: unknown[] = []) =>
      fleet.nodes[0]!.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);
    const admins = (count: number) =>
      Promise.all(Array.from({ length: count }, () => fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] } })));
    const epoch = async () => (await query('SELECT epoch FROM coatcheck.global_session_epoch'))[0].epoch as number;
    const audited = async (type: string) =>
      (await query('SELECT count(*)::int AS n FROM coatcheck.audit_events WHERE type = $1', [type]))[0].n as number;
    /** Counted by the server when a connection of it rests: forced, for otherwise it is late. */
    const deadlocks = async () => {
      await query('SELECT pg_stat_force_next_flush()');
      await query('SELECT pg_stat_clear_snapshot()');
      const [{ n }] = await query(
        'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()',
      );
      return n as number;
    };
    const areOut = async (users: readonly TestUser[]) => {
      for (const user of users)
        for (const client of fleet.everywhere(user)) expect(told(await client.get('/auth/me'))).toMatch(/^401/);
    };

    it('all of everyone: each is done whole or told that its session has ended, one at least is done, none waits for another', async () => {
      const user = await fleet.nodes[0]!.logIn();
      for (let round = 0; round < ROUNDS; round += 1) {
        const bosses = await admins(6);
        const [before, known, met] = [await epoch(), await audited('admin.revoked_all'), await deadlocks()];
        const replies = await Promise.all(
          bosses.map((boss, i) => fleet.at(i % 2, boss).post('/admin/revoke-all', { reason: 'all at once' })),
        );
        const outcomes = replies.map(told);
        const done = outcomes.filter((outcome) => outcome === 204).length;
        expect(outcomes.filter((outcome) => outcome !== 204 && outcome !== '401 session_ended')).toEqual([]);
        expect(done).toBeGreaterThan(0);
        expect([await epoch(), await audited('admin.revoked_all')]).toEqual([before + done, known + done]);
        expect(await deadlocks()).toBe(met);
        await areOut([user, ...bosses]);
      }
    });

    it('everyone and each other: nothing is half done, and no one is told 5xx', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [ada, bob] = (await admins(2)) as [TestUser, TestUser];
        const [before, met] = [await epoch(), await deadlocks()];
        const requests = [
          () => fleet.at(0, ada).post('/admin/revoke-all', {}),
          () => fleet.at(1, bob).post(`/admin/users/${ada.userId}/logout`),
          () => fleet.at(1, bob).post('/admin/revoke-all', {}),
          () => fleet.at(0, ada).post(`/admin/users/${bob.userId}/logout`),
          () => fleet.at(1, ada).post('/auth/logout-all', {}),
          () => fleet.at(0, bob).post('/auth/logout-all', {}),
        ];
        const inOrder = requests.map((_, i) => requests[(i + round) % requests.length]!);
        const outcomes = (await Promise.all(inOrder.map((send) => send()))).map(told);
        const refusals = outcomes.filter((outcome) => outcome !== 204);
        expect(refusals.filter((refusal) => !/^401 (session_ended|unauthenticated)$/.test(String(refusal)))).toEqual(
          [],
        );
        expect(refusals.length).toBeLessThan(requests.length);
        expect((await epoch()) - before).toBeLessThanOrEqual(2);
        expect(await deadlocks()).toBe(met);
        await areOut([ada, bob]);
      }
    });
  });
});
