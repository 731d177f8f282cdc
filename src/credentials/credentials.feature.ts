import { FreshProof } from '../access/fresh-proof.js';
import type { Feature } from '../config/feature.js';
import { AccountLookup } from './account-lookup.js';
import { credentialEvents, credentialUserLog } from './credential-events.js';
import { credentialMailTemplates } from './credential-mail-templates.js';
import { EnrolledFreshProof } from './enrolled-fresh-proof.js';
import { EnrolmentEntity } from './enrolment.entity.js';
import { EnrolmentService } from './enrolment.service.js';
import { EnrolmentProof } from './enrolment-proof.js';
import { Enrolments } from './enrolments.js';
import { FactorPersonalData } from './factor.personal-data.js';
import { FactorChanges } from './factor-changes.js';
import { FactorsController } from './factors.controller.js';
import { FactorsHolding } from './factors.holding.js';
import { Factors } from './factors.js';
import { Reauthentication } from './reauthentication.js';
import { SessionRenewal } from './session-renewal.js';
import { StepUpController } from './step-up.controller.js';

export const credentialsFeature: Feature = {
  name: 'credentials',
  mails: credentialMailTemplates,
  events: credentialEvents,
  userLog: credentialUserLog,
  entities: [EnrolmentEntity],
  controllers: [StepUpController, FactorsController],
  holdings: { factors: FactorsHolding },
  personalData: { factors: FactorPersonalData },
  providers: [
    AccountLookup,
    Factors,
    Enrolments,
    EnrolmentService,
    EnrolmentProof,
    FactorChanges,
    Reauthentication,
    SessionRenewal,
    { provide: FreshProof, useClass: EnrolledFreshProof },
  ],
};
