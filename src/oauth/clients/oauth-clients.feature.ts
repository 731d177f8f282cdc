import type { Feature } from '../../config/feature.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { OAuthResourceEntity } from '../resources/oauth-resource.entity.js';
import { OAuthResourceAdmin } from '../resources/oauth-resource-admin.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { OAuthScopes } from '../resources/oauth-scopes.js';
import { ProtectedResources } from '../resources/protected-resources.js';
import { OAuthResourcesController } from '../resources/resources.controller.js';
import { clientEvents } from './client-events.js';
import { ClientFiles } from './client-files.js';
import { ClientLeftovers } from './client-leftovers.js';
import { clientMailTemplates } from './client-mail-templates.js';
import { ClientRegistration } from './client-registration.js';
import { ClientSecretHolding } from './client-secrets.holding.js';
import { ClientSnapshots } from './client-snapshots.js';
import { ClientTable } from './client-table.js';
import { ClientUsage } from './client-usage.js';
import { OAuthClientsController } from './clients.controller.js';
import { FileClientEntity } from './file-client.entity.js';
import { FirstPartyNotifications } from './first-party-notifications.js';
import { ListedClients } from './listed-clients.js';
import { OAuthClientEntity } from './oauth-client.entity.js';
import { OAuthClientAdmin } from './oauth-client-admin.js';
import { OAuthClients } from './oauth-clients.js';
import { RegistrationEndpoint } from './registration-endpoint.js';
import { RegistrationTokenEntity } from './registration-token.entity.js';
import { RegistrationTokensController } from './registration-tokens.controller.js';
import { RegistrationTokenHolding } from './registration-tokens.holding.js';
import { RegistrationTokens } from './registration-tokens.js';

/** Clients of the provider and the APIs they ask for. */
export const oauthClientsFeature: Feature = {
  name: 'oauth-clients',
  events: clientEvents,
  mails: clientMailTemplates,
  entities: [OAuthClientEntity, FileClientEntity, OAuthResourceEntity, RegistrationTokenEntity],
  controllers: [OAuthClientsController, RegistrationTokensController, OAuthResourcesController],
  holdings: { client_secrets: ClientSecretHolding, registration_tokens: RegistrationTokenHolding },
  cleanups: {
    inject: [ClientLeftovers],
    useFactory: (leftovers: ClientLeftovers) => [
      ...leftovers.tasks(),
      deleting('oauth_registration_tokens', 'expires_at'),
    ],
  },
  providers: [
    ProtectedResources,
    OAuthResources,
    OAuthScopes,
    ClientFiles,
    ClientSnapshots,
    ClientUsage,
    ClientTable,
    ClientLeftovers,
    ListedClients,
    FirstPartyNotifications,
    OAuthClients,
    OAuthClientAdmin,
    OAuthResourceAdmin,
    RegistrationTokens,
    ClientRegistration,
    RegistrationEndpoint,
  ],
};
