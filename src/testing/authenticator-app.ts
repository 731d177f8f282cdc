import { TOTP, URI } from 'otpauth';
import { Clock, SystemClock } from '../kernel/clock.js';

const PERIOD_SECONDS = 30;

/**
 * An authenticator app without a phone: shows the codes of one secret (RFC 6238). Each code works once at the server, so for a
 * second one move the clock by 30 seconds.
 *
 * @example
 * const { body } = await ada.post('/auth/factors/totp', { password: ada.password });
 * const phone = new AuthenticatorApp(body.uri, app.clock);
 * await ada.post('/auth/factors/totp/confirm', { code: phone.code() });
 */
export class AuthenticatorApp {
  private readonly totp: TOTP;

  /**
   * @param secret what `POST /auth/factors/totp` gives: its `uri` or its `secret`
   * @param clock by which codes are shown; give the `clock` of the application under test
   */
  constructor(
    secret: string,
    private readonly clock: Clock = new SystemClock(),
  ) {
    const scanned = secret.startsWith('otpauth:') ? URI.parse(secret) : new TOTP({ secret, period: PERIOD_SECONDS });
    if (!(scanned instanceof TOTP))
      throw new TypeError('an authenticator app shows time-based codes (otpauth://totp/…)');
    this.totp = scanned;
  }

  /** The code of this moment, or of `seconds` from now. */
  code(seconds = 0): string {
    return this.totp.generate({ timestamp: this.clock.now().getTime() + seconds * 1000 });
  }

  /** A code that is wrong at this moment and one step before and after it. */
  wrongCode(): string {
    const near = new Set([-PERIOD_SECONDS, 0, PERIOD_SECONDS].map((seconds) => this.code(seconds)));
    for (let code = 0; ; code++) {
      const text = String(code).padStart(6, '0');
      if (!near.has(text)) return text;
    }
  }
}
