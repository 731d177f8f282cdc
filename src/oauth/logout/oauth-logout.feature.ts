import type { Feature } from '../../config/feature.js';
import { Options } from '../../config/options.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { sessionOptions } from '../../sessions/session-options.js';
import { BackChannelLogout } from './back-channel-logout.js';
import { EndedSessions } from './ended-sessions.js';
import { ExpiredSessions } from './expired-sessions.js';
import { LogoutClient } from './logout-client.js';
import { LogoutJobEntity } from './logout-job.entity.js';
import { LogoutNoticesController } from './logout-notices.controller.js';
import { LogoutNotices } from './logout-notices.js';
import { LogoutNoticesPage } from './logout-notices.page.js';
import { LOGOUT_NOTICES, LOGOUT_NOTICES_SAMPLE } from './logout-notices.template.js';
import { logoutNoticesWords } from './logout-notices.words.js';
import { LogoutTokens } from './logout-tokens.js';
import { oauthLogoutEvents } from './oauth-logout-events.js';
import { oauthLogoutMetricDescriptions, oauthLogoutMetrics } from './oauth-logout-metrics.js';
import { SessionClientEntity } from './session-client.entity.js';
import { SessionClients } from './session-clients.js';
import { UndeliveredNotices } from './undelivered-notices.js';

const DAY = 86_400;

/** Tells clients of the end of sessions. */
export const oauthLogoutFeature: Feature = {
  name: 'oauth-logout',
  entities: [SessionClientEntity, LogoutJobEntity],
  events: oauthLogoutEvents,
  words: logoutNoticesWords,
  pages: defineTemplates({ 'admin-logout-notices': { source: LOGOUT_NOTICES, sample: LOGOUT_NOTICES_SAMPLE } }),
  controllers: [LogoutNoticesController, LogoutNoticesPage],
  metrics: { declared: oauthLogoutMetricDescriptions, inject: [LogoutNotices], useFactory: oauthLogoutMetrics },
  cleanups: {
    inject: [Options],
    useFactory: (options: Options) => [
      // No session that it was noted in can be live by then, and the clients to be told of its end were.
      deleting('oauth_session_clients', 'noted_at', options.of(sessionOptions).sessionAbsoluteSeconds + 7 * DAY),
      deleting('oauth_logout_jobs', 'dead_at', 30 * DAY),
    ],
  },
  providers: [
    SessionClients,
    EndedSessions,
    ExpiredSessions,
    LogoutTokens,
    LogoutClient,
    LogoutNotices,
    BackChannelLogout,
    UndeliveredNotices,
  ],
};
