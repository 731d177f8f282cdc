import type { DataSource } from 'typeorm';
import { CleanupScheduler } from '../../src/cleanup/cleanup-scheduler.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { EventListeners } from '../../src/events/event-listeners.js';
import { MeasurementSeries, type Span } from '../../src/measurements/measurement-series.js';
import { MeasurementWriter } from '../../src/measurements/measurement-writer.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

let database: TestDatabase;
let nodes: AuthTestApp[];
let dataSource: DataSource;

beforeAll(async () => {
  database = await freshDatabase();
  const options = { databaseUrl: database.url, cleanupSeconds: 0, authStrategies: ['session', 'jwt'] as const };
  nodes = [await bootService({ ...options }), await bootService({ ...options })];
  dataSource = nodes[0]!.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  // Both at the beginning of the same minute.
  const latest = Math.ceil(Math.max(...nodes.map(({ clock }) => clock.now().getTime())) / 60_000) * 60_000;
  for (const { clock } of nodes) clock.advance((latest - clock.now().getTime()) / 1000);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await database.drop();
});

const writerOf = (node: AuthTestApp) => node.app.get(MeasurementWriter, { strict: false });
const cleanUp = (node = nodes[0]!) => node.app.get(CleanupScheduler, { strict: false }).cleanUp();
const advance = (seconds: number) => {
  for (const { clock } of nodes) clock.advance(seconds);
};

/** Every node writes the minute that ends now. */
async function writeMinute(): Promise<void> {
  advance(MINUTE);
  await Promise.all(
    nodes.map(async (node) => {
      await node.app.get(EventListeners, { strict: false }).settled();
      await writerOf(node).write();
    }),
  );
}

interface Row {
  readonly span_minutes: number;
  readonly minute: Date;
  readonly node: string;
  readonly name: string;
  readonly count: number;
  readonly sum: number;
  readonly p50: number | null;
  readonly p99: number | null;
}

function rows(condition = 'true', values: unknown[] = []): Promise<Row[]> {
  return dataSource.query(
    `SELECT * FROM coatcheck.measurements WHERE ${condition} ORDER BY span_minutes, minute, node, name`,
    values,
  );
}

/** Rows as if nodes had written them. */
function insert(minute: Date, node: string, name: string, count: number, p50: number | null = null): Promise<unknown> {
  return dataSource.query('INSERT INTO coatcheck.measurements VALUES ($1, $2, $3, $4, $4, $5, $5)', [
    minute,
    node,
    name,
    count,
    p50,
  ]);
}

