import type { Feature } from '../../../config/feature.js';
import { deleting } from '../../../kernel/cleanup-task.js';
import { FederatedLogoutEntity } from '../logout/federated-logout.entity.js';
import { LogoutRefusals } from '../logout/logout-refusals.js';
import { UpstreamLogoutController } from '../logout/upstream-logout.controller.js';
import { UpstreamLogouts } from '../logout/upstream-logouts.js';
import { CheckQueue } from './check-queue.js';
import { CheckTimes } from './check-times.js';
import { FederatedEnds } from './federated-ends.js';
import { FederatedLoginEntity } from './federated-login.entity.js';
import { FederatedLogins } from './federated-logins.js';
import { LoginLooks } from './login-looks.js';
import { NotedLogouts } from './noted-logouts.js';
import { recheckEvents } from './recheck-events.js';
import { RecheckTally, recheckMetricDescriptions, recheckMetrics } from './recheck-metrics.js';
import { Rechecks } from './rechecks.js';
import { SealedTokens } from './sealed-tokens.js';

/** Sessions that rest on logins elsewhere: notices when those are over. */
export const federatedSessionsFeature: Feature = {
  name: 'federated-sessions',
  events: recheckEvents,
  entities: [FederatedLoginEntity, FederatedLogoutEntity],
  cleanups: { useFactory: () => [deleting('federated_logouts', 'expires_at')] },
  controllers: [UpstreamLogoutController],
  metrics: { declared: recheckMetricDescriptions, inject: [RecheckTally], useFactory: recheckMetrics },
  providers: [
    FederatedLogins,
    NotedLogouts,
    FederatedEnds,
    SealedTokens,
    CheckTimes,
    CheckQueue,
    LoginLooks,
    RecheckTally,
    Rechecks,
    UpstreamLogouts,
    LogoutRefusals,
  ],
};
