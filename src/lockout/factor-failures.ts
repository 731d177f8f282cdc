import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';

/** In a row. NIST SP 800-63B section 5.2.2 allows a hundred; a user who mistypes has few. */
const NOTIFICATION_AT = 5;
const WAIT_FROM = 10;
const LOCKED_AT = 50;
/** Doubles with each further failure. */
const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 86_400;

/** The result of reserving an attempt. */
export type FactorReservation =
  | {
      readonly isAdmitted: true;
      /** In a row, this attempt among them; null: none was wrong before, so this one is counted if it is. */
      readonly failures: number | null;
    }
  | {
      readonly isAdmitted: false;
      /** Null: no code is looked at until the user is unlocked. */
      readonly retryAt: Date | null;
    };

/**
 * Counts wrong codes in a row, per user, in the database: over every login, step-up, window, node and restart, and in no store that
 * forgets. From the tenth on the next one has to wait, twice as long each time; from the fiftieth none is looked at until a
 * passkey is proven, the mailed link is followed, or an admin unlocks.
 */
@Injectable()
export class FactorFailures {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt before its code is looked at, in one statement: of many at once no more are admitted than may fail. A caller that is
   * refused has changed nothing, and neither has one that had no failures before: that is nearly everyone, and few at once by the
   * limit of a window.
   */
  async reserve(userId: string): Promise<FactorReservation> {
    const now = this.clock.now();
    const [row]: { failures: number | null; stood: number | null; blockedUntil: Date | null }[] =
      await this.dataSource.query(RESERVE, [userId, now]);
    if (row?.failures != null) return { isAdmitted: true, failures: row.failures };
    if (row?.stood == null) return { isAdmitted: true, failures: null };
    if (row.stood >= LOCKED_AT) return { isAdmitted: false, retryAt: null };
    // What another has counted since this statement began is not in it: that one waits the shortest time at least.
    const { blockedUntil } = row;
    const isKnown = blockedUntil !== null && blockedUntil > now;
    return { isAdmitted: false, retryAt: isKnown ? blockedUntil : this.clock.in(FIRST_WAIT_SECONDS) };
  }

  /** Counts an attempt that was not reserved and was wrong. @returns how many are in a row now */
  async count(userId: string): Promise<number> {
    const [row]: { failures: number }[] = await this.dataSource.query(COUNT, [userId, this.clock.now()]);
    return row!.failures;
  }

  /** As if that attempt had not been: it could not be judged, or was right about something that proves nothing yet. */
  async giveBack(userId: string, failures: number): Promise<void> {
    await this.dataSource.query(
      `UPDATE coatcheck.factor_failures SET failures = failures - 1, blocked_until = NULL WHERE user_id = $1 AND failures = $2`,
      [userId, failures],
    );
  }

  /** A right proof, the mailed link or an admin: nothing is in a row any more. */
  async forgive(userId: string, within?: EntityManager): Promise<void> {
    await (within ?? this.dataSource.manager).query('DELETE FROM coatcheck.factor_failures WHERE user_id = $1', [
      userId,
    ]);
  }

  /**
   * Whether the user is to be told now: at the fifth, at the fiftieth, and each day that codes are refused for good. Exactly one of
   * many calls is answered; null for the others.
   */
  async claimNotification(
    userId: string,
    within: EntityManager,
  ): Promise<{ failures: number; isLocked: boolean } | null> {
    const [rows]: [{ failures: number }[]] = await within.query(CLAIM_NOTIFICATION, [userId, this.clock.now()]);
    const [row] = rows;
    return row ? { failures: row.failures, isLocked: row.failures >= LOCKED_AT } : null;
  }

  /** Whether so many in a row may be worth a notice: then {@link claimNotification} says whether they are. */
  mayBeNotified(failures: number): boolean {
    return failures >= NOTIFICATION_AT;
  }

  /** Ids of those whose codes are refused until they are unlocked, at most `limit`. */
  async lockedUsers(limit: number): Promise<string[]> {
    const rows: { userId: string }[] = await this.dataSource.query(
      `SELECT user_id AS "userId" FROM coatcheck.factor_failures WHERE failures >= ${LOCKED_AT} LIMIT $1`,
      [limit],
    );
    return rows.map(({ userId }) => userId);
  }
}

/** One more: from the tenth on it has the next one wait, twice as long each time. */
const ONE_MORE = `
  failures = f.failures + 1,
  failed_at = $2::timestamptz,
  blocked_until = CASE WHEN f.failures + 1 >= ${WAIT_FROM} THEN $2::timestamptz
    + least(${LONGEST_WAIT_SECONDS}, ${FIRST_WAIT_SECONDS} * power(2, least(f.failures + 1 - ${WAIT_FROM}, 20)))
    * interval '1 second' END`;

/** $1 user, $2 now. */
const RESERVE = `
  WITH counted AS (
    UPDATE coatcheck.factor_failures AS f SET ${ONE_MORE}
     WHERE f.user_id = $1 AND f.failures < ${LOCKED_AT} AND (f.blocked_until IS NULL OR f.blocked_until <= $2::timestamptz)
    RETURNING failures)
  SELECT counted.failures, stood.failures AS stood, stood.blocked_until AS "blockedUntil"
    FROM (VALUES (1)) AS one LEFT JOIN counted ON true LEFT JOIN coatcheck.factor_failures stood ON stood.user_id = $1`;

/** $1 user, $2 now. */
const COUNT = `
  INSERT INTO coatcheck.factor_failures AS f (user_id, failures, notified_failures, failed_at) VALUES ($1, 1, 0, $2)
  ON CONFLICT (user_id) DO UPDATE SET ${ONE_MORE}
  RETURNING failures`;

/** $1 user, $2 now. */
const CLAIM_NOTIFICATION = `
  UPDATE coatcheck.factor_failures
     SET notified_failures = CASE WHEN failures >= ${LOCKED_AT} THEN ${LOCKED_AT} ELSE ${NOTIFICATION_AT} END, notified_at = $2
   WHERE user_id = $1
     AND (failures >= ${NOTIFICATION_AT} AND notified_failures < ${NOTIFICATION_AT}
       OR failures >= ${LOCKED_AT} AND (notified_failures < ${LOCKED_AT} OR notified_at <= $2::timestamptz - interval '1 day'))
  RETURNING failures`;
