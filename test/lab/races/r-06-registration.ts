import type { Race } from './race.js';

const TIMES = 10;

/** one identifier in many spellings, and one that only looks like it. */
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
    const [row] = await ground.people.query<{ users: number; passwords: number }>(
      `SELECT count(*)::int AS users, count(p.user_id)::int AS passwords
         FROM users u LEFT JOIN passwords p ON p.user_id = u.id WHERE lower(u.email) = $1`,
      [person.email],
    );
    tally.peak('users', row!.users);
    tally.peak('passwords', row!.passwords);
    tally.expect(row!.users === 1 && row!.passwords <= 1, `${row!.users} users, ${row!.passwords} passwords`);
  },
  figure: (tally) => `most users of one address ${tally.of('users')}, passwords ${tally.of('passwords')}`,
};
