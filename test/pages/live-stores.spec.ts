import { STORES } from '../flows/combinations.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import { EventStream } from './event-stream.js';

const PAGE = '/account/sessions';
/** Those that are installed; PostgreSQL has specs of its own, and memory stands for none. */
const OTHER_STORES = STORES.filter((store) => store === 'redis' || store === 'memcached');

(OTHER_STORES.length > 0 ? describe : describe.skip).each(
  OTHER_STORES.length > 0 ? OTHER_STORES : (['redis'] as const),
)('live pages with sessions in %s', (store) => {
  let database: TestDatabase;
  const nodes: PagesUnderTest[] = [];
  beforeAll(async () => {
    database = await freshDatabase();
    for (let node = 0; node < 2; node++)
      nodes.push(await bootPages({ databaseUrl: database.url, authStrategies: ['session'], sessionStore: store }));
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await database?.drop();
  });

  it('a row comes and goes on the open pages of its user and of admins, on another node', async () => {
    const [here, there] = [nodes[0]!, nodes[1]!];
    const user = await here.app.logIn({ strategy: 'session' });
    const admin = await here.app.logIn({ strategy: 'session', changes: { roles: ['admin'] } });
    const watching = [
      { browser: await there.as(user), page: PAGE },
      { browser: await there.as(admin), page: '/admin/ui/sessions' },
    ];
    const streams: EventStream[] = [];
    for (const { browser, page } of watching)
      streams.push(await EventStream.open(browser, liveOf((await browser.open(page)).html)));
    const other = await here.app.logInAgain(user);
    for (const [i, { browser, page }] of watching.entries()) {
      await streams[i]!.until(({ event }) => event === 'change');
      expect((await browser.open(page)).html).toContain(`data-key="${other.sessionId}"`);
    }
    await other.post('/auth/logout');
    for (const [i, { browser, page }] of watching.entries()) {
      await streams[i]!.until(({ data }) => data.includes(other.sessionId));
      expect((await browser.open(page)).html).not.toContain(`data-key="${other.sessionId}"`);
      streams[i]!.close();
    }
  });
});

const liveOf = (html: string) => /data-live="([^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&');
