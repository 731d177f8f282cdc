import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { JwtAlgorithm, SigningKey } from './signing-keys.js';

/** A key of a private or secret JWK for `algorithm`. @throws TypeError when the JWK is not one for that algorithm */
export function signingKey(kid: string, algorithm: JwtAlgorithm, jwk: JsonWebKey): SigningKey {
  return algorithm === 'HS256' ? secretKey(kid, jwk) : privateKey(kid, algorithm, jwk);
}

/** RFC 7518 §3.4: an ECDSA signature in a JWS is r and s, each padded, not the DER that OpenSSL writes by default. */
const ASYMMETRIC = {
  ES256: { digest: 'sha256', dsaEncoding: 'ieee-p1363', keyType: 'ec', signatureBytes: 64 },
  RS256: { digest: 'sha256', dsaEncoding: undefined, keyType: 'rsa', signatureBytes: 256 },
  EdDSA: { digest: null, dsaEncoding: undefined, keyType: 'ed25519', signatureBytes: 64 },
} as const;

const HS256_BYTES = 32;

function privateKey(kid: string, algorithm: keyof typeof ASYMMETRIC, jwk: JsonWebKey): SigningKey {
  const { digest, dsaEncoding, keyType, signatureBytes } = ASYMMETRIC[algorithm];
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  if (key.asymmetricKeyType !== keyType) throw new TypeError(`a key for ${algorithm} must be of type ${keyType}`);
  const publicKey: KeyObject = createPublicKey(key);
  return {
    kid,
    algorithm,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' },
    sign: (input) => sign(digest, Buffer.from(input), { key, dsaEncoding }),
    verify: (input, signature) =>
      signature.length === signatureBytes &&
      verify(digest, Buffer.from(input), { key: publicKey, dsaEncoding }, signature),
  };
}

function secretKey(kid: string, { kty, k }: JsonWebKey): SigningKey {
  const bytes = Buffer.from(k ?? '', 'base64url');
  if (kty !== 'oct' || bytes.length < HS256_BYTES) throw new TypeError('a key for HS256 must have 32 bytes or more');
  const key = createSecretKey(bytes);
  const mac = (input: string) => createHmac('sha256', key).update(input).digest();
  return {
    kid,
    algorithm: 'HS256',
    publicJwk: null,
    sign: mac,
    verify: (input, signature) => signature.length === HS256_BYTES && timingSafeEqual(mac(input), signature),
  };
}
