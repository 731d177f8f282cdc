import { type Ground, loginOf, type Shot, type Ticket } from '../harness/ground.js';
import { pause } from '../harness/pause.js';
import type { Tally } from '../harness/tally.js';
import type { Fault } from './fault.js';

const AT_ONCE = 40;
/** More than the deadline of a request. */
const HELD_MILLISECONDS = 30_000;
const NEW_PASSWORD = 'seventeen quiet otters';

/** Somebody whose password was being changed when the node died. */
interface Victim {
  readonly ticket: Ticket;
  /** Of a reset; absent: of a change. */
  readonly token?: string;
  readonly shot: Shot;
}

/** F-13: a password and all that hangs on it change together or not at all, whenever the node dies (I-9). */
export const nodeDiesInside: Fault = {
  id: 'F-13',
  name: 'a node is killed (SIGKILL) inside resets and password changes',
  times: { short: 1, long: 50 },
  async play(ground, times, tally) {
    for (let time = 0; time < times; time += 1) await dieOnce(ground, time % 3, tally);
  },
  metric: (tally) =>
    `${tally.of('rounds')} operations cut off or just done: ${tally.of('done')} whole (${tally.of('acknowledged')} acknowledged), ${tally.of('undone')} not begun; ` +
    `half-states ${tally.of('half')}`,
};

async function dieOnce(ground: Ground, index: number, tally: Tally): Promise<void> {
  const node = ground.node(index);
  const victims = await victimsOf(ground, index);
  const requested = victims.map(({ shot }) => ground.send(shot));
  // In the middle of them, wherever that is.
  await someOf(requested, Math.floor(Math.random() * AT_ONCE * 0.8));
  await pause(Math.random() * 10);
  await ground.fleet.signal(node, 'SIGKILL');
  const replies = await Promise.all(requested);
  // What was committed is told to the other nodes by the same commit, which they apply in their order.
  await ground.settle(index + 1);
  await Promise.all(victims.map((victim, i) => judge(ground, victim, replies[i]!.status, index + 1, tally)));
  await ground.fleet.boot(node);
}

/** Resolves when so many have been answered. */
function someOf(requested: readonly Promise<unknown>[], count: number): Promise<void> {
  let answered = 0;
  return new Promise((resolve) => {
    if (count === 0) resolve();
    for (const each of requested) void each.then(() => ++answered === count && resolve());
  });
}

async function victimsOf(ground: Ground, node: number): Promise<Victim[]> {
  const people = await ground.people.make(AT_ONCE);
  return Promise.all(
    people.map(async (person, i): Promise<Victim> => {
      // Known to another node, which is asked afterwards.
      const ticket = await ground.logIn(person, node + 1);
      if (i % 2) {
        const body = { currentPassword: person.password, newPassword: NEW_PASSWORD };
        const as = await ground.logIn(person, node + 2);
        return { ticket, shot: { node, path: '/auth/password/change', body, as } };
      }
      await ground.send({ node: node + 1, path: '/auth/password/forgot', body: { email: person.email }, from: person });
      const [token] = await ground.mailbox.waitFor(person.email, 1);
      const body = { token, password: NEW_PASSWORD };
      return { ticket, token, shot: { node, path: '/auth/password/reset', body, from: person } };
    }),
  );
}

/** While the node that died held the link, it is refused, for as long as a request may take: then it is good, or it was used. */
async function isGoodAgain(isGood: () => Promise<boolean>, isUnused: boolean): Promise<boolean> {
  for (const end = performance.now() + HELD_MILLISECONDS; ; await pause(500)) {
    if (await isGood()) return true;
    if (!isUnused || performance.now() > end) return false;
  }
}

async function judge(ground: Ground, { ticket, token, shot }: Victim, status: number, node: number, tally: Tally) {
  const { person } = ticket;
  const passes = async (each: Shot) => (await ground.send(each)).status < 300;
  const isAlive = await passes({ node, method: 'GET', path: '/auth/me', as: ticket });
  const isNew = await passes(loginOf({ ...person, password: NEW_PASSWORD }, node));
  const isOld = await passes(loginOf(person, node));
  const isTokenGood = token !== undefined && (await isGoodAgain(() => passes({ ...shot, node }), isOld));
  const isWhole = isNew && !isOld && !isAlive && !isTokenGood;
  const isUntouched = !isNew && isOld && isAlive && (isTokenGood || token === undefined);
  tally.count('rounds');
  if (isWhole) tally.count('done');
  else if (isUntouched) tally.count('undone');
  else tally.count('half');
  const state = `new password ${isNew}, old password ${isOld}, session ${isAlive}, link ${isTokenGood}`;
  tally.expect(isWhole || isUntouched, `${shot.path} is half done: ${state}`);
  if (status !== 204) return;
  tally.count('acknowledged');
  tally.expect(isWhole, `${shot.path} was acknowledged, and is not done: ${state}`);
}
