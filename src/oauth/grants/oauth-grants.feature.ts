import type { Feature } from '../../config/feature.js';
import { OAuthConsentEntity } from './oauth-consent.entity.js';
import { OAuthGrantEntity } from './oauth-grant.entity.js';
import { RevokedTokenEntity } from './revoked-token.entity.js';

/** What users have allowed clients. */
export const oauthGrantsFeature: Feature = {
  name: 'oauth-grants',
  entities: [OAuthGrantEntity, OAuthConsentEntity, RevokedTokenEntity],
};