describe('measurements', () => {
  it('are written once a minute by each node, by one statement with all names', async () => {
    await writeMinute();
    const user = await nodes[0]!.logIn();
    await nodes[0]!.client().post('/auth/login', { email: user.email, password: 'not the password' });
    await user.get('/auth/me');
    await user.post('/auth/logout');
    await writeMinute();
    const [last] = await rows('minute = (SELECT max(minute) FROM coatcheck.measurements)');
    const written = await rows('minute = $1 AND node = $2', [last!.minute, writerOf(nodes[0]!).node]);
    const count = (name: string) => written.find((row) => row.name === name)?.count;
    expect(count('up')).toBe(1);
    expect(count('registrations')).toBe(1);
    expect(count('logins')).toBe(1);
    expect(count('factors.pwd')).toBe(1);
    expect(count('logins_failed')).toBe(1);
    expect(count('acknowledgements')).toBeGreaterThanOrEqual(1);
    expect(count('hash_wait')).toBeGreaterThanOrEqual(2);
    expect(count('mail_lag')).toBe(1);
    expect(count('webhook_lag')).toBe(1);
    expect(count('responses')).toBeGreaterThanOrEqual(4);
    expect(written.find((row) => row.name.startsWith('requests.'))?.count).toBeGreaterThanOrEqual(1);
    const other = await rows('minute = $1 AND node = $2', [last!.minute, writerOf(nodes[1]!).node]);
    expect(other.map(({ name }) => name)).toEqual(expect.arrayContaining(['up', 'mail_lag', 'webhook_lag']));
    expect(other.map(({ name }) => name)).not.toContain('logins');
  });

  it('have the share of each, with percentiles for what takes time', async () => {
    const acknowledged = (await rows(`name = 'acknowledgements'`)).at(-1);
    expect(acknowledged!.p50).toBeGreaterThan(0);
    expect(acknowledged!.p99).toBeGreaterThanOrEqual(acknowledged!.p50!);
    const [logins] = await rows(`name = 'logins'`);
    expect([logins!.p50, logins!.p99]).toEqual([null, null]);
  });

  it('count a refresh, and a refresh token that comes back as such', async () => {
    const user = await nodes[0]!.logIn({ strategy: 'jwt', transport: 'body' });
    const { body } = await nodes[0]!.client().post('/auth/refresh', { refreshToken: user.refreshToken });
    const used = nodes[0]!.client({ authorization: `Bearer ${body.accessToken}` });
    expect((await used.get('/auth/me')).status).toBe(200);
    advance(MINUTE);
    await nodes[0]!.client().post('/auth/refresh', { refreshToken: user.refreshToken });
    await writeMinute();
    const node = writerOf(nodes[0]!).node;
    const written = await rows('node = $1 AND minute = (SELECT max(minute) FROM coatcheck.measurements)', [node]);
    expect(written.find(({ name }) => name === 'refreshes')?.count).toBe(1);
    expect(written.find(({ name }) => name === 'refresh_reuse')?.count).toBe(1);
  });

  it('say nothing of what did not happen', async () => {
    await writeMinute();
    await writeMinute();
    const last = await rows('minute = (SELECT max(minute) FROM coatcheck.measurements) AND node = $1', [
      writerOf(nodes[1]!).node,
    ]);
    expect(last.map(({ name }) => name).filter((name) => !name.startsWith('lookup'))).toEqual([
      'mail_lag',
      'up',
      'webhook_lag',
    ]);
  });

  it('have each minute once, however often it is written', async () => {
    await writeMinute();
    const before = await rows();
    await Promise.all([writerOf(nodes[0]!).write(), writerOf(nodes[0]!).write()]);
    expect(await rows()).toEqual(before);
  });

  it('hurt nothing when they cannot be written, and come with the next minute', async () => {
    const node = nodes[0]!;
    const user = await node.logIn();
    await dataSource.query('ALTER TABLE coatcheck.measurements RENAME TO hidden');
    await expect(writeMinute()).resolves.toBeUndefined();
    expect((await user.get('/auth/me')).status).toBe(200);
    await dataSource.query('ALTER TABLE coatcheck.hidden RENAME TO measurements');
    const missed = new Date(Math.floor(node.clock.now().getTime() / 60_000) * 60_000 - 60_000);
    expect(await rows('minute = $1', [missed])).toEqual([]);
    await writeMinute();
    const late = await rows('minute = $1 AND node = $2', [missed, writerOf(node).node]);
    expect(late.find(({ name }) => name === 'logins')?.count).toBe(1);
  });

  it('tell how long the oldest e-mail and the oldest event of a webhook have waited', async () => {
    const now = nodes[0]!.clock.now();
    const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
    await dataSource.query(
      `INSERT INTO coatcheck.mail_jobs (kind, facts, attempts, created_at, due_at, claimed_by, claimed_until)
       VALUES ('none', '{}', 3, $1, 'infinity', gen_random_uuid(), 'infinity')`,
      [ago(240)],
    );
    const [event] = await dataSource.query(
      `INSERT INTO coatcheck.audit_events (id, at, type, details) VALUES (gen_random_uuid(), $1, 'app.x', '{}') RETURNING id`,
      [ago(540)],
    );
    await dataSource.query(
      `INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until)
       VALUES ($1, 'siem', 1, 'infinity', '-infinity')`,
      [event.id],
    );
    await writeMinute();
    const lags = await rows(`name LIKE '%_lag' AND node = $1`, [writerOf(nodes[0]!).node]);
    expect(lags.slice(-2).map(({ name, p99 }) => [name, p99])).toEqual([
      ['mail_lag', 300],
      ['webhook_lag', 600],
    ]);
    await dataSource.query('DELETE FROM coatcheck.mail_jobs');
    await dataSource.query('DELETE FROM coatcheck.audit_outbox');
  });
});

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

