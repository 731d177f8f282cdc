import type { Feature } from '../config/feature.js';
import type { Options } from '../config/options.js';
import type { SigningNeed } from '../kernel/signing-need.js';
import { sessionOptions } from '../sessions/session-options.js';
import { OAuthArtifactEntity } from './artifacts/oauth-artifact.entity.js';
import { oauthClientsFeature } from './clients/oauth-clients.feature.js';
import { oauthGrantsFeature } from './grants/oauth-grants.feature.js';
import { oauthInteractionsFeature } from './interactions/oauth-interactions.feature.js';
import { oauthLogoutFeature } from './logout/oauth-logout.feature.js';
import { isOAuthOn, oauthOptions } from './oauth-options.js';
import { oauthTokensFeature } from './tokens/oauth-tokens.feature.js';

/** No resource may have its tokens live longer, nor may the option. */
const MOST_TOKEN_SECONDS = 86_400;

/** `AUTH_STRATEGIES=session,…,oauth`: the provider, and its tokens at routes of this application. */
const oauthFeature: Feature = {
  name: 'oauth',
  options: oauthOptions,
  entities: [OAuthArtifactEntity],
  signs: (options) => (isOAuthOn(options) ? needOf(options) : null),
};

function needOf(options: Options): SigningNeed {
  return {
    tokenSeconds: MOST_TOKEN_SECONDS,
    algorithms: options.of(oauthOptions).oauthRs256 ? ['ES256', 'RS256'] : ['ES256'],
    // A client that logs its user out shows an ID token of the login, which may be as old as the session.
    publicSeconds: options.of(sessionOptions).sessionAbsoluteSeconds,
  };
}

/** All that the provider brings. */
export const oauthFeatures: readonly Feature[] = [
  oauthFeature,
  oauthClientsFeature,
  oauthGrantsFeature,
  oauthInteractionsFeature,
  oauthLogoutFeature,
  oauthTokensFeature,
];
