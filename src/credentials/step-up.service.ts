import { Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import type { AuthContext, Transport } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { Login } from '../sessions/ticket-delivery.js';
import type { FactorProof } from './factor.js';
import { Reauthentication } from './reauthentication.js';
import { SessionRenewal } from './session-renewal.js';
import type { GivenProof } from './verify-proof.js';

/** The proofs of a user who steps up: the password, another factor, or both. */
export interface StepUpProof extends GivenProof {
  readonly password?: string | undefined;
  /** Name of the other factor. */
  readonly factor?: string | undefined;
  /** How the new tickets travel. Default: as those of the session do. */
  readonly transport?: Transport | undefined;
}

/** Has a logged-in user prove who they are again. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly renewal: SessionRenewal,
  ) {}

  /**
   * The session gets a new id and new tickets. With the password alone, factors that were proven before no longer count.
   *
   * @throws AuthError `invalid_credentials`, `rate_limited`, `session_ended`; `validation_failed` where nothing is proven
   */
  async stepUp(given: StepUpProof, auth: AuthContext, exchange: Exchange): Promise<Login> {
    const transport = await this.renewal.transportFor(auth, given.transport);
    const { user, amr } = await this.prove(given, auth, exchange);
    const params = { amr, sessionEpoch: user.sessionEpoch, transport, reason: 'stepped_up' };
    return this.renewal.renew(auth, { ...params, event: 'step_up.succeeded' }, exchange);
  }

  private async prove(
    { password, factor, code, credential }: StepUpProof,
    auth: AuthContext,
    exchange: Exchange,
  ): Promise<FactorProof> {
    const user = password === undefined ? null : await this.reauthentication.byPassword(auth, password, exchange);
    if (factor === undefined) {
      if (user === null) throw new AuthError('validation_failed', { reason: 'nothing_proven' });
      return { user, amr: ['pwd'] };
    }
    const proof = await this.reauthentication.byFactor(auth, { factor, code, credential }, exchange);
    return { user: user ?? proof.user, amr: user ? ['pwd', ...proof.amr, 'mfa'] : proof.amr };
  }
}