/** How often measurements were looked for. */
function lookUpsIn(node: PlanNode): number {
  const own = node['Relation Name'] === 'measurements' ? node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, inner) => sum + lookUpsIn(inner), own);
}

describe('a series', () => {
  beforeEach(() => dataSource.query('TRUNCATE coatcheck.measurements'));

  const spansOf = async (name: string) => (await rows('name = $1', [name])).map((row) => row.span_minutes);

  const read = (span: Span) => nodes[0]!.app.get(MeasurementSeries, { strict: false }).read(span);
  const minutesAgo = (minutes: number) =>
    new Date((Math.floor(nodes[0]!.clock.now().getTime() / 60_000) - minutes) * 60_000);

  it('adds up what the nodes measured, tells a gap from nothing, and keeps percentiles apart', async () => {
    await insert(minutesAgo(1), 'a', 'up', 1);
    await insert(minutesAgo(1), 'a', 'logins', 3);
    await insert(minutesAgo(1), 'b', 'logins', 4);
    await insert(minutesAgo(2), 'a', 'up', 1);
    await insert(minutesAgo(2), 'a', 'acknowledgements', 1, 0.5);
    await insert(minutesAgo(2), 'b', 'acknowledgements', 3, 0.1);
    const { points, isKnown, minutes } = await read('hour');
    expect(minutes).toEqual(new Array(60).fill(1));
    expect(isKnown.slice(-3)).toEqual([false, true, true]);
    expect(points.get('logins')!.slice(-2)).toEqual([null, { count: 7, sum: 7, p50: null, p99: null }]);
    const acknowledged = points.get('acknowledgements')!.at(-2)!;
    expect(acknowledged.p50).toBeCloseTo(0.2, 9);
    expect(acknowledged.p99).toBe(0.5);
  });

  it('names the nodes that were longest in look-up mode', async () => {
    for (const [node, seconds] of [...'abcde'].entries())
      await insert(minutesAgo(1), seconds, 'lookup_seconds', node + 1);
    const { lookupByNode } = await read('day');
    expect([...lookupByNode.keys()]).toEqual(['e', 'd', 'c', 'b']);
    expect(lookupByNode.get('e')!.at(-1)).toBe(5);
  });

  it.each(['week', 'month', 'year'] as const)(
    'of a %s reads sums together with the hours and minutes that are not summed up yet, each once',
    async (span) => {
      for (const hours of [100, 30, 3]) await insert(minutesAgo(hours * 60), 'a', 'logins', hours);
      await cleanUp();
      expect(await spansOf('logins')).toEqual(expect.arrayContaining([1, 60, 1440]));
      await insert(minutesAgo(1), 'a', 'logins', 1);
      const counts = (await read(span)).points.get('logins')!.filter((point) => point !== null);
      expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(134);
    },
  );

  it('of a day has a point for each hour, and says how much of the last is over', async () => {
    advance(HOUR - ((nodes[0]!.clock.now().getTime() / 1000) % HOUR) + 20 * MINUTE);
    await insert(minutesAgo(20), 'a', 'logins', 5);
    await insert(minutesAgo(21), 'a', 'logins', 7);
    const { points, times, minutes } = await read('day');
    expect([times.length, times.at(-1), minutes.slice(-2)]).toEqual([24, minutesAgo(20), [60, 20]]);
    expect(
      points
        .get('logins')!
        .slice(-2)
        .map((point) => point?.count),
    ).toEqual([7, 5]);
  });

  it('looks through no time in which there is nothing: a year of a service that has just begun costs no minute of it', async () => {
    await insert(minutesAgo(3), 'a', 'logins', 1);
    const asked = jest.spyOn(dataSource, 'query');
    await read('year');
    const [sql, values] = asked.mock.calls.find(([text]) => text.includes('LATERAL'))!;
    asked.mockRestore();
    const [explained] = await dataSource.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values);
    // Each day, the hours of the last one, and the minutes of the last hour.
    expect(lookUpsIn(explained['QUERY PLAN'][0].Plan)).toBeLessThanOrEqual(365 + 24 + 60);
  });

  it('is empty when nothing was measured', async () => {
    const { points, isKnown } = await read('day');
    expect([points.size, isKnown.includes(true)]).toEqual([0, false]);
  });
});

