import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import type { Exchange } from '../access/replier.js';
import { AuditSink } from '../audit/audit-sink.js';
import { PendingAuditEvents } from '../audit/pending-audit-events.js';
import { Options } from '../config/options.js';
import { readTogether } from '../database/rows-together.js';
import type { KnownDevice } from '../devices/known-devices.js';
import type { AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { LimitKeys } from '../limits/limit-keys.js';
import { type LimitOptions, limitOptions } from '../limits/limit-options.js';
import type { PendingGiveBack } from '../limits/pending-give-back.js';
import type { RateLimit } from '../limits/rate-limit.store.js';
import { UserStore } from '../users/user.store.js';
import { AttemptSlots } from './attempt-slots.js';
import { LockNotifications } from './lock-notifications.js';
import { Lockout, lockoutSubject, loginLimitKey, ownSubject } from './lockout.js';
import { proofOutcomeOf } from './proof-outcome.js';

/** An attempt to prove to be the user of an address, or the one that the proof names. */
export interface LoginAttempt {
  /** The e-mail address that is claimed, as typed; null when only the proof will say. */
  readonly email: string | null;
  /** The device it comes from, if that is one of the address's user. */
  readonly device: KnownDevice | null;
}

/**
 * Verifies a proof. Throws for a wrong one, whatever it answers: see `proofOutcomeOf`.
 *
 * @param isLocked answers whether too many were wrong: to be awaited before anything is compared. If so it must throw
 *   `invalid_credentials` for a right proof too, at the same cost
 */
export type ProofVerification<T> = (isLocked: () => Promise<boolean>) => Promise<T>;

/** A proof that was right, whose slots are still held: whatever comes of it, they are to be settled. */
export interface ProvenLogin<T> {
  readonly proven: T;
  readonly slots: PendingGiveBack;
}

/** A proof that was right. */
export interface Proven<T> {
  readonly proven: T;
  /** When its slots have been given back, which nothing need wait for but the answer. Never rejects. */
  readonly settled: Promise<void>;
}

/** The key that counts an attempt, and the consequence of one too many. */
interface Counted {
  /** Null when no address is claimed: then nothing can be locked. */
  readonly subject: string | null;
  readonly limits: readonly RateLimit[];
  /** The audit's details of a lock. */
  readonly locked: { readonly reason: string; readonly userId?: string };
  /** The address that is notified of a lock; null: none. */
  readonly notified: string | null;
  /** Finds out whom it is meant for. */
  readonly whose: () => Promise<string | null>;
}

/**
 * The gate of every first proof. An attempt reserves its slot in every counter *before* the proof is checked, keeps it if the proof is
 * wrong, whatever is answered, and gives it back otherwise: so what is counted is failures, and never can more be tried than may fail.
 */
@Injectable()
export class LoginAttempts {
  private readonly limits: Readonly<LimitOptions>;

  constructor(
    private readonly slots: AttemptSlots,
    private readonly keys: LimitKeys,
    private readonly lockout: Lockout,
    private readonly lockNotifications: LockNotifications,
    private readonly audit: AuditSink,
    private readonly users: UserStore,
    options: Options,
  ) {
    this.limits = options.of(limitOptions);
  }

  /**
   * Has a proof checked, unless too many were wrong: slot, lock, proof, count, in this order.
   *
   * @throws AuthError `rate_limited`, whether or not a user has the address
   * @throws whatever `prove` throws
   */
  guardLogin<T>(attempt: LoginAttempt, exchange: Exchange, prove: ProofVerification<T>): Promise<ProvenLogin<T>> {
    const { email, device } = attempt;
    const locked = device ? { reason: 'known_device', userId: device.userId } : { reason: 'unknown_devices' };
    const by = this.countedBy(attempt, exchange.caller);
    const whose = () => this.userIdOf(email);
    return this.guard({ locked, notified: device ? null : email, whose, ...by }, exchange, prove);
  }

  /**
   * The same for a user who is logged in and proves again who they are: counted, and locked, by the user. No stranger can count there,
   * and a stolen ticket gives no more guesses than a stranger has.
   *
   * @throws AuthError `rate_limited`
   */
  async guardReauthentication<T>(
    { id, email }: Pick<AuthUser, 'id' | 'email'>,
    exchange: Exchange,
    prove: ProofVerification<T>,
  ): Promise<T> {
    const limits = [this.limit(`login-again:${id}`, this.limits.loginAttempts)];
    const locked = { reason: 'logged_in', userId: id };
    const counted = { subject: ownSubject(id), limits, locked, notified: email, whose: async () => id };
    const { proven, slots } = await this.guard(counted, exchange, prove);
    await slots.settle();
    return proven;
  }

  private async guard<T>(counted: Counted, exchange: Exchange, prove: ProofVerification<T>): Promise<ProvenLogin<T>> {
    const { subject, limits, whose } = counted;
    const taken = await this.slots.reserve(limits, exchange, whose);
    try {
      const proven = await this.proveUnderLock(subject, prove);
      return { proven, slots: this.slots.giveBack(taken) };
    } catch (error) {
      const hasFailed = proofOutcomeOf(error) === 'wrong';
      try {
        const meantUserId = error instanceof AuthError ? error.userId : undefined;
        if (hasFailed && subject !== null) await this.countFailure(subject, counted, exchange.caller, meantUserId);
      } finally {
        await this.slots.release(taken, hasFailed);
      }
      throw error;
    }
  }

  private async proveUnderLock<T>(subject: string | null, prove: ProofVerification<T>): Promise<T> {
    if (subject === null) return prove(async () => false);
    // With what the proof looks up.
    const { reading, proving } = readTogether(() => {
      const reading = this.lockout.stateOf(subject);
      reading.catch(() => undefined);
      return { reading, proving: prove(async () => (await reading).isLocked) };
    });
    const proven = await proving;
    const { failures, isLocked } = await reading;
    if (isLocked) throw new AuthError('invalid_credentials', { reason: 'locked' });
    if (failures > 0) await this.lockout.forgive(subject);
    return proven;
  }

  private async countFailure(
    subject: string,
    { locked, notified }: Counted,
    origin: Caller,
    meantUserId: string | undefined,
  ): Promise<void> {
    const event = { type: 'login.locked' as const, userId: meantUserId, ...locked, origin };
    const hasLocked = await this.lockout.count(subject, new PendingAuditEvents(this.audit, [event]));
    if (hasLocked && notified !== null) await this.lockNotifications.notify(notified, origin);
  }

  /** Whom an address is of: for the audit, and never waited for. */
  private async userIdOf(typed: string | null): Promise<string | null> {
    const email = typed === null ? null : canonicalEmail(typed);
    return email === null ? null : ((await this.users.findByEmail(email))?.id ?? null);
  }

  /**
   * A device that its user has logged in from is counted by itself: strangers, also those behind the same address, can neither
   * use up its attempts nor lock it. Everyone else is counted by network and site, by e-mail address, and by both: the coarse ones
   * first, so that a client stopped by them touches no address.
   */
  private countedBy({ email, device }: LoginAttempt, caller: Caller): Pick<Counted, 'subject' | 'limits'> {
    const { loginAttempts: most, loginAttemptsPerIp, loginAttemptsPerEmail } = this.limits;
    if (device) return { subject: `device:${device.id}`, limits: [this.limit(`login-device:${device.id}`, most)] };
    const limits = this.keys.clientLimits('login-ip', caller, this.window(loginAttemptsPerIp || most));
    if (email === null) return { subject: null, limits };
    const emailKey = this.keys.email(email);
    limits.push(this.limit(loginLimitKey(emailKey), loginAttemptsPerEmail || most));
    // Where one of the two is no wider, it holds for both together already.
    if (limits.every(({ limit }) => limit > most)) {
      limits.push(this.limit(`login-both:${emailKey}:${this.keys.network(caller)}`, most));
    }
    return { subject: lockoutSubject(emailKey), limits };
  }

  private limit(key: string, limit: number): RateLimit {
    return { key, ...this.window(limit) };
  }

  private window(limit: number): Omit<RateLimit, 'key'> {
    return { limit, windowSeconds: this.limits.loginWindowSeconds };
  }
}
