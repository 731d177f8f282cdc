import type { Feature } from '../../config/feature.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { AdminGrantsController } from './admin-grants.controller.js';
import { AllowingSessions } from './allowing-sessions.js';
import { DocumentClients } from './document-clients.js';
import { GrantCreation } from './grant-creation.js';
import { GrantEnds } from './grant-ends.js';
import { GrantLists } from './grant-lists.js';
import { GrantSnapshots } from './grant-snapshots.js';
import { GrantUsage } from './grant-usage.js';
import { GrantsController } from './grants.controller.js';
import { MovingGrants } from './moving-grants.js';
import { OAuthConsentEntity } from './oauth-consent.entity.js';
import { OAuthConsents } from './oauth-consents.js';
import { OAuthGrantEntity } from './oauth-grant.entity.js';
import { OfflineGrantHolding, SessionGrantHolding } from './oauth-grants.holding.js';
import { OAuthGrants } from './oauth-grants.js';
import { OAuthConsentPersonalData, OAuthGrantPersonalData } from './oauth-grants.personal-data.js';
import { oauthGrantsWords } from './oauth-grants.words.js';
import { oauthGrantsEvents, oauthGrantsSecurityLog } from './oauth-grants-events.js';
import { oauthGrantsMetricDescriptions, oauthGrantsMetrics } from './oauth-grants-metrics.js';
import { RevokedTokenEntity } from './revoked-token.entity.js';

const DAY = 86_400;

/** The access that users have allowed clients. */
export const oauthGrantsFeature: Feature = {
  name: 'oauth-grants',
  entities: [OAuthGrantEntity, OAuthConsentEntity, RevokedTokenEntity],
  events: oauthGrantsEvents,
  securityLog: oauthGrantsSecurityLog,
  metrics: { declared: oauthGrantsMetricDescriptions, inject: [OAuthGrants], useFactory: oauthGrantsMetrics },
  cleanups: {
    useFactory: () => [
      deleting('oauth_grants', 'ended_at', 30 * DAY),
      deleting('oauth_grants', 'expires_at', 30 * DAY),
      deleting('oauth_revoked_tokens', 'expires_at'),
    ],
  },
  holdings: { session_grants: SessionGrantHolding, offline_grants: OfflineGrantHolding },
  controllers: [GrantsController, AdminGrantsController],
  words: oauthGrantsWords,
  personalData: { oauthGrants: OAuthGrantPersonalData, oauthConsents: OAuthConsentPersonalData },
  providers: [
    AllowingSessions,
    GrantLists,
    DocumentClients,
    MovingGrants,
    GrantSnapshots,
    GrantUsage,
    GrantCreation,
    GrantEnds,
    OAuthGrants,
    OAuthConsents,
  ],
};
