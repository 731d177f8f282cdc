import type { BrowserContext, Page } from 'playwright-core';
import type { Snapshot } from '../../src/client/client.js';
import { bundled } from './bundle.js';

/** How tickets travel, as a page says it. */
export const TRANSPORTS = ['session', 'cookie', 'split'] as const;
export type TransportUnderTest = (typeof TRANSPORTS)[number];

/**
 * The script of the page: the client and its parts, and a client of the page's own site. What a test asks of a page runs beside it.
 * `heard` are the states that a listener was told of.
 */
const PROGRAM = `
import { createClient, problemOf, AuthProblem, routes } from 'coatcheck/client';
import { body, cookie, split } from 'coatcheck/client/tokens';
import { passkeys } from 'coatcheck/client/passkeys';
const transports = { session: undefined, cookie: cookie(), split: split() };
const make = (transport, more = {}) => createClient({ baseUrl: location.origin, transport: transports[transport], ...more });
const begin = (transport, more) => {
  globalThis.client = make(transport, more);
  globalThis.heard = [];
  globalThis.unsubscribe = client.session.subscribe(() => heard.push(client.session.getSnapshot().status));
  return until((now) => now.status !== 'unknown');
};
/** Resolves with the first state that this is true of. */
const until = (is, of = client) => new Promise((done) => {
  const look = () => is(of.session.getSnapshot()) && (stop(), done(of.session.getSnapshot()));
  const stop = of.session.subscribe(look);
  queueMicrotask(look);
});
Object.assign(globalThis, { createClient, problemOf, AuthProblem, routes, body, cookie, split, passkeys, make, begin, until });
`;

let script: Promise<string> | undefined;

export const clientScript = (): Promise<string> => {
  script ??= bundled(PROGRAM, { format: 'iife', minify: false });
  return script;
};

/** Longer than any page takes, also on a starved machine: what waits for ever ends before Jest's limit, and says what it waited for. */
const PATIENCE_MS = 120_000;

/** A tab of a browser with the client in it. */
export class Tab {
  /** What the console complains of: a 401 is one, too. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (line) => line.type() === 'error' && this.complaints.push(line.text()));
  }

  static async open(context: BrowserContext, origin: string): Promise<Tab> {
    const tab = new Tab(await context.newPage());
    await tab.page.goto(origin);
    return tab;
  }

  /** Opens a tab whose client is under way. */
  static async with(
    context: BrowserContext,
    origin: string,
    transport: TransportUnderTest,
    settings: object = {},
  ): Promise<Tab> {
    const tab = await Tab.open(context, origin);
    await tab.begin(transport, settings);
    return tab;
  }

  /** Makes the page's client and waits until it knows who is signed in. */
  begin(transport: TransportUnderTest, settings: object = {}): Promise<Snapshot> {
    return this.run('begin(...given)', [transport, settings]);
  }

  /** What an expression comes to in the page, in which `given` is what it is handed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it asks for
  run<T = any>(code: string, given: unknown = null): Promise<T> {
    const asked: Promise<T> = this.page.evaluate(`(async (given) => (${code}))(${JSON.stringify(given)})`);
    return this.inTime(asked, `${code}, given ${JSON.stringify(given)}`);
  }

  logIn(user: { email: string; password: string }): Promise<{ status: string }> {
    const { email, password } = user;
    return this.run('client.login(given)', { email, password });
  }

  snapshot(): Promise<Snapshot> {
    return this.run('client.session.getSnapshot()');
  }

  /** Waits until the client's session has this status. */
  becomes(status: Snapshot['status']): Promise<Snapshot> {
    return this.run('until((now) => now.status === given)', status);
  }

  /** Waits until an expression is true in the page. (Its policy forbids what Playwright has for that.) */
  async eventually(code: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await this.run(code))) {
      if (Date.now() > end) throw new Error(await this.waitedInVain(code));
      await new Promise((look) => setTimeout(look, 20));
    }
  }

  /** Statuses of so many requests at once of a route that needs a user to be signed in. */
  ask(times = 1, route = '/auth/sessions'): Promise<(number | string)[]> {
    return this.run(
      `Promise.all(Array.from({ length: given[0] }, () =>
        client.fetch(given[1]).then((reply) => reply.status, (error) => error.code ?? String(error))))`,
      [times, route],
    );
  }

  /** A page that is gone, frozen or in an endless loop answers nothing, and Playwright would wait for it for ever. */
  private async inTime<T>(asked: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const inVain = new Promise<never>((_, reject) => {
      timer = setTimeout(() => this.waitedInVain(what).then((text) => reject(new Error(text))), PATIENCE_MS);
    });
    return Promise.race([asked, inVain]).finally(() => clearTimeout(timer));
  }

  private async waitedInVain(what: string): Promise<string> {
    const state = `globalThis.client ? JSON.stringify([client.session.getSnapshot(), globalThis.heard]) : 'no client'`;
    const isSilent = new Promise<string>((resolve) => setTimeout(resolve, 5_000, 'it does not even say its state'));
    const said = await Promise.race([this.page.evaluate<string>(state).catch(String), isSilent]);
    const complaints = this.complaints.slice(-10).join('; ') || 'none';
    return `A page at ${this.page.url()} was waited for in vain for ${PATIENCE_MS / 1000} s.
For: ${what}
Its state: ${said}
Its complaints: ${complaints}`;
  }
}
