import { HOLDINGS, type Holding } from '../../src/security/holding.js';
import { SECURITY_EVENTS } from '../../src/security/security-table.js';
import { bootService } from '../flows/combinations.js';
import { Machines } from '../lab/races/machines.js';
import { COLUMNS, DEVIATIONS, decidedExtent, EVENTS, expectedExtent } from './decided-table.js';
import { HAPPENINGS } from './happenings.js';
import { HELD } from './trials.js';

/** Whoever builds what one waits for takes it off and tries it. */
const WAITING = { columns: [] as string[], events: [] as string[] };
/** Of machines: see `machines.spec.ts`. */
const TRIED_ELSEWHERE = ['certificates'];

describe('the table of security events', () => {
  it('has the events and the columns that were decided or are argued for, and no others', () => {
    expect(Object.keys(SECURITY_EVENTS).sort()).toEqual([...EVENTS].sort());
    for (const row of Object.values(SECURITY_EVENTS)) expect(Object.keys(row).sort()).toEqual([...COLUMNS].sort());
  });

  it('says in each cell what was decided, but for the deviations', () => {
    const expected = EVENTS.map((event) => [
      event,
      Object.fromEntries(COLUMNS.map((column) => [column, expectedExtent(event, column)])),
    ]);
    expect(SECURITY_EVENTS).toEqual(Object.fromEntries(expected));
  });

  it('has no deviation that is none', () => {
    for (const { event, column, decided, built } of DEVIATIONS) {
      expect([event, column, decidedExtent(event, column)]).toEqual([event, column, decided]);
      expect(built).not.toBe(decided ?? 'none');
    }
  });

  it('has every event tried, but for those that wait', () => {
    const tried = new Set(HAPPENINGS.map(({ event }) => event));
    expect(EVENTS.filter((event) => !tried.has(event as never))).toEqual(WAITING.events);
  });

  it('has every column tried, but for those that wait', () => {
    const tried = new Set<string>([...Object.values(HELD).map(({ column }) => column), ...TRIED_ELSEWHERE]);
    expect(COLUMNS.filter((column) => !tried.has(column)).sort()).toEqual([...WAITING.columns].sort());
  });

  it('has a holding for every column that is tried, and none for one that waits', async () => {
    const machines = await Machines.make();
    const app = await bootService({ authStrategies: ['session', 'api-key', 'mtls'], ...machines.trusted });
    const holdings = app.app.get<readonly Holding[]>(HOLDINGS, { strict: false });
    // Sessions end by the epoch, whatever feature has a part in them; refresh tokens hang on them.
    const columns = new Set<string>(['sessions', ...holdings.map(({ column }) => column)]);
    expect([...columns, ...WAITING.columns].sort()).toEqual([...COLUMNS].sort());
    await app.close();
    machines.remove();
  });
});
