import { type Shot, ticketOf } from '../harness/ground.js';
import type { People, Person } from '../harness/people.js';
import type { Tally } from '../harness/tally.js';
import type { Race } from './race.js';

const CROWDS = [2, 20, 50];

/** R-01 with the grace of P-1: whoever lost a reply gets the same one again. */
export const refreshWithGrace: Race = {
  id: 'R-01',
  name: 'N refreshes of one token (2, 20, 50), with grace',
  lanes: 2,
  async round(ground, number, tally) {
    const [person] = await ground.people.make(1);
    const { refreshToken } = await ground.logIn(person!, number);
    const crowd = CROWDS[number % CROWDS.length]!;
    const replies = await ground.volley(shots(crowd, number, person!, refreshToken));
    const won = replies.filter(({ status }) => status === 200).map((reply) => ticketOf(person!, reply));
    const successors = new Set(won.map((ticket) => ticket.refreshToken));
    tally.count('replies', won.length);
    tally.expect(won.length === crowd, `${won.length} of ${crowd} were answered`);
    tally.expect(successors.size === 1, `${successors.size} successors of one token`);
    const [last] = await ground.volley(shots(1, number + 1, person!, [...successors][0]));
    tally.expect(last!.status === 200, `the successor was answered ${last!.status}`);
    await expectOneLeaf(ground.people, person!.id, tally);
  },
  metric: (tally) => `${tally.of('replies')} replies, 1 successor each; most live leaves ${tally.of('leaves')}`,
};

/** R-01 with no grace at all (`REFRESH_GRACE_SECONDS=0`). */
export const refreshStrictly: Race = {
  id: 'R-01 strict',
  name: 'N refreshes of one token (2, 20, 50), without grace',
  lanes: 2,
  prepare: (ground) => ground.fleet.reconfigure({ REFRESH_GRACE_SECONDS: '0' }),
  async round(ground, number, tally) {
    const [person] = await ground.people.make(1);
    const first = await ground.logIn(person!, number);
    const crowd = CROWDS[number % CROWDS.length]!;
    const replies = await ground.volley(shots(crowd, number, person!, first.refreshToken));
    const won = replies.filter(({ status }) => status === 200).map((reply) => ticketOf(person!, reply));
    tally.count('winners', won.length);
    tally.expect(won.length <= 1, `${won.length} winners`);
    const lost = replies.filter(({ body }) => body.includes('session_ended')).length;
    tally.expect(lost + won.length === crowd, `${crowd - lost - won.length} neither won nor lost`);
    const alive = await ground.acceptances([first, ...won]);
    tally.count('alive', alive);
    tally.expect(alive === 0, 'the session outlived the reuse');
  },
  metric: (tally) => `${tally.of('winners')} winners; ${tally.of('alive')} tickets alive after the reuse`,
};

function shots(count: number, first: number, from: Person, refreshToken: string | undefined): Shot[] {
  return Array.from({ length: count }, (_, i) => {
    return { node: first + i, path: '/auth/refresh', body: { refreshToken }, from };
  });
}

async function expectOneLeaf(people: People, userId: string, tally: Tally): Promise<void> {
  const [row] = await people.query<{ leaves: number }>(
    `SELECT count(*)::int AS leaves FROM coatcheck.refresh_tokens t JOIN coatcheck.sessions s ON s.id = t.session_id
      WHERE s.user_id = $1 AND t.consumed_at IS NULL`,
    [userId],
  );
  tally.peak('leaves', row!.leaves);
  tally.expect(row!.leaves === 1, `${row!.leaves} live leaves`);
}
