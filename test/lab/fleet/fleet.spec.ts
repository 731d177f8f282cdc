import { isInstalled } from '../../servers-of-this-run.js';
import { publish } from '../harness/figures.js';
import { Fleet } from '../harness/fleet.js';
import { isLong, isWanted } from '../harness/form.js';
import type { StoreKind } from '../harness/stores.js';
import { complaintsOf, reportOf } from './report.js';
import { type Outcome, runScenario } from './run-scenario.js';
import { SCENARIOS } from './scenarios.js';
import type { Measure } from './scene.js';

const settings = { size: 3, leaseSeconds: isLong ? 3 : 1 };
const measure: Measure = isLong
  ? { users: 1000, ticketsEach: 4, connectionsPerNode: 8, pauseMilliseconds: 10, revokerPauseMilliseconds: 60 }
  : { users: 150, ticketsEach: 4, connectionsPerNode: 4, pauseMilliseconds: 15, revokerPauseMilliseconds: 60 };

const outcomes: Outcome[] = [];
const kinds: StoreKind[] = isInstalled('redis-server') ? ['postgres', 'redis'] : ['postgres'];

describe.each(kinds)('three nodes and an admin, sessions in %s', (kind) => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await Fleet.start(kind, settings);
  });

  afterAll(() => fleet?.end());

  const scenarios = SCENARIOS.filter(({ stores }) => stores.includes(kind))
    .filter(({ isShort }) => isLong || isShort?.includes(kind))
    .filter(isWanted);
  it.each(scenarios)('keep every promise when $name', async (scenario) => {
    const outcome = await runScenario(fleet, scenario, measure);
    outcomes.push(outcome);
    // The long form takes its time: tell at once what is known.
    if (isLong) process.stderr.write(`${reportOf([outcome]).split('\n').at(-1)}\n`);
    expect(complaintsOf(outcome)).toEqual([]);
    if (scenario.isCalm) expect(outcome.unacknowledged.map(({ by }) => by)).toEqual([]);
  });
});

afterAll(() => {
  const { size, leaseSeconds } = settings;
  const remark = `; ${size} nodes and an admin, lease ${leaseSeconds} s, ${measure.users * measure.ticketsEach} tickets a scenario`;
  publish('fleet', reportOf(outcomes), remark);
});
