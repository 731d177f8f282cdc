/** Signature algorithms of tokens that any party may verify by a published key: RFC 7518 §3.1, RFC 8037 §3.1 (Ed25519 only). */
export type PublicKeyAlgorithm = 'ES256' | 'RS256' | 'EdDSA';

/** A feature's need for a signing key, for as long as its strategy is on. */
export interface SigningNeed {
  /** How long one of its tokens may be accepted after it was signed, leeway included. */
  readonly tokenSeconds: number;
  /** Algorithms that it needs beside `JWT_ALGORITHM`. Absent: none. */
  readonly algorithms?: readonly PublicKeyAlgorithm[];
  /** How long the public part of a key that signs no more is of use, e.g. to read what it signed long ago. Absent: as its tokens live. */
  readonly publicSeconds?: number;
}

/** DI token of every {@link SigningNeed} of the features that are switched on. */
export const SIGNING_NEEDS = Symbol('coatcheck.signingNeeds');
