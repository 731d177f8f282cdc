import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page, type Response } from 'playwright-core';
import { closedAtTheEnd } from '../left-open.js';
import { isInstalled } from '../servers-of-this-run.js';

const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.0 to 2.2, A and AA, and what axe calls best practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const SCHEMES = ['light', 'dark'] as const;
export const WIDTHS = [1200, 360] as const;
export type Scheme = (typeof SCHEMES)[number];

/** `describe`, or where Chromium is not installed `describe.skip`, loudly; never skipped in continuous integration. */
export const inChromium: jest.Describe = isInstalled('chromium') ? describe : (describe.skip as jest.Describe);

export interface WindowSettings {
  readonly scheme?: Scheme;
  readonly width?: number;
  readonly height?: number;
  /** Default true. */
  readonly scripts?: boolean;
  readonly forcedColors?: boolean;
  readonly locale?: string;
}

/** What a page took to load. */
export interface Weight {
  readonly requests: number;
  /** Of all bodies, each compressed by itself. */
  readonly gzipBytes: number;
  readonly byType: Readonly<Record<string, number>>;
}

/** One Chromium, in which each test has a window of its own. */
export class Chromium {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Chromium> {
    // Root has no sandbox of its own; what runs here are our own pages.
    const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
    return closedAtTheEnd(new Chromium(browser));
  }

