import type { EntityManager } from 'typeorm';
import type { SecurityColumn, SecurityEventName } from './security-table.js';

/** Which part of a user's holding ends. Without any limit: all of it. */
export interface Ending {
  readonly userId: string;
  /** Why. After `deleted` no row may stay: they go, rather than being marked. */
  readonly event: SecurityEventName;
  /** When, by the application's clock. */
  readonly at: Date;
  /** The session whose dependent holdings continue: `others` of the table. */
  readonly exceptSessionId?: string | undefined;
  /** Only what came about at this instant or later. */
  readonly since?: Date | undefined;
  /** The mailbox that the event proved, which need not be the account's. */
  readonly mailbox?: string | undefined;
  /** Only this one of the holding, in the words of the feature that keeps it. */
  readonly one?: EndingOne | undefined;
}

/** One enrolled factor. */
export interface EndingOne {
  readonly factor: string;
  /** Where a user may have several of the kind; null: all of the kind. */
  readonly id: string | null;
}

/** Which part of a user's holding is asked for. */
export interface Period {
  readonly userId: string;
  /** The earliest instant of it. */
  readonly since: Date;
  /** The earliest instant after it. */
  readonly before: Date;
  /** Now, by the application's clock. */
  readonly at: Date;
}

/** The counted part of a holding. */
export interface Counted {
  /** Null: everyone. */
  readonly userId: string | null;
  /** Now, by the application's clock. */
  readonly at: Date;
  readonly most: number;
}

/** A way to sign in that was added to an account, by its user or by a thief logged in as them. */
export interface AddedWayIn {
  /** Its kind: a factor's name, or e.g. `api_key`. */
  readonly kind: string;
  /** Which of its kind: the beginning of a key; empty where that cannot be shown. Nothing that was typed in, nothing of a secret. */
  readonly detail: string;
  /** Both in English, for a mail, with an article: `an authenticator app`. */
  readonly what: string;
  readonly addedAt: Date;
}

/** Names a value as a parameter of the statement: answers `$n`. */
export type Bind = (value: unknown) => string;

/**
 * Something that can act for a user, or lead to something that can. The feature that keeps it declares it once, under `holdings` of
 * its `Feature`; the table of security events says when it ends.
 *
 * @example
 * class OrderTokens extends Holding {
 *   readonly name = 'order_tokens';
 *   readonly column = 'apiKeys';
 *   async end({ userId, since }: Ending, tx: EntityManager) {
 *     await tx.query('DELETE FROM order_tokens WHERE user_id = $1 AND ($2::timestamptz IS NULL OR made_at >= $2)', [userId, since]);
 *   }
 * }
 */
export abstract class Holding {
  /** Of its own, e.g. `api_keys`. */
  abstract readonly name: string;

  /** The column of the table that says when it ends. */
  abstract readonly column: SecurityColumn;

  /** Derived from other holdings, e.g. a summary of them: ends after all others. */
  readonly isDerived: boolean = false;

  /**
   * Ends it for one user, whom the transaction has locked; at the commit it is over. The user is announced to every node by the one that
   * asks. Query through `tx` only.
   */
  abstract end(of: Ending, tx: EntityManager): Promise<void>;

  /**
   * The part of it that was added in this period and is still valid. A user who takes something back is told, and asked whether it
   * was theirs. The default: nothing, for what ends by itself or cannot be told from another.
   *
   * @param tx has locked the user
   */
  async addedWithin(_period: Period, _tx: EntityManager): Promise<readonly AddedWayIn[]> {
    return [];
  }

  /**
   * How many there are that a person would count, e.g. keys: of one user, or of everyone; `most` at most, so that counting does not depend on
   * how many there are. Null, the default: none that a person would.
   */
  async countHeld(_of: Counted, _tx: EntityManager): Promise<number | null> {
    return null;
  }

  /**
   * Ends it for everyone, in a step that does not depend on how many there are. The default does nothing: most keep the epoch of
   * everyone (`SessionEpochs.globalEpoch`) they came about in, and are void in any other.
   */
  async endForAllUsers(_tx: EntityManager): Promise<void> {}

  /**
   * The work of {@link end} as data-modifying statements (`UPDATE …`, `DELETE …`, `INSERT …`), if they need nothing of each other and touch tables that
   * no other holding does: then those of many holdings travel as one statement. Null: {@link end} is called.
   */
  statements(_of: Ending, _bind: Bind): readonly string[] | null {
    return null;
  }
}

/** DI token of all holdings. */
export const HOLDINGS = Symbol('coatcheck.holdings');
