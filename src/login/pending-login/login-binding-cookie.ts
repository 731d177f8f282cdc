import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Cookies } from '../../access/cookies.js';
import type { HttpReply, HttpRequest } from '../../access/http-exchange.js';
import { Options } from '../../config/options.js';
import { policyOptions } from '../policy/policy-options.js';

const MARK = /^[A-Za-z0-9_-]{43}$/;

/** A cookie that tells the browsers apart in which logins begin. It is good for nothing: what began in one goes on in no other. */
@Injectable()
export class LoginBindingCookie {
  private readonly cookieName: string;
  private readonly lifeSeconds: number;

  constructor(
    private readonly cookies: Cookies,
    options: Options,
  ) {
    this.cookieName = cookies.hostName('login');
    this.lifeSeconds = options.of(policyOptions).loginFactorSeconds;
  }

  /** What the request is marked with: none, or several when somebody planted one. */
  read(request: HttpRequest): string[] {
    return this.cookies.read(request, this.cookieName);
  }

  /** Marks the browser. A mark is kept as it is while it stands: a login in another tab goes on. */
  set(request: HttpRequest, reply: HttpReply): string {
    const [known, ...others] = this.read(request);
    const isOurs = known !== undefined && others.length === 0 && MARK.test(known);
    const value = isOurs ? known : randomBytes(32).toString('base64url');
    this.cookies.set(reply, { name: this.cookieName, value, path: '/', maxAgeSeconds: this.lifeSeconds });
    return value;
  }
}