  /** A new profile with one window, of the application at `origin`. */
  async open(origin: string, settings: WindowSettings = {}): Promise<Window> {
    const { scheme = 'light', width = 1200, height = 900, scripts = true, forcedColors, locale = 'en-US' } = settings;
    const context = await this.browser.newContext({
      baseURL: origin,
      colorScheme: scheme,
      viewport: { width, height },
      javaScriptEnabled: scripts,
      forcedColors: forcedColors ? 'active' : 'none',
      reducedMotion: 'reduce',
      locale,
    });
    context.setDefaultTimeout(60_000);
    return Window.of(context, origin, scripts);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** A window of a browser that notes whatever a page does that it must not do. */
export class Window {
  /** What no page may do: violations of its policy, errors of scripts, failed or foreign requests. Empty on a good page. */
  readonly complaints: string[] = [];
  private loaded: Response[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly origin: string,
    private readonly hasScripts: boolean,
  ) {}

  static async of(context: BrowserContext, origin: string, hasScripts: boolean): Promise<Window> {
    const window = new Window(context, await context.newPage(), new URL(origin).origin, hasScripts);
    await window.watch();
    return window;
  }

  /** Opens a path of the application, and answers the status of the page that came in the end. */
  async goto(path: string): Promise<number> {
    this.loaded = [];
    const response = await this.page.goto(path);
    return response!.status();
  }

  /** What has been loaded since {@link goto}. */
  async weight(): Promise<Weight> {
    await this.page.waitForLoadState('load');
    const byType: Record<string, number> = {};
    let gzipBytes = 0;
    for (const response of this.loaded) {
      // The replies on the way to the page have no body.
      if (response.status() >= 300 && response.status() < 400) continue;
      // That of a stream does not end.
      if (response.headers()['content-type']?.startsWith('text/event-stream')) continue;
      const size = gzipSync(await response.body(), { level: 9 }).length;
      const type = response.request().resourceType();
      byType[type] = (byType[type] ?? 0) + size;
      gzipBytes += size;
    }
    return { requests: this.loaded.length, gzipBytes, byType };
  }

  /** What axe finds, as one line a finding. @param rules only these */
  async axe(rules?: readonly string[]): Promise<string[]> {
    // Without scripts it would wait for ever for a timer of its own.
    if (!this.hasScripts) throw new Error('axe needs a window with scripts');
    const has = await this.page.evaluate(`typeof axe === 'object'`);
    if (!has) await this.page.evaluate(AXE);
    const only = rules ? { type: 'rule', values: rules } : { type: 'tag', values: RULES };
    return this.page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(only)}, resultTypes: ['violations'] })
      .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => id + ' at ' + target.join(' ') + ': ' + failureSummary)))`);
  }

  /** {@link axe} in both colour schemes and at both widths. What does not depend on colour is looked at once a width. */
  async axeEverywhere(): Promise<string[]> {
    const found: string[] = [];
    for (const width of WIDTHS) {
      await this.page.setViewportSize({ width, height: 900 });
      for (const colorScheme of SCHEMES) {
        await this.page.emulateMedia({ colorScheme });
        const rules = colorScheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined;
        found.push(...(await this.axe(rules)).map((line) => `${colorScheme}, ${width} px: ${line}`));
      }
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
    return found;
  }

  /** What stands out of the window to the side, or is cut off, at this width. */
  async overflow(width?: number): Promise<string[]> {
    if (width) await this.page.setViewportSize({ width, height: 900 });
    return this.page.evaluate(OVERFLOW);
  }

  /** {@link overflow}, every text being 40 % longer: as German is, and more. The page is of no use after it. */
  async overflowWithLongerWords(): Promise<string[]> {
    await this.page.evaluate(LONGER);
    return [...(await this.overflow(360)), ...(await this.overflow(320))];
  }

  /** {@link overflow} of the page as it is where one reads from the right. */
  async overflowFromTheRight(): Promise<string[]> {
    await this.page.evaluate(`document.documentElement.dir = 'rtl'`);
    return [...(await this.overflow(1200)), ...(await this.overflow(320))];
  }

  /** Walks the page by Tab from its top, and says what is wrong with that: what is never reached, or not seen to have the focus. */
  async keyboardProblems(): Promise<string[]> {
    await this.page.evaluate(`document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)`);
    const wanted: string[] = await this.page.evaluate(FOCUSABLE);
    const reached = new Set<string>();
    const problems: string[] = [];
    for (let presses = 0; presses < 2 * wanted.length + 10 && reached.size < wanted.length; presses++) {
      await this.page.keyboard.press('Tab');
      const { at, isSeen, isMarked } = (await this.page.evaluate(FOCUS)) as Focus;
      if (at === null) continue;
      if (!reached.has(at) && !isSeen) problems.push(`${at} has the focus and is not in view`);
      if (!reached.has(at) && !isMarked) problems.push(`${at} has the focus and does not look so`);
      reached.add(at);
    }
    return [...problems, ...wanted.filter((one) => !reached.has(one)).map((one) => `${one} is not reached by Tab`)];
  }

  /** Goes on by Tab until what is called so has the focus. */
  async tabTo(name: string | RegExp): Promise<void> {
    const seen: string[] = [];
    for (let presses = 0; presses < 80; presses++) {
      await this.page.keyboard.press('Tab');
      const { name: found } = (await this.page.evaluate(FOCUS)) as Focus;
      if (found !== null && (typeof name === 'string' ? found.startsWith(name) : name.test(found))) return;
      seen.push(found ?? 'nothing');
    }
    throw new Error(`${name} is not reached by Tab; these were: ${[...new Set(seen)].join(' | ')}`);
  }

  /** Fills in a field by the keyboard alone. */
  async type(field: string | RegExp, text: string): Promise<void> {
    await this.tabTo(field);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
  }

  /** Presses a button, or follows a link, by the keyboard alone, and waits for the page that comes. */
  async press(button: string | RegExp): Promise<void> {
    await this.tabTo(button);
    await this.leaving(() => this.page.keyboard.press('Enter'));
  }

  /** Does what leads to another page, and waits for that. */
  async leaving(act: () => Promise<unknown>): Promise<void> {
    await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), act()]);
  }

  /** Where it is, without the origin. */
  get path(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  async heading(): Promise<string> {
    return ((await this.page.locator('h1').textContent()) ?? '').trim();
  }

  /** As it is read: what is not shown is not in it. */
  text(): Promise<string> {
    return this.page.evaluate(`document.querySelector('main').innerText`);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  private async watch(): Promise<void> {
    const { page, complaints } = this;
    page.on('response', (response) => {
      this.loaded.push(response);
      const isDocument = response.request().resourceType() === 'document';
      if (response.status() >= 400 && !isDocument) complaints.push(`${response.status()} for ${response.url()}`);
    });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== this.origin && !/^(data|about|blob):$/.test(protocol)) complaints.push(`asked ${request.url()}`);
    });
    page.on('pageerror', (error) => complaints.push(`a script failed: ${error.message}`));
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // Chromium says so of every page with a status of 400 and more; what a page loads is told above.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        complaints.push(`the console: ${message.text()}`);
      }
    });
    // Also what only the browser itself says, and without scripts.
    const session = await this.context.newCDPSession(page);
    session.on('Audits.issueAdded', ({ issue }) => {
      const { contentSecurityPolicyIssueDetails: details } = issue.details;
      if (details)
        complaints.push(`against the policy: ${details.violatedDirective} ${details.blockedURL ?? 'inline'}`);
    });
    await session.send('Audits.enable');
  }
}

interface Focus {
  /** Null: nothing but the page itself. */
  readonly at: string | null;
  readonly name: string | null;
  readonly isSeen: boolean;
  readonly isMarked: boolean;
}

const DESCRIBE = `
  const nameOf = (node) => (node.getAttribute('aria-label')
    ?? (node.labels?.length ? [...node.labels].map((label) => label.textContent).join(' ') : node.textContent)
    ).replace(/\\s+/g, ' ').trim() || node.getAttribute('value') || node.getAttribute('name') || '';
  const all = [...document.querySelectorAll('*')];
  const describe = (node) => node.localName + ' #' + all.indexOf(node) + ' "' + nameOf(node).slice(0, 60) + '"';`;

const FOCUSABLE = `(() => { ${DESCRIBE}
  const isShown = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
  const isOtherRadio = (node) => node.type === 'radio' && !node.checked
    && document.querySelector('input[type=radio][name="' + node.name + '"]:checked') !== null
    || node.type === 'radio' && node !== document.querySelector('input[type=radio][name="' + node.name + '"]');
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter((node) => !node.disabled && isShown(node) && !isOtherRadio(node)).map(describe);
})()`;

const FOCUS = `(() => { ${DESCRIBE}
  const node = document.activeElement;
  if (!node || node === document.body || node === document.documentElement) {
    return { at: null, name: null, isSeen: false, isMarked: false };
  }
  const box = node.getBoundingClientRect();
  const isSeen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node);
  const isMarked = outlineStyle === 'auto' || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
  return { at: describe(node), name: nameOf(node), isSeen, isMarked };
})()`;

const LONGER = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    // What is not written by us, such as an id, is as long as it is.
    if (data.trim() === '' || parentElement.closest('.code, code, time, svg')) continue;
    texts.currentNode.data = data.replace(/\\p{L}{4,}/gu, (word) => word + 'ẽ'.repeat(Math.ceil(word.length * 0.4)));
  }
})()`;

