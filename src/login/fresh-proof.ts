import { Injectable } from '@nestjs/common';
import { StepUpJudge } from '../access/step-up.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { Enrolments } from './enrolments.js';

/**
 * What whoever changes factors must have proven a moment ago: as much as a login takes. A password and a stolen session would otherwise
 * be enough to put another factor in the place of the owner's.
 */
@Injectable()
export class FreshProof {
  constructor(
    private readonly stepUps: StepUpJudge,
    private readonly enrolments: Enrolments,
  ) {}

  /** @throws AuthError `step_up_required`; with `mfa` when the user has a second factor */
  async assert({ user, session }: AuthContext): Promise<void> {
    const hasFactor = (await this.enrolments.of(user.id)).length > 0;
    this.stepUps.assert(session, { amr: hasFactor ? ['mfa'] : [] });
  }
}
