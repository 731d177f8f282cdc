import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Client } from 'pg';
import { bootPages, type PagesUnderTest } from '../../pages/boot-pages.js';
import type { PageVisitor } from '../../pages/page-visitor.js';
import { freshDatabase, type TestDatabase } from '../../real-postgres.js';
import { publish, tableOf } from '../harness/figures.js';
import { isLong, isWanted } from '../harness/form.js';
import { fill, SESSIONS_A_USER } from '../plans/crowd.js';
import { readingsOf } from '../plans/plan.js';
import { reasonFor } from '../plans/reasons.js';
import { type SentStatement, SentStatements } from '../plans/statements.js';
import { type Row, rowsFor } from './rows.js';
import { addWhatAdminsLookFor } from './years.js';

/** In the long form a million users, as many as `LIST_USERS`, and ten events of each. */
const USERS = Number(process.env.LIST_USERS ?? (isLong ? 1_000_000 : 20_000));
const EVENTS = USERS * (isLong ? 10 : 5);
const ROUNDS = isLong ? 7 : 2;
const LATE_PAGE = isLong ? 100 : 12;
const BOUND_MS = 200;
/** A table with fewer is small. */
const SMALL_ROWS = 2000;
const ADDRESS = '198.51.100.7';

/** A migrated database that is filled where it has no users yet, and kept. */
const kept = process.env.LISTS_DATABASE_URL;

interface Figure {
  readonly row: string;
  /** Medians, in milliseconds. */
  readonly first: number;
  readonly second: number | null;
  readonly late: number | null;
  readonly json: number | null;
  /** Of this process, which is client and service, for the first page: what other work on the machine does not lengthen. */
  readonly cpu: number;
}

interface Spent {
  readonly time: number;
  readonly cpu: number;
}

