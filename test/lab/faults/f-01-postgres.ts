import { Scrape } from '../../metrics/scrape.js';
import type { Ground } from '../harness/ground.js';
import { pause } from '../harness/pause.js';
import type { Tally } from '../harness/tally.js';
import { expectCleanAnswers, type Fault } from './fault.js';
import { Load } from './load.js';

const CLIENTS = 24;

/** F-01: as an admin restarts it. */
export const postgresRestarts: Fault = {
  id: 'F-01',
  name: 'PostgreSQL is stopped and started under load',
  times: { short: 1, long: 10 },
  play: (ground, times, tally) => breakDown('stop', ground, times, tally),
  metric,
};

/** F-02: as when the machine's memory runs out. */
export const postgresIsKilled: Fault = {
  id: 'F-02',
  name: 'every process of PostgreSQL is killed (SIGKILL, fsync on) under load, and it recovers',
  times: { short: 1, long: 10 },
  play: (ground, times, tally) => breakDown('kill', ground, times, tally),
  metric,
};

async function breakDown(how: 'stop' | 'kill', ground: Ground, times: number, tally: Tally): Promise<void> {
  const [durable] = await ground.people.query<{ fsync: string }>('SHOW fsync');
  tally.expect(durable!.fsync === 'on', 'fsync is off');
  for (let time = 0; time < times; time += 1) {
    const load = await Load.begin(ground, CLIENTS);
    await pause(2000);
    const from = performance.now();
    await ground.fleet.stores.postgresDo(how);
    await pause(1000);
    await ground.fleet.stores.postgresDo('start');
    const to = performance.now();
    await load.recoveredSince(to);
    tally.time('recovery', performance.now() - to);
    await pause(2000);
    await load.end();
    expectCleanAnswers(load.answers, { from, to: to + 5000 }, tally);
    tally.time('gap', longestGap(load));
    await load.ledger.audit(ground, tally);
    await expectNoLeak(ground, tally);
  }
}

/** The longest time in which some node answered nothing well. */
function longestGap({ answers }: Load): number {
  const gaps = [0, 1, 2].flatMap((index) => {
    const well = answers.filter(({ node, status }) => node === index && status < 400).map(({ endedAt }) => endedAt);
    return well.slice(1).map((instant, i) => instant - well[i]!);
  });
  return Math.max(...gaps);
}

/** A connection that a node never gives back is in use for ever. */
export async function expectNoLeak(ground: Ground, tally: Tally): Promise<void> {
  for (const { index, managementPort } of ground.fleet.nodes) {
    let inUse = 1;
    for (let look = 0; look < 2000 && inUse > 0; look += 1) {
      const metrics = await Scrape.of(`http://127.0.0.1:${managementPort}/metrics`);
      inUse = metrics.value('coatcheck_postgres_connections_in_use');
      if (inUse > 0) await pause(30);
    }
    tally.count('leaked', inUse);
    tally.expect(inUse === 0, `node ${index} holds ${inUse} connections`);
  }
}

function metric(tally: Tally): string {
  const { lost, acknowledged, leaked } = {
    lost: tally.of('lost'),
    acknowledged: tally.of('acknowledged'),
    leaked: tally.of('leaked'),
  };
  return (
    `acknowledged writes lost ${lost} of ${acknowledged}; longest gap ${tally.quantile('gap', 1)}; every node well ${tally.quantile('recovery', 1)} ` +
    `after the start at most; leaked connections ${leaked}; ${tally.of('503')} of ${tally.of('requests')} requests 503`
  );
}
