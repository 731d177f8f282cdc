import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { Cookies } from '../../access/cookies.js';
import type { Exchange } from '../../access/replier.js';
import { Options } from '../../config/options.js';
import { policyOptions } from '../policy/policy-options.js';

const MARK = /^[A-Za-z0-9_-]{43}$/;

/** A cookie that tells the browsers apart in which logins begin. It is good for nothing: what began in one goes on in no other. */
@Injectable()
export class LoginBindingCookie {
  private readonly cookieName: string;
  private readonly lifeSeconds: number;

  constructor(cookies: Cookies, options: Options) {
    this.cookieName = cookies.hostName('login');
    this.lifeSeconds = options.of(policyOptions).loginFactorSeconds;
  }

  /** The values of the cookie: none, or several when one was planted. */
  readCookie(caller: Caller): readonly string[] {
    return caller.cookies(this.cookieName);
  }

  /** Marks the browser. A mark is kept as it is while it stands: a login in another tab goes on. */
  set({ caller, replier }: Exchange): string {
    const [known, ...others] = this.readCookie(caller);
    const isOurs = known !== undefined && others.length === 0 && MARK.test(known);
    const value = isOurs ? known : randomBytes(32).toString('base64url');
    replier.setCookie({ name: this.cookieName, value, path: '/', maxAgeSeconds: this.lifeSeconds });
    return value;
  }
}
