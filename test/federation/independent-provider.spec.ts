import type { Upstream } from '../../src/factors/federated/upstreams/upstream.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { IndependentProvider } from './independent-provider.js';
import { endOf, Federation } from './setting.js';
import { newFlow, refusalOf, upstreamFor } from './upstream-flow.js';

const RETURN = 'http://localhost:3000/done';

describe.each(['express', 'fastify'] as const)('oidc-provider as outside provider, on %s', (adapter) => {
  let app: AuthTestApp;
  let provider: IndependentProvider;
  let on: Federation;
  beforeAll(async () => {
    app = await bootHost({ adapter, options: { authStrategies: ['session'] } });
    provider = await IndependentProvider.start('http://localhost:3000/auth/federated/oidc/callback');
    on = new Federation(app);
    await on.connect(provider, { slug: 'oidc', vouchesForEmail: true, jitProvisioning: 'on' });
  });
  afterAll(async () => {
    await app.close();
    await provider.stop();
  });

  it('creates a user at the first login, and logs that user in again', async () => {
    provider.chosen = { sub: 'ada-there', email: 'ada@independent.example', email_verified: true, name: 'Ada' };
    for (let i = 0; i < 2; i++) {
      const browser = app.client();
      const callback = await provider.answer(await on.begin(browser, 'oidc', { returnTo: RETURN }));
      expect(endOf(await on.follow(browser, callback))).toEqual({ status: 303, to: RETURN, said: {} });
      const { body } = await browser.get('/auth/me');
      expect(body.user).toMatchObject({ email: 'ada@independent.example', emailVerified: true, name: 'Ada' });
    }
  });

  it('links a login by a new login there, whose time it says', async () => {
    const user = await app.logIn();
    provider.chosen = { sub: 'work', email: 'somebody@independent.example', email_verified: false };
    const { body } = await user.post('/auth/identities', { connection: 'oidc', returnTo: RETURN });
    const end = endOf(await on.follow(user, await provider.answer(new URL(body.authorizationUrl))));
    expect(end).toEqual({ status: 303, to: RETURN, said: {} });
    expect(await on.subjectsOf(user.userId)).toEqual(['work']);
  });

  it('takes no answer of it twice, and none in another browser', async () => {
    provider.chosen = { sub: 'ada-there', email: 'ada@independent.example', email_verified: true };
    const browser = app.client();
    const callback = await provider.answer(await on.begin(browser, 'oidc', { returnTo: RETURN }));
    const copy = browser.copy();
    expect((await on.follow(app.client(), callback)).setCookies).toEqual([]);
    expect(endOf(await on.follow(browser, callback)).said).toEqual({});
    expect(endOf(await on.follow(copy, callback)).said).toEqual({ error: 'invalid_credentials' });
  });

  it('a provider that is gone is no refusal of the user', async () => {
    await provider.stop();
    const reply = await app.client().post('/auth/login/federated', { connection: 'oidc', returnTo: RETURN });
    expect([200, 503]).toContain(reply.status);
  });
});

describe.each(['client_secret_basic', 'client_secret_post'] as const)('oidc-provider, with %s', (method) => {
  let provider: IndependentProvider;
  let upstream: Upstream;

  beforeAll(async () => {
    provider = await IndependentProvider.start(newFlow().redirectUri, { method, tellsByUserinfo: true });
    upstream = upstreamFor(provider);
    provider.chosen = { sub: 'ada', email: 'ada@outside.example', email_verified: true, name: 'Ada' };
  });
  afterAll(() => provider.stop());

  async function logIn(purpose: 'login' | 'link' = 'login') {
    const flow = newFlow();
    return upstream.complete(await provider.answer(await upstream.authorizationUrl({ ...flow, purpose })), flow);
  }

  it('logs in, with the address and the name that its userinfo says', async () => {
    const { identity, token } = await logIn();
    expect(identity).toMatchObject({
      ...{ issuer: provider.issuer, subject: 'ada', email: 'ada@outside.example', emailVerified: true, name: 'Ada' },
      sessionId: expect.any(String),
    });
    expect(token).not.toBeNull();
  });

  it('says when the user proved anew who they are, where it was asked to', async () => {
    const { identity } = await logIn('link');
    expect(Math.abs(identity.authenticatedAt!.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('is looked at again and again, and its end is noticed', async () => {
    let token = (await logIn()).token!;
    for (let i = 0; i < 3; i++) {
      const found = await upstream.check(token);
      expect(found.outcome).toBe('live');
      token = (found as { token: string }).token;
    }
    await provider.withdraw(JSON.parse(token).refreshToken);
    expect((await upstream.check(token)).outcome).toBe('revoked');
  });

  it('posts logout tokens that can be read', async () => {
    const { identity } = await logIn();
    await provider.logOut('ada', identity.sessionId!);
    const read = await upstream.readLogout(provider.logoutTokens.at(-1)!);
    expect(read).toMatchObject({ issuer: provider.issuer, subject: 'ada', sessionId: identity.sessionId });
  });

  it('refuses a code of another flow', async () => {
    const [one, other] = [newFlow(), newFlow()];
    const answer = await provider.answer(await upstream.authorizationUrl({ ...one, purpose: 'login' }));
    const mixed = { ...one, codeVerifier: other.codeVerifier };
    const refusal = await refusalOf(upstream.complete(answer, mixed));
    expect(refusal).toEqual(['invalid_credentials', 'provider_refused_code:invalid_grant']);
  });
});
