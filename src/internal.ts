// `coatcheck/internal`: names that a team may need to change more than the doors allow. None of them is promised: they may change or go with any
// release.

export { CertificateBinding, type ClientCertificate } from './access/certificate-binding.js';
export { type Recognition, RequestRecognizer } from './access/request-recognizer.js';
export { StepUpPolicy } from './access/step-up.js';
export { AUTHENTICATOR, STRATEGIES } from './access/ticket-strategy.js';
export { AuditEventEntity } from './audit/audit-event.entity.js';
export type { FactorChange } from './credentials/credential-mail-templates.js';
export { FACTORS } from './credentials/factor.js';
export { type ChangedFactor, FactorChanges } from './credentials/factor-changes.js';
export { DeviceList } from './devices/device-list.js';
export { type KnownDevice, KnownDevices, type PresentedDevice } from './devices/known-devices.js';
export { PasswordHashes } from './factors/password/password-hashes.js';
export { Describe, type RouteDescription } from './http/api-docs.js';
export { GenericCredentialErrorInterceptor } from './http/generic-credential-error.interceptor.js';
export { MaxDepth } from './http/max-depth.decorator.js';
export { ProblemDetails } from './http/problem-details.js';
export { Histogram } from './kernel/histogram.js';
export type { HistogramMetric } from './kernel/metric.js';
export { defineWords } from './languages/define-words.js';
export { LimitKeys } from './limits/limit-keys.js';
export { Lockout, type LockoutState } from './lockout/lockout.js';
export { type LoginAttempt, LoginAttempts, type ProofVerification } from './lockout/login-attempts.js';
export type { Fact, MailJob, MailJobHandler, MailJobState } from './mail/mail-job.js';
export { MailQueue } from './mail/mail-queue.js';
export { DeclaredMails } from './mail/templates/mail-declaration.js';
export { defineTemplates, type PageTemplate } from './pages/define-templates.js';
export { PageController } from './pages/page-controller.js';
export { PageView, type Refused, refused, SeeOther, seeOther, view } from './pages/page-view.js';
export { Submitted, SubmittedForm } from './pages/submitted-form.js';
export { type LastSeen, type SessionSnapshot, SessionView, SnapshotSource } from './revocation/session-view.js';
export { EffectiveSecurityTable } from './security/effective-security-table.js';
export { LinkHolding } from './security/link-holding.js';
export { SecurityNotifications } from './security/security-notifications.js';
export { StatementHolding } from './security/statement-holding.js';
export { SessionTickets, type TicketChoice, type TicketParams } from './sessions/session-tickets.js';
export { ApiKeyRotation } from './strategies/api-key/api-key-rotation.js';
