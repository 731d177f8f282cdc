import { Injectable, SetMetadata } from '@nestjs/common';
import { Options } from '../config/options.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError, type StepUp as StepUpDemand } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { accessOptions } from './access-options.js';
import { STEP_UP } from './rule-keys.js';

/**
 * Opens a route only shortly after a proof: 403 `step_up_required` says which, and `POST /auth/step-up` gives it. Default: any, within
 * `STEP_UP_SECONDS`.
 *
 * @example
 * @StepUp({ maxAgeSeconds: 60, amr: ['mfa'] }) @Post('payouts') payOut() { ... }
 */
export const StepUp = (demand: Partial<StepUpDemand> = {}) => SetMetadata(STEP_UP, demand);

/** Whether the proofs of a session are fresh and strong enough. */
@Injectable()
export class StepUpPolicy {
  private readonly maxAgeSeconds: number;

  constructor(
    private readonly clock: Clock,
    options: Options,
  ) {
    this.maxAgeSeconds = options.of(accessOptions).stepUpSeconds;
  }

  /** @throws AuthError `step_up_required`; always for a machine's credential, which proves nothing at any moment */
  assert(auth: AuthContext, demand: Partial<StepUpDemand>): void {
    const stepUp = { maxAgeSeconds: demand.maxAgeSeconds ?? this.maxAgeSeconds, amr: demand.amr ?? [] };
    if (auth.by !== 'session') throw new AuthError('step_up_required', { reason: 'proof_of_a_machine', stepUp });
    const { authenticatedAt, amr } = auth.session;
    const ageSeconds = (this.clock.now().getTime() - authenticatedAt.getTime()) / 1000;
    if (ageSeconds >= stepUp.maxAgeSeconds)
      throw new AuthError('step_up_required', { reason: 'proof_too_old', stepUp });
    if (stepUp.amr.every((method) => amr.includes(method))) return;
    throw new AuthError('step_up_required', { reason: 'proof_too_weak', stepUp });
  }
}
