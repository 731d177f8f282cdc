import type { Race } from './race.js';

const TIMES = 10;

/** one identifier in many spellings, and one that only looks like it: no user before the mailbox is proven, and one then. */
export const registerOnce: Race = {
  id: 'R-06',
  name: `${TIMES} registrations of one address in mixed case, and a mapped form`,
  lanes: 2,
  async round(ground, number, tally) {
    const person = ground.people.another();
    const spelled = (i: number) =>
      [...person.email].map((letter, at) => ((i >> (at % 4)) & 1 ? letter.toUpperCase() : letter)).join('');
    const addresses = [...Array.from({ length: TIMES }, (_, i) => spelled(i)), person.email.replace('@', '\uff20')];
    const replies = await ground.volley(
      addresses.map((email, i) => {
        return { node: number + i, path: '/auth/register', body: { email, password: person.password }, from: person };
      }),
    );
    const mapped = replies.pop()!;
    tally.expect(mapped.status === 400, `the mapped form was answered ${mapped.status}`);
    const told = new Set(replies.map(({ status, body }) => `${status} ${body}`));
    tally.expect(
      told.size === 1 && told.has('202 {"status":"verification_sent"}'),
      `answered ${[...told].join(' and ')}`,
    );
    const usersOf = async () => {
      const [row] = await ground.people.query<{ users: number; passwords: number }>(
        `SELECT count(*)::int AS users, count(p.user_id)::int AS passwords
           FROM coatcheck.users u LEFT JOIN coatcheck.passwords p ON p.user_id = u.id WHERE lower(u.email) = $1`,
        [person.email],
      );
      return row!;
    };
    tally.expect((await usersOf()).users === 0, 'there is a user whose mailbox nobody has proven');
    const links = await ground.mailbox.waitFor(person.email, TIMES);
    const verified = await ground.volley(
      links.map((token, i) => ({ node: number + i, path: '/auth/email/verify', body: { token }, from: person })),
    );
    const outcomes = new Set(verified.map(({ status }) => status));
    tally.expect(outcomes.size === 1 && outcomes.has(204), `links of one form were answered ${[...outcomes]}`);
    const row = await usersOf();
    tally.peak('users', row.users);
    tally.peak('passwords', row.passwords);
    tally.expect(row.users === 1 && row.passwords === 1, `${row.users} users, ${row.passwords} passwords`);
  },
  metric: (tally) => `most users of one address ${tally.of('users')}, passwords ${tally.of('passwords')}`,
};
