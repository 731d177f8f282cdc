import { Injectable } from '@nestjs/common';
import { Cookies } from '../../access/cookies.js';
import type { HttpReply, HttpRequest } from '../../access/http-exchange.js';

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

  setAccess(reply: HttpReply, value: string, maxAgeSeconds: number): void {
    this.cookies.set(reply, { name: this.accessName, value, path: '/', maxAgeSeconds });
  }

  setRefresh(request: HttpRequest, reply: HttpReply, value: string, maxAgeSeconds: number): void {
    this.cookies.set(reply, { name: this.refreshName, value, path: authRoutesPath(request), maxAgeSeconds });
  }

  clearAccess(reply: HttpReply): void {
    this.cookies.clear(reply, { name: this.accessName, path: '/' });
  }

  clearRefresh(request: HttpRequest, reply: HttpReply): void {
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
