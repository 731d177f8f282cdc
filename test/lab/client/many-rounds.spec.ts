import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { type AuthTestApp, FakeClock } from '../../../src/testing/index.js';
import { ClientSite } from '../../client/client-site.js';
import { clientScript, Tab, type TransportUnderTest } from '../../client/page-under-test.js';
import { bootService } from '../../flows/combinations.js';
import { inChromium } from '../../pages/browser.js';
import { isLong, rounds } from '../harness/form.js';

const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const ROUNDS = isLong ? rounds : 4;
/** A browser sends six at a time, so many would only wait for each other; a test of one round has fifty. */
const REQUESTS = 10;
const TABS = 8;
const REFRESH = 'POST /auth/refresh';
const WITHOUT_LOCKS = 'delete Navigator.prototype.locks';
const TOKENS = ['cookie', 'split'] as const;

inChromium('tabs of one browser', () => {
  const clock = new FakeClock();
  let site: ClientSite;
  let app: AuthTestApp;
  let browser: Browser;
  let context: BrowserContext;
  let user: { readonly email: string; readonly password: string };
  let tabs: Tab[];

  beforeAll(async () => {
    site = await ClientSite.open(await clientScript());
    app = await bootService({ publicUrl: site.origin, sessionsPerUser: 1000 }, [], clock);
    site.serve(app.url);
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await site?.close();
  });
  beforeEach(async () => {
    user = await app.register({ name: 'Ada' });
    context = await browser.newContext();
    site.fate = () => 'pass';
    tabs = [];
  });
  afterEach(() => context.close());

  /** Tabs of one user. What each asks for carries its number, `x-tab`. */
  async function open(transport: TransportUnderTest, count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const tab = await Tab.open(context, site.origin);
      await tab.page.setExtraHTTPHeaders({ 'x-tab': String(i) });
      await tab.begin(transport);
      if (i === 0) await tab.logIn(user);
      tabs.push(tab);
    }
    await Promise.all(tabs.map((tab) => tab.becomes('signed-in')));
  }

  /** Access tokens run out; refresh tokens do not. */
  const expire = () => clock.advance(1000);
  const askAll = async (those: readonly Tab[], times: number) =>
    (await Promise.all(those.map((tab) => tab.ask(times)))).flat();
  const statuses = () => Promise.all(tabs.map(async (tab) => (await tab.snapshot()).status));
  const outcomes = (replies: readonly (number | string)[]) => [...new Set(replies)];

  describe.each(TOKENS)('by %s', (transport) => {
    it(`renew an expired token once for all requests of each: ${TABS} tabs, ${ROUNDS} times`, async () => {
      await open(transport, TABS);
      for (let round = 0; round < ROUNDS; round += 1) {
        expire();
        site.forget();
        expect(outcomes(await askAll(tabs, REQUESTS))).toEqual([200]);
        expect(site.count(REFRESH)).toBe(1);
      }
      expect(outcomes(await statuses())).toEqual(['signed-in']);
    });

    it(`renew it at most once each where the browser has no locks, and stay signed in: ${ROUNDS} times`, async () => {
      await context.addInitScript(WITHOUT_LOCKS);
      await open(transport, TABS);
      expect(await tabs[0]!.run('typeof navigator.locks')).toBe('undefined');
      for (let round = 0; round < ROUNDS; round += 1) {
        expire();
        site.forget();
        expect(outcomes(await askAll(tabs, REQUESTS))).toEqual([200]);
        expect(site.count(REFRESH)).toBeLessThanOrEqual(TABS);
      }
      expect(outcomes(await statuses())).toEqual(['signed-in']);
    });
  });

  it(`go on when the one that renews is closed in the middle: ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await context.close();
      context = await browser.newContext();
      tabs = [];
      await open(TOKENS[round % 2]!, 3);
      expire();
      const renewing = held();
      const asked = tabs.map((tab) => tab.ask(5).catch(() => 'closed'));
      const at = await renewing.at;
      await tabs[at]!.page.close();
      renewing.release();
      const replies = await Promise.all(asked);
      expect(outcomes(replies.filter((_, i) => i !== at).flat())).toEqual([200]);
    }
  });

  it(`keep no ticket, and the service no session, when one logs out while another renews: ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await context.close();
      context = await browser.newContext();
      tabs = [];
      await open(TOKENS[round % 2]!, 2);
      expire();
      const renewing = held();
      const asked = tabs[0]!.ask(5);
      await renewing.at;
      const leaving = tabs[1]!.run('client.logout()');
      // Before the logout, with it, or after it.
      if (round % 3 === 0) await leaving.catch(() => undefined);
      renewing.release();
      expect(await leaving).toEqual({ status: 'signed-out' });
      await asked;
      expect(await statuses()).toEqual(['signed-out', 'signed-out']);
      expect(await askAll(tabs, 1)).toEqual([401, 401]);
      const left = (await context.cookies()).filter(({ name, value }) => name !== 'device' && value !== '');
      for (const { name, value } of left) {
        const reply = await app.client({ cookie: `${name}=${value}` }).post('/auth/refresh');
        expect([name, reply.status]).toEqual([name, 401]);
      }
      const again = await app.logInAgain(user);
      const sessions = (await again.get('/auth/sessions')).body.sessions as { id: string; current: boolean }[];
      expect(sessions.filter(({ current }) => !current)).toEqual([]);
      await again.post('/auth/logout');
    }
  });

  it(`are not held up by a listener that throws, nor by one that waits for a request of its own: ${ROUNDS} times`, async () => {
    await open('split', 2);
    for (const tab of tabs) {
      await tab.run(`(client.session.subscribe(() => { throw new Error('mine'); }),
        client.session.subscribe(async () => { globalThis.inside = (await client.fetch('/auth/sessions')).status; }), 0)`);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      expire();
      expect(outcomes(await askAll(tabs, 5))).toEqual([200]);
      await tabs[round % 2]!.run(
        'routes(client).patch("/auth/me", { body: { name: given } }).then(() => 0)',
        `Ada ${round}`,
      );
    }
    expect(await tabs[0]!.run('globalThis.inside')).toBe(200);
  });

  /** The next refresh: the number of the tab that asks for it, and its answer kept back until it is released. */
  function held(): { readonly at: Promise<number>; release(): void } {
    let found!: (tab: number) => void;
    let release!: () => void;
    const at = new Promise<number>((resolve) => {
      found = resolve;
    });
    const after = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isHeld = false;
    site.fate = (route, { headers }) => {
      if (route !== REFRESH || isHeld) return 'pass';
      isHeld = true;
      found(Number(headers['x-tab']));
      return { after };
    };
    return { at, release };
  }
});
