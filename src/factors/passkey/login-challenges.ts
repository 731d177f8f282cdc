import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import type { Exchange } from '../../access/replier.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { LoginBindingCookie } from '../../login/pending-login/login-binding-cookie.js';
import { ANYBODY, PasskeyChallenges } from './passkey-challenges.js';

const BROWSER_BYTES = 16;

/**
 * Challenges for logins that begin with a passkey. No user is known yet, so each names the browser that asked for it: an answer that was
 * made in one browser logs in no other. Clients that are handed their tokens in a reply's body keep no cookies, and are no browser.
 */
@Injectable()
export class LoginChallenges {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    private readonly challenges: PasskeyChallenges,
    private readonly bindingCookie: LoginBindingCookie,
    secretKey: SecretKey,
  ) {
    this.keys = secretKey.deriveAll('passkey-login-challenge');
  }

  /** Marks the browser that asks, by a cookie. */
  issue(exchange: Exchange): Promise<string> {
    const mark = this.bindingCookie.set(exchange);
    return this.challenges.issue('login', ANYBODY, (nonce) => boundTo(mark, nonce, this.keys[0]));
  }

  /** Whether a challenge that we made was made for this browser. That it is ours has *not* been checked. */
  isFor(challenge: unknown, caller: Caller): boolean {
    const bytes = Buffer.from(String(challenge), 'base64url');
    if (bytes.length <= BROWSER_BYTES) return false;
    const [nonce, binding] = [bytes.subarray(0, -BROWSER_BYTES), bytes.subarray(-BROWSER_BYTES)];
    const marks = this.bindingCookie.readCookie(caller);
    return this.keys.some((key) => marks.some((mark) => timingSafeEqual(boundTo(mark, nonce, key), binding)));
  }
}

function boundTo(mark: string, nonce: Uint8Array, key: Buffer): Buffer {
  return createHmac('sha256', key).update(nonce).update(mark).digest().subarray(0, BROWSER_BYTES);
}
