import { randomBytes } from 'node:crypto';
import type { ActingUser } from '../../../src/testing/index.js';
import { bootPages, type PagesUnderTest, signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';

inChromium('the desk in a browser', () => {
  let pages: PagesUnderTest;
  let chromium: Chromium;
  let admin: ActingUser;
  let service: string;
  let window: Window;

  beforeAll(async () => {
    pages = await bootPages({
      authStrategies: ['session', 'jwt', 'api-key'],
      webhooks: ['siem=https://siem.example.com/hook'],
      webhookSecrets: [`siem=whsec_${randomBytes(32).toString('base64')}`],
    });
    chromium = await Chromium.start();
    admin = await pages.app.logIn({ changes: { roles: ['admin'], name: 'Grace Hopper' }, strategy: 'session' });
    await pages.app.logIn({ changes: { name: 'Ada Lovelace' }, strategy: 'session' });
    const { body } = await admin.post('/admin/users', { kind: 'service', name: 'orders', roles: ['reader'] });
    service = body.id;
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });
  beforeEach(async () => {
    window = await chromium.open(pages.url);
    await signInAs(admin, window.context, pages.url);
  });
  afterEach(async () => {
    const { complaints } = window;
    await window.close();
    expect(complaints).toEqual([]);
  });

  // What `every-page.spec.ts` does not visit.
  it.each(['users/:admin/sessions', 'users/:service/keys', 'audit?userId=x', 'audit?ip=203.0.113.99'])(
    'is usable by everyone, light and dark, wide and narrow, and light: %s',
    async (path) => {
      const ids = { ':admin': admin.userId, ':service': service };
      const address = Object.entries(ids).reduce((text, [name, id]) => text.replace(name, id), `/admin/ui/${path}`);
      await window.goto(address);
      const { requests, gzipBytes } = await window.weight();
      expect({ path, few: requests <= 4, small: gzipBytes <= 40_000, requests, gzipBytes }).toMatchObject({
        few: true,
        small: true,
      });
      if (process.env.SHOTS) {
        for (const scheme of ['light', 'dark'] as const)
          for (const width of [1200, 360]) {
            await window.page.emulateMedia({ colorScheme: scheme });
            await window.page.setViewportSize({ width, height: 900 });
            const name = path.replace(/[^a-z]+/g, '-');
            await window.page.screenshot({
              path: `${process.env.SHOTS}/${name}-${scheme}-${width}.png`,
              fullPage: true,
            });
          }
      }
      expect(await window.overflow(320)).toEqual([]);
      expect(await window.overflow(1200)).toEqual([]);
      expect(await window.axeEverywhere()).toEqual([]);
    },
  );

  it('filters are applied without a new page, and the way back leads back', async () => {
    await window.goto('/admin/ui/users');
    await window.page.evaluate('window.isSamePage = true');
    await window.type('E-mail address or name', 'Lovelace');
    await window.page.keyboard.press('Enter');
    await window.page.waitForURL('**/admin/ui/users?search=Lovelace');
    await window.page.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
    expect(await window.page.evaluate(`[window.isSamePage, document.activeElement.id]`)).toEqual([true, 'search']);
    await window.page.goBack();
    await window.page.locator('tbody tr').nth(1).waitFor();
    expect(window.path).toBe('/admin/ui/users');
    expect(await window.page.evaluate(`window.isSamePage`)).toBe(true);
  });
});
