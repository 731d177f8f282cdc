// The front door: every promised name, one by one. `docs/reference/public-names.md` has a line on each.

export type { RolePermissionMap } from './access/access-options.js';
export { AuthGuard } from './access/auth.guard.js';
export { type Caller, Callers, CurrentCaller } from './access/caller.js';
export { Cookies, type CookieToSet } from './access/cookies.js';
export { CsrfTokens } from './access/csrf-tokens.js';
export { FreshProof } from './access/fresh-proof.js';
export { guardHandshakes, type HandshakeSettings } from './access/guard-handshakes.js';
export { Handshakes } from './access/handshakes.js';
export { LiveConnections } from './access/live-connections.js';
export type { LiveSocket } from './access/live-socket.js';
export { OptionalAuth } from './access/optional-auth.decorator.js';
export { ProtectedResource, type ProtectedResourceSettings } from './access/protected-resource.decorator.js';
export { Public } from './access/public.decorator.js';
export { CurrentExchange, type Exchange, type Replier, Repliers } from './access/replier.js';
export type { RequestOrigin } from './access/request-origin.js';
export { RolePermissions } from './access/role-permissions.js';
export {
  CurrentAuth,
  CurrentSession,
  CurrentUser,
  NotWhileImpersonating,
  OpenToEnrolment,
  Permissions,
  Roles,
  Scopes,
  Strategies,
} from './access/route-decorators.js';
export { ScopePolicy } from './access/scope-policy.js';
export type { SecurityScheme } from './access/security-scheme.js';
export { StepUp } from './access/step-up.js';
export {
  type BearerClaim,
  type Charge,
  type LookedUp,
  type Ticket,
  TicketStrategy,
  ticketStrategyOn,
  type Verdict,
} from './access/ticket-strategy.js';
export { addCoatcheckSecurity } from './api-security.js';
export { type AuditEvents, type AuditEventType, defineEvents, type EventsOf } from './audit/audit-event-types.js';
export type { AuditFilter } from './audit/audit-filter.js';
export { AuditRecords } from './audit/audit-records.js';
export { type AuditEvent, type AuditOrigin, AuditSink } from './audit/audit-sink.js';
export type { PendingAuditEvents } from './audit/pending-audit-events.js';
export { AuthModule } from './auth.module.js';
export type { AuthExtras, AuthOptions } from './auth-options.js';
export type { BuiltInEventType } from './built-in-events.js';
export { ConfigurationError } from './config/configuration-error.js';
export type { Feature } from './config/feature.js';
export {
  type ConfigurationProblem,
  choice,
  defineOptions,
  flag,
  integer,
  list,
  type OptionSection,
  type OptionSpec,
  optionalText,
  seconds,
  text,
} from './config/option-section.js';
export { Options } from './config/options.js';
export {
  type CredentialWrite,
  EnrolmentService,
  type NewTickets,
  type OwnChange,
  type OwnFactorChange,
} from './credentials/enrolment.service.js';
export { EnrolmentProof } from './credentials/enrolment-proof.js';
export {
  type Claim,
  type EnrolledFactor,
  Factor,
  type FactorClaim,
  type FactorProof,
  type FactorSelection,
  type FirstClaim,
  type PlacesToBegin,
  type ProofPlace,
} from './credentials/factor.js';
export { Factors } from './credentials/factors.js';
export { type LoginCandidate, type LoginDemand, LoginPolicy } from './credentials/login-policy.js';
export { Reauthentication } from './credentials/reauthentication.js';
export { RecoveryCodes } from './credentials/recovery-codes.js';
export { AUTH_DATA_SOURCE } from './database/auth-data-source.js';
export { migrate } from './database/migrate.js';
export type { Handshake } from './edge/handshake.js';
export type { HttpReply, HttpRequest } from './edge/http-exchange.js';
export { Audited } from './events/audited.decorator.js';
export type { AuditedOptions } from './events/audited.interceptor.js';
export { EventListeners } from './events/event-listeners.js';
export {
  AfterCommit,
  type HeardEvent,
  InTransaction,
  TRANSACTIONAL_EVENTS,
  type TransactionalEvent,
} from './events/listener-decorators.js';
export { type PasskeyRecord, PasskeyStore, type PasskeyUse } from './factors/passkey/passkey.store.js';
export { BreachedPasswords } from './factors/password/breached/breached-passwords.js';
export { FOREIGN_HASHES, type ForeignHash, type ForeignHashCheck } from './factors/password/foreign/foreign-hash.js';
export { foreignHashes } from './factors/password/foreign/foreign-hashes.js';
export { pepperedBcryptHash } from './factors/password/foreign/prefixed.hash.js';
export {
  type ImportedUser,
  type Importer,
  type ImportReport,
  type RefusedRow,
  UserImportService,
} from './factors/password/import/user-import.service.js';
export { LegacyDirectory, type LegacyUser } from './factors/password/legacy/legacy-directory.js';
export { PasswordStore } from './factors/password/password.store.js';
export { type PasswordCheck, PasswordHasher } from './factors/password/password-hasher.js';
export { PasswordPolicy } from './factors/password/password-policy.js';
export { entities } from './features.js';
export { AuthController } from './http/auth-controller.js';
export { AuthErrorFilter } from './http/auth-error.filter.js';
export { isCoatcheckRoute } from './http/coatcheck-route.js';
export {
  type AuthClient,
  type AuthContext,
  type AuthCredential,
  type AuthenticatedRequest,
  type AuthSession,
  type AuthUser,
  type CredentialAuth,
  type CustomClaims,
  type OptionallyAuthenticatedRequest,
  type Permitted,
  type RecognisedAuth,
  requireSession,
  type SessionAuth,
  type SessionMetadata,
  type StrategyName,
  type Transport,
  ticketIdOf,
  type UserKind,
} from './kernel/auth-context.js';
export {
  AUTH_ERRORS,
  AuthError,
  type AuthErrorCode,
  type AuthErrorDetails,
  type FieldError,
  STATUS_OF_CODE,
  type StepUp as StepUpDemand,
} from './kernel/auth-error.js';
export { type CleanupTask, deleting } from './kernel/cleanup-task.js';
export { Clock, SystemClock } from './kernel/clock.js';
export { canonicalEmail } from './kernel/email-address.js';
export {
  defineMetrics,
  type Metric,
  type MetricDescription,
  type MetricDescriptions,
  type MetricValue,
  metricsOf,
  type NumberMetric,
} from './kernel/metric.js';
export { PersonalData } from './kernel/personal-data.js';
export { SecretKey } from './kernel/secret-key.js';
export {
  hashSecret,
  type MintedToken,
  mintSecretToken,
  parseSecretToken,
  type SecretToken,
  secretMatches,
} from './kernel/secret-token.js';
export type { SecurityLogEvent, SecurityLogKind } from './kernel/security-log.js';
export {
  type DeclaredSpan,
  defineSpans,
  type Span,
  type SpanAttributes,
  type SpanDescription,
  type SpanDescriptions,
  type SpanOptions,
  type TracedCall,
  type Tracer,
  traced,
} from './kernel/span.js';
export type { UserFields, UserFieldValues } from './kernel/user-fields.js';
export { signingKey } from './keys/signing-key.js';
export { type JwtAlgorithm, type PublicJwk, type SigningKey, SigningKeys } from './keys/signing-keys.js';
export { BotCheck, type BotCheckedRoute, type BotCheckRequest } from './limits/bot-check.js';
export type { PendingGiveBack } from './limits/pending-give-back.js';
export {
  type CountedLimit,
  LimitsNotCounted,
  type RateLimit,
  RateLimitStore,
  type Tally,
} from './limits/rate-limit.store.js';
export { type LimitSubject, MAILS, type RateLimitRule } from './limits/rate-limit-rule.js';
export { RateLimited } from './limits/rate-limited.decorator.js';
export { RateLimiter, type Taken } from './limits/rate-limiter.js';
export { FactorAttempts } from './lockout/factor-attempts.js';
export { FactorSessions } from './login/factor-sessions.js';
export { LoginService } from './login/login.service.js';
export type { LoginParams, NextProof } from './login/login-progress.js';
export type { EnrolmentRequired, FactorRequired, LoginResult } from './login/login-result.js';
export { type LoginTicket, type PendingLogin, PendingLogins } from './login/pending-login/pending-logins.js';
export { ConfiguredLoginPolicy } from './login/policy/configured-login-policy.js';
export { type MailAboutToLeave, MailAllowance } from './mail/mail-allowance.js';
export { MailLinks } from './mail/mail-links.js';
export { MailRefused } from './mail/mail-refused.js';
export { type Mail, Mailer } from './mail/mailer.js';
export { Notifications } from './mail/notifications.js';
export { Outbox, type OutboxMail } from './mail/outbox.js';
export {
  defineMailTemplates,
  type MailDeclaration,
  type MailDeclarations,
  type MailWords,
  type Paragraph,
  type WordOf,
} from './mail/templates/mail-declaration.js';
export { MailTemplates } from './mail/templates/mail-templates.js';
export type {
  EventValues,
  LinkValues,
  NotificationKind,
  NotMeNotificationKind,
  NotMeValues,
  TemplateKind,
  TemplateValues,
} from './mail/templates/template-values.js';
export { Metrics } from './metrics/metrics.js';
export {
  type Announcement,
  type FeedListener,
  type FeedStatus,
  type GrantedLease,
  type Revocation,
  RevocationFeed,
  type RunningLease,
  type Subject,
  UNSETTLED_SECONDS,
} from './revocation/revocation-feed.js';
export { type RevocationChannel, Revocations } from './revocation/revocations.js';
export { AccountSecurity, type Applied, type SecurityChange } from './security/account-security.js';
export { STRICTER_SECURITY_EVENTS, type StricterCells } from './security/effective-security-table.js';
export { type AddedWayIn, type Bind, type Ending, type EndingOne, Holding, type Period } from './security/holding.js';
export type { SecurityEventParams } from './security/security-event-params.js';
export {
  type Extent,
  SECURITY_EVENTS,
  type SecurityColumn,
  type SecurityEventName,
  type SecurityRow,
} from './security/security-table.js';
export {
  type Addition,
  type Allowance,
  AtomicPrimitives,
  type Count,
  type CountedAddition,
} from './sessions/atomic-primitives.js';
export { type ClaimsRequest, ClaimsSource, type LoginNote } from './sessions/claims-source.js';
export type {
  EpochInForce,
  LivePart,
  LivePartOfAll,
  SessionKey,
  SessionPart,
  SessionPosition,
} from './sessions/live-part.js';
export {
  type RefreshTokenRecord,
  RefreshTokenStore,
  type Rotation,
  type RotationOutcome,
} from './sessions/refresh-token.store.js';
export { type OwnSessions, SessionService } from './sessions/session.service.js';
export {
  type LockedTogether,
  type LockTogether,
  SessionStore,
  type SessionTouch,
  type SessionWithUser,
} from './sessions/session.store.js';
export type { SessionRecord } from './sessions/session-record.js';
export { SessionResolver } from './sessions/session-resolver.js';
export type { SessionsPerUser } from './sessions/sessions-per-user.js';
export { Storage } from './sessions/storage.js';
export type {
  DeliveredTickets,
  DeliveringStrategy,
  Login,
  StartedSession,
  TicketDelivery,
} from './sessions/ticket-delivery.js';
export { UserClaims } from './sessions/user-claims.js';
export { API_KEY_PATTERN } from './strategies/api-key/api-key.js';
export type { ApiKeyActor, CreateApiKeyParams, NewApiKey } from './strategies/api-key/api-key-params.js';
export { ApiKeys } from './strategies/api-key/api-keys.js';
export { type HttpsOptions, httpsOptions, type TlsFiles } from './strategies/mtls/https-options.js';
export { MailboxPolicy, type MailboxRefusal, type MailboxUse } from './users/mailbox-policy.js';
export { MailedTokens } from './users/mailed-tokens.js';
export { type RegistrationAttempt, RegistrationPolicy } from './users/registration-policy.js';
export {
  isBanned,
  type NewUser,
  toAuthUser,
  type UserChanges,
  type UserRecord,
  UserStore,
  type UserTable,
} from './users/user.store.js';
export { UserDirectory, type UserListPage, type UserQuery, type UserStatus } from './users/user-directory.js';
export { UserField, type UserFieldSettings } from './users/user-field.decorator.js';
