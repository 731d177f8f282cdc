import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { type AuthTestApp, FakeClock } from '../../../src/testing/index.js';
import { ClientSite } from '../../client/client-site.js';
import { clientScript, Tab, type TransportUnderTest } from '../../client/page-under-test.js';
import { bootService } from '../../flows/combinations.js';
import { inChromium } from '../../pages/browser.js';
import { isLong, rounds } from '../harness/form.js';

const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const ROUNDS = isLong ? rounds : 4;
/** Of a case that is played by two transports. */
const HALF = Math.ceil(ROUNDS / 2);
/** Of each tab in a round; more would only wait for each other, and a test of one round has fifty. */
const REQUESTS = 3;
const TABS = 8;
const REFRESH = 'POST /auth/refresh';
const WITHOUT_LOCKS = 'delete Navigator.prototype.locks';
/** A tab waits half a second for its turn, not five: no round is longer than it has to be. */
const IMPATIENT = 'const { timeout } = AbortSignal; AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / 10)';
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

  /** A tab whose requests carry its number, `x-tab`. */
  async function openOne(transport: TransportUnderTest, number: number): Promise<void> {
    const tab = await Tab.open(context, site.origin);
    await tab.page.setExtraHTTPHeaders({ 'x-tab': String(number) });
    await tab.begin(transport);
    tabs[number] = tab;
  }

  /** Tabs of one user. */
  async function open(transport: TransportUnderTest, count: number): Promise<void> {
    for (let number = 0; number < count; number += 1) await openOne(transport, number);
    await tabs[0]!.logIn(user);
    await Promise.all(tabs.map((tab) => tab.becomes('signed-in')));
  }

  /** Access tokens run out; refresh tokens do not. */
  const expire = () => clock.advance(1000);
  const askAll = async (those: readonly Tab[], times: number) =>
    (await Promise.all(those.map((tab) => tab.ask(times)))).flat();
  const statuses = () => Promise.all(tabs.map(async (tab) => (await tab.snapshot()).status));
  const outcomes = (replies: readonly (number | string)[]) => [...new Set(replies)];

  /** Numbers rounds; in the long form each hundredth is said. */
  function* roundsOf(count: number): Generator<number> {
    for (let round = 0; round < count; round += 1) {
      yield round;
      if (isLong && (round + 1) % 100 === 0)
        process.stderr.write(`${new Date().toISOString()} ${round + 1} ${expect.getState().currentTestName}\n`);
    }
  }

  describe.each(TOKENS)('by %s', (transport) => {
    it(`renew an expired token once for all requests of each: ${TABS} tabs, ${HALF} times`, async () => {
      await open(transport, TABS);
      for (const round of roundsOf(HALF)) {
        expire();
        site.forget();
        expect([round, outcomes(await askAll(tabs, REQUESTS)), site.count(REFRESH)]).toEqual([round, [200], 1]);
      }
      expect(outcomes(await statuses())).toEqual(['signed-in']);
    });

    it(`renew it at most once each where the browser has no locks, and stay signed in: ${HALF} times`, async () => {
      await context.addInitScript(WITHOUT_LOCKS);
      await open(transport, TABS);
      expect(await tabs[0]!.run('typeof navigator.locks')).toBe('undefined');
      for (const round of roundsOf(HALF)) {
        expire();
        site.forget();
        expect([round, outcomes(await askAll(tabs, REQUESTS))]).toEqual([round, [200]]);
        expect(site.count(REFRESH)).toBeLessThanOrEqual(TABS);
      }
      expect(outcomes(await statuses())).toEqual(['signed-in']);
    });

    it(`go on when the one that renews is closed in the middle: ${HALF} times`, async () => {
      await open(transport, 3);
      for (const round of roundsOf(HALF)) {
        expire();
        const renewing = held();
        const asked = tabs.map((tab) => tab.ask(REQUESTS).catch(() => 'closed'));
        const at = await renewing.by(asked);
        await tabs[at]!.page.close();
        renewing.release();
        const replies = await Promise.all(asked);
        expect([round, outcomes(replies.filter((_, i) => i !== at).flat())]).toEqual([round, [200]]);
        await openOne(transport, at);
        expect(await tabs[at]!.snapshot()).toMatchObject({ status: 'signed-in' });
      }
    });

    it(`keep no ticket, and the service no session, when one logs out while another renews: ${HALF} times`, async () => {
      await context.addInitScript(IMPATIENT);
      const elsewhere = await app.logInAgain(user);
      await open(transport, 2);
      for (const round of roundsOf(HALF)) {
        if (round > 0) await tabs[round % 2]!.logIn(user);
        await Promise.all(tabs.map((tab) => tab.becomes('signed-in')));
        expire();
        const renewing = held();
        const asked = tabs[0]!.ask(REQUESTS);
        await renewing.by([asked]);
        // The reply to the renewal comes before the logout, with it, or after it.
        if (round % 3 === 0) renewing.release();
        const leaving = tabs[1]!.run('client.logout()');
        if (round % 3 === 2) await leaving;
        renewing.release();
        expect([round, await leaving]).toEqual([round, { status: 'signed-out' }]);
        await asked;
        expect([round, await statuses()]).toEqual([round, ['signed-out', 'signed-out']]);
        expect(await askAll(tabs, 1)).toEqual([401, 401]);
        const left = (await context.cookies()).filter(({ name, value }) => name !== 'device' && value !== '');
        for (const { name, value } of left) {
          const reply = await app.client({ cookie: `${name}=${value}` }).post('/auth/refresh');
          expect([round, name, reply.status]).toEqual([round, name, 401]);
        }
        const { sessions } = (await elsewhere.get('/auth/sessions')).body as { sessions: { current: boolean }[] };
        expect([round, sessions.map(({ current }) => current)]).toEqual([round, [true]]);
      }
    });
  });

  it(`are not held up by a listener that throws, nor by one that waits for a request of its own: ${ROUNDS} times`, async () => {
    await open('split', 2);
    for (const tab of tabs) {
      await tab.run(`(client.session.subscribe(() => { throw new Error('mine'); }),
        client.session.subscribe(async () => { globalThis.inside = (await client.fetch('/auth/sessions')).status; }), 0)`);
    }
    for (const round of roundsOf(ROUNDS)) {
      expire();
      expect([round, outcomes(await askAll(tabs, REQUESTS))]).toEqual([round, [200]]);
      await tabs[round % 2]!.run(
        'routes(client).patch("/auth/me", { body: { name: given } }).then(() => 0)',
        `Ada ${round}`,
      );
    }
    expect(await tabs[0]!.run('globalThis.inside')).toBe(200);
  });

  /** The next refresh: the number of the tab that asks for it, as one of those that were asked must, and its answer kept back until it is released. */
  function held(): { by(asked: readonly Promise<unknown>[]): Promise<number>; release(): void } {
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
    const inVain = async (asked: readonly Promise<unknown>[]) => {
      const replies = JSON.stringify(await Promise.all(asked));
      throw new Error(`No tab has renewed: ${replies}`);
    };
    return { by: (asked) => Promise.race([at, inVain(asked)]), release };
  }
});
