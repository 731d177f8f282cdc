import { isLong } from '../harness/form.js';
import { type Ground, loginOf, type Shot, type Ticket, ticketOf } from '../harness/ground.js';
import { pause } from '../harness/pause.js';
import type { Person } from '../harness/people.js';
import type { Tally } from '../harness/tally.js';
import type { Fault } from './fault.js';

const LOGINS = isLong ? 200 : 60;
/** In the long form: a single hash on the thread that answers would already cost more. */
const BOUND_MILLISECONDS = 500;
/** In the long form, of the refreshes: each is several statements, on the same processor as everything else here. Never of the checks. */
const MAY_BE_TURNED_AWAY = 0.1;
/** What a dear hash is made of: about ten times the default cost. */
export const DEAR = { memoryKib: 131_072, environment: { PASSWORD_HASH_MEMORY_KIB: '131072' } };

/** F-23: however many passwords are hashed, who is logged in is served. */
export const hashingStarves: Fault = {
  id: 'F-23',
  name: `${LOGINS} logins at a time, each hash ten times as dear as by default, all the while`,
  times: { short: 2, long: 60 },
  async play(ground, seconds, tally) {
    const people = await ground.people.make(LOGINS + 1);
    const watcher = people.pop()!;
    // Before the rush: a login of the watcher's own would wait with all the others.
    const tickets = [await admitted(ground, watcher), await admitted(ground, watcher)];
    await watch(ground, tickets[0]!, seconds, 'idle', tally);
    let isOver = false;
    const logins = people.map(async (person, i) => {
      while (!isOver) {
        const { status } = await ground.send(loginOf(person, i));
        tally.count(`login ${status}`);
        tally.expect(status === 200 || status === 503, `a login was answered ${status}`);
      }
    });
    await pause(500);
    await watch(ground, tickets[1]!, seconds, 'saturated', tally);
    isOver = true;
    await Promise.all(logins);
    tally.expect(tally.of('saturated check 200') > 0, 'no session was checked meanwhile');
    if (!isLong) return;
    const [served, refused] = [tally.of('saturated refresh 200'), tally.of('saturated refresh 503')];
    tally.expect(refused <= 1 + MAY_BE_TURNED_AWAY * served, `${refused} refreshes turned away, ${served} served`);
    const worst = tally.milliseconds('saturated check', 0.99);
    tally.expect(worst < BOUND_MILLISECONDS, `p99 of a session check is ${Math.round(worst)} ms`);
  },
  metric: (tally) =>
    `${p99(tally, 'check')}, ${p99(tally, 'refresh')}; ${tally.of('login 200')} logins, ${tally.of('login 503')} turned away`,
};

function p99(tally: Tally, what: string): string {
  return `${what} p99 ${tally.quantile(`saturated ${what}`, 0.99)} (idle ${tally.quantile(`idle ${what}`, 0.99)})`;
}

/** A machine that is busy otherwise may have no processor for a dear hash in time: that is not what is asked here. */
async function admitted(ground: Ground, person: Person): Promise<Ticket> {
  for (;;) {
    const reply = await ground.send(loginOf(person, 0));
    if (reply.status === 200) return ticketOf(person, reply);
    if (reply.status !== 503) throw new Error(`a login was answered ${reply.status} ${reply.body}`);
  }
}

async function watch(ground: Ground, first: Ticket, seconds: number, when: string, tally: Tally) {
  const { person } = first;
  let ticket = first;
  const ask = async (what: string, shot: Shot) => {
    const start = performance.now();
    const reply = await ground.send(shot);
    tally.time(`${when} ${what}`, performance.now() - start);
    const isTurnedAway = what === 'refresh' && reply.status === 503;
    tally.count(`${when} ${what} ${reply.status}`);
    tally.expect(reply.status === 200 || isTurnedAway, `a ${what} was answered ${reply.status}`);
    return reply;
  };
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(10)) {
    for (let i = 0; i < 5; i += 1) await ask('check', { node: 0, method: 'GET', path: '/auth/me', as: ticket });
    const body = { refreshToken: ticket.refreshToken };
    const reply = await ask('refresh', { node: 0, path: '/auth/refresh', body, from: person });
    if (reply.status === 200) ticket = { person, ...JSON.parse(reply.body) };
  }
}
