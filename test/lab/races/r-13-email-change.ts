import type { Ground, Ticket } from '../harness/ground.js';
import { loginOf } from '../harness/ground.js';
import { pause } from '../harness/pause.js';
import type { Race } from './race.js';

/** two wishes, both links followed at once, at different nodes. */
export const moveOnce: Race = {
  id: 'R-13',
  name: 'two changes of address, both links followed at once',
  lanes: 4,
  async round(ground, number, tally) {
    const [person] = await ground.people.make(1);
    const ticket = await ground.logIn(person!, number);
    const boxes = [ground.people.another().email, ground.people.another().email];
    const tokens =
      number % 2 ? await askTogether(ground, ticket, boxes, number) : await askInTurn(ground, ticket, boxes, number);
    const mailed = boxes.filter((_, i) => tokens[i] !== null);
    const replies = await ground.volley(
      mailed.map((email, i) => {
        const token = tokens[boxes.indexOf(email)];
        return { node: number + i, path: '/auth/email/change/confirm', body: { token } };
      }),
    );
    const followed = mailed.filter((_, i) => replies[i]!.status === 204);
    const [row] = await ground.people.query<{ email: string }>('SELECT email FROM coatcheck.users WHERE id = $1', [
      person!.id,
    ]);
    tally.peak('followed', followed.length);
    if (followed.length === 1) tally.count('moved');
    tally.expect(followed.length === 1, `${followed.length} links were good`);
    tally.expect(followed.includes(row!.email), 'the address is that of no link that was followed');
    // In turn, the newer wish ends the older.
    if (number % 2 === 0) tally.expect(row!.email === boxes[1], 'an older link was good');
    const logins = await ground.volley(
      [...boxes, person!.email].map((email) => loginOf({ ...person!, email }, number)),
    );
    const right = logins.filter(({ status }) => status === 200).length;
    tally.expect(right === 1, `${right} addresses log in`);
  },
  metric: (tally) =>
    `${tally.of('moved')} moved, to the box of the one link that was good; most good links ${tally.of('followed')}`,
};

async function askInTurn(ground: Ground, as: Ticket, boxes: readonly string[], node: number): Promise<string[]> {
  const tokens: string[] = [];
  for (const email of boxes) {
    await ground.send(params(as, email, node));
    tokens.push((await ground.mailbox.waitFor(email, 1))[0]!);
  }
  return tokens;
}

/** A request that the other has ended before its mail was written sends none. */
async function askTogether(
  ground: Ground,
  as: Ticket,
  boxes: readonly string[],
  node: number,
): Promise<(string | null)[]> {
  const requested = await ground.volley(boxes.map((email, i) => params(as, email, node + i)));
  if (requested.some(({ status }) => status !== 202))
    throw new Error(`asked: ${requested.map(({ status }) => status)}`);
  const sql = `SELECT FROM coatcheck.mail_jobs WHERE kind = 'email-change' AND facts->>'userId' = $1`;
  while ((await ground.people.query(sql, [as.person.id])).length > 0) await pause(50);
  return boxes.map((email) => ground.mailbox.tokensTo(email)[0] ?? null);
}

function params(as: Ticket, email: string, node: number) {
  return { node, path: '/auth/email/change', body: { email, password: as.person.password }, as };
}
