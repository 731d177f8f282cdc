/** What a login needs to know besides the proof, as of the instant at which its user was read. */
export interface AccountState {
  /** Names of the factors the user has enrolled. */
  readonly enrolled: readonly string[];
  /** As `SessionEpochs.globalEpoch`. */
  readonly globalEpoch: number;
}
