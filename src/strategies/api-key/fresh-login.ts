import { Injectable } from '@nestjs/common';
import { Options } from '../../config/options.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { apiKeyOptions } from './api-key-options.js';

/** Whether whoever holds a ticket may make keys with it: a key outlives a session that was left open. */
@Injectable()
export class FreshLogin {
  constructor(
    private readonly clock: Clock,
    private readonly options: Options,
  ) {}

  /** @throws AuthError `step_up_required` */
  assert({ session }: AuthContext): void {
    const { apiKeyFreshSeconds } = this.options.of(apiKeyOptions);
    const age = (this.clock.now().getTime() - session.authenticatedAt.getTime()) / 1000;
    if (age < apiKeyFreshSeconds) return;
    const stepUp = { maxAgeSeconds: apiKeyFreshSeconds, amr: ['pwd'] };
    throw new AuthError('step_up_required', { reason: 'login_too_old', stepUp });
  }
}
