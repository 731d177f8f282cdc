import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { Cookies } from '../../access/cookies.js';
import type { Exchange } from '../../access/replier.js';
import type { LoginTicket } from '../pending-login/pending-logins.js';

/** Browsers drop a cookie of more than 4096 bytes, and a user may have many roles, which the token contains. */
const PART = 3500;
const MOST_PARTS = 3;

/**
 * The token of a login that has begun, between its pages: in a cookie rather than in an address. It is sealed, bound to this browser and
 * good once, as everywhere.
 */
@Injectable()
export class PendingLoginCookie {
  private readonly names: readonly string[];

  constructor(cookies: Cookies) {
    this.names = Array.from({ length: MOST_PARTS }, (_none, part) => cookies.hostName(`pending-${part}`));
  }

  /** @throws TypeError for a token that no cookies can hold */
  set({ loginToken, expiresIn }: LoginTicket, exchange: Exchange): void {
    if (loginToken.length > PART * MOST_PARTS) throw new TypeError('the login token is too long for cookies');
    this.clear(exchange);
    for (const [part, name] of this.names.entries()) {
      const value = loginToken.slice(part * PART, (part + 1) * PART);
      if (value !== '') exchange.replier.setCookie({ name, value, path: '/', maxAgeSeconds: expiresIn });
    }
  }

  /** As the browser sent it, unchecked; empty without one. Of a cookie that was planted beside it, nothing is taken. */
  read(caller: Caller): string {
    const parts = this.names.map((name) => caller.cookies(name));
    return parts.some((values) => values.length > 1) ? '' : parts.flat().join('');
  }

  /** Those that the browser has. */
  clear({ caller, replier }: Exchange): void {
    for (const name of this.names) if (caller.cookies(name).length > 0) replier.clearCookie({ name, path: '/' });
  }
}
