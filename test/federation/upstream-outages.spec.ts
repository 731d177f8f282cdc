import { FakeClock } from '../../src/testing/fake-clock.js';
import type { FakeProvider } from '../../src/testing/fake-provider.js';
import { startFakeProvider } from '../../src/testing/fake-provider-server.js';
import type { ProviderFault } from '../../src/testing/fake-provider-settings.js';
import { loginBy, newFlow, refusalOf, upstreamFor } from './upstream-flow.js';

const HOUR = 3_600;
const FAULTS: ProviderFault[] = [
  'hang',
  'trickle',
  'cut',
  'huge',
  'redirect',
  'error_in_200',
  'not_json',
  404,
  500,
  503,
];
const begin = { ...newFlow(), purpose: 'login' as const };

describe('FED-09: what a provider publishes of itself', () => {
  let provider: FakeProvider;
  let clock: FakeClock;
  beforeEach(async () => {
    clock = new FakeClock();
    provider = await startFakeProvider({ clock });
    provider.addPerson();
  });
  afterEach(() => provider.stop());

  it.each([
    ['another issuer', { issuer: 'https://evil.example' }],
    ['no issuer', { issuer: undefined }],
    ['a list of issuers', { issuer: ['https://evil.example'] }],
    ['a token endpoint that is none', { token_endpoint: 'not an address' }],
    ['an authorization endpoint that is a script', { authorization_endpoint: 'javascript:alert(1)' }],
    ['no keys', { jwks_uri: undefined }],
  ])('is refused where it names %s', async (_, metadata) => {
    provider.wrong = { metadata };
    const upstream = upstreamFor(provider, { clock });
    expect(await refusalOf(upstream.authorizationUrl(begin))).toEqual(['unavailable', 'provider_metadata_unavailable']);
    expect(provider.requestsTo('discovery')).toHaveLength(1);
  });

  it('must name its issuer to the letter: a slash more is another', async () => {
    const upstream = upstreamFor(provider, { clock, issuer: `${provider.issuer}/` });
    expect(await refusalOf(upstream.authorizationUrl(begin))).toEqual(['unavailable', 'provider_metadata_unavailable']);
  });

  it.each(FAULTS)(
    'is waited for in bounds of time, size and redirects (%s), and had once it is there',
    async (fault) => {
      provider.failNext('discovery', fault);
      const upstream = upstreamFor(provider, { clock });
      expect(await refusalOf(upstream.authorizationUrl(begin))).toEqual([
        'unavailable',
        'provider_metadata_unavailable',
      ]);
      expect((await loginBy(upstream)).identity.subject).toBe(provider.people[0]!.subject);
    },
  );

  it.each(FAULTS)('goes on while no newer one can be had (%s)', async (fault) => {
    const upstream = upstreamFor(provider, { clock });
    await loginBy(upstream);
    clock.advance(2 * HOUR);
    provider.wrong = { faults: { discovery: fault, jwks: fault } };
    expect((await loginBy(upstream)).identity.subject).toBe(provider.people[0]!.subject);
    const asked = provider.requestsTo('discovery').length;
    await loginBy(upstream);
    expect([asked, provider.requestsTo('discovery').length]).toEqual([2, 2]);
  });

  it('goes on while a newer one names another issuer', async () => {
    const upstream = upstreamFor(provider, { clock });
    await loginBy(upstream);
    clock.advance(2 * HOUR);
    provider.wrong = { metadata: { issuer: 'https://evil.example', token_endpoint: 'https://evil.example/token' } };
    expect((await loginBy(upstream)).identity.subject).toBe(provider.people[0]!.subject);
  });

  it('is asked for once an hour, its keys once in ten minutes, however many log in', async () => {
    const upstream = upstreamFor(provider, { clock });
    await loginBy(upstream);
    await Promise.all(Array.from({ length: 5 }, () => loginBy(upstream)));
    const counts = () => [provider.requestsTo('discovery').length, provider.requestsTo('jwks').length];
    expect(counts()).toEqual([1, 1]);
    clock.advance(601);
    await loginBy(upstream);
    expect(counts()).toEqual([1, 2]);
    clock.advance(HOUR);
    await loginBy(upstream);
    expect(counts()).toEqual([2, 3]);
  });

  it('may change its keys at any moment: the next login knows the new ones', async () => {
    const upstream = upstreamFor(provider, { clock });
    await loginBy(upstream);
    await provider.rotateKeys();
    await loginBy(upstream);
    await provider.rotateKeys({ keepOld: true });
    await loginBy(upstream);
    expect(provider.requestsTo('jwks')).toHaveLength(3);
  });

  it('is not asked for its keys by every token that names an unknown one', async () => {
    const upstream = upstreamFor(provider, { clock });
    await loginBy(upstream);
    for (let i = 0; i < 20; i++) {
      const token = await provider.logoutToken({ person: provider.people[0]! }, { header: { kid: `unknown-${i}` } });
      expect(await refusalOf(upstream.readLogout(token))).toEqual(['validation_failed', 'logout_token_key']);
    }
    expect(provider.requestsTo('jwks')).toHaveLength(6);
    clock.advance(61);
    await provider.rotateKeys();
    await loginBy(upstream);
  });

  it('has keys that are trusted for a day at most without being seen again', async () => {
    const upstream = upstreamFor(provider, { clock });
    await loginBy(upstream);
    provider.wrong = { faults: { jwks: 500 } };
    clock.advance(23 * HOUR);
    await loginBy(upstream);
    clock.advance(2 * HOUR);
    expect(await refusalOf(loginBy(upstream))).toEqual(['unavailable', 'provider_unreachable']);
  });

  it('has keys that are needed at the first login', async () => {
    provider.wrong = { faults: { jwks: 500 } };
    const upstream = upstreamFor(provider, { clock });
    expect(await refusalOf(loginBy(upstream))).toEqual(['unavailable', 'provider_unreachable']);
    provider.wrong = {};
    await loginBy(upstream);
  });
});
