import type { Feature } from '../../config/feature.js';
import { OAuthResourceEntity } from '../resources/oauth-resource.entity.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { OAuthScopes } from '../resources/oauth-scopes.js';
import { ProtectedResources } from '../resources/protected-resources.js';
import { clientEvents } from './client-events.js';
import { ClientFiles } from './client-files.js';
import { ClientLeftovers } from './client-leftovers.js';
import { ClientSnapshots } from './client-snapshots.js';
import { ClientTable } from './client-table.js';
import { ClientUsage } from './client-usage.js';
import { OAuthClientEntity } from './oauth-client.entity.js';
import { OAuthClientAdmin } from './oauth-client-admin.js';
import { OAuthClients } from './oauth-clients.js';
import { RegistrationTokenEntity } from './registration-token.entity.js';

/** Clients of the provider and the APIs they ask for. */
export const oauthClientsFeature: Feature = {
  name: 'oauth-clients',
  events: clientEvents,
  entities: [OAuthClientEntity, OAuthResourceEntity, RegistrationTokenEntity],
  cleanups: { inject: [ClientLeftovers], useFactory: (leftovers: ClientLeftovers) => leftovers.tasks() },
  providers: [
    ProtectedResources,
    OAuthResources,
    OAuthScopes,
    ClientFiles,
    ClientSnapshots,
    ClientUsage,
    ClientTable,
    ClientLeftovers,
    OAuthClients,
    OAuthClientAdmin,
  ],
};
