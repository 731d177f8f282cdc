import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { AuthTestApp } from '../../../src/testing/index.js';
import { Site } from '../../browser/site.js';
import { VirtualAuthenticator } from '../../browser/virtual-authenticator.js';
import { bootService } from '../../flows/combinations.js';
import { isInstalled } from '../../servers-of-this-run.js';

/** What the page's script answers. */
interface PageReply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: assertions read whatever the route answered
  readonly body: any;
}

const PASSWORD = 'an engine weaves algebra';
const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

(isInstalled('chromium') ? describe : describe.skip)('passkeys in Chromium', () => {
  let site: Site;
  let app: AuthTestApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let authenticator: VirtualAuthenticator;
  let email: string;

  beforeAll(async () => {
    site = await Site.open();
    app = await bootService({ authStrategies: ['session'], publicUrl: site.origin });
    site.serve(app.url);
    // Root has no sandbox of its own; what runs here is our own page.
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await site?.close();
  });

  beforeEach(async () => {
    ({ email } = await app.register({ password: PASSWORD }));
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(site.origin);
    authenticator = await VirtualAuthenticator.plugInto(page);
  });
  afterEach(() => context.close());

  /** Runs an expression in the page, where `given` is what it is handed. */
  const inPage = (code: string, given?: unknown): Promise<PageReply> =>
    page.evaluate(`(async (given) => (${code}))(${JSON.stringify(given ?? null)})`);
  const me = () => page.evaluate(`fetch('/auth/me').then((reply) => reply.status)`);
  const logOut = () => page.evaluate(`fetch('/auth/logout', { method: 'POST' }).then((reply) => reply.status)`);

  async function register(): Promise<PageReply> {
    expect((await inPage(`await post('/auth/login', given)`, { email, password: PASSWORD })).status).toBe(200);
    return inPage(
      `await post('/auth/factors/passkeys', {
      credential: await create((await post('/auth/factors/passkeys/options', given)).body) })`,
      { password: PASSWORD },
    );
  }

  /** Logs in by a passkey, of this user or of whomever it says. */
  const logIn = (params: object = {}) =>
    inPage(
      `await post('/auth/login/passkey', {
        credential: await get((await post('/auth/login/passkey/options', given)).body) })`,
      params,
    );

  it('register: the browser takes our options, and we take what it makes', async () => {
    const { status, body } = await register();
    expect([status, body.deviceType, body.transports]).toEqual([201, 'singleDevice', ['internal']]);
    const [credential] = await authenticator.credentials();
    expect([credential!.isResidentCredential, credential!.rpId]).toEqual([true, 'localhost']);
    expect(await me()).toBe(200);
  });

  it.each([
    ['one that the browser finds by itself', () => ({})],
    ['one of a user who says who they are', () => ({ email })],
  ])('log in with a passkey alone: %s', async (_which, wishOf) => {
    await register();
    await logOut();
    expect(await me()).toBe(401);
    const { status, body } = await logIn(wishOf());
    expect([status, body.status, body.user.email]).toEqual([200, 'authenticated', email]);
    expect(body.session.amr).toEqual(expect.arrayContaining(['pop', 'user', 'mfa']));
    expect(await me()).toBe(200);
  });

  it('log in by what the browser offers in the field for the name (conditional UI)', async () => {
    await register();
    await logOut();
    expect(await page.evaluate('PublicKeyCredential.isConditionalMediationAvailable()')).toBe(true);
    const { status, body } = await inPage(`await post('/auth/login/passkey', {
      credential: await get((await post('/auth/login/passkey/options')).body, 'conditional') })`);
    expect([status, body.user?.email]).toEqual([200, email]);
    expect(await me()).toBe(200);
  });

  it('a passkey as second factor after the password', async () => {
    await register();
    await logOut();
    const half = await inPage(`await post('/auth/login', given)`, { email, password: PASSWORD });
    expect([half.status, half.body.status, half.body.factors]).toEqual([200, 'factor_required', ['passkey']]);
    expect(await me()).toBe(401);
    const { loginToken } = half.body;
    const { status, body } = await inPage(
      `await post('/auth/login/factor', { loginToken: given, factor: 'passkey',
        credential: await get((await post('/auth/login/passkey/options', { loginToken: given })).body) })`,
      loginToken,
    );
    expect([status, body.session?.amr]).toEqual([200, expect.arrayContaining(['pwd', 'pop'])]);
    expect(await me()).toBe(200);
  });

  it('a passkey that could not verify its user does not log in alone', async () => {
    await register();
    await logOut();
    await authenticator.verifiesUser(false);
    await expect(logIn()).rejects.toThrow('NotAllowedError');
    expect(await me()).toBe(401);
  });

  it('a cloned authenticator, whose counter lags behind, is refused', async () => {
    await register();
    const [copied] = await authenticator.credentials();
    await logOut();
    expect((await logIn()).status).toBe(200);
    expect((await logIn()).status).toBe(200);
    await logOut();
    await authenticator.clear();
    await authenticator.add(copied!);
    const { status, body } = await logIn();
    expect([status, body.code]).toEqual([401, 'invalid_credentials']);
    expect(await me()).toBe(401);
  });

  it('what another origin of the same domain obtained is refused', async () => {
    await register();
    await logOut();
    const other = await Site.open();
    try {
      const { body: options } = await inPage(`await post('/auth/login/passkey/options')`);
      const elsewhere = await context.newPage();
      await elsewhere.goto(other.origin);
      const lured = await VirtualAuthenticator.plugInto(elsewhere);
      for (const credential of await authenticator.credentials()) await lured.add(credential);
      const credential = await elsewhere.evaluate(`get(${JSON.stringify(options)})`);
      const { status, body } = await inPage(`await post('/auth/login/passkey', { credential: given })`, credential);
      expect([status, body.code]).toEqual([401, 'invalid_credentials']);
      expect(await me()).toBe(401);
    } finally {
      await other.close();
    }
  });
});
