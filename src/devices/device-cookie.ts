import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import { Cookies } from '../access/cookies.js';
import type { Replier } from '../access/replier.js';
import { Options } from '../config/options.js';
import { parseSecretToken, type SecretToken } from '../kernel/secret-token.js';
import { deviceOptions } from './device-options.js';

/** A caller's claim to be on a known device. */
export interface DeviceClaim {
  /** `<id>.<secret>`. */
  readonly token: string;
  readonly parsed: SecretToken;
  /** Where the token came from: a cookie, which no reply may show, or the request's body. */
  readonly carrier: 'cookie' | 'body';
}

/** How a device's token travels: in a cookie, or kept by the client itself. */
@Injectable()
export class DeviceCookie {
  private readonly name: string;
  private readonly maxAgeSeconds: number;

  constructor(cookies: Cookies, options: Options) {
    this.name = cookies.hostName('device');
    this.maxAgeSeconds = options.of(deviceOptions).knownDeviceSeconds;
  }

  /**
   * Null when the caller brings no such token, or several.
   *
   * @param given in the request's body, by a client that keeps it itself
   */
  claimOf(caller: Caller, given: string | null): DeviceClaim | null {
    const inCookies = caller.cookies(this.name);
    const [token, ...others] = given === null ? inCookies : [...inCookies, given];
    const parsed = others.length === 0 ? parseSecretToken(token) : null;
    return token && parsed ? { token, parsed, carrier: given === null ? 'cookie' : 'body' } : null;
  }

  set(value: string, replier: Replier): void {
    replier.setCookie({ name: this.name, value, path: '/', maxAgeSeconds: this.maxAgeSeconds });
  }
}
