import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, MoreThan, Not } from 'typeorm';
import type { PendingAuditEvents } from '../audit/pending-audit-events.js';
import { recordingEvents } from '../audit/recording-events.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { prepared } from '../database/prepared.js';
import { rowOf } from '../database/rows-together.js';
import { Clock } from '../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import { LimitKeys } from '../limits/limit-keys.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { FactorFailures } from './factor-failures.js';
import { LockoutEntity } from './lockout.entity.js';
import { lockoutOptions } from './lockout-options.js';

/** Failures that are further apart than this are not in a row. */
const FORGOTTEN_AFTER_SECONDS = 86_400;

/** How a subject stands. */
export interface LockoutState {
  readonly failures: number;
  readonly isLocked: boolean;
}

/** Whose locks go: with an `id` also what holds back a logged-in user. */
export interface LockedUser {
  readonly email: string;
  readonly id?: string;
}

/**
 * Counts failures in a row, and locks. A subject is an e-mail address, whether or not a user has it, as the devices that no user
 * knows claim it; or one known device; or a user who is logged in. So strangers lock out strangers only.
 */
@Injectable()
export class Lockout {
  private readonly most: number;
  private readonly seconds: number;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly keys: LimitKeys,
    private readonly limiter: RateLimiter,
    private readonly factorFailures: FactorFailures,
    options: Options,
  ) {
    const { lockoutFailures, lockoutSeconds } = options.of(lockoutOptions);
    this.most = lockoutFailures;
    this.seconds = lockoutSeconds;
  }

  /** @throws AuthError `internal_error` when an instant of it cannot be read */
  async stateOf(subject: string): Promise<LockoutState> {
    const row = await rowOf<StoredLock>(this.dataSource, STATE, [subject]);
    if (row.failures == null) return { failures: 0, isLocked: false };
    const now = this.clock.now();
    // Whatever the connection makes of them, a host's own among them: a lock that cannot be read must not pass for none.
    const expiresAt = readInstant(row.expiresAt, 'lockouts.expires_at');
    const lockedUntil = readInstantOrNull(row.lockedUntil, 'lockouts.locked_until');
    if (expiresAt <= now) return { failures: 0, isLocked: false };
    return { failures: row.failures, isLocked: lockedUntil !== null && lockedUntil > now };
  }

  /**
   * Counts a failure, in one statement. Exactly one call of each lock answers true, and has it recorded. While locked, nothing is
   * counted: the lock cannot be prolonged.
   */
  async count(subject: string, pendingEvents: PendingAuditEvents): Promise<boolean> {
    const { events, destinations } = pendingEvents.flushWith(this.dataSource);
    const [row]: { lockedUntil: Date | null }[] = await this.dataSource.query(COUNT, [
      subject,
      this.clock.now(),
      this.clock.in(FORGOTTEN_AFTER_SECONDS),
      this.clock.in(this.seconds),
      this.most,
      events,
      destinations,
    ]);
    const hasLocked = row !== undefined && row.lockedUntil !== null;
    if (hasLocked) await pendingEvents.committed([{ userId: null, sessionId: null }]);
    return hasLocked;
  }

  /** The proof was right: the failures before it are no longer in a row. A lock that was set meanwhile stands. */
  async forgive(subject: string): Promise<void> {
    await this.dataSource.query(
      'DELETE FROM coatcheck.lockouts WHERE subject = $1 AND (locked_until IS NULL OR locked_until <= $2)',
      [subject, this.clock.now()],
    );
  }

  /**
   * Unlocks a user, and lets logins to them be tried again at once: to be called when the reader of the mailbox, or an
   * admin, has said so (unlock link, password reset). Within a transaction only the lock goes: {@link allowTries} comes after it.
   */
  async clear(user: LockedUser, within?: EntityManager): Promise<void> {
    const subjects = [
      lockoutSubject(this.keys.email(user.email)),
      ...(user.id === undefined ? [] : [ownSubject(user.id)]),
    ];
    await (within ?? this.dataSource.manager).delete(LockoutEntity, { subject: In(subjects) });
    if (!within) await this.allowTries(user);
  }

  /** Counts failures anew. Never within a transaction: counters lie in the chosen store, which may need a connection of its own. */
  async allowTries({ email, id }: LockedUser): Promise<void> {
    const own = id === undefined ? [] : [`login-again:${id}`];
    await this.limiter.forget([loginLimitKey(this.keys.email(email)), ...own]);
  }

  /** Notes whom a lock keeps out; not while they wait, for it would take longer than for an unknown address. */
  async nameLocked({ id, email }: { readonly id: string; readonly email: string }): Promise<void> {
    const subject = lockoutSubject(this.keys.email(email));
    await this.dataSource.manager.update(LockoutEntity, { subject }, { userId: id });
  }

  /** Ids of those who are locked out now, at most `limit`. */
  async lockedUsers(limit: number): Promise<string[]> {
    const where = { userId: Not(IsNull()), lockedUntil: MoreThan(this.clock.now()) };
    const rows = await this.dataSource.manager.find(LockoutEntity, { where, take: limit });
    const byFactors = await this.factorFailures.lockedUsers(limit);
    return [...new Set([...rows.map(({ userId }) => userId!), ...byFactors])].slice(0, limit);
  }
}

/** An e-mail address (as `LimitKeys.email` has it) as seen from devices that are not known. */
export function lockoutSubject(emailKey: string): string {
  return `email:${emailKey}`;
}

/** A user who is logged in and proves again who they are. */
export function ownSubject(userId: string): string {
  return `user:${userId}`;
}

/** The counter of failed logins to an e-mail address. */
export function loginLimitKey(emailKey: string): string {
  return `login-email:${emailKey}`;
}

type StoredLock = Pick<LockoutEntity, 'failures' | 'lockedUntil' | 'expiresAt'>;

/** By hand: every login makes this look-up, and TypeORM's builder costs more than it. */
const STATE = prepared(
  'SELECT failures, locked_until AS "lockedUntil", expires_at AS "expiresAt" FROM coatcheck.lockouts WHERE subject = $1',
);

/** $1 subject, $2 now, $3 when the row is forgotten, $4 until when a lock set now lasts, $5 failures that lock. */
const COUNT = `
  WITH counted AS (
  INSERT INTO coatcheck.lockouts AS l (subject, failures, locked_until, expires_at)
    VALUES ($1, 1, CASE WHEN $5::integer <= 1 THEN $4::timestamptz END, $3)
  ON CONFLICT (subject) DO UPDATE SET
    failures = CASE WHEN l.locked_until IS NOT NULL OR l.expires_at <= $2 THEN 1 ELSE l.failures + 1 END,
    locked_until = CASE
      WHEN (CASE WHEN l.locked_until IS NOT NULL OR l.expires_at <= $2 THEN 1 ELSE l.failures + 1 END) >= $5::integer
      THEN $4::timestamptz END,
    expires_at = excluded.expires_at
    WHERE l.locked_until IS NULL OR l.locked_until <= $2
  RETURNING locked_until),
  ${recordingEvents(
    'SELECT $6::jsonb AS events, NULL::uuid AS user_id, NULL::uuid AS session_id FROM counted WHERE locked_until IS NOT NULL',
    '$7',
  )}
  SELECT locked_until AS "lockedUntil" FROM counted`;
