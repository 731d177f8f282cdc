import type { RequestOrigin } from '../access/request-origin.js';

/** When a bot check is asked: before a registration, a login by password, or a password reset mail. */
export type BotCheckedRoute = 'register' | 'login' | 'forgot';

/** The request that a bot check judges. */
export interface BotCheckRequest {
  readonly route: BotCheckedRoute;
  /** The result of the widget in the page: the header `X-Captcha-Token`, or `captchaToken` in the body. Null: neither is there. */
  readonly token: string | null;
  readonly origin: RequestOrigin;
}

/**
 * Tells people from programs, e.g. by Turnstile or hCaptcha. Asked after the limits and before anything is validated, looked up or hashed.
 * Default: none.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: BotCheck, useClass: Turnstile }] })
 */
export abstract class BotCheck {
  /**
   * Whether the request may go on. What is thrown, and no answer within `botCheckSeconds`, count as `botCheckFailOpen` says.
   *
   * @param signal aborts when the request no longer waits
   */
  abstract passes(request: BotCheckRequest, signal: AbortSignal): Promise<boolean>;
}

/** Everything passes. */
export class NoBotCheck extends BotCheck {
  async passes(): Promise<boolean> {
    return true;
  }
}
