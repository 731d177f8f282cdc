import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import type { AuthOptions } from '../../../src/auth-options.js';
import { type AuthTestApp, FakeClock } from '../../../src/testing/index.js';
import { ClientSite } from '../../client/client-site.js';
import { clientScript, Tab, type TransportUnderTest } from '../../client/page-under-test.js';
import { bootService } from '../../flows/combinations.js';
import { inChromium } from '../../pages/browser.js';

const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** Longer than an access token is good for. */
const EXPIRY_SECONDS = 1200;

/** A service, a site before it that may fail, and a browser in which a user is signed in. */
export class Scene {
  /** The service's; pages have their own. */
  readonly clock = new FakeClock();
  site!: ClientSite;
  app!: AuthTestApp;
  browser!: Browser;
  /** New for each test. */
  context!: BrowserContext;
  user!: { readonly email: string; readonly password: string };

  async open(options: AuthOptions): Promise<void> {
    this.site = await ClientSite.open(await clientScript());
    const publicUrl = this.site.origin;
    this.app = await bootService({ publicUrl, sessionsPerUser: 1000, ...options }, [], this.clock);
    this.site.serve(this.app.url);
    // Root has no sandbox of its own; what runs here is our own page.
    this.browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
  }

  async begin(): Promise<void> {
    this.user = await this.app.register({ name: 'Ada' });
    this.context = await this.browser.newContext();
    this.site.fate = () => 'pass';
    this.site.forget();
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.app?.close();
    await this.site?.close();
  }

  /** Tabs of one browser, in all of which the user is signed in. */
  async signedIn(
    count: number,
    transport: TransportUnderTest,
    settings?: object,
  ): Promise<[first: Tab, ...others: Tab[]]> {
    const { context, site } = this;
    const first = await Tab.with(context, site.origin, transport, settings);
    await first.logIn(this.user);
    const others = await Promise.all(
      Array.from({ length: count - 1 }, () => Tab.with(context, site.origin, transport, settings)),
    );
    site.forget();
    return [first, ...others];
  }

  /**
   * Resolves when a request of this route has come, the first of those to come; its reply is held until {@link release}.
   *
   * @param fate what befalls that one; `drop`: it is never answered
   */
  heldAt(route: string, fate: 'pass' | 'drop'): Promise<void> {
    return new Promise((come) => {
      let isFirst = true;
      this.site.fate = (asked) => {
        if (asked !== route || !isFirst) return 'pass';
        isFirst = false;
        come();
        if (fate === 'drop') return { after: new Promise(() => {}) };
        return { after: new Promise<void>((release) => (this.release = release)) };
      };
    });
  }

  /** Lets go what is held. */
  release: () => void = () => {};

  /** From now on access tokens of before are past their time. */
  expire(): void {
    this.clock.advance(EXPIRY_SECONDS);
    this.site.forget();
  }
}

/** A suite with a scene of its own. */
export function inScene(name: string, tests: (scene: Scene) => void, options: AuthOptions = {}): void {
  inChromium(name, () => {
    const scene = new Scene();
    beforeAll(() => scene.open(options));
    afterAll(() => scene.close());
    beforeEach(() => scene.begin());
    afterEach(() => scene.context.close());
    tests(scene);
  });
}
