import { isInstalled } from '../servers-of-this-run.js';
import { Fleet } from './fleet.js';
import { complaintsOf, reportOf } from './report.js';
import { type Outcome, runScenario } from './run-scenario.js';
import { SCENARIOS } from './scenarios.js';
import type { Measure } from './scene.js';
import type { StoreKind } from './stores.js';
import { writeReadme } from './write-readme.js';

/** `FLEET_FORM=long` (npm run test:fleet) plays everything and writes the README's figures; else a minute of it. */
const isLong = process.env.FLEET_FORM === 'long';
const only = process.env.FLEET_ONLY;
const settings = { size: 3, leaseSeconds: isLong ? 3 : 1 };
const measure: Measure = isLong
  ? { users: 1000, ticketsEach: 4, connectionsPerNode: 8, pauseMilliseconds: 10, revokerPauseMilliseconds: 60 }
  : { users: 300, ticketsEach: 4, connectionsPerNode: 6, pauseMilliseconds: 15, revokerPauseMilliseconds: 60 };

const outcomes: Outcome[] = [];
const kinds: StoreKind[] = isInstalled('redis-server') ? ['postgres', 'redis'] : ['postgres'];

describe.each(kinds)('three nodes and an operator, sessions in %s', (kind) => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await Fleet.start(kind, settings);
  }, 120_000);

  afterAll(() => fleet?.end());

  const scenarios = SCENARIOS.filter(({ stores }) => stores.includes(kind))
    .filter(({ isShort }) => isLong || isShort?.includes(kind))
    .filter(({ name }) => !only || name.includes(only));
  it.each(scenarios)(
    'keep every promise when $name',
    async (scenario) => {
      const outcome = await runScenario(fleet, scenario, measure);
      outcomes.push(outcome);
      // The long form takes its time: tell at once what is known.
      if (isLong) process.stderr.write(`${reportOf([outcome]).split('\n').at(-1)}\n`);
      expect(complaintsOf(outcome)).toEqual([]);
      if (scenario.isCalm) expect(outcome.unacknowledged.map(({ by }) => by)).toEqual([]);
    },
    180_000,
  );
});

afterAll(() => {
  process.stdout.write(`\n${reportOf(outcomes)}\n`);
  if (isLong && !only) writeReadme(reportOf(outcomes), settings, measure);
});
