import { Injectable } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import { StepUpPolicy } from '../access/step-up.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { Enrolments } from './enrolments.js';

/** Asks users who have a second factor for it. */
@Injectable()
export class EnrolledFreshProof extends FreshProof {
  constructor(
    private readonly stepUps: StepUpPolicy,
    private readonly enrolments: Enrolments,
  ) {
    super();
  }

  async assert(auth: AuthContext, maxAgeSeconds?: number): Promise<void> {
    const hasFactor = (await this.enrolments.of(auth.user.id)).length > 0;
    this.stepUps.assert(auth, { maxAgeSeconds, amr: hasFactor ? ['mfa'] : [] });
  }
}
