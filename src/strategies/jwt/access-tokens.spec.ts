import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { generateSigningJwk } from '../../keys/key-generation.js';
import { signingKey } from '../../keys/signing-key.js';
import { JWT_ALGORITHMS, type JwtAlgorithm, type SigningKey, SigningKeys } from '../../keys/signing-keys.js';
import { FakeClock } from '../../testing/fake-clock.js';
import { AccessTokens } from './access-tokens.js';
import { jwtOptions } from './jwt-options.js';

const HERE = 'https://auth.example.com';
const user = { id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f', roles: ['admin'], revision: 3 };

class GivenKeys extends SigningKeys {
  constructor(public keys: readonly SigningKey[]) {
    super();
  }
  current = () => this.keys[0]!;
  accepted = () => this.keys;
}

async function setUp(algorithm: JwtAlgorithm = 'ES256', given: object = {}) {
  const { kid, jwk } = await generateSigningJwk(algorithm);
  const keys = new GivenKeys([signingKey(kid, algorithm, jwk)]);
  const clock = new FakeClock(new Date('2026-11-21T12:00:00Z'));
  const options = Options.resolve([coreOptions, jwtOptions], {
    nodeEnv: 'test',
    publicUrl: HERE,
    ...given,
  });
  const session = {
    id: randomUUID(),
    authenticatedAt: clock.in(-60),
    amr: ['pwd'],
    absoluteExpiresAt: clock.in(86_400),
  };
  return { kid, jwk, keys, clock, session, tokens: new AccessTokens(keys, clock, options) };
}

type Setting = Awaited<ReturnType<typeof setUp>>;

/** A token signed by jose with the service's own key, its claims changed. An undefined claim is left out. */
async function sign({ kid, jwk, tokens, session }: Setting, claims: object, header: object = {}): Promise<string> {
  const payload = { ...decodeJwt(tokens.mint(user, session).token), ...claims } as JWTPayload;
  const protectedHeader = { alg: 'ES256', typ: 'at+jwt', kid, ...header };
  return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(await importJWK(jwk as never, 'ES256'));
}

function codeOf(tokens: AccessTokens, token: string): string {
  try {
    tokens.verify(token);
    return 'accepted';
  } catch (error) {
    return error instanceof AuthError ? error.code : String(error);
  }
}

describe('an access token', () => {
  it.each(JWT_ALGORITHMS)('signed by %s is verified by an independent implementation, and by us', async (algorithm) => {
    const { tokens, session, keys, jwk, clock } = await setUp(algorithm);
    const { token, expiresIn } = tokens.mint(user, session);
    const key = await importJWK((keys.current().publicJwk ?? jwk) as never, algorithm);
    const verified = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer: HERE,
      audience: HERE,
      typ: 'at+jwt',
      currentDate: clock.now(),
    });
    expect(verified.payload).toEqual({
      iss: HERE,
      aud: HERE,
      sub: user.id,
      sid: session.id,
      iat: 1795262400,
      exp: 1795262400 + expiresIn,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_id: HERE,
      auth_time: 1795262400 - 60,
      amr: ['pwd'],
      roles: ['admin'],
      ver: 3,
    });
    expect(expiresIn).toBeLessThanOrEqual(900);
    expect(expiresIn).toBeGreaterThanOrEqual(855);
    expect(tokens.verify(token)).toMatchObject({ sub: user.id, sid: session.id });
  });

  it('has exactly alg, typ and kid in its header', async () => {
    const { tokens, session, kid } = await setUp();
    const { token } = tokens.mint(user, session);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid });
  });

  it('never outlives the absolute deadline of its session', async () => {
    const { tokens, session, clock } = await setUp();
    const { token, expiresIn } = tokens.mint(user, { ...session, absoluteExpiresAt: clock.in(100) });
    expect(expiresIn).toBe(100);
    expect(decodeJwt(token).exp).toBe(1795262400 + 100);
  });

  it('is good until its expiry plus the leeway, and `token_expired` from then on', async () => {
    const { tokens, session, clock } = await setUp('ES256', { jwtLeewaySeconds: 5 });
    const { token, expiresIn } = tokens.mint(user, session);
    clock.advance(expiresIn + 4.999);
    expect(codeOf(tokens, token)).toBe('accepted');
    clock.advance(0.001);
    expect(codeOf(tokens, token)).toBe('token_expired');
    expect(tokens.readSigned(token)?.sid).toBe(session.id);
  });

  it('is not good more than the leeway before its nbf', async () => {
    const setting = await setUp('ES256', { jwtLeewaySeconds: 5 });
    expect(codeOf(setting.tokens, await sign(setting, { nbf: 1795262400 + 5 }))).toBe('accepted');
    expect(codeOf(setting.tokens, await sign(setting, { nbf: 1795262400 + 6 }))).toBe('unauthenticated');
  });

  it('is no less ours for its iat: the clock of the node that signed it may be ahead', async () => {
    const setting = await setUp('ES256', { jwtLeewaySeconds: 5 });
    expect(codeOf(setting.tokens, await sign(setting, { iat: 1795262400 + 600 }))).toBe('accepted');
  });

  it.each([
    [1, [1]],
    [19, [19]],
    [20, [19, 20]],
    [900, Array.from({ length: 46 }, (_, i) => 855 + i)],
  ])('of %d seconds lives up to 5 %% shorter, and never longer', async (accessTokenSeconds, lives) => {
    const { tokens, session } = await setUp('ES256', { accessTokenSeconds });
    const seen = new Set(Array.from({ length: 200 }, () => tokens.mint(user, session).expiresIn));
    for (const life of seen) expect(lives).toContain(life);
    expect(seen.size).toBeGreaterThan(lives.length / 2);
  });

  it.each<[string, object]>([
    ['no exp', { exp: undefined }],
    ['exp as text', { exp: '9999999999' }],
    ['a fractional exp', { exp: 1795262500.5 }],
    ['a negative exp', { exp: -1 }],
    ['exp 1e20', { exp: 1e20 }],
    ['exp null', { exp: null }],
    ['no iat', { iat: undefined }],
    ['iat as text', { iat: '1795262400' }],
    ['nbf as text', { nbf: '0' }],
    ['no sub', { sub: undefined }],
    ['a number for sub', { sub: 1 }],
    ['an empty sid', { sid: '' }],
    ['an array for sid', { sid: ['x'] }],
    ['no jti', { jti: undefined }],
    ['no ver', { ver: undefined }],
    ['a ver that is text', { ver: '3' }],
    ['a longer issuer', { iss: `${HERE}.evil.com` }],
    ['a shorter issuer', { iss: HERE.slice(0, -1) }],
    ['an issuer in other case', { iss: HERE.toUpperCase() }],
    ['a list of issuers', { iss: [HERE] }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'https://api.example.com' }],
    ['a list of other audiences', { aud: ['https://api.example.com'] }],
    ['an empty list of audiences', { aud: [] }],
    ['a list with something else than text', { aud: [HERE, 1] }],
    ['an object as audience', { aud: { [HERE]: true } }],
    ['no audience', { aud: undefined }],
  ])('signed by us with %s is refused', async (_what, claims) => {
    const setting = await setUp();
    expect(codeOf(setting.tokens, await sign(setting, claims))).toBe('unauthenticated');
    expect(setting.tokens.readSigned(await sign(setting, claims))).toBeNull();
  });

  it('may name other audiences beside this one', async () => {
    const setting = await setUp();
    expect(codeOf(setting.tokens, await sign(setting, { aud: ['https://api.example.com', HERE] }))).toBe('accepted');
  });

  it('of a key that is accepted no more is refused, of one that is accepted newly is good', async () => {
    const setting = await setUp();
    const other = await setUp();
    const { token } = other.tokens.mint(user, other.session);
    expect(codeOf(setting.tokens, token)).toBe('unauthenticated');
    setting.keys.keys = [...setting.keys.keys, ...other.keys.keys];
    expect(codeOf(setting.tokens, token)).toBe('accepted');
    setting.keys.keys = setting.keys.keys.slice(0, 1);
    // It cannot be judged any more: its client is to refresh.
    expect(codeOf(setting.tokens, token)).toBe('token_expired');
  });
});

describe('a signing key', () => {
  it.each<[JwtAlgorithm, JsonWebKey]>([
    ['RS256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
    ['EdDSA', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
    ['ES256', generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })],
    ['HS256', { kty: 'oct', k: '' }],
    ['HS256', { kty: 'oct', k: Buffer.alloc(31, 1).toString('base64url') }],
    ['HS256', generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })],
  ])('for %s is not made of a key of another kind or too short', (algorithm, jwk) => {
    expect(() => signingKey('kid', algorithm, jwk)).toThrow(TypeError);
  });
});
