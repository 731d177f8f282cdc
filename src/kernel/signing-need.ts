/** What a feature signs with the signing keys, for as long as its strategy is on. */
export interface SigningNeed {
  /** How long one of its tokens may be accepted after it was signed, leeway included. */
  readonly tokenSeconds: number;
}

/** DI token of every {@link SigningNeed} of the features that are switched on. */
export const SIGNING_NEEDS = Symbol('coatcheck.signingNeeds');
