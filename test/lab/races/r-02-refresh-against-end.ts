import { apart, type Ground, type Shot, type Ticket, ticketOf } from '../harness/ground.js';
import type { Race } from './race.js';

const REFRESHES = 5;
const ENDS = ['logout', 'logout-all', 'password change', 'ban'] as const;

/** Whichever comes first: after both have answered, nothing of the old session is good. */
export const refreshAgainstEnd: Race = {
  id: 'R-02',
  name: `${REFRESHES} refreshes against logout, logout-all, password change, ban`,
  lanes: 2,
  async round(ground, number, tally) {
    const [person] = await ground.people.make(1);
    const first = await ground.logIn(person!, number);
    const body = { refreshToken: first.refreshToken };
    const refresh = (i: number): Shot => ({ node: number + i, path: '/auth/refresh', body, from: person! });
    const shots = Array.from({ length: REFRESHES }, (_, i) => refresh(i));
    const how = ENDS[number % ENDS.length]!;
    // At another place among them each time.
    const place = number % (REFRESHES + 1);
    shots.splice(place, 0, endBy(how, first, ground, number + 1));
    const replies = await ground.volley(shots);
    const [ended] = replies.splice(place, 1);
    tally.expect(ended!.status === 204 || ended!.status === 401, `${how} was answered ${ended!.status} ${ended!.body}`);
    const minted = replies.filter(({ status }) => status === 200).map((reply) => ticketOf(person!, reply));
    tally.count('minted', minted.length);
    tally.count('refused', replies.filter(({ status }) => status === 401).length);
    if (ended!.status === 401) tally.count('overtaken');
    const alive = await ground.acceptances([first, ...minted].flatMap(apart));
    tally.count('alive', alive);
    tally.expect(alive === 0, `${alive} acceptances after ${how} was acknowledged`);
  },
  metric: (tally) =>
    `${tally.of('minted')} refreshes came before, ${tally.of('refused')} after; live tickets after both answers ${tally.of('alive')}`,
};

function endBy(how: (typeof ENDS)[number], as: Ticket, { admin }: Ground, node: number): Shot {
  const { password, id } = as.person;
  if (how === 'ban') return { node, path: `/admin/users/${id}/ban`, body: {}, as: admin };
  const newPassword = 'sixteen silent herons';
  if (how === 'password change')
    return { node, path: '/auth/password/change', body: { currentPassword: password, newPassword }, as };
  return { node, path: `/auth/${how}`, body: how === 'logout-all' ? {} : undefined, as };
}
