import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bootPages, type PagesUnderTest } from '../../pages/boot-pages.js';
import { publish, tableOf } from '../harness/figures.js';
import { isLong, rounds } from '../harness/form.js';

/** Pages that show what a JSON route answers. */
const PAIRS = [
  ['/account', '/auth/me'],
  ['/account/sessions', '/auth/sessions'],
  ['/account/factors', '/auth/factors'],
  ['/account/keys', '/auth/api-keys'],
  ['/account/log', '/auth/me/log'],
  ['/admin/ui/users', '/admin/users?limit=50'],
  ['/admin/ui/sessions', '/admin/sessions?limit=50'],
  ['/admin/ui/webhooks', '/admin/webhooks'],
] as const;
const ROUNDS = isLong ? rounds : 20;
const BATCH = 10;
const WARM_UP = isLong ? 30 : 1;
/** Of CPU of the service: what other work on the machine does not lengthen. */
const BOUND_MS = 3;

describe('what a page costs beside its JSON route', () => {
  let pages: PagesUnderTest;
  let client: ChildProcess;
  beforeAll(async () => {
    pages = await bootPages({ authStrategies: ['session', 'api-key'] });
    const admin = await pages.app.logIn({ strategy: 'session', changes: { roles: ['admin'] } });
    for (let n = 0; n < 20; n++) await pages.app.logIn({ strategy: 'session' });
    for (let n = 0; n < 5; n++) await admin.post('/auth/api-keys', { name: `key ${n}`, scopes: [] });
    const visitor = await pages.as(admin);
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    client = fork(join(__dirname, 'timed-requests.mjs'), [pages.url, JSON.stringify(headers)], { execArgv: [] });
  });
  afterAll(async () => {
    client?.kill();
    await pages?.close();
  });

  it(`is less than ${BOUND_MS} ms${isLong ? '' : ' (held in the long form only)'}`, async () => {
    const figures: {
      page: string;
      json: string;
      cpu: [number, number];
      wall: [number, number];
      p99: [number, number];
    }[] = [];
    for (const [page, json] of PAIRS) {
      // A service has compiled its code when it matters.
      for (let n = 0; n < WARM_UP; n++) for (const path of [page, json]) await batch(path);
      const spent = { page: [] as Spent[], json: [] as Spent[] };
      for (let round = 0; round < ROUNDS / BATCH; round++) {
        spent.page.push(await batch(page));
        spent.json.push(await batch(json));
      }
      const both = (kind: 'cpu' | 'wall'): [number, number] => [median(spent.page, kind), median(spent.json, kind)];
      const p99: [number, number] = [p99Of(spent.page), p99Of(spent.json)];
      figures.push({ page, json, cpu: both('cpu'), wall: both('wall'), p99 });
    }
    const rows = figures.map(({ page, json, cpu, wall, p99 }) => [page, json, ...[...cpu, ...wall, ...p99].map(text)]);
    publish(
      'pages',
      tableOf(['page', 'JSON route', 'CPU page', 'CPU JSON', 'time page', 'time JSON', 'p99 page', 'p99 JSON'], rows),
      `; medians of ${Math.ceil(ROUNDS / BATCH)} times ${BATCH} requests, one after the other`,
    );
    const dear = figures.filter(({ cpu: [ofPage, ofJson] }) => ofPage - ofJson > BOUND_MS).map(({ page }) => page);
    if (isLong) expect(dear).toEqual([]);
    expect(figures).toHaveLength(PAIRS.length);
  });

  /** Milliseconds for one request, whose client is another process. */
  async function batch(path: string): Promise<Spent> {
    const [start, before] = [performance.now(), process.cpuUsage()];
    const asked = once(client, 'message');
    client.send({ path, count: BATCH });
    const [{ times, failure }] = (await asked) as [{ times?: number[]; failure?: string }];
    expect(failure).toBeUndefined();
    const { user, system } = process.cpuUsage(before);
    return { cpu: (user + system) / 1000 / BATCH, wall: (performance.now() - start) / BATCH, each: times! };
  }
});

interface Spent {
  /** Milliseconds of each request. */
  readonly each: readonly number[];
  readonly cpu: number;
  readonly wall: number;
}

function p99Of(spent: readonly Spent[]): number {
  const all = spent.flatMap(({ each }) => each).sort((one, other) => one - other);
  return all[Math.floor(all.length * 0.99)]!;
}

function median(spent: readonly Spent[], kind: 'cpu' | 'wall'): number {
  return spent.map((one) => one[kind]).sort((one, other) => one - other)[Math.floor(spent.length / 2)]!;
}

const text = (ms: number) => `${ms.toFixed(2)} ms`;