describe('hours of measurements', () => {
  beforeEach(() => dataSource.query('TRUNCATE coatcheck.measurements'));

  const toTheHour = () => advance(HOUR - ((nodes[0]!.clock.now().getTime() / 1000) % HOUR));
  const hours = () => rows('span_minutes = 60');
  const days = () => rows('span_minutes = 1440');

  it('are summed up once, on two nodes at once, and not before every minute must have come', async () => {
    toTheHour();
    const hour = nodes[0]!.clock.now();
    advance(HOUR);
    for (const minute of [0, 17, 59]) {
      const at = new Date(hour.getTime() + minute * 60_000);
      await insert(at, 'a', 'logins', 2);
      await insert(at, 'b', 'acknowledgements', minute + 1, minute);
    }
    advance(64 * MINUTE);
    await cleanUp();
    expect(await hours()).toEqual([]);
    advance(MINUTE);
    await Promise.all([cleanUp(nodes[0]!), cleanUp(nodes[1]!)]);
    await cleanUp();
    expect(await hours()).toEqual([
      {
        span_minutes: 60,
        minute: hour,
        node: '',
        name: 'acknowledgements',
        count: 79,
        sum: 79,
        p50: (17 * 18 + 59 * 60) / 79,
        p99: 59,
      },
      { span_minutes: 60, minute: hour, node: '', name: 'logins', count: 6, sum: 6, p50: null, p99: null },
    ]);
  });

  it('are summed up after a pause of days, a day at a time', async () => {
    toTheHour();
    const start = nodes[0]!.clock.now().getTime();
    for (const hour of [0, 23, 24, 100, 101]) await insert(new Date(start + hour * HOUR * 1000), 'a', 'logins', hour);
    advance(5 * DAY);
    await cleanUp();
    expect((await hours()).map(({ count }) => count)).toEqual([0, 23, 24, 100, 101]);
  });

  it('become days of UTC, once all their hours are summed up', async () => {
    advance(DAY - ((nodes[0]!.clock.now().getTime() / 1000) % DAY));
    const start = nodes[0]!.clock.now();
    const hoursOn = (hours: number) => new Date(start.getTime() + hours * HOUR * 1000);
    await insert(hoursOn(0), 'a', 'acknowledgements', 1, 0.5);
    await insert(hoursOn(23), 'b', 'acknowledgements', 3, 0.1);
    await insert(hoursOn(24), 'b', 'acknowledgements', 9, 0.1);
    advance(DAY + 64 * MINUTE);
    await cleanUp();
    expect([(await hours()).length, await days()]).toEqual([1, []]);
    advance(MINUTE);
    await Promise.all([cleanUp(nodes[0]!), cleanUp(nodes[1]!)]);
    const [day, ...others] = await days();
    expect(others).toEqual([]);
    expect(day).toMatchObject({ minute: start, node: '', name: 'acknowledgements', count: 4, p99: 0.5 });
    expect(day!.p50).toBeCloseTo(0.2, 9);
  });

  it('remain for a year, minutes for 30 days, and none of these goes before its hour is there', async () => {
    toTheHour();
    const start = nodes[0]!.clock.now();
    await dataSource.query(
      `INSERT INTO coatcheck.measurements (minute, node, name, count, sum)
       SELECT $1::timestamptz + minute * interval '1 minute', 'a', 'requests.' || name, 1, 0
         FROM generate_series(0, 59) AS minute, generate_series(1, 20) AS name`,
      [start],
    );
    advance(30 * DAY);
    await cleanUp();
    expect(await rows(`span_minutes = 1 AND node = 'a'`)).toHaveLength(1200);
    expect(await hours()).toHaveLength(20);
    advance(HOUR);
    await cleanUp();
    expect(await rows(`span_minutes = 1 AND node = 'a'`)).toEqual([]);
    expect((await hours()).map(({ count }) => count)).toEqual(new Array(20).fill(60));
    advance(334 * DAY);
    await cleanUp();
    expect(await hours()).toHaveLength(20);
    advance(2 * DAY);
    await cleanUp();
    expect(await hours()).toEqual([]);
  });
});
