import { Injectable } from '@nestjs/common';
import { Cookies, cookiesIn } from '../access/cookies.js';
import type { HttpExchange } from '../edge/http-exchange.js';
import { Clock } from '../kernel/clock.js';
import { seal, unsealByAny } from '../kernel/sealed-text.js';
import { SecretKey } from '../kernel/secret-key.js';
import { FormTokens } from './form-tokens.js';
import { PageSession } from './page-session.js';
import type { Message } from './page-view.js';

interface Sealed extends Message {
  /** Of the page that set it; null: there was no session. */
  readonly session: string | null;
  readonly mark: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const PURPOSE = 'page-message';
const LIFE_SECONDS = 60;
/** A cookie of more would be dropped by browsers, and with it the message. */
const MAX_LENGTH = 3000;

/** The message of a reply to a form, on its way to the page that follows: in a sealed cookie, bound to the session and the browser. */
@Injectable()
export class Messages {
  private readonly keys: readonly [Buffer, ...Buffer[]];
  private readonly cookieName: string;

  constructor(
    private readonly cookies: Cookies,
    private readonly tokens: FormTokens,
    private readonly session: PageSession,
    private readonly clock: Clock,
    secretKey: SecretKey,
  ) {
    this.keys = secretKey.deriveAll(PURPOSE);
    this.cookieName = cookies.hostName('message');
  }

  /** Keeps a message for the next page of this browser. One that is too long for a cookie is left out. */
  set({ key, values, isProblem = false }: Message, exchange: HttpExchange): void {
    const mark = this.tokens.setMark(exchange);
    const expiresAt = this.clock.in(LIFE_SECONDS).getTime();
    const sealed: Sealed = { key, values, isProblem, session: this.session.idAfter(exchange), mark, expiresAt };
    const value = seal(JSON.stringify(sealed), this.keys[0], PURPOSE);
    if (value.length > MAX_LENGTH) return;
    this.cookies.set(exchange.reply, { name: this.cookieName, value, path: '/', maxAgeSeconds: LIFE_SECONDS });
  }

  /** The message that waits for this page, which is the last to see it; null for none, for an old one, and for that of another. */
  take({ request, reply }: HttpExchange): Message | null {
    const given = cookiesIn(request.headers.cookie, this.cookieName);
    if (given.length === 0) return null;
    this.cookies.clear(reply, { name: this.cookieName, path: '/' });
    const text = given.length === 1 ? unsealByAny(given[0]!, this.keys, PURPOSE) : null;
    if (text === null) return null;
    const { key, values, isProblem, session, mark, expiresAt } = JSON.parse(text) as Sealed;
    const isOfThis =
      mark === this.tokens.readMark(request) && (session === null || session === this.session.idOf(request));
    return isOfThis && this.clock.now().getTime() < expiresAt ? { key, values, isProblem } : null;
  }
}
