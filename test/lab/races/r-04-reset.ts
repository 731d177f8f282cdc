import { type Ground, loginOf } from '../harness/ground.js';
import type { Person } from '../harness/people.js';
import type { Tally } from '../harness/tally.js';
import type { Race } from './race.js';

const CONFIRMS = 20;

/** many confirms of one mailed token, each with a password of its own; and a confirm against a newer request. */
export const resetOnce: Race = {
  id: 'R-04',
  name: `${CONFIRMS} confirms of one reset token; a confirm against a newer request`,
  lanes: 4,
  async round(ground, number, tally) {
    const [person] = await ground.people.make(1);
    const [token] = await linksTo(ground, person!, number, 1);
    if (number % 2) await confirmTogether(ground, person!, token!, number, tally);
    else await confirmAgainstNewer(ground, person!, token!, number, tally);
  },
  metric: (tally) =>
    `${tally.of('winners')} winners of ${tally.of('tokens')} tokens; older links good after a newer was mailed ${tally.of('older')}`,
};

const passwordOf = (i: number) => `seventeen quiet otters ${i}`;
const resetBy = (token: string, i: number, node: number) => {
  return { node, path: '/auth/password/reset', body: { token, password: passwordOf(i) } };
};

async function linksTo(ground: Ground, from: Person, node: number, count: number): Promise<readonly string[]> {
  const { status } = await ground.send({ node, path: '/auth/password/forgot', body: { email: from.email }, from });
  if (status !== 202) throw new Error(`forgot was answered ${status}`);
  return ground.mailbox.waitFor(from.email, count);
}

async function confirmTogether(ground: Ground, person: Person, token: string, number: number, tally: Tally) {
  const replies = await ground.volley(Array.from({ length: CONFIRMS }, (_, i) => resetBy(token, i, number + i)));
  const winners = replies.flatMap(({ status }, i) => (status === 204 ? [i] : []));
  tally.count('tokens');
  tally.count('winners', winners.length);
  tally.expect(winners.length === 1, `${winners.length} winners of one token`);
  tally.expect(
    replies.every(({ status }) => status === 204 || status === 400),
    `answered ${[...new Set(replies.map(({ status }) => status))]}`,
  );
  const [winner = 0] = winners;
  const tried = [winner, (winner + 1) % CONFIRMS].map((i) => loginOf({ ...person, password: passwordOf(i) }, number));
  const [right, wrong] = await ground.volley(tried);
  tally.expect(right!.status === 200, 'the password of the winner is not right');
  tally.expect(wrong!.status === 401, 'the password of a loser is right');
}

async function confirmAgainstNewer(ground: Ground, person: Person, older: string, number: number, tally: Tally) {
  const asking = linksTo(ground, person, number + 1, 2);
  // The link is made when the mail is written, up to 150 ms later: meet it.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 180));
  const [first] = await ground.volley([resetBy(older, 0, number)]);
  const newer = (await asking)[1]!;
  const [again, second] = await ground.volley([resetBy(older, 1, number), resetBy(newer, 2, number + 2)]);
  tally.count('tokens', 2);
  tally.count('winners', [first, again, second].filter((reply) => reply!.status === 204).length);
  if (again!.status === 204) tally.count('older');
  tally.expect(again!.status === 400, `an older link was answered ${again!.status} after a newer was mailed`);
  // Unless the reset by the older one came between, and ended every link there was.
  tally.expect(second!.status === 204 || first!.status === 204, 'neither link was good');
}
