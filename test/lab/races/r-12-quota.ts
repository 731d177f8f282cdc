import type { Ground, Shot, Ticket } from '../harness/ground.js';
import type { Race } from './race.js';

const QUOTA = 20;
const ASKED = 10 * QUOTA;
let actingAdmin: Ticket;

/** a quota is one number, whichever node counts, and whichever key of a family is used. */
export const spendQuota: Race = {
  id: 'R-12',
  name: `${ASKED} requests at three nodes with a key of quota ${QUOTA}, or with it and the one it was rotated to`,
  lanes: 1,
  async prepare(ground) {
    const [admin] = await ground.people.make(1, ['admin']);
    actingAdmin = await ground.logIn(admin!, 0, 'session');
  },
  async round(ground, number, tally) {
    const keys = await keysOf(ground, number);
    const shots = Array.from({ length: ASKED }, (_, i) => question(keys[i % keys.length]!, number + i));
    const replies = await ground.volley(shots);
    const passed = replies.filter(({ status }) => status === 200).length;
    const refused = replies.filter(({ status }) => status === 429).length;
    tally.peak('most', passed);
    tally.count('passed', passed);
    tally.count('refused', refused);
    // On a machine that is too slow for it: who gets 503 may have been counted, and passes nowhere.
    const uncounted = replies.filter(({ status }) => status === 503).length;
    tally.count('uncounted', uncounted);
    tally.expect(passed <= QUOTA && passed + uncounted >= QUOTA, `${passed} passed of a quota of ${QUOTA}`);
    const others = new Set(replies.map(({ status }) => status).filter((status) => ![200, 429, 503].includes(status)));
    tally.expect(others.size === 0, `answered ${[...others]}`);
    const later = await ground.volley(shots.slice(0, 6));
    const late = later.filter(({ status }) => status === 200).length;
    tally.expect(passed + late <= QUOTA, `${late} passed after the quota was spent`);
  },
  metric: (tally) =>
    `most passed ${tally.of('most')} of a quota of ${QUOTA}; ${tally.of('passed')} passed, ${tally.of('refused')} refused, ${tally.of('uncounted')} not counted (503)`,
};

function question(key: string, node: number): Shot {
  return { node, method: 'GET', path: '/auth/me', as: { person: actingAdmin.person, accessToken: key } };
}

/** A new key of a service; in every other round beside the one it was rotated to. */
async function keysOf(ground: Ground, number: number): Promise<string[]> {
  const ask = async (path: string, body: object) => {
    const { status, body: text } = await ground.send({ node: number, path, body, as: actingAdmin });
    if (status !== 201) throw new Error(`${path} was answered ${status} ${text}`);
    return JSON.parse(text) as { id: string; apiKey: string };
  };
  const service = await ask('/admin/users', { kind: 'service', name: 'race' });
  const path = `/admin/users/${service.id}/api-keys`;
  const first = await ask(path, { name: 'race', scopes: [], quota: QUOTA, rateLimit: 1_000_000 });
  if (number % 2 === 0) return [first.apiKey];
  return [first.apiKey, (await ask(`${path}/${first.id}/rotate`, { overlapSeconds: 3600 })).apiKey];
}
