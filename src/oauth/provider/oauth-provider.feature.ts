import type { Feature } from '../../config/feature.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { DeviceCodes } from '../artifacts/device-codes.js';
import { OAuthArtifactEntity } from '../artifacts/oauth-artifact.entity.js';
import { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import { oauthOptions } from '../oauth-options.js';
import { Accounts } from './accounts.js';
import { BrowserSessions } from './browser-sessions.js';
import { ClientProofs } from './client-proofs.js';
import { GrantLoading } from './grant-loading.js';
import { LibraryLoader } from './library.js';
import { LibraryFetch } from './library-fetch.js';
import { LibraryKeys } from './library-keys.js';
import { OAuthHandling } from './oauth-handling.js';
import { OAuthIncidents } from './oauth-incidents.js';
import { OAuthLimits } from './oauth-limits.js';
import { OAuthMount } from './oauth-mount.js';
import { OAuthProvider } from './oauth-provider.js';
import { oauthProviderEvents } from './oauth-provider-events.js';
import { OAuthReplies } from './oauth-replies.js';
import { oauthSpanDescriptions, oauthSpans } from './oauth-spans.js';
import { PlainClientTokens } from './plain-client-tokens.js';
import { PlainForms } from './plain-form.js';
import { PlainIntrospection } from './plain-introspection.js';
import { ProviderAdapters } from './provider-adapters.js';
import { ProviderConfiguration } from './provider-configuration.js';
import { ProviderFeatures } from './provider-features.js';
import { ProviderMiddleware } from './provider-middleware.js';
import { RefreshGrace } from './refresh-grace.js';
import { RegistrationRequests } from './registration-requests.js';
import { RequestBodies } from './request-bodies.js';
import { ResourceServers } from './resource-servers.js';
import { TokenClaims } from './token-claims.js';
import { TokenOutcomes, tokenMetricDescriptions, tokenMetrics } from './token-outcomes.js';
import { UserCodeGuesses } from './user-code-guesses.js';

/** `AUTH_STRATEGIES=session,…,oauth`: the provider. */
export const oauthProviderFeature: Feature = {
  name: 'oauth',
  options: oauthOptions,
  entities: [OAuthArtifactEntity],
  events: oauthProviderEvents,
  spans: { declared: oauthSpanDescriptions, inject: [OAuthHandling], useFactory: oauthSpans },
  metrics: { declared: tokenMetricDescriptions, inject: [TokenOutcomes], useFactory: tokenMetrics },
  cleanups: { useFactory: () => [deleting('oauth_artifacts', 'expires_at')] },
  providers: [
    OAuthArtifacts,
    DeviceCodes,
    Accounts,
    BrowserSessions,
    ClientProofs,
    LibraryFetch,
    LibraryLoader,
    GrantLoading,
    OAuthHandling,
    OAuthIncidents,
    OAuthLimits,
    OAuthMount,
    OAuthProvider,
    OAuthReplies,
    PlainClientTokens,
    PlainForms,
    PlainIntrospection,
    ProviderAdapters,
    ProviderConfiguration,
    ProviderFeatures,
    LibraryKeys,
    ProviderMiddleware,
    RefreshGrace,
    RequestBodies,
    RegistrationRequests,
    ResourceServers,
    TokenClaims,
    TokenOutcomes,
    UserCodeGuesses,
  ],
};
