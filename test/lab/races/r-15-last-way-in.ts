import type { Ground, Shot, Ticket } from '../harness/ground.js';
import type { Person } from '../harness/people.js';
import type { Tally } from '../harness/tally.js';
import type { Race } from './race.js';
import { begin, byPasskey, newAuthenticator, withApp, withPasskey } from './second-factors.js';

/** The role that must have a second factor. */
const STAFF = 'staff';
const path = '/auth/factors';

/** the last ways in, or the last factors that the policy requires, removed at once; and one removed while it becomes required. */
export const lastWayIn: Race = {
  id: 'R-15',
  name: 'two removals at once of the last two ways in, of the last two required factors; a removal against the role that requires it',
  lanes: 2,
  async round(ground, number, tally) {
    const [person] = await ground.people.make(1);
    const kind = number % 3;
    if (kind === 0) await removeWaysIn(ground, person!, number, tally);
    else if (kind === 1) await removeRequired(ground, person!, number, tally);
    else await removeWhileItBecomesRequired(ground, person!, number, tally);
  },
  metric: (tally) =>
    `${tally.of('left')} of ${tally.of('pairs')} pairs kept one; ${tally.of('first')} removals came before the role, ${tally.of('late')} after`,
};

/** Of two passkeys of somebody without a password. */
async function removeWaysIn(ground: Ground, person: Person, number: number, tally: Tally) {
  const authenticator = newAuthenticator();
  let as = await ground.logIn(person, number);
  for (let i = 0; i < 2; i += 1) as = await withPasskey(ground, as, authenticator, number + i);
  await ground.people.query('DELETE FROM coatcheck.passwords WHERE user_id = $1', [person.id]);
  const [one, two] = await passkeysOf(ground, person);
  const tickets = [as, await byPasskey(ground, person, authenticator, number)];
  await removeTogether(ground, [`${path}/passkeys/${one}`, `${path}/passkeys/${two}`], tickets, number, tally);
  const left = (await passkeysOf(ground, person)).length;
  tally.count('left', left);
  tally.expect(left === 1, `${left} passkeys are left of somebody without a password`);
}

/** Of a passkey and an app of somebody whose role requires one. */
async function removeRequired(ground: Ground, person: Person, number: number, tally: Tally) {
  const authenticator = newAuthenticator();
  const { as } = await withApp(ground, await ground.logIn(person, number), number);
  const held = await withPasskey(ground, as, authenticator, number + 1);
  await ground.people.query('UPDATE coatcheck.users SET roles = $2 WHERE id = $1', [person.id, [STAFF]]);
  const [passkey] = await passkeysOf(ground, person);
  const tickets = [held, await byPasskey(ground, person, authenticator, number)];
  await removeTogether(ground, [`${path}/passkeys/${passkey}`, `${path}/totp`], tickets, number, tally);
  const [row] = await ground.people.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM coatcheck.enrolments WHERE user_id = $1 AND factor <> 'recovery_code'`,
    [person.id],
  );
  tally.count('left', row!.count);
  tally.expect(row!.count === 1, `${row!.count} factors are left of somebody who must have one`);
  const { status } = await begin(ground, person, number + 2);
  tally.expect(status === 'factor_required', `the password then comes to ${status}`);
}

async function removeTogether(
  ground: Ground,
  paths: readonly string[],
  tickets: readonly Ticket[],
  number: number,
  tally: Tally,
) {
  tally.count('pairs');
  const replies = await ground.volley(paths.map((each, i) => removal(each, tickets[i]!, number + i)));
  const removed = replies.filter(({ status }) => status === 200).length;
  tally.expect(removed === 1, `${removed} of two removals were made`);
  // The other is the last one's, or its session was ended by the first.
  const told = replies.map(({ status }) => status).filter((status) => status !== 200);
  tally.expect(
    told.every((status) => status === 409 || status === 401),
    `answered ${told}`,
  );
}

/** Whichever comes first: with the role, the password alone comes to no whole session. */
async function removeWhileItBecomesRequired(ground: Ground, person: Person, number: number, tally: Tally) {
  const { as } = await withApp(ground, await ground.logIn(person, number), number);
  const roles = { node: number + 1, method: 'PUT' as const, path: `/admin/users/${person.id}/roles` };
  const [removed, given] = await ground.volley([
    removal(`${path}/totp`, as, number),
    { ...roles, body: { roles: [STAFF] }, as: ground.admin },
  ]);
  tally.count(removed!.status === 200 ? 'first' : 'late');
  tally.expect([200, 401, 409].includes(removed!.status), `the removal was answered ${removed!.status}`);
  tally.expect(given!.status === 200, `the role was answered ${given!.status}`);
  const { status } = await begin(ground, person, number + 2);
  tally.expect(['factor_required', 'enrolment_required'].includes(status), `the password then comes to ${status}`);
}

function removal(from: string, as: Ticket, node: number): Shot {
  return { node, method: 'DELETE', path: from, body: { transport: 'body' }, as };
}

async function passkeysOf(ground: Ground, { id }: Person): Promise<string[]> {
  const rows = await ground.people.query<{ id: string }>('SELECT id FROM coatcheck.passkeys WHERE user_id = $1', [id]);
  return rows.map((row) => row.id);
}
