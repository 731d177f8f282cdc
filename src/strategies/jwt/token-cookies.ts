import { Injectable } from '@nestjs/common';
import { Cookies } from '../../access/cookies.js';
import type { HttpReply, HttpRequest } from '../../access/http-exchange.js';
import type { Transport } from '../../sessions/ticket-delivery.js';
import type { TokenPair } from './refresh.service.js';

/** The two cookies that tokens may travel in: `__Host-access` everywhere, `__Secure-refresh` below the auth routes only. */
@Injectable()
export class TokenCookies {
  private readonly accessName: string;
  private readonly refreshName: string;

  constructor(private readonly cookies: Cookies) {
    this.accessName = cookies.hostName('access');
    this.refreshName = cookies.secureName('refresh');
  }

  /** Every value sent, unchecked. */
  accessTokens(request: HttpRequest): string[] {
    return this.cookies.read(request, this.accessName);
  }

  /** Every value sent, unchecked. */
  refreshTokens(request: HttpRequest): string[] {
    return this.cookies.read(request, this.refreshName);
  }

  /** How the client that sent a refresh cookie keeps its access token. Nothing hangs on it but the form of the reply. */
  transportOf(request: HttpRequest): Exclude<Transport, 'body'> {
    return this.accessTokens(request).length > 0 ? 'cookie' : 'split';
  }

  /** Sets the cookies that this transport has, and clears those of an earlier login by another one. */
  deliver(pair: TokenPair, transport: Transport, request: HttpRequest, reply: HttpReply): void {
    // A cookie left behind would contradict the new ticket in every later request.
    if (transport === 'cookie') this.setAccess(pair, reply);
    else if (this.accessTokens(request).length > 0) this.clearAccess(reply);
    if (transport !== 'body') this.setRefresh(pair, request, reply);
    else if (this.refreshTokens(request).length > 0) this.clearRefresh(request, reply);
  }

  clear(request: HttpRequest, reply: HttpReply): void {
    this.clearAccess(reply);
    this.clearRefresh(request, reply);
  }

  /** Lives as long as the refresh token: an expired access token must be seen to be told apart from none (`token_expired`). */
  private setAccess({ access, refreshExpiresIn }: TokenPair, reply: HttpReply): void {
    this.cookies.set(reply, { name: this.accessName, value: access.token, path: '/', maxAgeSeconds: refreshExpiresIn });
  }

  private setRefresh({ refreshToken, refreshExpiresIn }: TokenPair, request: HttpRequest, reply: HttpReply): void {
    const path = authRoutesPath(request);
    this.cookies.set(reply, { name: this.refreshName, value: refreshToken, path, maxAgeSeconds: refreshExpiresIn });
  }

  private clearAccess(reply: HttpReply): void {
    this.cookies.clear(reply, { name: this.accessName, path: '/' });
  }

  private clearRefresh(request: HttpRequest, reply: HttpReply): void {
    this.cookies.clear(reply, { name: this.refreshName, path: authRoutesPath(request) });
  }
}

const PLAIN_PATH = /^[A-Za-z0-9/._~-]+$/;

/**
 * Where the auth routes are mounted, by the path of a request to one of them: `/auth`, or `/api/auth` in a host whose global
 * prefix is `api`. Exported for its test.
 */
export function authRoutesPath({ originalUrl, url }: Pick<HttpRequest, 'originalUrl' | 'url'>): string {
  const [path = ''] = (originalUrl ?? url).split('?', 1);
  const at = path.lastIndexOf('/auth/');
  // A path with anything unusual in it must not get into a Set-Cookie line.
  return at >= 0 && PLAIN_PATH.test(path) ? path.slice(0, at + '/auth'.length) : '/auth';
}
