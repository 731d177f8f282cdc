import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { generateSigningJwk } from '../../keys/key-generation.js';
import { signingKey } from '../../keys/signing-key.js';
import { type JwtAlgorithm, type SigningKey, SigningKeys } from '../../keys/signing-keys.js';
import { FakeClock } from '../../testing/fake-clock.js';
import { claimsOfClient } from './oauth-token.js';
import { HEADER_FIELDS, headerOf, isOAuthTokenShaped } from './oauth-token-header.js';
import { OAuthTokens } from './oauth-tokens.js';

const HERE = 'https://auth.example.com';
const API = 'https://api.example.com';
const GRANT = '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f';
const USER = '01936f2e-0000-7c3d-9e4f-5a6b7c8d9e0f';

/** Counts what is verified, and may learn of keys as another node adds them. */
class GivenKeys extends SigningKeys {
  verifications = 0;
  asked = 0;
  uncertain: Promise<unknown> | null = null;
  /** The keys that a look into the store finds. */
  stored: readonly SigningKey[] | null = null;
  keys: readonly SigningKey[];

  constructor(keys: readonly SigningKey[]) {
    super();
    this.keys = keys.map((key) => this.counted(key));
  }

  counted(key: SigningKey): SigningKey {
    const verify = (input: string, signature: Buffer) => {
      this.verifications += 1;
      return key.verify(input, signature);
    };
    return { ...key, verify };
  }

  override current = () => this.keys[0]!;
  override accepted = () => this.keys;
  override certain = () => this.uncertain;

  override async refresh(): Promise<void> {
    this.asked += 1;
    if (this.stored) this.keys = this.stored;
  }
}

async function aKey(algorithm: JwtAlgorithm = 'ES256') {
  const { kid, jwk } = await generateSigningJwk(algorithm);
  return { jwk, key: signingKey(kid, algorithm, jwk) };
}

async function setUp(given: readonly SigningKey[]) {
  const keys = new GivenKeys(given);
  const clock = new FakeClock(new Date('2026-11-21T12:00:00Z'));
  const options = Options.resolve([coreOptions], { nodeEnv: 'test', publicUrl: HERE });
  return { keys, clock, tokens: new OAuthTokens(keys, clock, options) };
}

type Setting = Awaited<ReturnType<typeof setUp>> & Awaited<ReturnType<typeof aKey>>;

async function oneKey(): Promise<Setting> {
  const { jwk, key } = await aKey();
  return { jwk, key, ...(await setUp([key])) };
}

/** Signed by jose with the service's own key. An undefined claim is left out. */
async function sign(
  { jwk, key, clock }: Pick<Setting, 'jwk' | 'key' | 'clock'>,
  claims: object = {},
  header: object = {},
) {
  const iat = Math.floor(clock.now().getTime() / 1000);
  const payload = {
    gid: GRANT,
    jti: 'token-1',
    sub: USER,
    iat,
    exp: iat + 300,
    scope: 'orders:read orders:write',
    client_id: 'shop',
    iss: HERE,
    aud: HERE,
    ...claims,
  };
  const protectedHeader = { alg: key.algorithm, typ: 'at+jwt', kid: key.kid, cck: 'grant', ...header };
  return new SignJWT(payload as never)
    .setProtectedHeader(protectedHeader)
    .sign(await importJWK(jwk as never, key.algorithm));
}

async function answerOf(tokens: OAuthTokens, token: string): Promise<string> {
  try {
    await tokens.verify(token);
    return 'accepted';
  } catch (error) {
    return error instanceof AuthError ? `${error.code}: ${error.reason}` : String(error);
  }
}

const REFUSED = 'unauthenticated: invalid_oauth_token';

