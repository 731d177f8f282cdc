/** The state of an account that a login needs besides the proof, as of the instant at which the user was read. */
export interface AccountState {
  /** Names of the factors the user has enrolled. */
  readonly enrolled: readonly string[];
  /** As `SessionEpochs.globalEpoch`. */
  readonly globalEpoch: number;
}
