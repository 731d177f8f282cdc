import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Cookies, cookiesIn } from '../access/cookies.js';
import { CsrfTokens } from '../access/csrf-tokens.js';
import type { HttpExchange, HttpRequest } from '../edge/http-exchange.js';
import { PageSession } from './page-session.js';

const MARK = /^[A-Za-z0-9_-]{43}$/;
const A_DAY = 86_400;

/**
 * The token in every form of a page: bound to the session that the page was shown in, or, before there is one, to a cookie that only
 * tells browsers apart.
 */
@Injectable()
export class FormTokens {
  private readonly cookieName: string;
  /** Of requests that are being answered: one reply marks its browser once. */
  private readonly marked = new WeakMap<HttpRequest, string>();

  constructor(
    private readonly tokens: CsrfTokens,
    private readonly cookies: Cookies,
    private readonly session: PageSession,
  ) {
    this.cookieName = cookies.hostName('form');
  }

  /** A token for the forms of this reply. Marks the browser, where there is no session. */
  issue(exchange: HttpExchange): string {
    return this.tokens.issue(this.session.idAfter(exchange) ?? holderOf(this.setMark(exchange)));
  }

  /** Whether we made the token for this very session or browser. */
  matches(request: HttpRequest, token: unknown): boolean {
    const session = this.session.idOf(request);
    if (session !== null) return this.tokens.matches(session, token);
    const mark = this.readMark(request);
    if (mark !== null && this.tokens.matches(holderOf(mark), token)) return true;
    // Where no user is recognised, as at sign-out, also of a session that the request presents: whose it is, the token has been told by us.
    return this.session.idsPresented(request).some((id) => this.tokens.matches(id, token));
  }

  /** The value that identifies this browser; null before it got one, and where a second value was planted. */
  readMark({ headers }: HttpRequest): string | null {
    const [mark, ...others] = cookiesIn(headers.cookie, this.cookieName);
    return mark !== undefined && others.length === 0 && MARK.test(mark) ? mark : null;
  }

  /** Marks the browser; a mark is kept while it stands, so that a form in another tab stays good. */
  setMark({ request, reply }: HttpExchange): string {
    const known = this.marked.get(request);
    if (known !== undefined) return known;
    const value = this.readMark(request) ?? randomBytes(32).toString('base64url');
    this.marked.set(request, value);
    this.cookies.set(reply, { name: this.cookieName, value, path: '/', maxAgeSeconds: A_DAY });
    return value;
  }
}

/** No session id is equal to it. */
function holderOf(mark: string): string {
  return `form:${mark}`;
}
