import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { Clock } from '../../kernel/clock.js';
import { AtomicPrimitives } from '../../sessions/atomic-primitives.js';
import { passkeyOptions } from './passkey-options.js';

/** The purpose of a challenge; it serves no other. `upgrade`: a registration by the browser alone, after a login by password. */
export type ChallengePurpose = 'registration' | 'upgrade' | 'login' | 'proof';

/** Holder of challenges for logins: no user is known yet. */
export const ANYBODY = 'anybody';

/** Random values that passkeys sign. Each is good once, for a short while, for one purpose and in one hand. */
@Injectable()
export class PasskeyChallenges {
  private readonly lifetimeSeconds: number;

  constructor(
    private readonly atomics: AtomicPrimitives,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.lifetimeSeconds = options.of(passkeyOptions).webauthnChallengeSeconds;
  }

  /**
   * A new challenge: 32 random bytes, and what `appended` makes of them, base64url.
   *
   * @param holder what may use it: a session, or a pending login
   */
  async issue(purpose: ChallengePurpose, holder: string, appended?: (nonce: Buffer) => Buffer): Promise<string> {
    const nonce = randomBytes(32);
    const challenge = Buffer.concat([nonce, appended?.(nonce) ?? Buffer.alloc(0)]).toString('base64url');
    const validity = { now: this.clock.now(), expiresAt: this.clock.in(this.lifetimeSeconds) };
    await this.atomics.offer(keyOf(challenge, purpose, holder), 0, validity);
    return challenge;
  }

  /** Uses a challenge up. Of any number of calls, on all nodes, exactly one answers true; none for another purpose or holder. */
  consume(challenge: unknown, purpose: ChallengePurpose, holder: string): Promise<boolean> {
    if (typeof challenge !== 'string' || !/^[\w-]{43,86}$/.test(challenge)) return Promise.resolve(false);
    return this.atomics.consumeOnce(keyOf(challenge, purpose, holder), this.clock.now());
  }
}

function keyOf(challenge: string, purpose: ChallengePurpose, holder: string): string {
  return `webauthn:${purpose}:${holder}:${challenge}`;
}
