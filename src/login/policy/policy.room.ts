import { FreshProof } from '../../access/fresh-proof.js';
import type { Room } from '../../config/room.js';
import { EnrolledFreshProof } from '../enrolled-fresh-proof.js';
import { EnrolmentEntity } from '../enrolment.entity.js';
import { Enrolments } from '../enrolments.js';
import { FactorChanges } from '../factor-changes.js';
import { FactorsController } from '../factors.controller.js';
import { FactorsHolding } from '../factors.holding.js';
import { Factors } from '../factors.js';
import { BrowserMark } from '../half/browser-mark.js';
import { FactorAttempts } from '../half/factor-attempts.js';
import { FactorLoginController } from '../half/factor-login.controller.js';
import { PendingLoginsHolding } from '../half/pending-logins.holding.js';
import { PendingLogins } from '../half/pending-logins.js';
import { ConfiguredLoginPolicy } from './configured-login-policy.js';
import { LoginPolicy } from './login-policy.js';
import { policyOptions } from './policy-options.js';

/** The part of the login room that is about more than one factor. */
export const policyRoom: Room = {
  name: 'policy',
  options: policyOptions,
  entities: [EnrolmentEntity],
  controllers: [FactorLoginController, FactorsController],
  holdings: { factors: FactorsHolding, pending_logins: PendingLoginsHolding },
  providers: [
    { provide: LoginPolicy, useClass: ConfiguredLoginPolicy },
    Factors,
    Enrolments,
    FactorChanges,
    FactorAttempts,
    { provide: FreshProof, useClass: EnrolledFreshProof },
    BrowserMark,
    PendingLogins,
  ],
};
