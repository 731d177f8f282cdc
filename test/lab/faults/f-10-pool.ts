import { isLong } from '../harness/form.js';
import { type Ground, loginOf, type Shot } from '../harness/ground.js';
import { lockTable } from '../harness/locked-table.js';
import { pause } from '../harness/pause.js';
import type { Tally } from '../harness/tally.js';
import { expectNoLeak } from './f-01-postgres.js';
import type { Fault } from './fault.js';

const POOL = 5;
const CROWD = isLong ? 500 : 150;
/** Of them, so many are logged in already. */
const KNOWN = 0.4 * CROWD;
/** Held in the long form only. */
const LONGEST_MILLISECONDS = 30_000;
const LOCK_MILLISECONDS = 2000;

/** F-10: far more at once than there are connections, and a lock that everyone needs. */
export const poolIsExhausted: Fault = {
  id: 'F-10',
  name: `${CROWD} logins, refreshes and password changes at once by pools of ${POOL}; a table is locked for 2 s`,
  times: { short: 1, long: 10 },
  environment: { DATABASE_POOL_SIZE: String(POOL) },
  async play(ground, times, tally) {
    const before = await deadlocksIn(ground);
    for (let time = 0; time < times; time += 1) {
      const people = await ground.people.make(CROWD);
      const tickets = await Promise.all(people.slice(0, KNOWN).map((person, i) => ground.logIn(person, i)));
      const shots = people.map((person, node): Shot => {
        const as = tickets[node];
        if (!as) return loginOf(person, node);
        if (node % 2) return { node, path: '/auth/refresh', body: { refreshToken: as.refreshToken }, from: person };
        const body = { currentPassword: person.password, newPassword: 'sixteen silent herons' };
        return { node, path: '/auth/password/change', body, as };
      });
      const unlocked =
        time % 2 === 0
          ? lockTable(ground.fleet.stores.databaseUrl, 'sessions', () => pause(LOCK_MILLISECONDS))
          : undefined;
      await ask(ground, shots, tally);
      await unlocked;
    }
    tally.count('deadlocks', (await deadlocksIn(ground)) - before);
    tally.expect(tally.of('deadlocks') === 0, `${tally.of('deadlocks')} deadlocks`);
    await expectNoLeak(ground, tally);
  },
  metric: (tally) =>
    `deadlocks ${tally.of('deadlocks')}; wait p50 ${tally.quantile('wait', 0.5)}, p99 ${tally.quantile('wait', 0.99)}, longest ${tally.quantile('wait', 1)}; ` +
    `${tally.of('answered')} answered, ${tally.of('shed')} turned away (503)`,
};

async function ask(ground: Ground, shots: readonly Shot[], tally: Tally): Promise<void> {
  const start = performance.now();
  const replies = shots.map(async (shot) => {
    const { status } = await ground.send(shot);
    tally.time('wait', performance.now() - start);
    tally.count(status === 503 ? 'shed' : 'answered');
    tally.expect([200, 204, 503].includes(status), `${shot.path} was answered ${status}`);
  });
  await Promise.all(replies);
  const waited = performance.now() - start;
  tally.expect(!isLong || waited < LONGEST_MILLISECONDS, `the last waited ${Math.round(waited)} ms`);
}

async function deadlocksIn({ people }: Ground): Promise<number> {
  const [row] = await people.query<{ deadlocks: number }>(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  return row!.deadlocks;
}