describe('the lists of the desk, however many there are', () => {
  let database: TestDatabase;
  let client: Client;
  let pages: PagesUnderTest;
  let visitor: PageVisitor;
  let rows: readonly Row[];
  let sent: ReadonlyMap<string, readonly SentStatement[]>;
  const figures: Figure[] = [];

  beforeAll(async () => {
    database = kept ? { url: kept, drop: async () => {} } : await freshDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    const now = new Date();
    const [{ isFilled }] = (await client.query(`SELECT EXISTS (SELECT FROM coatcheck.users) AS "isFilled"`)).rows;
    if (!isFilled) await filled(now);
    const [known] = (await client.query(`SELECT id, email FROM coatcheck.users WHERE email LIKE 'user-000007@%'`)).rows;
    const [boss] = (await client.query(`SELECT id FROM coatcheck.users WHERE email LIKE 'user-000000@%'`)).rows;
    rows = rowsFor({ userId: known.id, adminId: boss.id, email: known.email, address: ADDRESS, now }).filter(
      ({ page }) => isWanted({ name: page }),
    );
    pages = await bootPages({
      databaseUrl: database.url,
      webhooks: ['siem=https://siem.example.com/hook'],
      webhookSecrets: [`siem=whsec_${randomBytes(32).toString('base64')}`],
    });
    const admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
    visitor = await pages.as(admin);
    const statements = new SentStatements();
    for (const row of rows) figures.push(await measured(row));
    sent = statements.end();
    const heading = [
      'list and filters',
      'rows',
      'first page',
      'second',
      `page ${LATE_PAGE}`,
      'JSON route',
      'CPU of the service',
      'most beside it',
    ];
    process.stdout.write(
      `\n${tableOf(
        heading.slice(0, 7),
        figures.map((one) => cellsOf(one.row, [one])),
      )}\n`,
    );
    const cells = [...grouped(figures)].map(([name, some]) => [...cellsOf(name, some), mostBeside(some)]);
    publish(
      'lists',
      tableOf(heading, cells),
      `; ${USERS} users, ${USERS * SESSIONS_A_USER} sessions, ${EVENTS} events`,
    );
  });
  afterAll(async () => {
    await pages?.close();
    await client?.end();
    await database?.drop();
  });

  async function filled(now: Date): Promise<void> {
    await fill(client, { users: USERS, events: EVENTS, known: 20, passwordHash: 'none', now });
    const [{ id: admin }] = (await client.query(`SELECT id FROM coatcheck.users WHERE email LIKE 'user-000000@%'`))
      .rows;
    const measuredDays = isLong ? 30 : 5;
    await addWhatAdminsLookFor(client, {
      users: USERS,
      admin,
      address: ADDRESS,
      events: Math.round(EVENTS / 100),
      measuredDays,
      now,
    });
  }

  /** The page asked for several times, its later pages, and its JSON route beside it. */
  async function measured({ page, json }: Row): Promise<Figure> {
    const path = `/admin/ui${page}`;
    const spent: { page: Spent[]; json: Spent[] } = { page: [], json: [] };
    await spentOn(path);
    if (json) await spentOn(json);
    for (let round = 0; round < ROUNDS; round++) {
      spent.page.push(await spentOn(path));
      if (json) spent.json.push(await spentOn(json));
    }
    const medianOf = (kind: keyof Spent, all: readonly Spent[]) => median(all.map((one) => one[kind]));
    const later = await laterPages(path);
    return {
      row: page.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…'),
      first: medianOf('time', spent.page),
      second: later.second,
      late: later.late,
      json: json ? medianOf('time', spent.json) : null,
      cpu: medianOf('cpu', spent.page),
    };
  }

  /** By the links of the pages. */
  async function laterPages(path: string): Promise<{ second: number | null; late: number | null }> {
    let next = nextOf((await visitor.open(path)).html, path);
    const times: number[] = [];
    while (next !== null && times.length < LATE_PAGE - 1) {
      const start = performance.now();
      const { status, html } = await visitor.open(next);
      times.push(performance.now() - start);
      expect([next, status]).toEqual([next, 200]);
      next = nextOf(html, path);
    }
    return { second: times[0] ?? null, late: times[LATE_PAGE - 2] ?? null };
  }

  async function spentOn(path: string): Promise<Spent> {
    const [start, before] = [performance.now(), process.cpuUsage()];
    const { status } = await visitor.send('GET', path);
    const time = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    expect([path, status]).toEqual([path, 200]);
    return { time, cpu: (user + system) / 1000 };
  }

  it(`a page takes no more than ${BOUND_MS} ms${isLong ? '' : ' (held in the long form only)'}`, () => {
    expect(figures.length).toBe(rows.length);
    const medians = ({ first, second, late }: Figure) => Math.max(first, second ?? 0, late ?? 0);
    if (isLong) expect(figures.filter((figure) => medians(figure) > BOUND_MS)).toEqual([]);
  });

  it('later pages are there, and lists lead to their end', () => {
    const late = figures.filter((figure) => figure.late !== null).map(({ row }) => row);
    const wanted = ['/users?', '/sessions', '/audit?', '/audit?ip=198.51.100.7'].filter((name) => isWanted({ name }));
    expect(late).toEqual(expect.arrayContaining(wanted));
  });

  it('no large table is read from end to end, and no more than a page needs', async () => {
    const { rows: found } = await client.query(
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'coatcheck'::regnamespace AND reltuples >= $1`,
      [SMALL_ROWS],
    );
    const large = new Set(found.map(({ relname }) => relname));
    const faults: string[] = [];
    // Others are of the upkeep that goes on meanwhile.
    const asked = [...sent].filter(([shape]) => /^(SELECT|WITH)\b/i.test(shape));
    for (const [shape, runs] of asked) {
      for (const run of runs) {
        for (const reading of await readingsOf(client, run)) {
          const { table, isSequential, rows: read } = reading;
          if (!large.has(table) || reasonFor(shape, reading, run.values) !== null) continue;
          if (isSequential)
            faults.push(`reads all of ${table} (${read}): ${shape} ${JSON.stringify(run.values).slice(0, 200)}`);
        }
      }
    }
    if (process.env.LISTS_REPORT) writeFileSync(process.env.LISTS_REPORT, `${faults.join('\n')}\n`);
    expect(faults).toEqual([]);
  });
});

/** Those with the same filters, whatever is looked for. */
function grouped(figures: readonly Figure[]): Map<string, Figure[]> {
  const groups = new Map<string, Figure[]>();
  for (const figure of figures) {
    const [path = '', query = ''] = figure.row.split('?');
    const name = `${path || 'overview'} ${[...new URLSearchParams(query).keys()].join(', ')}`.trim();
    groups.set(name, [...(groups.get(name) ?? []), figure]);
  }
  return groups;
}

/** The slowest of these, each by its median. */
function cellsOf(name: string, figures: readonly Figure[]): string[] {
  const most = (kind: 'first' | 'second' | 'late' | 'json' | 'cpu') => {
    const times = figures.flatMap((figure) => figure[kind] ?? []);
    return times.length === 0 ? '' : `${Math.max(...times).toFixed(1)} ms`;
  };
  return [name, String(figures.length), most('first'), most('second'), most('late'), most('json'), most('cpu')];
}

/** How much longer a page took than its JSON route, at most. */
function mostBeside(figures: readonly Figure[]): string {
  const more = figures.flatMap(({ first, json }) => (json === null ? [] : [first - json]));
  return more.length === 0 ? '' : `${Math.max(...more).toFixed(1)} ms`;
}

/** Where the link to the next page leads; null on the last. */
function nextOf(html: string, path: string): string | null {
  const list = path.split('?')[0]!;
  const links = [...html.matchAll(/href="([^"]*[?&](?:amp;)?cursor=[^"]*)"/g)].map(([, link]) =>
    link!.replaceAll('&amp;', '&'),
  );
  return links.find((link) => link.startsWith(list)) ?? null;
}

function median(times: readonly number[]): number {
  return [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)]!;
}
