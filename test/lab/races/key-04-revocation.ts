import type { Ground, Shot, Ticket } from '../harness/ground.js';
import type { Tally } from '../harness/tally.js';
import { Machines } from './machines.js';
import type { Race } from './race.js';

/** Connections to each node that ask without a pause. */
const CLIENTS = 2;
/** How often each asks after the acknowledgement. */
const AFTERWARDS = 3;
let actingAdmin: Ticket;
let serviceId: string;

/** KEY-04: a key or a certificate is revoked while every node is asked with it without a pause. */
export const revokeMachines: Race = {
  id: 'KEY-04',
  name: 'a key or a certificate is revoked while all nodes are asked with it without a pause',
  lanes: 1,
  async prepare(ground) {
    const [admin] = await ground.people.make(1, ['admin']);
    actingAdmin = await ground.logIn(admin!, 0, 'session');
    serviceId = await service(ground);
  },
  async round(ground, number, tally) {
    const { as, revocation } = number % 2 ? await certificate(number) : await key(ground, number);
    const since = { acknowledged: Number.POSITIVE_INFINITY };
    const clients = ground.fleet.nodes.flatMap(({ index }) =>
      Array.from({ length: CLIENTS }, () =>
        askOnAndOn(ground, { node: index, method: 'GET', path: '/auth/me', as }, since, tally),
      ),
    );
    const begun = performance.now();
    await warm(ground, as);
    const { status } = await ground.send(revocation);
    since.acknowledged = performance.now();
    tally.time(number % 2 ? 'certificate' : 'key', since.acknowledged - begun);
    tally.expect(status === 204, `the revocation was answered ${status}`);
    await Promise.all(clients);
  },
  metric: (tally) =>
    `${tally.of('before')} accepted before, ${tally.of('refused')} refused after the answer, accepted after it ${tally.of('late')}; answered after p50 ${tally.quantile('key', 0.5)} (keys), ${tally.quantile('certificate', 0.5)} (certificates), p99 ${tally.quantile('key', 0.99)}, ${tally.quantile('certificate', 0.99)}`,
};

/** Every node knows it by now, and would answer from its view. */
async function warm(ground: Ground, as: Ticket): Promise<void> {
  await ground.volley(ground.fleet.nodes.map(({ index }) => ({ node: index, method: 'GET', path: '/auth/me', as })));
}

async function askOnAndOn(ground: Ground, shot: Shot, since: { acknowledged: number }, tally: Tally): Promise<void> {
  for (let after = 0; after < AFTERWARDS; ) {
    const begun = performance.now();
    const { status } = await ground.send(shot);
    const isAfter = begun > since.acknowledged;
    if (isAfter) after += 1;
    if (status === 200) tally.count(isAfter ? 'late' : 'before');
    else if (isAfter) tally.count('refused');
    tally.expect(status === 401 || !isAfter, `answered ${status} after the revocation was acknowledged`);
    tally.expect(status === 200 || status === 401, `answered ${status} meanwhile`);
  }
}

async function key(ground: Ground, number: number) {
  const [person] = await ground.people.make(1);
  const owner = await ground.logIn(person!, number, 'session');
  const made = await ground.send({
    node: number,
    path: '/auth/api-keys',
    body: { name: 'race', scopes: [] },
    as: owner,
  });
  if (made.status !== 201) throw new Error(`a key was answered ${made.status} ${made.body}`);
  const { id, apiKey } = JSON.parse(made.body) as { id: string; apiKey: string };
  const revocation: Shot = { node: number + 1, method: 'DELETE', path: `/auth/api-keys/${id}`, as: owner };
  return { as: { person: person!, accessToken: apiKey }, revocation };
}

async function certificate(number: number) {
  const { header, named } = await Machines.ofThisRun.certificate();
  const path = `/admin/users/${serviceId}/certificates/revoke`;
  const revocation: Shot = { node: number + 1, path, body: named, as: actingAdmin };
  return { as: { person: actingAdmin.person, certificate: header }, revocation };
}

async function service(ground: Ground): Promise<string> {
  const ask = (path: string, body: object) => ground.send({ node: 0, path, body, as: actingAdmin });
  const { id } = JSON.parse((await ask('/admin/users', { kind: 'service', name: 'race' })).body) as { id: string };
  const name = { anchor: 'machines', kind: 'subject', value: Machines.SUBJECT, scopes: [] };
  const { status } = await ask(`/admin/users/${id}/certificate-names`, name);
  if (status !== 201) throw new Error(`a name was answered ${status}`);
  return id;
}
