import { type AuthTestApp, type FakeProvider, startFakeProvider, type TestClient } from '../../src/testing/index.js';
import { codeAt, setUpTotp } from '../flows/authenticator-app.js';
import { overStrategies } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { endOf, Federation } from './setting.js';

const SPA = 'https://app.example.com';
const RETURN = `${SPA}/signed-in?tab=1`;
const REFUSED = { status: 303, to: RETURN, said: { error: 'invalid_credentials' } };
const PAST_THE_FLOW_SECONDS = 601;

overStrategies((strategy) => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let other: FakeProvider;
  let on: Federation;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: [strategy], corsOrigins: [SPA], mailPollSeconds: 3600 });
    provider = await startFakeProvider({ clock: app.clock });
    other = await startFakeProvider({ clock: app.clock });
    on = new Federation(app);
    await on.connect(provider, { slug: 'outside', vouchesForEmail: true, jitProvisioning: 'on' });
    await on.connect(other, { slug: 'other', vouchesForEmail: true, jitProvisioning: 'on' });
    await on.connect(provider, { slug: 'trusted', vouchesForEmail: true, jitProvisioning: 'on', trustsMfa: true });
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([provider, other].map((one) => one.stop()));
  });
  beforeEach(() => {
    for (const one of [provider, other]) {
      one.wrong = {};
      one.chosen = one.addPerson();
    }
  });

  /** The user whom a browser is logged in as; null: none. */
  async function whoIs(browser: TestClient) {
    if (strategy === 'jwt') {
      const { body } = await browser.post('/auth/refresh');
      if (!body.accessToken) return null;
      browser.defaults.authorization = `Bearer ${body.accessToken}`;
    }
    const { status, body } = await browser.get('/auth/me');
    return status === 200 ? body : null;
  }

  /** A browser before it comes back, and where to. */
  async function away(connection = 'outside', more: object = { returnTo: RETURN }) {
    const browser = app.client();
    return { browser, callback: await on.answer(await on.begin(browser, connection, more)) };
  }

  async function expectRefused(browser: TestClient, callback: URL, reason: string) {
    const before = await on.refusals(reason);
    const reply = await on.follow(browser, callback);
    expect(reply.status).toBe(303);
    expect(reply.headers.get('location')).toMatch(/error=invalid_credentials$|\/sign-in$|^http:\/\/localhost:3000/);
    expect(reply.text).toBe('');
    expect(await on.refusals(reason)).toBe(before + 1);
    expect(await whoIs(browser)).toBeNull();
  }

  it('an unknown person becomes a user by the first login, and is that user at the next', async () => {
    const person = provider.addPerson({ name: 'Ada' });
    provider.chosen = person;
    const browser = app.client();
    expect(endOf(await on.logIn(browser, 'outside', { returnTo: RETURN }))).toEqual({
      status: 303,
      to: RETURN,
      said: {},
    });
    const first = await whoIs(browser);
    expect(first).toMatchObject({
      user: { email: person.email, emailVerified: true, name: 'Ada' },
      session: { amr: ['fed'] },
    });
    const second = app.client();
    await on.logIn(second, 'outside', { returnTo: RETURN });
    expect((await whoIs(second)).user.id).toBe(first.user.id);
  });

  it('sends the provider what protects the flow, and nothing about this browser (FED-12)', async () => {
    const browser = app.client();
    const url = await on.begin(browser, 'outside', { returnTo: RETURN });
    const { state, nonce, code_challenge, code_challenge_method, redirect_uri } = Object.fromEntries(url.searchParams);
    expect([state, nonce, code_challenge]).toEqual(Array(3).fill(expect.stringMatching(/^[\w-]{43}$/)));
    expect(new Set([state, nonce, code_challenge]).size).toBe(3);
    expect(code_challenge_method).toBe('S256');
    expect(redirect_uri).toBe('http://localhost:3000/auth/federated/outside/callback');
    const cookie = browser.cookie(`federated-${state!.slice(0, 8)}`)!;
    for (const secret of [state, nonce]) {
      expect(cookie).not.toContain(secret);
      expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain(secret);
    }
  });

  it('takes an answer in the browser that asked for it only, and once (FED-01)', async () => {
    const { browser, callback } = await away();
    const stranger = app.client();
    await expectRefused(stranger, callback, 'flow_of_no_such_browser');
    expect(endOf(await on.follow(browser, callback))).toEqual({ status: 303, to: RETURN, said: {} });
    expect(await whoIs(browser)).not.toBeNull();
    // The same cookie again, as a thief has it who copied it before.
    await expectRefused(app.client(), callback, 'flow_of_no_such_browser');
  });

  it('takes an answer once, however often its cookie is copied (FED-01)', async () => {
    const { browser, callback } = await away();
    const copies = Array.from({ length: 8 }, () => browser.copy());
    const ends = await Promise.all(copies.map(async (copy) => endOf(await on.follow(copy, callback)).said));
    expect(ends.filter(({ error }) => error === undefined)).toHaveLength(1);
    expect(ends.filter(({ error }) => error === 'invalid_credentials')).toHaveLength(7);
  });

  it.each([
    ['no state', (callback: URL) => callback.searchParams.delete('state')],
    ['an empty state', (callback: URL) => callback.searchParams.set('state', '')],
    ['two states', (callback: URL) => callback.searchParams.append('state', callback.searchParams.get('state')!)],
    ['another state', (callback: URL) => callback.searchParams.set('state', 'A'.repeat(43))],
    [
      'a state that begins like ours',
      (callback: URL) =>
        callback.searchParams.set('state', callback.searchParams.get('state')!.slice(0, 8) + 'A'.repeat(35)),
    ],
  ])('refuses an answer with %s (FED-01)', async (_, change) => {
    const { browser, callback } = await away();
    change(callback);
    await expectRefused(browser, callback, 'flow_of_no_such_browser');
  });

  it('refuses an answer that comes too late', async () => {
    const { browser, callback } = await away();
    app.clock.advance(PAST_THE_FLOW_SECONDS);
    await expectRefused(browser, callback, 'flow_expired');
  });

  it('refuses an answer at the address of another connection (FED-01, FED-04)', async () => {
    const { browser, callback } = await away();
    callback.pathname = callback.pathname.replace('/outside/', '/other/');
    await expectRefused(browser, callback, 'answer_of_another_connection');
  });

  it('mixes two providers up under no circumstances: the answer of one is none of the other (FED-04)', async () => {
    const one = await away();
    const another = await away('other');
    const swapped = new URL(one.callback);
    swapped.searchParams.set('code', another.callback.searchParams.get('code')!);
    expect(endOf(await on.follow(one.browser, swapped))).toEqual(REFUSED);
    expect(await whoIs(one.browser)).toBeNull();
    const third = await away('other');
    const code = third.callback.searchParams.get('code')!;
    third.callback.searchParams.set('iss', provider.issuer);
    expect(endOf(await on.follow(third.browser, third.callback))).toEqual(REFUSED);
    expect(await whoIs(third.browser)).toBeNull();
    const sent = [provider, other]
      .flatMap((one) => one.requestsTo('token'))
      .map(({ parameters }) => parameters.get('code'));
    expect(sent).not.toContain(code);
  });

  it('two providers may have the same subject: each is another person (FED-05)', async () => {
    provider.chosen = provider.addPerson({ subject: 'same' });
    other.chosen = other.addPerson({ subject: 'same' });
    const [one, another] = [app.client(), app.client()];
    await on.logIn(one, 'outside', { returnTo: RETURN });
    await on.logIn(another, 'other', { returnTo: RETURN });
    const [first, second] = [await whoIs(one), await whoIs(another)];
    expect(first.user.id).not.toBe(second.user.id);
  });

  it('goes on in several tabs of a browser', async () => {
    const browser = app.client();
    const tabs = await Promise.all([1, 2, 3].map(() => on.begin(browser, 'outside', { returnTo: RETURN })));
    for (const tab of tabs.reverse())
      expect(endOf(await on.follow(browser, await on.answer(tab)))).toEqual({ status: 303, to: RETURN, said: {} });
  });

  it('a browser keeps the newest flows only, so that its headers never outgrow a proxy', async () => {
    const browser = app.client();
    const begun: URL[] = [];
    for (let i = 0; i < 12; i++) {
      app.clock.advance(1);
      begun.push(await on.begin(browser, 'outside', { returnTo: `${RETURN}&${'x'.repeat(i % 2 ? 900 : 1)}` }));
      const sent = browser.headers.cookie!.split('; ').filter((pair) => pair.startsWith('federated-'));
      expect(sent.length).toBeLessThanOrEqual(6);
      expect(sent.join('').length).toBeLessThanOrEqual(6_010);
    }
    const gone = await on.refusals('flow_of_no_such_browser');
    await on.follow(browser, await on.answer(begun[0]!));
    expect(await on.refusals('flow_of_no_such_browser')).toBe(gone + 1);
    expect(endOf(await on.follow(browser, await on.answer(begun.at(-2)!))).said).toEqual({});
    expect(await whoIs(browser)).not.toBeNull();
  });

  it('clears cookies that pass for flows of its own, and begins a flow beside them', async () => {
    const browser = app.client();
    const junk = Array.from({ length: 9 }, (_, i) => `federated-junk${i}=${'x'.repeat(300)}`).join('; ');
    const reply = await browser.post(
      '/auth/login/federated',
      { connection: 'outside', returnTo: RETURN },
      { cookie: junk },
    );
    expect(reply.status).toBe(200);
    const cleared = reply.setCookies.filter((line) => /^federated-junk\d=;/.test(line));
    expect(cleared).toHaveLength(4);
  });

  it('takes nothing about a user from a request (FED-08)', async () => {
    const forged = { subject: 'x', issuer: provider.issuer, email: 'ada@example.com' };
    for (const [path, body] of [
      ['/auth/login/federated', { connection: 'outside', returnTo: RETURN, identity: forged }],
      ['/auth/login/federated', { connection: 'outside', returnTo: RETURN, ...forged }],
      ['/auth/login/factor', { loginToken: 'x', factor: 'federated', credential: forged }],
      ['/auth/login', { password: 'x', factor: 'federated', ...forged }],
    ] as const) {
      const { status, body: said } = await app.client().post(path, body);
      expect([400, 401]).toContain(status);
      expect(['validation_failed', 'invalid_credentials']).toContain(said.code);
    }
    const { browser, callback } = await away();
    for (const [name, value] of Object.entries({ ...forged, sub: 'x', id_token: 'x.y.z' }))
      callback.searchParams.set(name, value);
    const reply = endOf(await on.follow(browser, callback));
    const me = reply.said.error ? null : await whoIs(browser);
    expect(me?.user.email ?? null).not.toBe(forged.email);
  });

  it('asks for the second factor that is set up here, unless the connection is trusted with it', async () => {
    const user = await app.logIn({ strategy });
    const { secret } = await setUpTotp(app, user);
    provider.chosen = provider.addPerson({ email: user.email, claims: { amr: ['pwd', 'mfa'] } });
    const browser = app.client();
    const { status, to, said } = endOf(await on.logIn(browser, 'outside', { returnTo: RETURN }));
    expect([status, to]).toEqual([303, RETURN]);
    expect(said).toMatchObject({ status: 'factor_required', factors: 'totp,recovery_code', expiresIn: '300' });
    expect(await whoIs(browser)).toBeNull();
    const { loginToken } = said;
    app.clock.advance(30);
    const code = () => codeAt(secret, app.clock.now());
    const proof = { loginToken, factor: 'totp' };
    expect((await app.client().post('/auth/login/factor', { ...proof, code: code() })).status).toBe(401);
    const finished = await browser.post('/auth/login/factor', { ...proof, code: code() });
    expect([finished.status, finished.body.session.amr]).toEqual([200, ['fed', 'otp', 'mfa']]);
    const trusted = app.client();
    expect(endOf(await on.logIn(trusted, 'trusted', { returnTo: RETURN })).said).toEqual({});
    expect((await whoIs(trusted)).session.amr).toEqual(['fed', 'pwd', 'mfa']);
  });

  it('a code of a login that was cancelled there is none here', async () => {
    provider.wrong = { refusal: 'access_denied' };
    const { browser, callback } = await away();
    expect(endOf(await on.follow(browser, callback))).toEqual(REFUSED);
    expect(await whoIs(browser)).toBeNull();
  });

  it.each([
    'https://evil.example/signed-in',
    'https://app.example.com.evil.example/',
    'https://app.example.com@evil.example/',
    'https://app.example.com:444/',
    'http://app.example.com/',
    'javascript:alert(1)',
    '//evil.example/',
    '/\\evil.example',
    `${RETURN}#loginToken=x`,
    ' https://app.example.com/',
    `${SPA}/${'a'.repeat(1000)}`,
    '',
  ])('does not return to %s', async (returnTo) => {
    const { status, body } = await app.client().post('/auth/login/federated', { connection: 'outside', returnTo });
    expect([status, body.code, body.errors?.[0]?.field]).toEqual([400, 'validation_failed', 'returnTo']);
  });

  it.each(['http://localhost:3000/some/page', '/some/page?x=1', `${SPA}/`])('returns to %s', async (returnTo) => {
    const { status, to } = endOf(await on.logIn(app.client(), 'outside', { returnTo }));
    expect([status, to]).toEqual([303, returnTo]);
  });

  it('hands tokens to no address: what a body would carry is refused before the browser leaves', async () => {
    const { status, body } = await app
      .client()
      .post('/auth/login/federated', { connection: 'outside', returnTo: RETURN, transport: 'body' });
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'validation_failed', 'transport']);
  });

  it('a disabled connection logs no user in, nor one who is on the way', async () => {
    const id = await on.connect(provider, { slug: 'short-lived', vouchesForEmail: true, jitProvisioning: 'on' });
    const { browser, callback } = await away('short-lived');
    await on.disable(id);
    await expectRefused(browser, callback, 'connection_is_gone');
    const { status, body } = await app
      .client()
      .post('/auth/login/federated', { connection: 'short-lived', returnTo: RETURN });
    expect([status, body.code]).toEqual([400, 'validation_failed']);
  });

  it('a provider that posts its answer is sent to the same as a GET, without a cookie and from its own site', async () => {
    const { browser, callback } = await away();
    const form = callback.searchParams.toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://appleid.apple.com',
      'sec-fetch-site': 'cross-site',
    };
    const posted = await app.client().request('POST', callback.pathname, form, headers);
    expect(posted.status).toBe(303);
    const to = new URL(posted.headers.get('location')!);
    expect(to.pathname).toBe(callback.pathname);
    expect(to.searchParams.get('code')).toBe(callback.searchParams.get('code'));
    expect(posted.setCookies).toEqual([]);
    expect(endOf(await on.follow(browser, to))).toEqual({ status: 303, to: RETURN, said: {} });
  });

  it('a name that is posted beside the answer comes along, and nothing else of it', async () => {
    const { callback } = await away();
    const user = { name: { firstName: 'Ada', lastName: 'Lovelace', title: 'x' }, email: 'root@evil.example', sub: 'x' };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const post = async (posted: string) => {
      const form = `${callback.searchParams}&user=${encodeURIComponent(posted)}`;
      const { status, headers: sent } = await app.client().request('POST', callback.pathname, form, headers);
      return [status, new URL(sent.get('location')!).searchParams.get('user')];
    };
    expect(await post(JSON.stringify(user))).toEqual([303, '{"name":{"firstName":"Ada","lastName":"Lovelace"}}']);
    expect(await post(JSON.stringify({ name: { firstName: 'a'.repeat(5000) } }))).toEqual([
      303,
      `{"name":{"firstName":"${'a'.repeat(200)}","lastName":null}}`,
    ]);
    for (const nobody of [
      'not json',
      '[]',
      '{"name":"x"}',
      '{"__proto__":{"name":{"firstName":"x"}}}',
      '{"name":{"firstName":7}}',
    ])
      expect(await post(nobody)).toEqual([303, null]);
  });

  it.each(['', 'x=1', 'code[]=1', '{"code":"1"}'])('a form without an answer, %j, is refused', async (form) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, body } = await app.client().request('POST', '/auth/federated/outside/callback', form, headers);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
  });
});
