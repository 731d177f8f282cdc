import type { Feature } from '../config/feature.js';
import { oauthClientsFeature } from './clients/oauth-clients.feature.js';
import { oauthGrantsFeature } from './grants/oauth-grants.feature.js';
import { oauthInteractionsFeature } from './interactions/oauth-interactions.feature.js';
import { oauthLogoutFeature } from './logout/oauth-logout.feature.js';
import { oauthPagesFeature } from './pages/oauth-pages.feature.js';
import { oauthProviderFeature } from './provider/oauth-provider.feature.js';
import { oauthTokensFeature } from './tokens/oauth-tokens.feature.js';

/** All that the provider brings. */
export const oauthFeatures: readonly Feature[] = [
  oauthProviderFeature,
  oauthClientsFeature,
  oauthGrantsFeature,
  oauthInteractionsFeature,
  oauthLogoutFeature,
  oauthPagesFeature,
  oauthTokensFeature,
];
