import { mkdirSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../src/database/auth-data-source.js';
import type { TestUser } from '../../../src/testing/index.js';
import { bootPages, type PagesUnderTest, signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium, SCHEMES, type Window } from '../../pages/browser.js';

const PICTURES = process.env.PAGE_PICTURES;

inChromium('in forced colours, as a person may have their system', () => {
  let pages: PagesUnderTest;
  let chromium: Chromium;
  let admin: TestUser;
  let user: TestUser;
  let window: Window;

  beforeAll(async () => {
    [pages, chromium] = await Promise.all([bootPages({ authStrategies: ['session', 'api-key'] }), Chromium.start()]);
    admin = await pages.app.logIn({ changes: { roles: ['admin'] }, strategy: 'session' });
    user = await pages.app.logIn({ strategy: 'session' });
    // An hour in which something happened, so that there are plots.
    const now = pages.app.clock.now();
    await pages.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(
      `INSERT INTO coatcheck.measurements (minute, node, name, count, sum, p50, p99)
       SELECT date_trunc('minute', $1::timestamptz) - n * interval '1 minute', 'one', name, n % 7, n % 5, 0.01, 0.1
         FROM generate_series(1, 60) n, unnest(ARRAY['up', 'logins', 'logins_failed', 'lookup_seconds', 'acknowledgement']) name`,
      [now],
    );
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  });
  afterEach(() => window.close());
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });

  async function open(as: TestUser | null, path: string, scheme: (typeof SCHEMES)[number]): Promise<void> {
    window = await chromium.open(pages.url, { forcedColors: true, scheme });
    if (as) await signInAs(as, window.context, pages.url);
    expect([path, await window.goto(path)]).toEqual([path, 200]);
    expect(await window.page.evaluate(`matchMedia('(forced-colors: active)').matches`)).toBe(true);
  }

  async function expectVisible(name: string): Promise<void> {
    if (PICTURES) await window.page.screenshot({ path: `${PICTURES}/forced-${name}.png`, fullPage: true });
    const found = (await window.page.evaluate(INVISIBLE)) as { looked: number; faults: string[] };
    expect(found.looked).toBeGreaterThan(0);
    expect([...found.faults, ...(await window.keyboardProblems()), ...window.complaints]).toEqual([]);
  }

  it.each(SCHEMES)('%s: buttons, fields, plots and the focus are seen', async (scheme) => {
    const looks = [
      [null, '/sign-in'],
      [user, '/account/sessions'],
      [user, '/account/keys/new'],
      [user, '/account/delete'],
      [admin, '/admin/ui?span=hour'],
      [admin, '/admin/ui/audit'],
      [admin, '/admin/ui/users'],
    ] as const;
    for (const [as, path] of looks) {
      await open(as, path, scheme);
      if (path.includes('span')) expect(await window.page.locator('.plot-line').count()).toBeGreaterThan(4);
      await expectVisible(`${scheme}${path.replace(/\W+/g, '-')}`);
      if (path !== looks.at(-1)![1]) await window.close();
    }
  });

  it.each(SCHEMES)('%s: what is wrong is seen, and which field', async (scheme) => {
    await open(null, '/sign-up', scheme);
    await window.page.evaluate(`document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })`);
    await window.page.fill('#email', 'ada');
    await window.leaving(() => window.page.click('main form button'));
    expect(await window.page.locator('.problem').isVisible()).toBe(true);
    const marks = await window.page.evaluate(`(() => {
      const width = (selector) => parseFloat(getComputedStyle(document.querySelector(selector)).borderTopWidth);
      return { problem: width('.problem'), wrong: width('#email'), right: width('#name') };
    })()`);
    expect(marks).toEqual({ problem: 1, wrong: 2, right: 1 });
    await expectVisible(`${scheme}-sign-up-wrong`);
  });

  it.each(SCHEMES)('%s: the picture to scan keeps its colours', async (scheme) => {
    await open(user, '/account/factors/totp', scheme);
    await window.page.fill('#password', user.password);
    await window.leaving(() => window.page.click('main form button'));
    const background = await window.page.evaluate(`getComputedStyle(document.querySelector('.qr')).backgroundColor`);
    expect(background).toBe('rgb(255, 255, 255)');
    await expectVisible(`${scheme}-totp-secret`);
  });
});

/** Of buttons, fields, notes and the lines of plots: those that are of the colour of what they stand on, or have no edge. */
const INVISIBLE = `(() => {
  const ground = (node) => { for (let one = node; one; one = one.parentElement) {
    const { backgroundColor } = getComputedStyle(one);
    if (!/rgba\\(.*, 0\\)|transparent/.test(backgroundColor)) return backgroundColor; } return 'rgb(255, 255, 255)'; };
  const faults = [];
  const say = (node, what) => faults.push(node.localName + '.' + node.getAttribute('class') + ' "' + (node.textContent || node.name || '').trim().slice(0, 30) + '" ' + what);
  const shown = [...document.querySelectorAll('button, a.button, input:not([type=hidden]), select, textarea, .problem, .note, .good, .badge')]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0);
  for (const node of shown) {
    const { borderTopWidth, borderTopStyle, borderTopColor, color } = getComputedStyle(node);
    const isBox = node.type === 'checkbox' || node.type === 'radio' || node.closest('.top');
    if (!isBox && (parseFloat(borderTopWidth) < 1 || borderTopStyle === 'none')) say(node, 'has no edge');
    if (!isBox && borderTopColor === ground(node.parentElement)) say(node, 'has an edge of the colour of its ground');
    if (color === ground(node)) say(node, 'has text of the colour of its ground');
  }
  const drawn = [...document.querySelectorAll('.plot-line, .plot-bars')];
  for (const node of drawn) {
    const { stroke, fill } = getComputedStyle(node);
    const paint = node.classList.contains('plot-bars') ? fill : stroke;
    if (paint === 'none' || paint === ground(node.ownerSVGElement)) say(node, 'is drawn in the colour of its ground, ' + paint);
  }
  for (const one of document.querySelectorAll('.top nav [aria-current], .tabs [aria-current]')) {
    if (getComputedStyle(one).borderBottomColor === ground(one)) say(one, 'does not look like where one is');
    const others = [...one.closest('nav, .tabs').querySelectorAll('a:not([aria-current])')];
    for (const other of others) if (getComputedStyle(other).borderBottomColor !== ground(other)) say(other, 'looks like where one is');
  }
  return { looked: shown.length + drawn.length, faults };
})()`;
