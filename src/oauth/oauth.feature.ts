import type { Feature } from '../config/feature.js';
import { OAuthArtifactEntity } from './artifacts/oauth-artifact.entity.js';
import { oauthClientsFeature } from './clients/oauth-clients.feature.js';
import { oauthGrantsFeature } from './grants/oauth-grants.feature.js';
import { oauthInteractionsFeature } from './interactions/oauth-interactions.feature.js';
import { oauthLogoutFeature } from './logout/oauth-logout.feature.js';
import { oauthOptions } from './oauth-options.js';
import { oauthTokensFeature } from './tokens/oauth-tokens.feature.js';

/** `AUTH_STRATEGIES=session,…,oauth`: the provider, and its tokens at routes of this application. */
const oauthFeature: Feature = { name: 'oauth', options: oauthOptions, entities: [OAuthArtifactEntity] };

/** All that the provider brings. */
export const oauthFeatures: readonly Feature[] = [
  oauthFeature,
  oauthClientsFeature,
  oauthGrantsFeature,
  oauthInteractionsFeature,
  oauthLogoutFeature,
  oauthTokensFeature,
];
