import { Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { ChangeRecord } from '../audit/change-record.js';
import { Options } from '../config/options.js';
import { AuthError } from '../kernel/auth-error.js';
import { LimitKeys } from '../limits/limit-keys.js';
import { type LimitOptions, limitOptions } from '../limits/limit-options.js';
import type { RateLimit } from '../limits/rate-limit.store.js';
import { type KnownDevice, KnownDevices } from './devices/known-devices.js';
import { LockNotices } from './lockout/lock-notices.js';
import { Lockout, lockoutSubject, loginLimitKey } from './lockout/lockout.js';
import { LoginPlaces } from './login-places.js';

/** Somebody tries to prove who they are. */
export interface LoginAttempt {
  /** The e-mail address they claim to have, as typed; null when only the proof will say. */
  readonly email: string | null;
  readonly request: HttpRequest;
  readonly reply: HttpReply;
}

/** An attempt and what it is counted by. */
interface Claim extends LoginAttempt {
  /** Null when no address is claimed: then nothing can be locked. */
  readonly subject: string | null;
  readonly limits: readonly RateLimit[];
}

/** A proof that was right, and the device it came from, if that is one of the address's user. */
export interface Judged<T> {
  readonly proven: T;
  readonly device: KnownDevice | null;
}

/**
 * The one gate that every proof passes. An attempt takes its place in every counter *before* the proof is looked at, keeps it if the
 * proof is wrong, and gives it back otherwise: so what is counted is failures, and never can more be tried than may fail.
 */
@Injectable()
export class LoginAttempts {
  private readonly limits: Readonly<LimitOptions>;

  constructor(
    private readonly places: LoginPlaces,
    private readonly keys: LimitKeys,
    private readonly devices: KnownDevices,
    private readonly lockout: Lockout,
    private readonly lockNotices: LockNotices,
    private readonly audit: AuditSink,
    options: Options,
  ) {
    this.limits = options.of(limitOptions);
  }

  /**
   * Has a proof judged, unless too many were wrong.
   *
   * @param prove throws `invalid_credentials` for a wrong proof. When told that it `isLocked` it must do so for a right one too,
   *   at the same cost.
   * @throws AuthError `rate_limited`, whether or not the address is anybody's
   * @throws whatever `prove` throws
   */
  async judge<T>(attempt: LoginAttempt, prove: (isLocked: boolean) => Promise<T>): Promise<Judged<T>> {
    const device = await this.deviceOf(attempt);
    return this.judgeWithin({ ...attempt, ...this.countedBy(attempt, device) }, device, prove);
  }

  /**
   * The same for somebody logged in who proves again who they are: counted by the user, where no stranger can count, and never
   * locked.
   *
   * @throws AuthError `rate_limited`
   */
  async judgeAgain<T>(
    userId: string,
    { request, reply }: Omit<LoginAttempt, 'email'>,
    prove: () => Promise<T>,
  ): Promise<T> {
    const limits = [this.limit(`login-again:${userId}`, this.limits.loginAttempts)];
    return (await this.judgeWithin({ email: null, request, reply, subject: null, limits }, null, prove)).proven;
  }

  private async judgeWithin<T>(
    claim: Claim,
    device: KnownDevice | null,
    prove: (isLocked: boolean) => Promise<T>,
  ): Promise<Judged<T>> {
    const taken = await this.places.take(claim.limits, claim.request, claim.reply);
    let hasFailed = false;
    try {
      return { proven: await this.proveUnlessLocked(claim.subject, prove), device };
    } catch (error) {
      hasFailed = error instanceof AuthError && error.code === 'invalid_credentials';
      if (hasFailed && claim.subject !== null) await this.countFailure(claim.subject, device, claim);
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

  private async countFailure(subject: string, device: KnownDevice | null, attempt: LoginAttempt): Promise<void> {
    const reason = device ? 'known_device' : 'unknown_devices';
    const locked = { type: 'login.locked', reason, userId: device?.userId, origin: originOf(attempt.request) };
    const hasLocked = await this.lockout.count(subject, new ChangeRecord(this.audit, [locked]));
    if (hasLocked && !device && attempt.email !== null) await this.lockNotices.tell(attempt.email);
  }

  private async deviceOf({ email, request }: LoginAttempt): Promise<KnownDevice | null> {
    const device = email === null ? null : await this.devices.recognise(request);
    return device && device.emailHash === this.keys.email(email!) ? device : null;
  }

  /**
   * A device that its user has logged in from is counted by itself: strangers, also those behind the same address, can neither
   * use up its attempts nor lock it. Everybody else is counted by address, by e-mail address, and by both.
   */
  private countedBy({ email, request }: LoginAttempt, device: KnownDevice | null): Pick<Claim, 'subject' | 'limits'> {
    const { loginAttempts: most, loginAttemptsPerIp, loginAttemptsPerEmail } = this.limits;
    if (device) return { subject: `device:${device.id}`, limits: [this.limit(`login-device:${device.id}`, most)] };
    const network = this.keys.network(request);
    const limits = [this.limit(`login-ip:${network}`, loginAttemptsPerIp || most)];
    if (email === null) return { subject: null, limits };
    const emailKey = this.keys.email(email);
    limits.push(this.limit(loginLimitKey(emailKey), loginAttemptsPerEmail || most));
    // Where one of the two is no wider, it holds for both together already.
    if (limits.every(({ limit }) => limit > most)) limits.push(this.limit(`login-both:${emailKey}:${network}`, most));
    return { subject: lockoutSubject(emailKey), limits };
  }

  private limit(key: string, limit: number): RateLimit {
    return { key, limit, windowSeconds: this.limits.loginWindowSeconds };
  }
}
