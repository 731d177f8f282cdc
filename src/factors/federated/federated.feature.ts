import type { Feature } from '../../config/feature.js';
import { PrescribedLogins } from '../../credentials/prescribed-logins.js';
import { ConnectionEntity } from './connections/connection.entity.js';
import { ConnectionDomainEntity } from './connections/connection-domain.entity.js';
import { ConnectionFile } from './connections/connection-file.js';
import { ConnectionSecrets } from './connections/connection-secrets.js';
import { Connections } from './connections/connections.js';
import { EnforcedConnections } from './connections/enforced-connections.js';
import { FederatedFactor } from './federated.factor.js';
import { federatedWords } from './federated.words.js';
import { federatedEvents } from './federated-events.js';
import { federatedMailTemplates } from './federated-mail-templates.js';
import { federatedOptions } from './federated-options.js';
import { CallbackController } from './flow/callback.controller.js';
import { CallbackService } from './flow/callback.service.js';
import { FederatedFlows } from './flow/federated-flows.js';
import { FederatedLoginController } from './flow/federated-login.controller.js';
import { FederatedStepUpController } from './flow/federated-step-up.controller.js';
import { FlowCookie } from './flow/flow-cookie.js';
import { FlowEnds } from './flow/flow-ends.js';
import { FormCallbackController } from './flow/form-callback.controller.js';
import { LoginRoutes } from './flow/login-routes.js';
import { ProviderAnswers } from './flow/provider-answers.js';
import { ReturnTargets } from './flow/return-target.js';
import { FederatedIdentitiesHolding } from './identities/federated-identities.holding.js';
import { FederatedIdentities } from './identities/federated-identities.js';
import { FederatedIdentitiesPersonalData } from './identities/federated-identities.personal-data.js';
import { FederatedIdentityEntity } from './identities/federated-identity.entity.js';
import { FederatedUsers } from './identities/federated-users.js';
import { IdentitiesController } from './identities/identities.controller.js';
import { IdentityOwners } from './identities/identity-owners.js';
import { Linking } from './identities/linking.js';
import { OwnLinks } from './identities/own-links.js';
import { Provisioning } from './identities/provisioning.js';
import { RefusedLinks } from './identities/refused-links.js';
import { RolesAtLogin } from './identities/roles-at-login.js';
import { FederatedSessionEntity } from './recheck/federated-session.entity.js';
import { UpstreamFetch } from './upstreams/upstream-fetch.js';
import { Upstreams } from './upstreams/upstreams.js';

export const federatedFeature: Feature = {
  name: 'federated',
  events: federatedEvents,
  mails: federatedMailTemplates,
  words: federatedWords,
  options: federatedOptions,
  entities: [ConnectionEntity, ConnectionDomainEntity, FederatedIdentityEntity, FederatedSessionEntity],
  controllers: [
    FederatedLoginController,
    CallbackController,
    FormCallbackController,
    FederatedStepUpController,
    IdentitiesController,
  ],
  factors: { federated: FederatedFactor },
  holdings: { federated_identities: FederatedIdentitiesHolding },
  personalData: { linkedLogins: FederatedIdentitiesPersonalData },
  providers: [
    EnforcedConnections,
    { provide: PrescribedLogins, useExisting: EnforcedConnections },
    ConnectionFile,
    ConnectionSecrets,
    Connections,
    UpstreamFetch,
    Upstreams,
    FlowCookie,
    ReturnTargets,
    LoginRoutes,
    FederatedFlows,
    ProviderAnswers,
    FlowEnds,
    CallbackService,
    FederatedIdentities,
    IdentityOwners,
    Linking,
    Provisioning,
    RefusedLinks,
    RolesAtLogin,
    FederatedUsers,
    OwnLinks,
  ],
};
