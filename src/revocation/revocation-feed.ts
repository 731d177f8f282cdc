import type { EntityManager } from 'typeorm';

/**
 * The subject of a revocation: one session, one user, one key, what a user has allowed an application (a grant), one such application (a
 * client), or everything. The id is all that follows the first colon, and may contain others.
 */
export type Subject =
  | `session:${string}`
  | `user:${string}`
  | `key:${string}`
  | `grant:${string}`
  | `client:${string}`
  | typeof EVERYTHING;

/** The subject of a revocation of all that there is. */
export const EVERYTHING = 'all:sessions';

/** An entry to append to a feed. */
export interface Announcement {
  readonly subject: Subject;
  /** `ended`: it is over. `changed`: whatever a node holds of it must be loaded anew. */
  readonly kind: 'ended' | 'changed';
  /**
   * It was announced before the change was made, because the two could not be one step. No node caches the subject for
   * `UNSETTLED_SECONDS` then, so that a load cannot keep what is about to change, whatever crashes in between.
   */
  readonly unsettled?: true;
  /** The change of an unsettled announcement of this subject has been made, and is visible. */
  readonly settles?: true;
}

/** An announcement with its number in the feed. */
export interface Revocation extends Announcement {
  /** 1, 2, 3, ... without a gap, in the order in which the changes became visible. */
  readonly seq: number;
}

/**
 * Revokers wait for the last node, so only the last so many need to wake them: those that find fewer others where they were. In a small fleet
 * that is everyone. Who is not woken looks again by itself, soon.
 */
export const WOKEN_BY_THE_LAST = 8;

/** How long the change may take that was announced before it was made; afterwards it must not be made any more. */
export const UNSETTLED_SECONDS = 60;

/** A lease as the store has it, still running by the store's own clock. */
export interface RunningLease {
  readonly leaseId: string;
  /** The node that holds it has applied all revocations up to this one. */
  readonly appliedSeq: number;
  readonly expiresInMilliseconds: number;
}

/** The entries that every node must apply, and the nodes that may still answer from their view. Read in one step. */
export interface FeedStatus {
  /** The seq of the latest revocation; 0 when there was none. */
  readonly head: number;
  /**
   * Every running lease. A store that may have forgotten leases (it came up empty) lists one of no node, with an
   * `appliedSeq` of -1, for as long as a forgotten one could still be running.
   */
  readonly leases: readonly RunningLease[];
}

/** A lease just granted to a node that holds nothing yet. */
export interface GrantedLease {
  readonly head: number;
  /** Unsettled announcements up to `head` that are younger than `UNSETTLED_SECONDS`; settled ones may be among them. */
  readonly unsettled: readonly Announcement[];
}

/** Callbacks of a feed. None is needed for correctness, all for speed. */
export interface FeedListener {
  /** There are revocations after those applied, perhaps. */
  onRevoked(): void;
  /** Some node has applied more than before, perhaps. */
  onAcknowledged(): void;
  /** Calls may have been missed: the connection was cut. */
  onLost(): void;
}

/**
 * The ordered stream of revocations of one storage technology, and the leases of the nodes that read it.
 *
 * The order of things on which everything rests: a revocation is in the feed (`head` includes it) no later than its change
 * is visible to a reader; and who calls `status()` after that sees every lease that may be answering without it. So a lease
 * must be recorded as running until `leaseSeconds` after the store handled the call, by the store's clock; the node counts
 * from before it sent the call, by its own. No two clocks are ever compared.
 *
 * A call that gets no answer must fail within a few seconds; until then, and after a failure, the node lets its lease expire.
 *
 * The session store of the same technology announces what it ends (`session:<id>`, `ended`) in the same step or, where it
 * cannot, unsettled before and settled after: see `SessionStore.consumeLive` and `markSuperseded`. `exerciseRevocationFeed` of `coatcheck/testing` proves a feed.
 */
export abstract class RevocationFeed {
  /** Whether `append` can be part of the transaction that makes a change in the database of the users. */
  abstract readonly joinsTransactions: boolean;

  /**
   * Appends, all or nothing, in the given order. `within`: the transaction of the change, when `joinsTransactions`; then they
   * are in the feed with its commit. It may hold a lock until then, so it should be the transaction's last statement.
   */
  abstract append(announcements: readonly Announcement[], within?: EntityManager): Promise<void>;

  /** Those after `seq`, in order, at most `limit`, beginning with `seq + 1`. Empty: there is none, or it is kept no more. */
  abstract since(seq: number, limit: number): Promise<readonly Revocation[]>;

  /** Records a lease under an id never used before, as having applied everything up to the head that it answers. */
  abstract grant(leaseId: string, leaseSeconds: number): Promise<GrantedLease>;

  /**
   * Prolongs a lease that is still running and records what its node has applied, never less than before. Wakes those that
   * wait for acknowledgements when that has grown, unless `WOKEN_BY_THE_LAST` others or more had applied no more than it had.
   *
   * A number beyond the head is of a feed that was turned back since. Then nothing is recorded and nothing prolonged: the node has not applied
   * what came after, and loses the lease when it reads the answer.
   *
   * @returns the head, or null when no such lease is running: nothing was recorded, and it must not be used any more
   */
  abstract renew(leaseId: string, appliedSeq: number, leaseSeconds: number): Promise<number | null>;

  /**
   * Records what the node of a running lease has applied, never less than before, and prolongs nothing. Wakes those that wait for
   * acknowledgements as {@link renew} does. Unlike a renewal it need not survive a crash of the store: revokers only wait longer.
   *
   * @returns as {@link renew}
   */
  abstract acknowledge(leaseId: string, appliedSeq: number): Promise<number | null>;

  /** Ends a lease, if it is still there: its node answers from nothing it knew. */
  abstract releaseLease(leaseId: string): Promise<void>;

  abstract status(): Promise<FeedStatus>;

  /**
   * Begins to call `listener`. Resolves once nothing announced afterwards can be missed; @throws while out of reach. After
   * `onLost` it is called no more, and may be given again. Returns how to stop.
   */
  abstract listen(listener: FeedListener): Promise<() => Promise<void>>;
}
