import { HEADINGS, type Line, publish, tableOf } from '../harness/figures.js';
import { isLong, isWanted, rounds } from '../harness/form.js';
import { Ground } from '../harness/ground.js';
import { Tally } from '../harness/tally.js';
import { postgresIsKilled, postgresRestarts } from './f-01-postgres.js';
import { databaseIsSlow } from './f-09-slow-database.js';
import { poolIsExhausted } from './f-10-pool.js';
import { nodeDiesInside } from './f-13-half-states.js';
import { mailerFails } from './f-20-mailer.js';
import { DEAR, hashingStarves } from './f-23-starvation.js';
import type { Fault } from './fault.js';

const FAULTS = [nodeDiesInside, mailerFails, databaseIsSlow, postgresRestarts, postgresIsKilled, poolIsExhausted];
const lines: Line[] = [];

async function play(fault: Fault, ground: Ground): Promise<void> {
  const times = isLong ? Math.ceil((fault.times.long * rounds) / 1000) : fault.times.short;
  const tally = new Tally();
  if (fault.environment) await ground.fleet.reconfigure(fault.environment);
  await fault.play(ground, times, tally);
  lines.push([fault.id, fault.name, String(times), fault.metric(tally), tally.violations.length]);
  if (isLong) process.stderr.write(`${lines.at(-1)!.join(' | ')}\n`);
  // A thousand complaints say no more than a few.
  expect(tally.violations.slice(0, 20)).toEqual([]);
}

/** Rows that share their nodes; nothing is started where none of them is wanted. */
function playAll(where: string, faults: readonly Fault[], start: () => Promise<Ground>): void {
  const wanted = faults.filter(isWanted);
  if (wanted.length === 0) return;
  describe(`${where} every promise when`, () => {
    let ground: Ground;
    beforeAll(async () => {
      ground = await start();
    });
    afterAll(() => ground?.end());

    it.each(wanted)('$id: $name', (fault) => play(fault, ground));
  });
}

playAll('three real nodes keep', FAULTS, () => Ground.start());
playAll('one real node keeps', [hashingStarves], () => Ground.start(DEAR.environment, DEAR, 1));

afterAll(() => publish('faults', tableOf(HEADINGS, lines)));
