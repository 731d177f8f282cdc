import { Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { ChangeRecord } from '../audit/change-record.js';
import { Options } from '../config/options.js';
import { type KnownDevice, KnownDevices } from '../devices/known-devices.js';
import type { AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { LimitKeys } from '../limits/limit-keys.js';
import { type LimitOptions, limitOptions } from '../limits/limit-options.js';
import type { RateLimit } from '../limits/rate-limit.store.js';
import { UserStore } from '../users/user.store.js';
import { AttemptSlots } from './attempt-slots.js';
import { LockNotifications } from './lock-notifications.js';
import { Lockout, lockoutSubject, loginLimitKey, ownSubject } from './lockout.js';
import { proofOutcomeOf } from './proof-outcome.js';

/** Somebody tries to prove who they are. */
export interface LoginAttempt {
  /** The e-mail address they claim to have, as typed; null when only the proof will say. */
  readonly email: string | null;
  /** By which a client that keeps its tokens itself says which device it is; absent or null: by a cookie, or not at all. */
  readonly deviceToken?: string | null;
  readonly request: HttpRequest;
  readonly reply: HttpReply;
}

/** What an attempt is counted by, and what becomes of it when it is one too many. */
interface Claim extends Omit<LoginAttempt, 'email'> {
  /** Null when no address is claimed: then nothing can be locked. */
  readonly subject: string | null;
  readonly limits: readonly RateLimit[];
  /** What the audit says of a lock. */
  readonly locked: { readonly reason: string; readonly userId?: string };
  /** The address that is told of a lock; null: nobody is. */
  readonly told: string | null;
  /** Finds out whom it is meant for. */
  readonly whose: () => Promise<string | null>;
}

/** A proof that was right, and the device it came from, if that is one of the address's user. */
export interface Judged<T> {
  readonly proven: T;
  readonly device: KnownDevice | null;
}

/**
 * The one gate that every proof passes. An attempt takes its place in every counter *before* the proof is looked at, keeps it if the
 * proof is wrong, whatever is answered, and gives it back otherwise: so what is counted is failures, and never can more be tried than may fail.
 */
@Injectable()
export class LoginAttempts {
  private readonly limits: Readonly<LimitOptions>;

  constructor(
    private readonly places: AttemptSlots,
    private readonly keys: LimitKeys,
    private readonly devices: KnownDevices,
    private readonly lockout: Lockout,
    private readonly lockNotices: LockNotifications,
    private readonly audit: AuditSink,
    private readonly users: UserStore,
    options: Options,
  ) {
    this.limits = options.of(limitOptions);
  }

  /**
   * Has a proof judged, unless too many were wrong.
   *
   * @param prove throws for a wrong proof, whatever it answers: see `proofOutcomeOf`. When told that it `isLocked` it must throw
   *   `invalid_credentials` for a right one too, at the same cost.
   * @throws AuthError `rate_limited`, whether or not the address is anybody's
   * @throws whatever `prove` throws
   */
  async judge<T>(attempt: LoginAttempt, prove: (isLocked: boolean) => Promise<T>): Promise<Judged<T>> {
    const device = await this.deviceOf(attempt);
    const { email, request, reply } = attempt;
    const locked = device ? { reason: 'known_device', userId: device.userId } : { reason: 'unknown_devices' };
    const claim = { request, reply, ...this.countedBy(attempt, device), locked, told: device ? null : email };
    const whose = () => this.userIdOf(email);
    return { proven: await this.judgeWithin({ ...claim, whose }, prove), device };
  }

  /**
   * The same for somebody logged in who proves again who they are: counted, and locked, by the user. No stranger can count there, and
   * whoever holds a stolen ticket has no more guesses than a stranger.
   *
   * @throws AuthError `rate_limited`
   */
  judgeAgain<T>(
    { id, email }: Pick<AuthUser, 'id' | 'email'>,
    { request, reply }: Omit<LoginAttempt, 'email'>,
    prove: (isLocked: boolean) => Promise<T>,
  ): Promise<T> {
    const limits = [this.limit(`login-again:${id}`, this.limits.loginAttempts)];
    const locked = { reason: 'logged_in', userId: id };
    const whose = async () => id;
    return this.judgeWithin({ request, reply, subject: ownSubject(id), limits, locked, told: email, whose }, prove);
  }

  private async judgeWithin<T>(claim: Claim, prove: (isLocked: boolean) => Promise<T>): Promise<T> {
    const taken = await this.places.take(claim.limits, claim.request, claim.reply, claim.whose);
    let hasFailed = false;
    try {
      return await this.proveUnlessLocked(claim.subject, prove);
    } catch (error) {
      hasFailed = proofOutcomeOf(error) === 'wrong';
      const meantUserId = error instanceof AuthError ? error.userId : undefined;
      if (hasFailed && claim.subject !== null) await this.countFailure(claim.subject, claim, meantUserId);
      throw error;
    } finally {
      await this.places.leave(taken, hasFailed);
    }
  }

  private async proveUnlessLocked<T>(subject: string | null, prove: (isLocked: boolean) => Promise<T>): Promise<T> {
    if (subject === null) return prove(false);
    const { failures, isLocked } = await this.lockout.standingOf(subject);
    const proven = await prove(isLocked);
    if (isLocked) throw new AuthError('invalid_credentials', { reason: 'locked' });
    if (failures > 0) await this.lockout.forgive(subject);
    return proven;
  }

  private async countFailure(
    subject: string,
    { request, locked, told }: Claim,
    meantUserId: string | undefined,
  ): Promise<void> {
    const event = { type: 'login.locked' as const, userId: meantUserId, ...locked, origin: originOf(request) };
    const hasLocked = await this.lockout.count(subject, new ChangeRecord(this.audit, [event]));
    if (hasLocked && told !== null) await this.lockNotices.tell(told);
  }

  /** Whom an address is of: for the audit, and never waited for. */
  private async userIdOf(typed: string | null): Promise<string | null> {
    const email = typed === null ? null : canonicalEmail(typed);
    return email === null ? null : ((await this.users.findByEmail(email))?.id ?? null);
  }

  private async deviceOf({ email, request, deviceToken }: LoginAttempt): Promise<KnownDevice | null> {
    const device = email === null ? null : await this.devices.recognise(request, deviceToken);
    return device && device.emailHash === this.keys.email(email!) ? device : null;
  }

  /**
   * A device that its user has logged in from is counted by itself: strangers, also those behind the same address, can neither
   * use up its attempts nor lock it. Everybody else is counted by network and site, by e-mail address, and by both: the coarse ones
   * first, so that whoever is stopped by them touches nobody's address.
   */
  private countedBy({ email, request }: LoginAttempt, device: KnownDevice | null): Pick<Claim, 'subject' | 'limits'> {
    const { loginAttempts: most, loginAttemptsPerIp, loginAttemptsPerEmail } = this.limits;
    if (device) return { subject: `device:${device.id}`, limits: [this.limit(`login-device:${device.id}`, most)] };
    const limits = this.keys.clientLimits('login-ip', request, this.window(loginAttemptsPerIp || most));
    if (email === null) return { subject: null, limits };
    const emailKey = this.keys.email(email);
    limits.push(this.limit(loginLimitKey(emailKey), loginAttemptsPerEmail || most));
    // Where one of the two is no wider, it holds for both together already.
    if (limits.every(({ limit }) => limit > most)) {
      limits.push(this.limit(`login-both:${emailKey}:${this.keys.network(request)}`, most));
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
