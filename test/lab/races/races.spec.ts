import { HEADINGS, type Line, publish, tableOf } from '../harness/figures.js';
import { isLong, isWanted, rounds } from '../harness/form.js';
import { Ground } from '../harness/ground.js';
import { revokeMachines } from './key-04-revocation.js';
import { Machines } from './machines.js';
import { refreshStrictly, refreshWithGrace } from './r-01-refresh.js';
import { refreshAgainstEnd } from './r-02-refresh-against-end.js';
import { resetOnce } from './r-04-reset.js';
import { codesOnce } from './r-05-codes.js';
import { registerOnce } from './r-06-registration.js';
import { passkeyOnce } from './r-08-passkeys.js';
import { guessWithinLimit } from './r-11-guesses.js';
import { spendQuota } from './r-12-quota.js';
import { moveOnce } from './r-13-email-change.js';
import { disableAgainstMints } from './r-14-disable.js';
import { lastWayIn } from './r-15-last-way-in.js';
import { run } from './race.js';

const RACES = [
  refreshWithGrace,
  refreshAgainstEnd,
  resetOnce,
  codesOnce,
  registerOnce,
  passkeyOnce,
  guessWithinLimit,
  spendQuota,
  moveOnce,
  disableAgainstMints,
  lastWayIn,
  revokeMachines,
  // Last: it restarts the nodes with other settings.
  refreshStrictly,
];
/** In short as many as R-02 needs to try each of its four ends, and each of its six places. */
const count = isLong ? rounds : 12;

describe('races at three real nodes', () => {
  let ground: Ground;
  let machines: Machines | undefined;
  const lines: Line[] = [];
  beforeAll(async () => {
    machines = await Machines.make();
    ground = await Ground.start(machines.environment);
  });
  afterAll(async () => {
    publish('races', tableOf(HEADINGS, lines));
    await ground?.end();
    machines?.remove();
  });

  it.each(RACES.filter(isWanted))(`$id: $name, ${count} rounds`, async (race) => {
    const { violations, metric } = await run(race, ground, count);
    lines.push([race.id, race.name, String(count), metric, violations.length]);
    if (isLong) process.stderr.write(`${lines.at(-1)!.join(' | ')}\n`);
    expect(violations).toEqual([]);
  });
});
