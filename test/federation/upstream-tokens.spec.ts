import type { FakeProvider } from '../../src/testing/fake-provider.js';
import { startFakeProvider } from '../../src/testing/fake-provider-server.js';
import type { ProviderMisbehaviour } from '../../src/testing/fake-provider-settings.js';
import { answerTo, loginBy, newFlow, refusalOf, upstreamFor } from './upstream-flow.js';

const claims = (changed: Record<string, unknown>): ProviderMisbehaviour => ({ idToken: { claims: changed } });
const seconds = () => Math.floor(Date.now() / 1000);

describe('an outside provider’s ID token', () => {
  let provider: FakeProvider;
  beforeAll(async () => {
    provider = await startFakeProvider();
  });
  afterEach(() => {
    provider.wrong = {};
  });
  afterAll(() => provider?.stop());

  /** Refused with this word, and the next login of the same upstream is not. */
  async function expectRefused(wrong: ProviderMisbehaviour, reason: string) {
    const upstream = upstreamFor(provider);
    provider.wrong = wrong;
    expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', reason]);
    provider.wrong = {};
    expect((await loginBy(upstream)).identity.subject).toBe(provider.people[0]!.subject);
  }

  it('names the user who logged in, with what the provider says of them', async () => {
    const ada = provider.addPerson({ claims: { amr: ['pwd', 'mfa'], session_expiry: 4_000_000_000 } });
    provider.chosen = ada;
    const { identity, token } = await loginBy(upstreamFor(provider));
    provider.chosen = undefined;
    expect(identity).toMatchObject({
      issuer: provider.issuer,
      subject: ada.subject,
      email: ada.email,
      emailVerified: true,
      name: ada.name,
      amr: ['pwd', 'mfa'],
      sessionId: expect.any(String),
      sessionExpiresAt: new Date(4_000_000_000_000),
    });
    expect(Math.abs(identity.authenticatedAt!.getTime() - Date.now())).toBeLessThan(60_000);
    expect(token).toContain('refresh_');
  });

  it('is asked for with PKCE S256, a state, a nonce and the redirect URI of the connection', async () => {
    const flow = newFlow();
    const asked = (
      await upstreamFor(provider).authorizationUrl({ ...flow, purpose: 'login', loginHint: 'a@b.example' })
    ).searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      client_id: provider.clientId,
      response_type: 'code',
      redirect_uri: flow.redirectUri,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      login_hint: 'a@b.example',
      // A provider that is sent a bound says when the login was (OpenID Connect Core §3.1.2.1); a bound of a year asks no user anew.
      max_age: '31536000',
      scope: 'openid profile email offline_access',
    });
  });

  it.each(['link', 'step_up'] as const)('is asked for anew where it is to %s', async (purpose) => {
    const asked = (await upstreamFor(provider).authorizationUrl({ ...newFlow(), purpose })).searchParams;
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '0']);
  });

  it.each([
    ['without the nonce that was sent', claims({ nonce: undefined })],
    ['with another nonce', claims({ nonce: 'another' })],
    ['with a nonce of null', claims({ nonce: null })],
    ['with a list that contains it', claims({ nonce: ['x'] })],
  ])('FED-02: is refused %s', (_, wrong) => expectRefused(wrong, 'id_token_nonce'));

  it('FED-02: is refused where it is one of another flow, replayed', async () => {
    const upstream = upstreamFor(provider);
    const [first, second] = [newFlow(), newFlow()];
    // The code of the first flow brings the first one's token, whatever is around it.
    const stolen = await answerTo(upstream, first);
    stolen.searchParams.set('state', second.state);
    const flow = { ...second, codeVerifier: first.codeVerifier };
    expect(await refusalOf(upstream.complete(stolen, flow))).toEqual(['invalid_credentials', 'id_token_nonce']);
  });

  it.each([
    ['another issuer', claims({ iss: 'https://evil.example' }), 'id_token_iss'],
    ['its issuer with a slash', claims({ iss: 'slash' }), 'id_token_iss'],
    ['no issuer', claims({ iss: undefined }), 'id_token_iss'],
    ['another audience', claims({ aud: 'another' }), 'id_token_aud'],
    ['no audience', claims({ aud: undefined }), 'id_token_aud'],
    ['several audiences without azp', claims({ aud: ['coatcheck', 'another'] }), 'id_token_azp'],
    ['several audiences and another’s azp', claims({ aud: ['coatcheck', 'another'], azp: 'another' }), 'id_token_azp'],
    ['one audience and another’s azp', claims({ azp: 'another' }), 'id_token_azp'],
    ['an end that has passed', claims({ exp: seconds() - 120 }), 'id_token_exp'],
    ['no end', claims({ exp: undefined }), 'id_token_exp'],
    ['an end that is a text', claims({ exp: '4000000000' }), 'id_token_exp'],
    ['a beginning to come', claims({ iat: seconds() + 600 }), 'id_token_iat'],
    ['a beginning long ago', claims({ iat: seconds() - 3_600 }), 'id_token_iat'],
    ['no beginning', claims({ iat: undefined }), 'id_token_iat'],
    ['a time before which it is not good', claims({ nbf: seconds() + 600 }), 'id_token_nbf'],
    ['alg none', { idToken: { signature: 'none' } }, 'id_token_algorithm'],
    ['HS256 by the client secret', { idToken: { signature: 'hmac' } }, 'id_token_algorithm'],
    ['a flipped signature', { idToken: { signature: 'flipped' } }, 'id_token_signature'],
    ['an empty signature', { idToken: { signature: 'empty' } }, 'id_token_signature'],
    ['a stranger’s signature', { idToken: { signature: 'stranger' } }, 'id_token_signature'],
    ['an unknown key', { idToken: { header: { kid: 'nobody’s' } } }, 'id_token_key'],
  ] satisfies [string, ProviderMisbehaviour, string][])('FED-03: is refused with %s', (_, wrong, reason) => {
    const idToken = (wrong as { idToken: { claims?: { iss?: unknown } } }).idToken;
    return idToken.claims?.iss === 'slash'
      ? expectRefused(claims({ iss: `${provider.issuer}/` }), reason)
      : expectRefused(wrong, reason);
  });

  it('FED-03: is missing, and no user is logged in', () => expectRefused({ idToken: 'omitted' }, 'id_token_missing'));

  it.each(['a.b', 'not a token', '..', 'e30.e30.'])('FED-03: is %s, and no user is logged in', (text) =>
    expectRefused({ tokenReply: { id_token: text } }, 'id_token_invalid'),
  );

  it.each([
    ['empty', ''],
    ['null', null],
    ['0', 0],
    ['a number', 42],
    ['true', true],
    ['a list', ['x']],
    ['longer than 255 characters', 'x'.repeat(256)],
    ['with a NUL', 'a\u0000b'],
    ['half a character', '\ud800'],
  ])('FED-05: is refused where the sub is %s', (_, sub) => expectRefused(claims({ sub }), 'id_token_sub'));

  it('FED-05: is refused without a sub', () => expectRefused(claims({ sub: undefined }), 'id_token_sub'));

  it.each([
    ['error_in_200', 'provider_refused_code:server_error'],
    ['not_json', 'provider_answer_invalid'],
    ['redirect', 'provider_answer_invalid'],
    [400, 'provider_answer_invalid'],
    [404, 'provider_answer_invalid'],
  ] as const)('FED-05: does not come with a token reply of %s, and no user is logged in', (fault, reason) =>
    expectRefused({ faults: { token: fault } }, reason),
  );

  it.each([
    ['says 500', 500],
    ['says 429', 429],
    ['cuts the line', 'cut'],
    ['cuts the line when everything has happened', 'lost'],
    ['pours', 'huge'],
  ] as const)('cannot be had while the token endpoint %s: nothing is said of the user', async (_, fault) => {
    const upstream = upstreamFor(provider);
    provider.wrong = { faults: { token: fault } };
    expect(await refusalOf(loginBy(upstream))).toEqual(['unavailable', 'provider_unreachable']);
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }, 'callback_of_another_flow'],
    ['no issuer, where it is advertised', { iss: undefined }, 'callback_of_another_flow'],
    ['another state', { state: 'another' }, 'callback_of_another_flow'],
    ['no state', { state: undefined }, 'callback_of_another_flow'],
    ['no code', { code: undefined }, 'provider_answer_invalid'],
  ])('FED-04: is not asked for where the answer has %s', async (_, response, reason) => {
    const upstream = upstreamFor(provider);
    await loginBy(upstream);
    const before = provider.requestsTo('token').length;
    provider.wrong = { response };
    expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', reason]);
    expect(provider.requestsTo('token')).toHaveLength(before);
  });

  it('FED-04: is not asked for by an answer of another provider', async () => {
    const other = await startFakeProvider();
    const flow = newFlow();
    const [upstream, mixed] = [upstreamFor(provider), upstreamFor(other)];
    const answer = await answerTo(mixed, flow);
    const before = provider.requestsTo('token').length;
    expect(await refusalOf(upstream.complete(answer, flow))).toEqual([
      'invalid_credentials',
      'callback_of_another_flow',
    ]);
    expect([provider.requestsTo('token').length - before, other.requestsTo('token').length]).toEqual([0, 0]);
    await other.stop();
  });

  it('is no use where the provider refuses: the refusal names the provider’s own code', async () => {
    const upstream = upstreamFor(provider);
    provider.wrong = { refusal: 'access_denied' };
    expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', 'provider_refused_login:access_denied']);
  });

  it('is no use to a client with a wrong secret', async () => {
    const upstream = upstreamFor(provider, { secret: 'wrong' });
    expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', 'provider_refused_client']);
  });

  it('is no use a second time: its code is spent', async () => {
    const upstream = upstreamFor(provider);
    const flow = newFlow();
    const answer = await answerTo(upstream, flow);
    await upstream.complete(answer, flow);
    const again = await refusalOf(upstream.complete(answer, flow));
    expect(again).toEqual(['invalid_credentials', 'provider_refused_code:invalid_grant']);
  });

  it('without an address has that of userinfo, with what userinfo says of it', async () => {
    const upstream = upstreamFor(provider);
    provider.wrong = {
      idToken: { claims: { email: undefined, email_verified: true } },
      userinfo: { email_verified: false },
    };
    const { identity } = await loginBy(upstream);
    expect([identity.email, identity.emailVerified]).toEqual([provider.people[0]!.email, false]);
  });

  it('is refused with a userinfo of another user', async () => {
    const wrong = { idToken: { claims: { email: undefined } }, userinfo: { sub: 'somebody-else' } };
    await expectRefused(wrong, 'userinfo_of_another_user');
  });

  it.each(['true', 1, 'yes', {}])('has a verified address only by true, not by %p', async (said) => {
    provider.wrong = claims({ email_verified: said });
    expect((await loginBy(upstreamFor(provider))).identity.emailVerified).toBe(false);
  });

  it('is never in what is logged of a refusal', async () => {
    const upstream = upstreamFor(provider);
    provider.wrong = claims({ nonce: 'another' });
    const error = await loginBy(upstream).catch((thrown: unknown) => thrown);
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 20 })).not.toMatch(/eyJ|access_|refresh_/);
    provider.wrong = { tokenReply: { token_type: 'mac' } };
    const other = await loginBy(upstream).catch((thrown: unknown) => thrown);
    expect(inspect(other, { depth: 20 })).not.toMatch(/eyJ|access_|refresh_/);
  });
});
