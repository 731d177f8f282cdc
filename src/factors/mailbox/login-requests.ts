import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { Cookies } from '../../access/cookies.js';
import type { Exchange } from '../../access/replier.js';
import { Options } from '../../config/options.js';
import { Clock } from '../../kernel/clock.js';
import { seal, unsealByAny } from '../../kernel/sealed-text.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { mailboxOptions } from './mailbox-options.js';

/** Of whoever asked for a mail: what their client keeps until the mail is there. */
export interface LoginRequest {
  /** Of the mail. */
  readonly id: string;
  /** Canonical, whether or not a user has it. */
  readonly email: string;
  /** Where the login leads on pages, as `returnAddress` gave it. */
  readonly returnTo: string | null;
}

interface Sealed extends LoginRequest {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const PURPOSE = 'login-request';

/**
 * The request token: an encrypted one, which only the client that asked has. A code is good with it alone. In browsers it is in a
 * cookie.
 */
@Injectable()
export class LoginRequests {
  private readonly keys: readonly [Buffer, ...Buffer[]];
  private readonly cookieName: string;
  /** How long what is mailed is good. */
  readonly lifeSeconds: number;

  constructor(
    private readonly clock: Clock,
    cookies: Cookies,
    secretKey: SecretKey,
    options: Options,
  ) {
    this.keys = secretKey.deriveAll(PURPOSE);
    this.cookieName = cookies.hostName('mail-login');
    this.lifeSeconds = options.of(mailboxOptions).mailLoginSeconds;
  }

  /** Hands out the token of a new request, and sets the cookie. */
  issue(request: LoginRequest, { replier }: Exchange): string {
    const sealed: Sealed = { ...request, expiresAt: this.clock.in(this.lifeSeconds).getTime() };
    const value = seal(JSON.stringify(sealed), this.keys[0], PURPOSE);
    replier.setCookie({ name: this.cookieName, value, path: '/', maxAgeSeconds: this.lifeSeconds });
    return value;
  }

  /** What a token stands for; null for what is none of ours, or has expired. */
  read(token: string): LoginRequest | null {
    const text = unsealByAny(token, this.keys, PURPOSE);
    if (text === null) return null;
    const { expiresAt, ...request } = JSON.parse(text) as Sealed;
    return this.clock.now().getTime() < expiresAt ? request : null;
  }

  /** The token in the browser's cookie; null without one, and where another one was planted beside it. */
  tokenOf(caller: Caller): string | null {
    const [value, ...others] = caller.cookies(this.cookieName);
    return value === undefined || others.length > 0 ? null : value;
  }

  /** The browser's own request; null without one. */
  ofBrowser(caller: Caller): LoginRequest | null {
    const token = this.tokenOf(caller);
    return token === null ? null : this.read(token);
  }

  /** When it has done what it is for. */
  clear({ caller, replier }: Exchange): void {
    if (caller.cookies(this.cookieName).length > 0) replier.clearCookie({ name: this.cookieName, path: '/' });
  }
}
