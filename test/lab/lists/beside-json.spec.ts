import { bootPages, type PagesUnderTest } from '../../pages/boot-pages.js';
import type { PageVisitor } from '../../pages/page-visitor.js';
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
/** Of CPU of this process, which is client and server: what other work on the machine does not lengthen. */
const BOUND_MS = 3;

describe('what a page costs beside its JSON route', () => {
  let pages: PagesUnderTest;
  let visitor: PageVisitor;
  beforeAll(async () => {
    pages = await bootPages({ authStrategies: ['session', 'api-key'] });
    const admin = await pages.app.logIn({ strategy: 'session', changes: { roles: ['admin'] } });
    for (let n = 0; n < 20; n++) await pages.app.logIn({ strategy: 'session' });
    for (let n = 0; n < 5; n++) await admin.post('/auth/api-keys', { name: `key ${n}`, scopes: [] });
    visitor = await pages.as(admin);
  });
  afterAll(() => pages?.close());

  it(`is less than ${BOUND_MS} ms${isLong ? '' : ' (held in the long form only)'}`, async () => {
    const figures: { page: string; json: string; cpu: [number, number]; wall: [number, number] }[] = [];
    for (const [page, json] of PAIRS) {
      for (const path of [page, json]) await batch(path);
      const spent = { page: [] as Spent[], json: [] as Spent[] };
      for (let round = 0; round < ROUNDS / BATCH; round++) {
        spent.page.push(await batch(page));
        spent.json.push(await batch(json));
      }
      const both = (kind: keyof Spent): [number, number] => [median(spent.page, kind), median(spent.json, kind)];
      figures.push({ page, json, cpu: both('cpu'), wall: both('wall') });
    }
    const rows = figures.map(({ page, json, cpu, wall }) => [page, json, ...[...cpu, ...wall].map(text)]);
    publish(
      'pages',
      tableOf(['page', 'JSON route', 'CPU page', 'CPU JSON', 'time page', 'time JSON'], rows),
      `; medians of ${Math.ceil(ROUNDS / BATCH)} times ${BATCH} requests, one after the other`,
    );
    const dear = figures.filter(({ cpu: [ofPage, ofJson] }) => ofPage - ofJson > BOUND_MS).map(({ page }) => page);
    if (isLong) expect(dear).toEqual([]);
    expect(figures).toHaveLength(PAIRS.length);
  });

  /** Milliseconds for one request. */
  async function batch(path: string): Promise<Spent> {
    const [start, before] = [performance.now(), process.cpuUsage()];
    for (let n = 0; n < BATCH; n++) expect([path, (await visitor.send('GET', path)).status]).toEqual([path, 200]);
    const { user, system } = process.cpuUsage(before);
    return { cpu: (user + system) / 1000 / BATCH, wall: (performance.now() - start) / BATCH };
  }
});

interface Spent {
  readonly cpu: number;
  readonly wall: number;
}

function median(spent: readonly Spent[], kind: keyof Spent): number {
  return spent.map((one) => one[kind]).sort((one, other) => one - other)[Math.floor(spent.length / 2)]!;
}

const text = (ms: number) => `${ms.toFixed(2)} ms`;
