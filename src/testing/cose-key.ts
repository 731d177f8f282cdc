import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encodeCbor } from './cbor.js';

/** Signature algorithms of a {@link CoseKey}, by their names in the IANA registry of COSE. */
export type CoseAlgorithm = 'ES256' | 'ES384' | 'EdDSA' | 'RS256';

/** Their numbers. */
export const COSE_ALGORITHMS: Readonly<Record<CoseAlgorithm, number>> = {
  ES256: -7,
  ES384: -35,
  EdDSA: -8,
  RS256: -257,
};

/** A key pair of an authenticator, its public half in COSE's form (RFC 9052). */
export class CoseKey {
  private constructor(
    readonly algorithm: CoseAlgorithm,
    private readonly privateKey: KeyObject,
    /** The COSE_Key, encoded. */
    readonly publicKey: Buffer,
  ) {}

  static generate(algorithm: CoseAlgorithm): CoseKey {
    const { privateKey, publicKey } = pairOf(algorithm);
    return new CoseKey(algorithm, privateKey, encodeCbor(new Map(parametersOf(algorithm, publicKey))));
  }

  /** ECDSA signatures in DER, as WebAuthn has them. */
  sign(data: Uint8Array): Buffer {
    return sign(
      this.algorithm === 'EdDSA' ? null : this.algorithm === 'ES384' ? 'sha384' : 'sha256',
      data,
      this.privateKey,
    );
  }
}

function pairOf(algorithm: CoseAlgorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return generateKeyPairSync('ec', { namedCurve: algorithm === 'ES256' ? 'P-256' : 'P-384' });
}

function parametersOf(algorithm: CoseAlgorithm, publicKey: KeyObject): [number, number | Buffer][] {
  const { x, y, n, e } = publicKey.export({ format: 'jwk' });
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url');
  const alg: [number, number] = [3, COSE_ALGORITHMS[algorithm]];
  if (algorithm === 'EdDSA') return [[1, 1], alg, [-1, 6], [-2, bytes(x)]];
  if (algorithm === 'RS256') return [[1, 3], alg, [-1, bytes(n)], [-2, bytes(e)]];
  return [[1, 2], alg, [-1, algorithm === 'ES256' ? 1 : 2], [-2, bytes(x)], [-3, bytes(y)]];
}
