import { type Ground, loginOf, type Shot, type Ticket } from '../harness/ground.js';
import { pause } from '../harness/pause.js';
import type { Person } from '../harness/people.js';
import type { Tally } from '../harness/tally.js';
import { expectCleanAnswers, type Fault } from './fault.js';
import type { Answer } from './load.js';

/** Requests a second at all nodes together, however slowly they are answered. */
const RATE = 60;
/** In the long form: `REQUEST_DEADLINE_SECONDS`, by default, and what two cores that three nodes share with other work may add. */
const LONGEST_MILLISECONDS = 10_000 + 3_000;
const SLOW = [
  { milliseconds: 200, share: 1 },
  { milliseconds: 2000, share: 1 },
  { milliseconds: 30_000, share: 0.01 },
];

/** F-09: arrivals that do not wait for answers, so that a queue would show. */
export const databaseIsSlow: Fault = {
  id: 'F-09',
  name: `a reply of the database takes 200 ms, 2 s, or 30 s for one in a hundred; ${RATE} requests a second arrive`,
  times: { short: 2, long: 30 },
  async play(ground, seconds, tally) {
    const people = await ground.people.make(200);
    const tickets = await Promise.all(people.slice(0, 30).map((person, i) => ground.logIn(person, i)));
    for (const { milliseconds, share } of SLOW) {
      for (const { proxy } of ground.fleet.nodes) proxy.slowDown('all', milliseconds, share);
      const answers = await arrive(ground, seconds, people, tickets, tally);
      for (const { proxy } of ground.fleet.nodes) proxy.mend();
      expectCleanAnswers(answers, { from: 0, to: Number.MAX_VALUE }, tally, LONGEST_MILLISECONDS);
      // What was on its way through the proxy comes out of it before the next trouble begins.
      await pause(milliseconds > 2000 ? 6000 : milliseconds);
      await recover(ground, tickets, tally);
    }
  },
  metric: (tally) =>
    `in-flight peak ${tally.of('peak')}; shed ${((100 * tally.of('503')) / tally.of('requests')).toFixed(1)} %; ` +
    `slowest ${Math.round(tally.of('slowest'))} ms; login p99 ${tally.quantile('login', 0.99)}, session check p99 ${tally.quantile('check', 0.99)}`,
};

async function arrive(
  ground: Ground,
  seconds: number,
  people: readonly Person[],
  tickets: readonly Ticket[],
  tally: Tally,
) {
  const answers: Answer[] = [];
  const underWay = new Set<Promise<void>>();
  const ask = async (what: 'login' | 'check', shot: Shot) => {
    const startedAt = performance.now();
    const { status, head } = await ground.send(shot);
    const endedAt = performance.now();
    tally.time(what, endedAt - startedAt);
    answers.push({
      what,
      node: shot.node % 3,
      startedAt,
      endedAt,
      status,
      hasRetryAfter: /\r\nretry-after: \d/i.test(head),
    });
  };
  for (let i = 0; i < seconds * RATE; i += 1) {
    const shot: Shot =
      i % 4 === 0
        ? loginOf(people[i % people.length]!, i)
        : { node: i, method: 'GET', path: '/auth/me', as: tickets[i % tickets.length]! };
    const asking = ask(i % 4 === 0 ? 'login' : 'check', shot).finally(() => underWay.delete(asking));
    underWay.add(asking);
    tally.peak('peak', underWay.size);
    await pause(1000 / RATE);
  }
  await Promise.all(underWay);
  return answers;
}

async function recover(ground: Ground, tickets: readonly Ticket[], tally: Tally): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const replies = await Promise.all(
      tickets.map((as, node) => ground.send({ node, method: 'GET', path: '/auth/me', as })),
    );
    if (replies.every(({ status }) => status === 200)) return;
    await pause(100);
  }
  tally.expect(false, 'a node did not recover');
}