describe('the header of a token for a client', () => {
  it.each(['ES256', 'RS256'] as const)(
    'is, byte for byte, what the library writes with a key for %s',
    async (algorithm) => {
      const { key } = await aKey(algorithm);
      const token = await signedByTheLibrary(key);
      expect(token.slice(0, token.indexOf('.'))).toBe(headerOf(key));
      const { tokens, clock } = await setUp([key]);
      clock.advance((decodeJwt(token).iat! * 1000 - clock.now().getTime()) / 1000);
      expect(await tokens.verify(token)).toEqual({
        exp: expect.any(Number),
        iat: expect.any(Number),
        nbf: null,
        audiences: [API],
        clientId: 'shop',
        subject: 'shop',
        grantId: null,
        generation: 1,
        jti: expect.stringMatching(/^[\w-]{43}$/),
        jtiHash: expect.stringMatching(/^[\w-]{43}$/),
        scopes: ['orders:read'],
        confirmation: null,
      });
    },
  );

  it('tells it from every other token of the same key: an access token of a session, an ID token, a logout token', async () => {
    const setting = await oneKey();
    const shaped = async (header: object) => isOAuthTokenShaped(await sign(setting, {}, header));
    expect(await shaped({})).toBe(true);
    expect(await shaped({ cck: undefined })).toBe(false);
    expect(await shaped({ typ: 'JWT' })).toBe(false);
    expect(await shaped({ typ: undefined, cck: undefined })).toBe(false);
    expect(await shaped({ typ: 'logout+jwt' })).toBe(false);
    expect(await shaped({ cck: 'other' })).toBe(false);
    expect(await shaped({ jku: 'https://evil.example' })).toBe(false);
    for (const text of ['', '.', 'a.b.c', 'cck_key', `${'x'.repeat(600)}.a.b`, 'bnVsbA.a.b', 'e30.a.b'])
      expect(isOAuthTokenShaped(text)).toBe(false);
  });

  it('has one spelling: the same members in another order, or with blanks, are another header', async () => {
    const { key } = await oneKey();
    const other = (text: string) => `${Buffer.from(text).toString('base64url')}.a.b`;
    const { kid } = key;
    expect(isOAuthTokenShaped(other(`{"alg":"ES256","typ":"at+jwt","kid":"${kid}","cck":"grant"}`))).toBe(true);
    expect(isOAuthTokenShaped(other(`{"typ":"at+jwt","alg":"ES256","kid":"${kid}","cck":"grant"}`))).toBe(false);
    expect(isOAuthTokenShaped(other(`{"alg":"ES256","typ":"at+jwt","kid":"${kid}","cck":"grant" }`))).toBe(false);
    expect(isOAuthTokenShaped(`${headerOf(key)}=.a.b`)).toBe(false);
  });
});

describe('a token for a client', () => {
  it('is verified once, and then known by all of its text', async () => {
    const setting = await oneKey();
    const { tokens, keys } = setting;
    const token = await sign(setting);
    const first = tokens.verify(token);
    expect(first).not.toBeInstanceOf(Promise);
    expect(tokens.verify(token)).toBe(first);
    expect(keys.verifications).toBe(1);
    const [header, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(token), sub: 'other' })).toString('base64url');
    expect(await answerOf(tokens, `${header}.${forged}.${signature}`)).toBe(REFUSED);
    expect(keys.verifications).toBe(2);
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['no issuer', { iss: undefined }],
    ['no audience', { aud: undefined }],
    ['an audience that is no text', { aud: [HERE, 1] }],
    ['no audience in a list', { aud: [] }],
    ['no subject', { sub: undefined }],
    ['no client', { client_id: undefined }],
    ['a client that is no text', { client_id: ['shop'] }],
    ['no id', { jti: undefined }],
    ['an id that is no text', { jti: 7 }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is no number', { exp: '9999999999' }],
    ['an expiry beyond numbers', { exp: 1e20 }],
    ['no time of issue', { iat: undefined }],
    ['a scope that is a list', { scope: ['orders:read'] }],
    ['a grant that is no UUID', { gid: 'x' }],
    ['an empty grant', { gid: '' }],
    ['no grant and no generation of its client', { gid: undefined, sub: 'shop' }],
    ['no grant and another subject than its client', { gid: undefined, gen: 1 }],
    ['a confirmation of another kind', { cnf: { jwk: {} } }],
    ['a confirmation of two kinds, one unknown', { cnf: { jkt: 'a', kid: 'b' } }],
    ['an empty confirmation', { cnf: {} }],
    ['a confirmation that is no object', { cnf: 'jkt' }],
    ['a thumbprint that is no text', { cnf: { jkt: 1 } }],
  ])('with %s is none, though its signature is right', async (_what, claims) => {
    const setting = await oneKey();
    expect(await answerOf(setting.tokens, await sign(setting, claims))).toBe(REFUSED);
    expect(setting.tokens.size).toBe(0);
  });

  it('without scope has none', async () => {
    const setting = await oneKey();
    expect(await setting.tokens.verify(await sign(setting, { scope: undefined }))).toMatchObject({ scopes: [] });
  });

  it('expires with five seconds for clocks that differ, and is forgotten then', async () => {
    const setting = await oneKey();
    const { tokens, clock } = setting;
    const token = await sign(setting);
    clock.advance(304);
    expect(await answerOf(tokens, token)).toBe('accepted');
    clock.advance(1);
    expect(await answerOf(tokens, token)).toBe('token_expired: oauth_token_expired');
    expect(tokens.size).toBe(0);
    expect(await tokens.read(token)).toMatchObject({ jti: 'token-1' });
  });

  it('is not good before its time', async () => {
    const setting = await oneKey();
    const nbf = Math.floor(setting.clock.now().getTime() / 1000) + 60;
    const token = await sign(setting, { nbf });
    expect(await answerOf(setting.tokens, token)).toBe('unauthenticated: oauth_token_not_yet_valid');
    setting.clock.advance(55);
    expect(await answerOf(setting.tokens, token)).toBe('accepted');
  });

  it('is none with another spelling of its signature, a part more, or too long', async () => {
    const setting = await oneKey();
    const token = await sign(setting);
    const last = token.at(-1)!;
    const twin = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = twin[twin.indexOf(last) ^ 1]!;
    for (const bad of [`${token}=`, `${token}.a`, token.slice(0, -1) + other, `${token}${'a'.repeat(8192)}`])
      expect(await answerOf(setting.tokens, bad)).toBe(REFUSED);
  });

  it('by another key with the same name is none', async () => {
    const setting = await oneKey();
    const other = await aKey();
    const forged = await sign({ ...setting, jwk: other.jwk });
    expect(await answerOf(setting.tokens, forged)).toBe(REFUSED);
  });

  it('by a secret key is none: no other server could verify it', async () => {
    const { jwk, key } = await aKey('HS256');
    const setting = { jwk, key, ...(await setUp([key])) };
    expect(await answerOf(setting.tokens, await sign(setting))).toBe(REFUSED);
  });

  it('of a key that another node made a moment ago is accepted at once', async () => {
    const setting = await oneKey();
    const next = await aKey();
    setting.keys.stored = [setting.keys.counted(next.key), ...setting.keys.keys];
    expect(await answerOf(setting.tokens, await sign({ ...setting, ...next }))).toBe('accepted');
    expect(setting.keys.asked).toBe(1);
  });

  it('of a key that no node made asks for keys, and what is not of our form asks for nothing', async () => {
    const setting = await oneKey();
    const stranger = await aKey();
    expect(await answerOf(setting.tokens, await sign({ ...setting, ...stranger }))).toBe(REFUSED);
    expect(setting.keys.asked).toBe(1);
    expect(await answerOf(setting.tokens, await sign({ ...setting, ...stranger }, {}, { kid: 'short' }))).toBe(REFUSED);
    expect(await answerOf(setting.tokens, await sign({ ...setting, ...stranger }, {}, { cck: undefined }))).toBe(
      REFUSED,
    );
    expect(await answerOf(setting.tokens, `${await sign(setting)}x`)).toBe(REFUSED);
    expect(setting.keys.asked).toBe(1);
  });

  it('of a key that was taken away is over, also when it was verified before', async () => {
    const setting = await oneKey();
    const token = await sign(setting);
    expect(await answerOf(setting.tokens, token)).toBe('accepted');
    setting.keys.keys = [setting.keys.counted((await aKey()).key)];
    expect(await answerOf(setting.tokens, token)).toBe('token_expired: signing_key_withdrawn');
    expect(setting.tokens.size).toBe(0);
  });

  it('is judged after this node knows its keys for certain again', async () => {
    const setting = await oneKey();
    const { keys } = setting;
    const token = await sign(setting);
    expect(await answerOf(setting.tokens, token)).toBe('accepted');
    const next = (await aKey()).key;
    keys.uncertain = Promise.resolve().then(() => {
      keys.keys = [keys.counted(next)];
    });
    expect(await answerOf(setting.tokens, token)).toBe('token_expired: signing_key_withdrawn');
  });
});

