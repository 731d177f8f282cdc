import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { Cookies, cookiesIn } from '../../access/cookies.js';
import type { Exchange, Replier } from '../../access/replier.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { HintCookie } from '../../sessions/hint-cookie.js';
import type { DeliveredTickets, Transport } from '../../sessions/ticket-delivery.js';
import type { TokenPair } from './refresh.service.js';

/** The two cookies that tokens may travel in: `__Host-access` and `__Host-refresh`, which no sibling domain can plant. */
@Injectable()
export class TokenCookies {
  private readonly accessName: string;
  private readonly refreshName: string;

  constructor(
    cookies: Cookies,
    private readonly hint: HintCookie,
  ) {
    this.accessName = cookies.hostName('access');
    this.refreshName = cookies.hostName('refresh');
  }

  /** As {@link accessTokens}, before there is a caller: at every request. */
  accessTokensIn(request: HttpRequest): readonly string[] {
    return cookiesIn(request.headers.cookie, this.accessName);
  }

  /** Every value sent, unchecked. */
  accessTokens(caller: Caller): readonly string[] {
    return caller.cookies(this.accessName);
  }

  /** Every value sent, unchecked. */
  refreshTokens(caller: Caller): readonly string[] {
    return caller.cookies(this.refreshName);
  }

  /**
   * Sets the cookies that this transport has, and clears those of an earlier login by another one.
   *
   * @returns what belongs into the reply's body: the lifetimes, and no token that travels in a cookie
   */
  deliver(pair: TokenPair, transport: Transport, { caller, replier }: Exchange): DeliveredTickets {
    // A cookie left behind would contradict the new ticket in every later request.
    if (transport === 'cookie') this.setAccess(pair, replier);
    else if (this.accessTokens(caller).length > 0) this.clearAccess(replier);
    if (transport !== 'body') this.setRefresh(pair, replier);
    else if (this.refreshTokens(caller).length > 0) this.clearRefresh(caller, replier);
    return shownOf(pair, transport);
  }

  clear({ caller, replier }: Exchange): void {
    this.clearAccess(replier);
    this.clearRefresh(caller, replier);
  }

  /** Lives as long as the refresh token: an expired access token must be seen to be told apart from none (`token_expired`). */
  private setAccess({ access, refreshExpiresIn }: TokenPair, replier: Replier): void {
    replier.setCookie({ name: this.accessName, value: access.token, path: '/', maxAgeSeconds: refreshExpiresIn });
  }

  private setRefresh({ sessionId, refreshToken, refreshExpiresIn }: TokenPair, replier: Replier): void {
    replier.setCookie({ name: this.refreshName, value: refreshToken, path: '/', maxAgeSeconds: refreshExpiresIn });
    this.hint.set(sessionId, refreshExpiresIn, replier);
  }

  private clearAccess(replier: Replier): void {
    replier.clearCookie({ name: this.accessName, path: '/' });
  }

  /** Without the prefix, on plain http, another page of the host may have set one for a narrower path: that goes as well. */
  private clearRefresh(caller: Caller, replier: Replier): void {
    const isAlone = this.refreshName.startsWith('__Host-') || this.refreshTokens(caller).length < 2;
    for (const path of isAlone ? ['/'] : pathsAbove(caller)) replier.clearCookie({ name: this.refreshName, path });
    this.hint.clear(replier);
  }
}

const PLAIN_PATH = /^[A-Za-z0-9/._~-]+$/;

/**
 * Every path whose cookies a request carries, e.g. `/`, `/auth` and `/auth/refresh`. Exported for its test.
 */
export function pathsAbove({ path }: Pick<Caller, 'path'>): string[] {
  // A path with anything unusual in it must not get into a Set-Cookie line.
  if (!PLAIN_PATH.test(path)) return ['/'];
  const parts = path.split('/').filter((part) => part !== '');
  return ['/', ...parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)];
}

function shownOf({ access, refreshToken, refreshExpiresIn }: TokenPair, transport: Transport): DeliveredTickets {
  const lifetimes = { expiresIn: access.expiresIn, refreshExpiresIn };
  if (transport === 'cookie') return lifetimes;
  const readable = { ...lifetimes, accessToken: access.token, tokenType: 'Bearer' as const };
  return transport === 'body' ? { ...readable, refreshToken } : readable;
}
