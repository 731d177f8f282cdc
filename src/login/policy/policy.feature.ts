import { FreshProof } from '../../access/fresh-proof.js';
import type { Feature } from '../../config/feature.js';
import { EnrolledFreshProof } from '../enrolled-fresh-proof.js';
import { EnrolmentEntity } from '../enrolment.entity.js';
import { Enrolments } from '../enrolments.js';
import { FactorChanges } from '../factor-changes.js';
import { FactorsController } from '../factors.controller.js';
import { FactorsHolding } from '../factors.holding.js';
import { Factors } from '../factors.js';
import { FactorAttempts } from '../pending-login/factor-attempts.js';
import { FactorLoginController } from '../pending-login/factor-login.controller.js';
import { LoginBindingCookie } from '../pending-login/login-binding-cookie.js';
import { PendingLoginsHolding } from '../pending-login/pending-logins.holding.js';
import { PendingLogins } from '../pending-login/pending-logins.js';
import { ConfiguredLoginPolicy } from './configured-login-policy.js';
import { LoginPolicy } from './login-policy.js';
import { policyOptions } from './policy-options.js';

/** The part of the login feature that is about more than one factor. */
export const policyFeature: Feature = {
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
    LoginBindingCookie,
    PendingLogins,
  ],
};
