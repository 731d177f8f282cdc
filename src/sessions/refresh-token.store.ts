/** A refresh token as stored. It belongs to a session and is worth nothing once that has ended. */
export interface RefreshTokenRecord {
  /** `hashSecret` of the secret part; unique within the session. */
  readonly tokenHash: string;
  readonly sessionId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Set once, when it was exchanged for its successor. */
  readonly consumedAt: Date | null;
}

/** One attempt to exchange a token for its successor. */
export interface Rotation {
  readonly sessionId: string;
  /** Hash of the presented token. */
  readonly tokenHash: string;
  /** The row to insert if the presented token is still good. */
  readonly successor: RefreshTokenRecord;
  readonly now: Date;
  /**
   * How long after its use the direct predecessor may be presented again, and beyond that while nothing of the pair that it was exchanged
   * for was ever presented; 0 is never.
   */
  readonly graceSeconds: number;
}

/**
 * - `rotated`: the presented token was good, is consumed now, and the successor is stored.
 * - `replayed`: its successor (the row with the hash of `successor`) is unused, and either it was consumed at most `graceSeconds` ago, or
 *   no access token of the pair was noted as used either: the response was lost. The same successor may be given again. In the second case
 *   it is good until the given deadline now, and the grace begins anew, so that what is presented together is answered alike. In both its
 *   creation is set back to the given one where that is earlier: the clock of the node that answers again may be behind, and the access token
 *   that it issues is of the pair too.
 * - `reused`: it was consumed before, and is no such replay: there is a copy of it.
 * - `expired`: good but for its deadline, or a lost response but for the deadline of the successor.
 * - `unknown`: there is no such token in that session. Nothing may be concluded, and nothing is changed.
 */
export type RotationOutcome = 'rotated' | 'replayed' | 'reused' | 'expired' | 'unknown';

/**
 * Where refresh tokens are kept. Spent ones stay as long as their session's rows do, or reuse could not be noticed.
 * `exerciseRefreshTokenStore` of `coatcheck/testing` proves a replacement.
 *
 * @see RFC 9700 §4.14
 */
export abstract class RefreshTokenStore {
  /** The first token of a session. */
  abstract insert(token: RefreshTokenRecord): Promise<void>;

  /**
   * Consumes the presented token and inserts its successor, in one transaction. Of any number of concurrent rotations of
   * one token exactly one is `rotated`; with the same successor the others are `replayed` (within the grace) or `reused`.
   */
  abstract rotate(rotation: Rotation): Promise<RotationOutcome>;

  /**
   * Notes that access tokens were presented, of several sessions, once and for all: each is of the pair of its session's unspent refresh
   * token unless it was issued before that, counted in whole seconds. Sessions that are not there any more are left out.
   *
   * @param issuedAt by session id, when the latest of its access tokens that was presented was issued
   */
  abstract noteUses(issuedAt: ReadonlyMap<string, Date>): Promise<void>;

  /** Whether such a token of that session exists, spent or not. Changes nothing. */
  abstract exists(sessionId: string, tokenHash: string): Promise<boolean>;
}
