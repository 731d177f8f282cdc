import { createHmac, createPublicKey, type JsonWebKey, randomUUID } from 'node:crypto';
import { CompactEncrypt, exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { generateSigningJwk } from '../../keys/key-generation.js';
import { signingKey } from '../../keys/signing-key.js';
import { type SigningKey, SigningKeys } from '../../keys/signing-keys.js';
import { FakeClock } from '../../testing/fake-clock.js';
import { AccessTokens } from './access-tokens.js';
import { jwtOptions } from './jwt-options.js';

const clock = new FakeClock();
const user = { id: randomUUID(), roles: [], revision: 1 };
const session = { id: randomUUID(), authenticatedAt: clock.now(), amr: ['pwd'], absoluteExpiresAt: clock.in(86_400) };
const options = Options.resolve([coreOptions, jwtOptions], {});

let jwk: JsonWebKey;
let publicJwk: JsonWebKey;
let kid: string;
let tokens: AccessTokens;
let good: string;

class OneKey extends SigningKeys {
  private readonly keys: readonly SigningKey[];
  constructor(key: SigningKey) {
    super();
    this.keys = [key];
  }
  current = () => this.keys[0]!;
  accepted = () => this.keys;
}

beforeAll(async () => {
  ({ kid, jwk } = await generateSigningJwk('ES256'));
  const key = signingKey(kid, 'ES256', jwk);
  publicJwk = key.publicJwk!;
  tokens = new AccessTokens(new OneKey(key), clock, options);
  good = tokens.mint(user, session).token;
});

const accepted = (token: string) => tokens.readSigned(token) !== null;
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const claims = () => JSON.parse(Buffer.from(good.split('.')[1]!, 'base64url').toString());
/** Signed with the service's own key: only the header is wrong. */
const withHeader = async (header: object) => {
  const { alg: _, ...rest } = { alg: '', ...header };
  return new SignJWT(claims())
    .setProtectedHeader({ alg: 'ES256', ...rest })
    .sign(await importJWK(jwk as never, 'ES256'));
};

describe('no access token is', () => {
  it.each(['none', 'None', 'nOnE', 'NONE', '', undefined])('one with the algorithm %p and no signature', (alg) => {
    const header = encode({ alg, typ: 'at+jwt', kid });
    expect(accepted(`${header}.${good.split('.')[1]}.`)).toBe(false);
    expect(accepted(`${good.split('.').slice(0, 2).join('.')}.`)).toBe(false);
    expect(accepted(new UnsecuredJWT(claims()).encode())).toBe(false);
  });

  it('one signed by HMAC with the public key in any of its forms, or with nothing', () => {
    const publicKey = createPublicKey({ key: publicJwk, format: 'jwk' });
    const secrets = [
      publicKey.export({ format: 'pem', type: 'spki' }),
      String(publicKey.export({ format: 'pem', type: 'spki' })).trim(),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(publicJwk),
      publicJwk.x!,
      Buffer.from(publicJwk.x!, 'base64url'),
      '',
    ];
    const headers = [encode({ alg: 'HS256', typ: 'at+jwt', kid }), good.split('.')[0]!];
    for (const secret of secrets) {
      for (const header of headers) {
        const signed = `${header}.${good.split('.')[1]}`;
        expect(accepted(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)).toBe(false);
      }
    }
  });

  it('one whose header names another algorithm, type or key than the one that signed it', async () => {
    expect(accepted(await withHeader({ typ: 'at+jwt', kid }))).toBe(true);
    const headers = [
      { typ: 'JWT', kid },
      { kid },
      { typ: 'AT+JWT', kid },
      { typ: 'application/at+jwt', kid },
      { typ: 'at+jwt' },
      { kid, typ: 'at+jwt' },
      { typ: 'at+jwt', kid, extra: 1 },
    ];
    for (const header of headers) expect(accepted(await withHeader(header))).toBe(false);
    const [, payload, signature] = good.split('.');
    for (const alg of ['ES384', 'RS256', 'EdDSA', 'HS256', 'es256', ['ES256']]) {
      expect(accepted(`${encode({ alg, typ: 'at+jwt', kid })}.${payload}.${signature}`)).toBe(false);
    }
  });

  it.each<[unknown]>([
    ['../../etc/passwd'],
    ["' OR 1=1 --"],
    ['https://evil.example/key'],
    ['__proto__'],
    ['constructor'],
    [['a', 'b']],
    [{}],
    [null],
    [0],
    [''],
  ])('one with the key id %j', async (odd) => {
    expect(accepted(await withHeader({ typ: 'at+jwt', kid: odd }))).toBe(false);
    expect(accepted(`${String(odd)}.${good.split('.').slice(1).join('.')}`)).toBe(false);
  });

  it('one that brings or points to its own key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const own = await exportJWK(publicKey);
    const url = 'https://canary.example/keys';
    for (const extra of [{ jwk: own }, { jku: url }, { x5u: url }, { x5c: ['MIIB'] }, { jwk: own, jku: url }]) {
      const header = { alg: 'ES256', typ: 'at+jwt', kid, ...extra };
      expect(accepted(await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey))).toBe(false);
      expect(accepted(await withHeader({ typ: 'at+jwt', kid, ...extra }))).toBe(false);
    }
  });

  it('one with critical extensions, an unencoded payload or compression', async () => {
    const key = signingKey(kid, 'ES256', jwk);
    for (const extra of [
      { crit: ['x'], x: 1 },
      { crit: ['b64'], b64: false },
      { b64: false },
      { crit: [] },
      { zip: 'DEF' },
    ]) {
      const header = encode({ alg: 'ES256', typ: 'at+jwt', kid, ...extra });
      for (const payload of [good.split('.')[1]!, JSON.stringify(claims())]) {
        const signature = key.sign(`${header}.${payload}`).toString('base64url');
        expect(accepted(`${header}.${payload}.${signature}`)).toBe(false);
      }
    }
  });

  it('an encrypted or nested one, or one of another number of parts', async () => {
    const jwe = await new CompactEncrypt(Buffer.from(good))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' })
      .encrypt(Buffer.alloc(32, 1));
    const [header, payload, signature] = good.split('.') as [string, string, string];
    const key = signingKey(kid, 'ES256', jwk);
    const nested = `${header}.${encode(good)}`;
    const dotted = `${header}.${payload}.${payload}`;
    const odd = [
      jwe,
      `${good}.`,
      `${good}.x.y`,
      `.${good}`,
      `${header}.${payload}`,
      header,
      '',
      '..',
      `${header}..${signature}`,
      `${nested}.${key.sign(nested).toString('base64url')}`,
      `${dotted}.${key.sign(dotted).toString('base64url')}`,
    ];
    for (const token of odd) expect([token.slice(0, 20), accepted(token)]).toEqual([token.slice(0, 20), false]);
  });

  it.each(['null', '[]', '"text"', '1', '{', '{}', '\u0000', ''])('one with the signed payload %j', (payload) => {
    const signed = `${good.split('.')[0]}.${encode(payload)}`;
    expect(accepted(`${signed}.${signingKey(kid, 'ES256', jwk).sign(signed).toString('base64url')}`)).toBe(false);
  });

  it('one of a megabyte, which is refused before any of it is looked at', () => {
    const signed = `${good.split('.')[0]}.${encode({ ...claims(), filler: 'x'.repeat(1_000_000) })}`;
    const huge = `${signed}.${signingKey(kid, 'ES256', jwk).sign(signed).toString('base64url')}`;
    const key = signingKey(kid, 'ES256', jwk);
    const verify = jest.fn(key.verify);
    const counted = new AccessTokens(new OneKey({ ...key, verify }), clock, options);
    expect([counted.readSigned(good) !== null, verify.mock.calls.length]).toEqual([true, 1]);
    expect([counted.readSigned(huge), verify.mock.calls.length]).toEqual([null, 1]);
  });

  it('another spelling of a good one', () => {
    const [header, payload, signature] = good.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // 64 bytes leave four unused bits in the last of 86 characters: sixteen spellings, one of them canonical.
    const last = alphabet.indexOf(signature.at(-1)!);
    const spellings = Array.from({ length: 16 }, (_, tail) => signature.slice(0, -1) + alphabet[(last & 0x30) | tail]);
    expect(spellings.filter((spelling) => accepted(`${header}.${payload}.${spelling}`))).toEqual([signature]);
    const odd = [`${good}=`, `${good}==`, `${good} `, ` ${good}`, `${good}\n`, `${header}=.${payload}.${signature}`];
    odd.push(`${header}.${payload}=.${signature}`, `${good.replaceAll('_', '/').replaceAll('-', '+')}=`);
    for (const token of odd) expect(accepted(token)).toBe(false);
  });

  it('one with a signature of a wrong length', () => {
    const signed = good.split('.').slice(0, 2).join('.');
    for (const length of [0, 1, 63, 65, 72, 128]) {
      expect(accepted(`${signed}.${Buffer.alloc(length, 1).toString('base64url')}`)).toBe(false);
    }
  });
});

it('the (r, n-s) twin of an ECDSA signature proves the same session and nothing else', () => {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from((n - s).toString(16).padStart(64, '0'), 'hex')]);
  expect(tokens.readSigned(`${header}.${payload}.${twin.toString('base64url')}`)).toEqual(tokens.readSigned(good));
});
