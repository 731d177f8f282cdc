import type { BrowserContext } from 'playwright-core';
import { type Browser, chromium } from 'playwright-core';
import { type AuthTestApp, FakeClock, type TestUser } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { inChromium } from '../pages/browser.js';
import { ClientSite } from './client-site.js';
import { clientScript, Tab, TRANSPORTS } from './page-under-test.js';

const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

inChromium('a page with the client', () => {
  const clock = new FakeClock();
  let site: ClientSite;
  let app: AuthTestApp;
  let browser: Browser;
  let context: BrowserContext;
  let user: TestUser;

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
  });
  afterEach(() => context.close());

  describe.each(TRANSPORTS)('by %s', (transport) => {
    it('logs in, stays signed in when it is loaded anew, asks with the ticket, and logs out', async () => {
      const tab = await Tab.with(context, site.origin, transport);
      expect(await tab.snapshot()).toEqual({ status: 'signed-out', user: null, session: null, reason: null });
      const outcome = await tab.logIn(user);
      expect(outcome).toMatchObject({ status: 'authenticated', user: { email: user.email } });
      expect(Object.keys(outcome)).not.toEqual(expect.arrayContaining(['accessToken']));
      expect(await tab.snapshot()).toMatchObject({ status: 'signed-in', user: { email: user.email } });
      expect(await tab.ask(2)).toEqual([200, 200]);
      await tab.page.reload();
      expect(await tab.begin(transport)).toMatchObject({ status: 'signed-in', user: { email: user.email } });
      expect(await tab.ask(2)).toEqual([200, 200]);
      expect(await tab.run('client.logout()')).toEqual({ status: 'signed-out' });
      expect(await tab.snapshot()).toMatchObject({ status: 'signed-out', reason: 'logout' });
      expect((await context.cookies()).filter(({ name, value }) => name !== 'device' && value !== '')).toEqual([]);
      expect(await tab.ask()).toEqual([401]);
      await tab.page.reload();
      expect(await tab.begin(transport)).toMatchObject({ status: 'signed-out' });
    });

    it('tells the other tabs who signed in and that they signed out', async () => {
      const one = await Tab.with(context, site.origin, transport);
      const other = await Tab.with(context, site.origin, transport);
      await one.logIn(user);
      expect(await other.becomes('signed-in')).toMatchObject({ user: { email: user.email } });
      expect(await other.ask()).toEqual([200]);
      await other.run('client.logout()');
      expect(await one.becomes('signed-out')).toMatchObject({ reason: 'logout' });
    });

    it('is told what is wrong with a login, and nothing else comes of it', async () => {
      const tab = await Tab.with(context, site.origin, transport);
      site.forget();
      const outcome = await tab.run(
        'client.login(given).then(({ status, problem }) => [status, problem.code, problem.status])',
        {
          email: user.email,
          password: 'wrong horse battery',
        },
      );
      expect(outcome).toEqual(['problem', 'invalid_credentials', 401]);
      expect(site.asked).toEqual(['POST /auth/login']);
    });
  });

  it.each(['cookie', 'split'] as const)(
    'by %s renews an expired token once for all that ask, in all tabs',
    async (transport) => {
      const tabs = [await Tab.with(context, site.origin, transport)];
      await tabs[0]!.logIn(user);
      for (let i = 1; i < 4; i++) tabs.push(await Tab.with(context, site.origin, transport));
      clock.advance(1200);
      site.forget();
      const statuses = await Promise.all(tabs.map((tab) => tab.ask(20)));
      expect(statuses.flat().filter((status) => status !== 200)).toEqual([]);
      expect(site.count('POST /auth/refresh')).toBe(1);
    },
  );
});
