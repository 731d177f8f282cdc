import { randomBytes } from 'node:crypto';
import type { Ground, Shot } from '../harness/ground.js';
import { ticketOf } from '../harness/ground.js';
import type { Person } from '../harness/people.js';
import type { Race } from './race.js';
import { creationOptions, newAuthenticator } from './second-factors.js';

const TIMES = 10;
const path = '/auth/factors/passkeys';

/** one challenge answered by many authenticators; one credential id registered by two users, each of whom may have it once. */
export const passkeyOnce: Race = {
  id: 'R-08',
  name: `${TIMES} passkey registrations with one challenge; of one credential id by two users`,
  lanes: 2,
  async round(ground, number, tally) {
    const isChallenge = number % 2 === 0;
    const people = await ground.people.make(isChallenge ? 1 : 2);
    const shots = isChallenge
      ? await withOneChallenge(ground, people[0]!, number)
      : await withOneId(ground, people, number);
    const replies = await ground.volley(shots);
    const winners = replies.flatMap((reply, i) =>
      reply.status === 201 ? [ticketOf(shots[i]!.as!.person, reply)] : [],
    );
    const stored = await ground.people.query('SELECT 1 FROM coatcheck.passkeys WHERE user_id = ANY ($1::uuid[])', [
      people.map(({ id }) => id),
    ]);
    tally.count(isChallenge ? 'challenges' : 'ids');
    tally.count('stored', stored.length);
    tally.expect(
      stored.length === people.length,
      `${stored.length} passkeys of one ${isChallenge ? 'challenge' : 'id'}`,
    );
    tally.expect(winners.length === people.length, `${winners.length} winners`);
    const refused = replies.map(({ status }) => status).filter((status) => status !== 201);
    // A challenge that is spent, a session that the winner's registration has ended, or that now must prove more; an id that is taken.
    tally.expect(
      refused.every((status) => [400, 401, 403, 409].includes(status)),
      `answered ${[...new Set(refused)]}`,
    );
    const live = await ground.acceptances(winners.map((ticket) => ({ ...ticket, refreshToken: undefined })));
    tally.expect(live === 3 * winners.length, `${live} nodes of 3 accept the session that goes on`);
  },
  metric: (tally) =>
    `${tally.of('stored')} passkeys of ${tally.of('challenges')} challenges and ${tally.of('ids')} ids`,
};

async function withOneChallenge(ground: Ground, person: Person, number: number): Promise<Shot[]> {
  const as = await ground.logIn(person, number);
  const options = await creationOptions(ground, as, number + 1);
  return Array.from({ length: TIMES }, (_, i) => {
    const credential = newAuthenticator().create(options);
    return { node: number + i, path, body: { credential, transport: 'body' }, as };
  });
}

/** Each by sessions and challenges of their own. */
async function withOneId(ground: Ground, people: readonly Person[], number: number): Promise<Shot[]> {
  const credentialId = randomBytes(32);
  const shots: Shot[] = [];
  for (let i = 0; i < TIMES; i += 1) {
    const as = await ground.logIn(people[i % people.length]!, number + i);
    const options = await creationOptions(ground, as, number + i + 1);
    const credential = newAuthenticator().create(options, { credentialId });
    shots.push({ node: number + i, path, body: { credential, transport: 'body' }, as });
  }
  return shots;
}
