import { mkdirSync } from 'node:fs';
import { Catalogue } from '../../../src/languages/catalogue.js';
import { DeclaredPages } from '../../../src/pages/define-templates.js';
import { Authority, removeFolders } from '../../mtls/authority.js';
import { bootPages, type PagesUnderTest, signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';
import { type People, settle } from '../../pages/people.js';
import { FEDERATED_FLOW, MID_FLOW, OAUTH_FLOW, VISITS, type Visit, type Who } from '../../pages/visits.js';

/** Where to put a picture of each page in each state, for a person to look at; unset: nowhere. */
const PICTURES = process.env.PAGE_PICTURES;

inChromium('every page', () => {
  let pages: PagesUnderTest;
  let chromium: Chromium;
  let people: People;
  const windows = new Map<Who, Window>();

  beforeAll(async () => {
    const options = {
      authStrategies: ['session', 'jwt', 'api-key', 'mtls', 'oauth'],
      mtlsAnchors: [`partners=${new Authority().identity.certFile}`],
      mailLogin: 'both' as const,
      usernames: true,
      webhooks: ['siem=https://siem.example/hook'],
      webhookSecrets: [`siem=whsec_${'A'.repeat(43)}=`],
    };
    [pages, chromium] = await Promise.all([bootPages(options), Chromium.start()]);
    people = await settle(pages);
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
    removeFolders();
  });

  /** One window for each of those who look. */
  async function windowOf(who: Who): Promise<Window> {
    const known = windows.get(who);
    if (known) return known;
    const window = await chromium.open(pages.url);
    windows.set(who, window);
    if (who !== 'nobody') await signInAs(people.by[who], window.context, pages.url);
    return window;
  }

  it('is looked at, here or in its flow', () => {
    const declared = [...pages.app.app.get(DeclaredPages, { strict: false }).keys()].sort();
    const known = new Set([...VISITS.map(({ page }) => page), ...MID_FLOW, ...OAUTH_FLOW, ...FEDERATED_FLOW]);
    expect(declared.filter((page) => !known.has(page))).toEqual([]);
    expect([...known].filter((page) => !declared.includes(page))).toEqual([]);
  });

  /** Whether this is the page: by its title, in which values may stand. */
  async function expectPage({ page }: Visit, window: Window): Promise<void> {
    const title = pages.app.app.get(Catalogue, { strict: false }).text('en', `${page}.title`, ANYTHING);
    const pattern = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('ANYTHING', '.*');
    expect(await window.page.title()).toMatch(new RegExp(`^${pattern} - `));
  }

  it.each(VISITS.map((visit) => [visit.page, visit.state, visit.as, visit] as const))(
    '%s, %s, as %s: nothing for axe, in light and dark, wide and narrow; no overflow; by keyboard; few and small requests; inert',
    async (page, state, as, visit) => {
      const window = await windowOf(as);
      await window.page.setViewportSize({ width: 1200, height: 900 });
      await window.goto(visit.path.replace(/\{(\w+)\}/, (_all, name: string) => people.ids[name]!));
      const { requests, gzipBytes } = await window.weight();
      await visit.act?.(window);
      await expectPage(visit, window);
      if (PICTURES) await pictures(window, `${PICTURES}/${page}-${state}-${as}`);
      const found = {
        axe: await window.axeEverywhere(),
        keyboard: await window.keyboardProblems(),
        wide: await window.overflow(1200),
        narrow: await window.overflow(320),
        // As in a language that is longer, and in one that is read from the right.
        long: await window.overflowWithLongerWords(),
        rightToLeft: await window.overflowFromTheRight(),
        complaints: window.complaints.splice(0),
      };
      expect(found).toEqual({ axe: [], keyboard: [], wide: [], narrow: [], long: [], rightToLeft: [], complaints: [] });
      expect(requests).toBeLessThanOrEqual(4);
      expect(gzipBytes).toBeLessThanOrEqual(limitOf(visit));
    },
  );
});

async function pictures(window: Window, path: string): Promise<void> {
  await window.page.screenshot({ path: `${path}.png`, fullPage: true });
  await window.page.setViewportSize({ width: 360, height: 740 });
  await window.page.emulateMedia({ colorScheme: 'dark' });
  await window.page.screenshot({ path: `${path}-dark-narrow.png`, fullPage: true });
  await window.page.emulateMedia({ colorScheme: 'light' });
}

const KB = 1024;

/** Of all that is loaded, compressed. */
function limitOf({ as }: Visit): number {
  if (as === 'nobody') return 12 * KB;
  return (as === 'admin' ? 40 : 15) * KB;
}

/** Values for whatever a title has a place for. */
const ANYTHING = Object.fromEntries(['site', 'label', 'name', 'email', 'key'].map((name) => [name, 'ANYTHING']));
