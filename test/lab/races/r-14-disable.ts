import { apart, type Ground, loginOf, type Shot, type Ticket, ticketOf } from '../harness/ground.js';
import type { Race } from './race.js';

const ENDS = ['ban', 'delete', 'delete oneself'] as const;

/** a user is disabled while every route that hands out a credential is asked for one. */
export const disableAgainstMints: Race = {
  id: 'R-14',
  name: 'ban or deletion of a user against every mint (logins, refresh, renewals, impersonation, keys)',
  lanes: 2,
  async round(ground, number, tally) {
    const [person] = await ground.people.make(1);
    const held = [await ground.logIn(person!, number), await ground.logIn(person!, number + 1, 'session')];
    const shots = mints(ground, held[0]!, held[1]!, number);
    const place = number % (shots.length + 1);
    const how = ENDS[number % ENDS.length]!;
    shots.splice(place, 0, end(how, ground, held[0]!, number + 2));
    const replies = await ground.volley(shots);
    const [ended] = replies.splice(place, 1);
    // One's own renewal may have come first, and taken the ticket that the deletion was asked with.
    tally.expect(
      ended!.status === 204 || (how === 'delete oneself' && ended!.status === 401),
      `${how} was answered ${ended!.status}`,
    );
    const minted = replies.filter(({ status }) => status < 300).map((reply) => ticketOf(person!, reply));
    const keys = replies.map(({ body }) => /"(cck_\w+)"/.exec(body)?.[1]).filter((key) => key !== undefined);
    tally.count('minted', minted.length);
    tally.expect(
      replies.every(({ status }) => status < 500),
      `a mint was answered ${replies.find(({ status }) => status >= 500)?.status}`,
    );
    if (ended!.status !== 204) return tally.count('overtaken');
    const everything = [...held, ...minted].flatMap(apart);
    const alive = await ground.acceptances([
      ...everything,
      ...keys.map((accessToken) => ({ person: person!, accessToken })),
    ]);
    tally.count('alive', alive);
    tally.expect(alive === 0, `${alive} acceptances after ${how} was acknowledged`);
  },
  metric: (tally) =>
    `${tally.of('minted')} credentials minted meanwhile; alive after the acknowledgement ${tally.of('alive')}`,
};

function mints({ admin }: Ground, jwt: Ticket, session: Ticket, node: number): Shot[] {
  const { person, refreshToken } = jwt;
  const { password, id } = person;
  const change = { currentPassword: password, newPassword: 'sixteen silent herons' };
  return [
    loginOf(person, node),
    loginOf(person, node + 1, 'session'),
    { node: node + 1, path: '/auth/refresh', body: { refreshToken }, from: person },
    { node: node + 2, path: '/auth/refresh', body: { refreshToken }, from: person },
    { node: node + 2, path: '/auth/step-up', body: { password }, as: session },
    { node, path: '/auth/password/change', body: change, as: session },
    { node: node + 1, path: `/admin/users/${id}/impersonate`, body: { strategy: 'jwt', transport: 'body' }, as: admin },
    // Refused as unknown where there are no keys.
    { node: node + 2, path: '/auth/api-keys', body: { name: 'race', scopes: [] }, as: session },
  ];
}

function end(how: (typeof ENDS)[number], { admin }: Ground, as: Ticket, node: number): Shot {
  const path = `/admin/users/${as.person.id}`;
  if (how === 'ban') return { node, path: `${path}/ban`, body: {}, as: admin };
  if (how === 'delete') return { node, method: 'DELETE', path, as: admin };
  return { node, method: 'DELETE', path: '/auth/me', body: { password: as.person.password }, as };
}
