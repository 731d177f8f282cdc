import { Injectable } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import type { Exchange } from '../../access/replier.js';
import { EnrolmentService, type NewTickets } from '../../credentials/enrolment.service.js';
import { Enrolments } from '../../credentials/enrolments.js';
import type { AuthContext, Transport } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { IssuedRecoveryCodes } from './issued-recovery-codes.js';
import { RecoveryCodeFactor } from './recovery-code.factor.js';

/** A set of codes just issued, which cannot be shown again, and what of the session's new tickets belongs into the reply. */
export interface RenewedRecoveryCodes {
  readonly recoveryCodes: readonly string[];
  readonly tickets: NewTickets;
}

/** Replaces a user's recovery codes. */
@Injectable()
export class RecoveryCodeRenewal {
  constructor(
    private readonly factor: RecoveryCodeFactor,
    private readonly codes: IssuedRecoveryCodes,
    private readonly enrolments: Enrolments,
    private readonly fresh: FreshProof,
    private readonly enrolment: EnrolmentService,
  ) {}

  /**
   * Issues a new set; the codes before are good for nothing from then on, and the other sessions end.
   *
   * @throws AuthError `step_up_required`; `conflict` when there is no factor that they could stand in for
   */
  async renew(auth: AuthContext, transport: Transport | undefined, exchange: Exchange): Promise<RenewedRecoveryCodes> {
    await this.fresh.assert(auth);
    const own = { factor: this.factor, auth, amr: [], hasBody: true, transport };
    let recoveryCodes: string[] = [];
    const tickets = await this.enrolment.replace(
      { ...own, change: 'recovery_codes_renewed' },
      async ({ id }, manager) => {
        const others = (await this.enrolments.within(manager, id)).filter((name) => name !== this.factor.name);
        if (others.length === 0) throw new AuthError('conflict', { reason: 'nothing_to_back_up' });
        recoveryCodes = await this.codes.issue(id, manager);
      },
      exchange,
    );
    return { recoveryCodes, tickets };
  }
}
