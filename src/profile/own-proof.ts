import { Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import { StepUpPolicy } from '../access/step-up.js';
import { Enrolments } from '../credentials/enrolments.js';
import { OwnPassword } from '../credentials/own-password.js';
import { Reauthentication } from '../credentials/reauthentication.js';
import { type AuthContext, requireSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';

/** By what they prove it. */
export interface GivenOwnProof {
  /** Absent: by a step-up. */
  readonly password: string | undefined;
  /** How old the step-up may be. */
  readonly maxAgeSeconds: number;
}

/** The proof of users before the account itself changes or is deleted: no login suffices, however fresh, for a copied session has that. */
@Injectable()
export class OwnProof {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly enrolments: Enrolments,
    private readonly passwords: OwnPassword,
    private readonly stepUps: StepUpPolicy,
  ) {}

  /**
   * By the password; or, where none is given, by a fresh step-up: with a second factor for a user who has one, with the password for any other who has
   * that, and otherwise with whatever the user signs in by.
   *
   * @returns the epoch of the user that it was proven in, read before anything else is
   * @throws AuthError `invalid_credentials`, `rate_limited`, `step_up_required`
   */
  async ofPasswordOrStepUp(
    auth: AuthContext,
    { password, maxAgeSeconds }: GivenOwnProof,
    exchange: Exchange,
  ): Promise<number | null> {
    if (password !== undefined) return (await this.reauthentication.byPassword(auth, password, exchange)).sessionEpoch;
    const session = requireSession(auth);
    const epoch = await this.reauthentication.epochOf(auth);
    const stepUp = { maxAgeSeconds, amr: await this.strongestOf(auth) };
    if (session.authenticatedAt <= session.createdAt)
      throw new AuthError('step_up_required', { reason: 'no_step_up', stepUp });
    this.stepUps.assert(auth, stepUp);
    return epoch;
  }

  private async strongestOf({ user }: AuthContext): Promise<string[]> {
    if ((await this.enrolments.of(user.id)).length > 0) return ['mfa'];
    return (await this.passwords.isOfUse(user)) ? ['pwd'] : [];
  }
}
