import { FreshProof } from '../access/fresh-proof.js';
import type { Feature } from '../config/feature.js';
import { mergeWords } from '../languages/define-words.js';
import { AccountLookup } from './account-lookup.js';
import { credentialEvents, credentialSecurityLog } from './credential-events.js';
import { credentialMailTemplates } from './credential-mail-templates.js';
import { credentialsWords } from './credentials.words.js';
import { EnrolledFreshProof } from './enrolled-fresh-proof.js';
import { EnrolmentEntity } from './enrolment.entity.js';
import { EnrolmentService } from './enrolment.service.js';
import { EnrolmentProof } from './enrolment-proof.js';
import { Enrolments } from './enrolments.js';
import { FactorPersonalData } from './factor.personal-data.js';
import { FactorChangeNotifications } from './factor-change-notifications.js';
import { FactorChanges } from './factor-changes.js';
import { FactorsController } from './factors.controller.js';
import { FactorsHolding } from './factors.holding.js';
import { Factors } from './factors.js';
import { OwnPassword } from './own-password.js';
import { accountFactorsWords } from './pages/account-factors.words.js';
import { accountFactorsPages } from './pages/account-factors-pages.js';
import { ConfirmPage } from './pages/confirm.page.js';
import { credentialsPages } from './pages/credentials-pages.js';
import { FactorsPage } from './pages/factors.page.js';
import { ProofFields } from './pages/proof-fields.js';
import { ProofPlaces } from './pages/proof-places.js';
import { AnyLogin, PrescribedLogins } from './prescribed-logins.js';
import { Reauthentication } from './reauthentication.js';
import { RoleChanges } from './role-changes.js';
import { SessionRenewal } from './session-renewal.js';
import { StepUpController } from './step-up.controller.js';
import { StepUpService } from './step-up.service.js';

export const credentialsFeature: Feature = {
  name: 'credentials',
  mails: credentialMailTemplates,
  events: credentialEvents,
  securityLog: credentialSecurityLog,
  entities: [EnrolmentEntity],
  controllers: [StepUpController, FactorsController, ConfirmPage, FactorsPage],
  pages: { ...credentialsPages, ...accountFactorsPages },
  words: mergeWords([credentialsWords, accountFactorsWords]),
  holdings: { factors: FactorsHolding },
  personalData: { factors: FactorPersonalData },
  providers: [
    AccountLookup,
    Factors,
    Enrolments,
    EnrolmentService,
    EnrolmentProof,
    OwnPassword,
    { provide: PrescribedLogins, useClass: AnyLogin },
    FactorChangeNotifications,
    FactorChanges,
    ProofFields,
    ProofPlaces,
    Reauthentication,
    SessionRenewal,
    RoleChanges,
    StepUpService,
    { provide: FreshProof, useClass: EnrolledFreshProof },
  ],
};
