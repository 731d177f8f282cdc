import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Cookies, cookiesIn } from '../access/cookies.js';
import type { HttpExchange, HttpRequest } from '../edge/http-exchange.js';
import { parseSecretToken } from '../kernel/secret-token.js';

/** Which session a page belongs to. */
@Injectable()
export class PageSession {
  private readonly cookieName: string;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    cookies: Cookies,
  ) {
    this.cookieName = cookies.hostName('session');
  }

  /** Id of the session that the guard has recognised; null without one. */
  idOf({ auth }: HttpRequest): string | null {
    return auth?.by === 'session' ? auth.session.id : null;
  }

  /** Ids of the sessions whose cookies the request has. Nothing about them is checked. */
  idsPresented({ headers }: HttpRequest): readonly string[] {
    return cookiesIn(headers.cookie, this.cookieName).flatMap((value) => parseSecretToken(value)?.id ?? []);
  }

  /** Of the session that the browser has after this reply: what a handler has done may have renewed it, or ended it (null). */
  idAfter({ request, reply }: HttpExchange): string | null {
    const set = [this.adapterHost.httpAdapter.getHeader(reply, 'set-cookie') ?? []].flat() as string[];
    const latest = set.findLast((line) => line.startsWith(`${this.cookieName}=`));
    if (latest === undefined) return this.idOf(request);
    const [value = ''] = latest.slice(this.cookieName.length + 1).split(';', 1);
    return parseSecretToken(value)?.id ?? null;
  }
}
