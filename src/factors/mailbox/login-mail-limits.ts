import { Injectable } from '@nestjs/common';
import type { Exchange } from '../../access/replier.js';
import { Options } from '../../config/options.js';
import { KnownDevices } from '../../devices/known-devices.js';
import { AuthError } from '../../kernel/auth-error.js';
import { LimitKeys } from '../../limits/limit-keys.js';
import { limitOptions } from '../../limits/limit-options.js';
import type { RateLimit } from '../../limits/rate-limit.store.js';
import { RateLimitHeaders } from '../../limits/rate-limit-headers.js';
import { RateLimiter } from '../../limits/rate-limiter.js';
import { Refusals } from '../../limits/refusals.js';
import { UserStore } from '../../users/user.store.js';

/** Addresses of one mailbox, `ada+one@` and `ada+two@`, together get so many times what one may get. */
const ADDRESSES_OF_A_MAILBOX = 3;

/**
 * How many sign-in mails an address and a mailbox get in a window. A device that its user has logged in from is counted by itself: who
 * asks for mails to another user's address keeps other strangers from asking, and not its owner.
 */
@Injectable()
export class LoginMailLimits {
  private readonly most: number;
  private readonly windowSeconds: number;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly keys: LimitKeys,
    private readonly devices: KnownDevices,
    private readonly headers: RateLimitHeaders,
    private readonly refusals: Refusals,
    private readonly users: UserStore,
    options: Options,
  ) {
    const { mailsPerAddress, loginAttempts, loginWindowSeconds } = options.of(limitOptions);
    this.most = mailsPerAddress || loginAttempts;
    this.windowSeconds = loginWindowSeconds;
  }

  /**
   * Counts a request for a mail, whether or not a user has the address.
   *
   * @param email canonical
   * @throws AuthError `rate_limited`
   */
  async assertFew(email: string, deviceToken: string | null, { caller, replier }: Exchange): Promise<void> {
    const device = await this.devices.recognise(caller, deviceToken, email);
    const { full } = await this.limiter.take(
      device ? [this.limit(`login-mail-device:${device.id}`, 1)] : this.ofStrangers(email),
    );
    if (!full) return;
    // How often an address was written to before is only its owner's business: nothing is said before it is too often.
    this.headers.write(replier, [full]);
    const reason = `limit_by_${full.key.split(':', 1)[0]}`;
    const whose = async () => (await this.users.findByEmail(email))?.id ?? null;
    await this.refusals.record(full, { reason, origin: caller }, whose);
    throw new AuthError('rate_limited', { reason, retryAfterSeconds: this.headers.secondsUntil(full.resetsAt) });
  }

  private ofStrangers(email: string): RateLimit[] {
    const mailbox = email.replace(/\+[^@]*(?=@)/, '');
    return [
      this.limit(`login-mailbox:${this.keys.email(mailbox)}`, ADDRESSES_OF_A_MAILBOX),
      this.limit(`login-mail:${this.keys.email(email)}`, 1),
    ];
  }

  private limit(key: string, times: number): RateLimit {
    return { key, limit: this.most * times, windowSeconds: this.windowSeconds };
  }
}
