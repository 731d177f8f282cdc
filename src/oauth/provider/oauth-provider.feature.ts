import type { Feature } from '../../config/feature.js';
import type { Options } from '../../config/options.js';
import { deleting } from '../../kernel/cleanup-task.js';
import type { SigningNeed } from '../../kernel/signing-need.js';
import { sessionOptions } from '../../sessions/session-options.js';
import { DeviceCodes } from '../artifacts/device-codes.js';
import { OAuthArtifactEntity } from '../artifacts/oauth-artifact.entity.js';
import { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import { isOAuthOn, oauthOptions } from '../oauth-options.js';
import { Accounts } from './accounts.js';
import { BrowserSessions } from './browser-sessions.js';
import { GrantLoading } from './grant-loading.js';
import { OAuthHandling } from './oauth-handling.js';
import { OAuthIncidents } from './oauth-incidents.js';
import { OAuthLimits } from './oauth-limits.js';
import { OAuthMount } from './oauth-mount.js';
import { OAuthProvider } from './oauth-provider.js';
import { oauthProviderEvents } from './oauth-provider-events.js';
import { OAuthReplies } from './oauth-replies.js';
import { ProviderAdapters } from './provider-adapters.js';
import { ProviderConfiguration } from './provider-configuration.js';
import { ProviderFeatures } from './provider-features.js';
import { ProviderKeys } from './provider-keys.js';
import { ProviderMiddleware } from './provider-middleware.js';
import { RefreshGrace } from './refresh-grace.js';
import { ResourceServers } from './resource-servers.js';
import { TokenOutcomes, tokenMetricDescriptions, tokenMetrics } from './token-outcomes.js';
import { TokenPolicies } from './token-policies.js';
import { UserCodeGuesses } from './user-code-guesses.js';

/** No resource may have its tokens live longer, nor may the option. */
const MOST_TOKEN_SECONDS = 86_400;

/** `AUTH_STRATEGIES=session,…,oauth`: the provider. */
export const oauthProviderFeature: Feature = {
  name: 'oauth',
  options: oauthOptions,
  entities: [OAuthArtifactEntity],
  signs: (options) => (isOAuthOn(options) ? needOf(options) : null),
  events: oauthProviderEvents,
  metrics: { declared: tokenMetricDescriptions, inject: [TokenOutcomes], useFactory: tokenMetrics },
  cleanups: { useFactory: () => [deleting('oauth_artifacts', 'expires_at')] },
  providers: [
    OAuthArtifacts,
    DeviceCodes,
    Accounts,
    BrowserSessions,
    GrantLoading,
    OAuthHandling,
    OAuthIncidents,
    OAuthLimits,
    OAuthMount,
    OAuthProvider,
    OAuthReplies,
    ProviderAdapters,
    ProviderConfiguration,
    ProviderFeatures,
    ProviderKeys,
    ProviderMiddleware,
    RefreshGrace,
    ResourceServers,
    TokenOutcomes,
    TokenPolicies,
    UserCodeGuesses,
  ],
};

function needOf(options: Options): SigningNeed {
  return {
    tokenSeconds: MOST_TOKEN_SECONDS,
    algorithms: options.of(oauthOptions).oauthRs256 ? ['ES256', 'RS256'] : ['ES256'],
    // A client that logs its user out shows an ID token of the login, which may be as old as the session.
    publicSeconds: options.of(sessionOptions).sessionAbsoluteSeconds,
  };
}
