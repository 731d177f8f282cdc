import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Replier } from '../access/replier.js';
import { Options } from '../config/options.js';
import { sessionOptions } from './session-options.js';

const NAME = 'coatcheck-hint';

/**
 * The cookie `coatcheck-hint`, beside those of a session while `HINT_COOKIE` is on: the first 8 hex digits of the SHA-256 of the session's id.
 * The scripts of a page may read it, and so know without a request that no user is logged in, or another one than before. It proves
 * nothing, and is read by nothing of this service.
 */
@Injectable()
export class HintCookie {
  private readonly isOn: boolean;

  constructor(options: Options) {
    this.isOn = options.of(sessionOptions).hintCookie;
  }

  set(sessionId: string, maxAgeSeconds: number, replier: Replier): void {
    if (!this.isOn) return;
    const value = createHash('sha256').update(sessionId).digest('hex').slice(0, 8);
    replier.setCookie({ name: NAME, value, path: '/', maxAgeSeconds, isReadable: true });
  }

  clear(replier: Replier): void {
    if (this.isOn) replier.clearCookie({ name: NAME, path: '/' });
  }
}
