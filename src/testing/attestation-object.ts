import { type CborValue, encodeCbor } from './cbor.js';
import { COSE_ALGORITHMS, type CoseKey } from './cose-key.js';

/**
 * `none`: nothing is attested. `self`: packed, signed by the new key itself. `tampered`: the same with a broken signature.
 * `certified`: packed with a certificate, which is none. `none-with-statement`, `unknown`: what no standard has.
 */
export type AttestationVariant = 'none' | 'self' | 'tampered' | 'certified' | 'none-with-statement' | 'unknown';

/** WebAuthn Level 3 §6.5: the authenticator's data of a new credential, and what attests it. */
export function attestationObject(
  authData: Buffer,
  clientDataHash: Buffer,
  key: CoseKey,
  variant: AttestationVariant,
): Buffer {
  const sig = key.sign(Buffer.concat([authData, clientDataHash]));
  if (variant === 'tampered') sig[sig.length - 1]! ^= 1;
  const packed: [string, CborValue][] = [
    ['alg', COSE_ALGORITHMS[key.algorithm]],
    ['sig', sig],
  ];
  const [fmt, statement] = {
    none: ['none', []],
    self: ['packed', packed],
    tampered: ['packed', packed],
    certified: ['packed', [...packed, ['x5c', [Buffer.from('no certificate')]]]],
    'none-with-statement': ['none', packed],
    unknown: ['home-made', packed],
  }[variant] as [string, [string, CborValue][]];
  return encodeCbor(
    new Map<string, CborValue>([
      ['fmt', fmt],
      ['attStmt', new Map(statement)],
      ['authData', authData],
    ]),
  );
}