const OVERFLOW = `(() => { ${DESCRIBE}
  const width = document.documentElement.clientWidth;
  const isScrolled = (node) => { for (let one = node.parentElement; one; one = one.parentElement)
    if (/auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth) return true; return false; };
  // For screen readers.
  const isHidden = (node) => { for (let one = node.parentElement; one; one = one.parentElement) {
    const box = one.getBoundingClientRect();
    if (box.width <= 1 && box.height <= 1 && getComputedStyle(one).overflowX === 'hidden') return true; } return false; };
  const found = [];
  if (document.documentElement.scrollWidth > width) found.push('the page is ' + document.documentElement.scrollWidth + ' px wide in ' + width);
  for (const node of document.body.querySelectorAll('*')) {
    if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || node.closest('svg') !== (node.localName === 'svg' ? node : null)) continue;
    const { right, left, width: own, height } = node.getBoundingClientRect();
    // Of one pixel: for screen readers.
    if (own <= 1 || height <= 1) continue;
    if ((right > width + 1 || left < -1) && right > 0 && !isScrolled(node) && !isHidden(node)) found.push(describe(node) + ' reaches from ' + Math.round(left) + ' to ' + Math.round(right) + ' of ' + width);
    const { overflowX, textOverflow } = getComputedStyle(node);
    if (/hidden|clip/.test(overflowX) && !/^(input|textarea|select)$/.test(node.localName) && node.scrollWidth > node.clientWidth + 1 && textOverflow !== 'ellipsis' && !isHidden(node)) found.push(describe(node) + ' is cut off');
  }
  return found;
})()`;
