import { Injectable } from '@nestjs/common';
import { Cookies } from '../../access/cookies.js';
import type { HttpReply, HttpRequest } from '../../access/http-exchange.js';
import type { DeliveredTickets, Transport } from '../../sessions/ticket-delivery.js';
import type { TokenPair } from './refresh.service.js';

/** The two cookies that tokens may travel in: `__Host-access` and `__Host-refresh`, which no sibling domain can plant. */
@Injectable()
export class TokenCookies {
  private readonly accessName: string;
  private readonly refreshName: string;

  constructor(private readonly cookies: Cookies) {
    this.accessName = cookies.hostName('access');
    this.refreshName = cookies.hostName('refresh');
  }

  /** Every value sent, unchecked. */
  accessTokens(request: HttpRequest): string[] {
    return this.cookies.readCookie(request, this.accessName);
  }

  /** Every value sent, unchecked. */
  refreshTokens(request: HttpRequest): string[] {
    return this.cookies.readCookie(request, this.refreshName);
  }

  /**
   * Sets the cookies that this transport has, and clears those of an earlier login by another one.
   *
   * @returns what belongs into the reply's body: the lifetimes, and no token that travels in a cookie
   */
  deliver(pair: TokenPair, transport: Transport, request: HttpRequest, reply: HttpReply): DeliveredTickets {
    // A cookie left behind would contradict the new ticket in every later request.
    if (transport === 'cookie') this.setAccess(pair, reply);
    else if (this.accessTokens(request).length > 0) this.clearAccess(reply);
    if (transport !== 'body') this.setRefresh(pair, reply);
    else if (this.refreshTokens(request).length > 0) this.clearRefresh(request, reply);
    return shownOf(pair, transport);
  }

  clear(request: HttpRequest, reply: HttpReply): void {
    this.clearAccess(reply);
    this.clearRefresh(request, reply);
  }

  /** Lives as long as the refresh token: an expired access token must be seen to be told apart from none (`token_expired`). */
  private setAccess({ access, refreshExpiresIn }: TokenPair, reply: HttpReply): void {
    this.cookies.set(reply, { name: this.accessName, value: access.token, path: '/', maxAgeSeconds: refreshExpiresIn });
  }

  private setRefresh({ refreshToken, refreshExpiresIn }: TokenPair, reply: HttpReply): void {
    this.cookies.set(reply, {
      name: this.refreshName,
      value: refreshToken,
      path: '/',
      maxAgeSeconds: refreshExpiresIn,
    });
  }

  private clearAccess(reply: HttpReply): void {
    this.cookies.clear(reply, { name: this.accessName, path: '/' });
  }

  /** Without the prefix, on plain http, another page of the host may have set one for a narrower path: that goes as well. */
  private clearRefresh(request: HttpRequest, reply: HttpReply): void {
    const isAlone = this.refreshName.startsWith('__Host-') || this.refreshTokens(request).length < 2;
    for (const path of isAlone ? ['/'] : pathsAbove(request))
      this.cookies.clear(reply, { name: this.refreshName, path });
  }
}

const PLAIN_PATH = /^[A-Za-z0-9/._~-]+$/;

/**
 * Every path whose cookies a request carries, e.g. `/`, `/auth` and `/auth/refresh`. Exported for its test.
 */
export function pathsAbove({ originalUrl, url }: Pick<HttpRequest, 'originalUrl' | 'url'>): string[] {
  const [path = ''] = (originalUrl ?? url).split('?', 1);
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
