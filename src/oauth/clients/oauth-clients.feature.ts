import type { Feature } from '../../config/feature.js';
import { OAuthResourceEntity } from '../resources/oauth-resource.entity.js';
import { OAuthClientEntity } from './oauth-client.entity.js';
import { RegistrationTokenEntity } from './registration-token.entity.js';

/** Clients of the provider and the APIs they ask for. */
export const oauthClientsFeature: Feature = {
  name: 'oauth-clients',
  entities: [OAuthClientEntity, OAuthResourceEntity, RegistrationTokenEntity],
};
