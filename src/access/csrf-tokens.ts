import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretKey } from '../kernel/secret-key.js';

const TOKEN = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/**
 * CSRF tokens for the forms of your own pages, needed only for browsers that send neither `Sec-Fetch-Site` nor `Origin`. One is bound to
 * its session, which is new with each login, and looks different each time (BREACH). Sent as `X-CSRF-Token`, or as the form field `_csrf`.
 *
 * @example
 * @Get('settings') showSettings(@CurrentSession() session: AuthSession) {
 *   return page(`<form method="post"><input type="hidden" name="_csrf" value="${this.csrf.issue(session.id)}">...`);
 * }
 */
@Injectable()
export class CsrfTokens {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(secretKey: SecretKey) {
    this.keys = secretKey.deriveAll('csrf-token');
  }

  /** `<22>.<43 characters of base64url>`. */
  issue(sessionId: string): string {
    const nonce = randomBytes(16).toString('base64url');
    return `${nonce}.${proofOf(sessionId, nonce, this.keys[0])}`;
  }

  /** Whether we made `token` for this very session. */
  matches(sessionId: string, token: unknown): boolean {
    const [, nonce, proof] = (typeof token === 'string' ? TOKEN.exec(token) : null) ?? [];
    if (nonce === undefined || proof === undefined) return false;
    return this.keys.some((key) => timingSafeEqual(Buffer.from(proof), Buffer.from(proofOf(sessionId, nonce, key))));
  }
}

function proofOf(sessionId: string, nonce: string, key: Buffer): string {
  return createHmac('sha256', key).update(`${sessionId}.${nonce}`).digest('base64url');
}
