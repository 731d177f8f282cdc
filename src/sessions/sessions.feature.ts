import { STRATEGIES } from '../access/ticket-strategy.js';
import type { Feature } from '../config/feature.js';
import { Options } from '../config/options.js';
import { deleting } from '../kernel/cleanup-task.js';
import { RateLimitStore } from '../limits/rate-limit.store.js';
import { defineTemplates } from '../pages/define-templates.js';
import { RevocationFeed } from '../revocation/revocation-feed.js';
import { SnapshotSource } from '../revocation/session-view.js';
import { ActingSessionEntity } from './acting-session.entity.js';
import { ActingSessions } from './acting-sessions.js';
import { ActsUnderWay } from './acts-under-way.js';
import { AtomicPrimitives } from './atomic-primitives.js';
import { ClaimsSource, NoClaims } from './claims-source.js';
import { HeldSessions } from './held-sessions.js';
import { HintCookie } from './hint-cookie.js';
import { LiveSessions } from './live-sessions.js';
import { LogoutService } from './logout.service.js';
import { RefreshTokenStore } from './refresh-token.store.js';
import { ReplacedSessions } from './replaced-sessions.js';
import { SessionPersonalData } from './session.personal-data.js';
import { SessionService } from './session.service.js';
import { SessionStore } from './session.store.js';
import { SessionClaims } from './session-claims.js';
import { SessionEnds } from './session-ends.js';
import { SessionEpochs } from './session-epochs.js';
import { sessionEvents, sessionSecurityLog } from './session-events.js';
import { sessionMetricDescriptions, sessionMetrics } from './session-metrics.js';
import { sessionOptions } from './session-options.js';
import { SessionResolver } from './session-resolver.js';
import { StoredSnapshots } from './session-snapshot.source.js';
import { SessionStarts } from './session-starts.js';
import { SessionTickets } from './session-tickets.js';
import { SessionTouches } from './session-touches.js';
import { SessionsController } from './sessions.controller.js';
import { sessionsWords } from './sessions.words.js';
import { SignOutPage } from './sign-out.page.js';
import { SIGNED_OUT } from './signed-out.template.js';
import { STORAGES, Storage } from './storage.js';
import { StoredRateLimits } from './stored-rate-limits.js';
import { ticketSpanDescriptions, ticketSpans } from './ticket-spans.js';
import { UserClaims } from './user-claims.js';

export const sessionsFeature: Feature = {
  name: 'sessions',
  events: sessionEvents,
  securityLog: sessionSecurityLog,
  options: sessionOptions,
  entities: [ActingSessionEntity],
  controllers: [SessionsController, SignOutPage],
  pages: defineTemplates({ 'signed-out': { source: SIGNED_OUT, sample: {} } }),
  words: sessionsWords,
  cleanups: { useFactory: () => [deleting('acting_sessions', 'expires_at')] },
  metrics: {
    declared: sessionMetricDescriptions,
    inject: [SessionResolver, SnapshotSource],
    useFactory: sessionMetrics,
  },
  spans: { declared: ticketSpanDescriptions, inject: [STRATEGIES], useFactory: ticketSpans },
  personalData: { sessions: SessionPersonalData },
  providers: [
    HintCookie,
    { provide: Storage, inject: [Options, STORAGES], useFactory: chosen },
    { provide: SessionStore, inject: [Storage], useFactory: (storage: Storage) => storage.sessions },
    { provide: RefreshTokenStore, inject: [Storage], useFactory: (storage: Storage) => storage.refreshTokens },
    { provide: AtomicPrimitives, inject: [Storage], useFactory: (storage: Storage) => storage.atomics },
    { provide: RateLimitStore, useClass: StoredRateLimits },
    { provide: SnapshotSource, useClass: StoredSnapshots },
    { provide: RevocationFeed, inject: [Storage], useFactory: (storage: Storage) => storage.feed },
    { provide: ClaimsSource, useClass: NoClaims },
    SessionClaims,
    UserClaims,
    ActingSessions,
    ActsUnderWay,
    SessionTouches,
    SessionResolver,
    SessionEpochs,
    SessionService,
    SessionEnds,
    SessionStarts,
    SessionTickets,
    LiveSessions,
    HeldSessions,
    LogoutService,
    ReplacedSessions,
  ],
};

/** The storage that `SESSION_STORE` names, opened. The others stay closed. */
async function chosen(options: Options, storages: readonly Storage[]): Promise<Storage> {
  const { sessionStore } = options.of(sessionOptions);
  const storage = storages.find(({ name }) => name === sessionStore)!;
  await storage.open();
  return storage;
}
