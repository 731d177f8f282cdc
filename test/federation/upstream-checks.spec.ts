import type { Upstream } from '../../src/factors/federated/upstreams/upstream.js';
import type { FakeProvider } from '../../src/testing/fake-provider.js';
import { startFakeProvider } from '../../src/testing/fake-provider-server.js';
import type {
  FakeProviderEndpoint,
  FakeProviderSettings,
  ProviderFault,
} from '../../src/testing/fake-provider-settings.js';
import { loginBy, refusalOf, upstreamFor } from './upstream-flow.js';

const LOST: ProviderFault[] = [
  'hang',
  'trickle',
  'cut',
  'huge',
  'redirect',
  'error_in_200',
  'not_json',
  400,
  401,
  403,
  404,
  429,
  500,
  503,
];

describe('an earlier login, looked at again', () => {
  let provider: FakeProvider;
  let upstream: Upstream;
  let token: string;
  afterEach(() => provider?.stop());

  async function started(settings: FakeProviderSettings = {}) {
    provider = await startFakeProvider(settings);
    provider.addPerson();
    upstream = upstreamFor(provider);
    token = (await loginBy(upstream)).token!;
  }

  it('is live, and brings the token for the next look', async () => {
    await started();
    for (let i = 0; i < 3; i++) {
      const found = await upstream.check(token);
      expect(found).toEqual({ outcome: 'live', token: expect.any(String), sessionExpiresAt: null });
      token = (found as { token: string }).token;
    }
    expect(new Set(provider.requestsTo('token').map(({ parameters }) => parameters.get('refresh_token'))).size).toBe(4);
  });

  it('keeps its token where the provider does not replace it', async () => {
    await started();
    provider.wrong = { keepsRefreshToken: true };
    expect(await upstream.check(token)).toEqual({ outcome: 'live', token, sessionExpiresAt: null });
  });

  it('says when the session there ends', async () => {
    await started();
    provider.wrong = { idToken: { claims: { session_expiry: 4_000_000_000 } } };
    expect(await upstream.check(token)).toMatchObject({ outcome: 'live', sessionExpiresAt: new Date(4e12) });
  });

  it('need not come with an ID token', async () => {
    await started();
    provider.wrong = { idToken: 'omitted' };
    expect(await upstream.check(token)).toEqual({ outcome: 'live', token: expect.any(String) });
  });

  it('is revoked when the provider says so clearly', async () => {
    await started();
    provider.revoke({ person: provider.people[0]! });
    // Another answer may have been lost, with the token that it brought.
    expect(await upstream.check(token)).toEqual({ outcome: 'revoked', isCertain: false });
  });

  it.each(LOST)('is neither, while the answer is %s; then it is live as before', async (fault) => {
    await started();
    provider.failNext('token', fault);
    expect(await upstream.check(token)).toEqual({ outcome: 'unknown', cause: expect.any(Error) });
    expect((await upstream.check(token)).outcome).toBe('live');
  });

  it.each(['invalid_client', 'unauthorized_client', 'invalid_request', 'temporarily_unavailable'])(
    'is neither, where the provider says %s: that is about us',
    async (error) => {
      await started();
      provider.wrong = { tokenReply: { access_token: undefined, error } };
      expect((await upstream.check(token)).outcome).toBe('unknown');
    },
  );

  it('is neither with a wrong client secret', async () => {
    await started();
    expect((await upstreamFor(provider, { secret: 'another' }).check(token)).outcome).toBe('unknown');
  });

  it.each([
    ['ID token of another user', { claims: { sub: 'another' } }],
    ['ID token of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['ID token with a wrong signature', { signature: 'flipped' }],
    ['ID token without a signature', { signature: 'none' }],
  ] as const)('is neither with an %s, but what came instead of the old token is kept', async (_, idToken) => {
    await started();
    provider.wrong = { idToken };
    const found = await upstream.check(token);
    expect(found).toEqual({ outcome: 'unknown', cause: expect.any(Error), token: expect.any(String) });
    provider.wrong = {};
    // The old one is spent: without the new one this login would pass for revoked.
    expect((await upstream.check((found as { token: string }).token)).outcome).toBe('live');
    expect((await upstream.check(token)).outcome).toBe('revoked');
  });

  it('is neither where the answer is another person’s', async () => {
    await started();
    provider.wrong = { refreshesAs: provider.addPerson() };
    expect((await upstream.check(token)).outcome).toBe('unknown');
  });

  it.each(['discovery', 'jwks'] as FakeProviderEndpoint[])('is live while %s is away', async (endpoint) => {
    await started();
    provider.wrong = { faults: { [endpoint]: 500 } };
    expect((await upstream.check(token)).outcome).toBe('live');
  });

  it.each(['', 'x', '{}', '{"refreshToken":1}', 'null'])('is neither where what was kept is %p', async (kept) => {
    await started();
    expect((await upstream.check(kept)).outcome).toBe('unknown');
  });

  it('has no token where the provider gives none', async () => {
    provider = await startFakeProvider({ refreshTokens: 'never' });
    expect((await loginBy(upstreamFor(provider))).token).toBeNull();
  });
});

describe('a logout token', () => {
  let provider: FakeProvider;
  let upstream: Upstream;
  beforeAll(async () => {
    provider = await startFakeProvider();
    provider.addPerson();
    upstream = upstreamFor(provider);
  });
  afterAll(() => provider?.stop());

  const person = () => provider.people[0]!;
  const now = () => Math.floor(Date.now() / 1000);

  it('names the subject and the session that are over', async () => {
    const read = await upstream.readLogout(await provider.logoutToken({ person: person(), sessionId: 'one' }));
    expect(read).toEqual({
      issuer: provider.issuer,
      subject: person().subject,
      sessionId: 'one',
      tokenId: expect.any(String),
      issuedAt: expect.any(Date),
    });
    expect((await upstream.readLogout(await provider.logoutToken({ sessionId: 'one' }))).subject).toBeNull();
    expect((await upstream.readLogout(await provider.logoutToken({ person: person() }))).sessionId).toBeNull();
  });

  it.each([
    ['no type', { header: { typ: undefined } }, 'typ'],
    ['the type of another', { header: { typ: 'JWT' } }, 'typ'],
    ['another issuer', { claims: { iss: 'https://evil.example' } }, 'iss'],
    ['another audience', { claims: { aud: 'another' } }, 'aud'],
    ['no beginning', { claims: { iat: undefined } }, 'iat'],
    ['a beginning long ago', { claims: { iat: now() - 3_600, exp: undefined } }, 'iat'],
    ['a beginning to come', { claims: { iat: now() + 600, exp: undefined } }, 'iat'],
    ['an end that has passed', { claims: { exp: now() - 120 } }, 'exp'],
    ['no id', { claims: { jti: undefined } }, 'jti'],
    ['an empty id', { claims: { jti: '' } }, 'jti'],
    ['no events', { claims: { events: undefined } }, 'events'],
    [
      'events that are a list',
      { claims: { events: ['http://schemas.openid.net/event/backchannel-logout'] } },
      'events',
    ],
    ['another event', { claims: { events: { 'https://evil.example': {} } } }, 'events'],
    [
      'an event that is a text',
      { claims: { events: { 'http://schemas.openid.net/event/backchannel-logout': '' } } },
      'events',
    ],
    ['a nonce', { claims: { nonce: 'x' } }, 'nonce'],
    ['a nonce of null', { claims: { nonce: null } }, 'nonce'],
    ['neither subject nor session', { claims: { sub: undefined } }, 'sub'],
    ['an empty subject', { claims: { sub: '' } }, 'sub'],
    ['a session that is a number', { claims: { sid: 1 } }, 'sid'],
    ['a wrong signature', { signature: 'flipped' }, 'signature'],
    ['no signature', { signature: 'none' }, 'algorithm'],
    ['a signature by the client secret', { signature: 'hmac' }, 'algorithm'],
    ['a stranger’s signature', { signature: 'stranger' }, 'signature'],
  ] as const)('FED-11: is refused with %s', async (_, wrong, word) => {
    const token = await provider.logoutToken({ person: person() }, wrong);
    expect(await refusalOf(upstream.readLogout(token))).toEqual(['validation_failed', `logout_token_${word}`]);
  });

  it.each(['', 'x', 'a.b.c', 'a.b.c.d.e'])('is refused where it is %p', async (text) => {
    expect((await refusalOf(upstream.readLogout(text)))[0]).toBe('validation_failed');
  });

  it('is refused where it is an ID token', async () => {
    const claims = { events: undefined, nonce: 'x', sid: 'one' };
    const token = await provider.logoutToken({ person: person() }, { claims, header: { typ: 'JWT' } });
    expect(await refusalOf(upstream.readLogout(token))).toEqual(['validation_failed', 'logout_token_typ']);
  });

  it('cannot be read while the keys are away', async () => {
    provider.wrong = { faults: { jwks: 500 } };
    const fresh = upstreamFor(provider);
    const token = await provider.logoutToken({ person: person() });
    expect(await refusalOf(fresh.readLogout(token))).toEqual(['unavailable', 'provider_unreachable']);
    provider.wrong = {};
  });
});