/** By the library itself, whose private models of tokens are no part of its types. */
async function signedByTheLibrary(key: SigningKey): Promise<string> {
  const { ExternalSigningKey, Provider } = (await import('oidc-provider')) as unknown as Library;
  class OurKey extends ExternalSigningKey {
    override keyObject(): KeyObject {
      return createPublicKey({ key: key.publicJwk as JsonWebKey, format: 'jwk' });
    }
    override async sign(data: Buffer): Promise<Buffer> {
      return key.sign(data.toString());
    }
  }
  const ours = Object.assign(new OurKey(), { kid: key.kid, alg: key.algorithm });
  const provider = new Provider(HERE, {
    jwks: { keys: [ours] },
    clients: [
      {
        client_id: 'shop',
        client_secret: 's',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    clientDefaults: { id_token_signed_response_alg: key.algorithm },
    features: {
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      clientCredentials: { enabled: true },
      resourceIndicators: { enabled: true },
      devInteractions: { enabled: false },
    },
    ttl: { ClientCredentials: 300 },
    extraTokenClaims: () => claimsOfClient({ generation: 1 }),
    formats: {
      customizers: {
        jwt: (_ctx: unknown, _token: unknown, jwt: { header?: object }) => {
          jwt.header = { ...HEADER_FIELDS };
        },
      },
    },
  });
  const client = await provider.Client.find('shop');
  const resourceServer = new provider.ResourceServer(API, {
    audience: API,
    scope: 'orders:read',
    accessTokenFormat: 'jwt',
  });
  return new provider.ClientCredentials({ client, scope: 'orders:read', resourceServer }).save();
}

interface Library {
  readonly ExternalSigningKey: new () => {
    keyObject(): KeyObject;
    kid: string;
    alg: string;
    sign(data: Buffer): Promise<Buffer>;
  };
  readonly Provider: new (
    issuer: string,
    configuration: object,
  ) => {
    readonly Client: { find(id: string): Promise<object> };
    readonly ResourceServer: new (identifier: string, data: object) => object;
    readonly ClientCredentials: new (given: object) => { save(): Promise<string> };
  };
}
