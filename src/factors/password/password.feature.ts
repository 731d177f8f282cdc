import type { Feature } from '../../config/feature.js';
import { Options } from '../../config/options.js';
import { PasswordSetup } from '../../credentials/password-setup.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { mergeWords } from '../../languages/define-words.js';
import { PendingRegistrations } from '../../verification/pending-registrations.js';
import { verificationOptions } from '../../verification/verification-options.js';
import { Argon2Hasher } from './argon2-hasher.js';
import { BreachCheck, breachedPasswordsFrom } from './breached/breach-check.js';
import { BreachedPasswords } from './breached/breached-passwords.js';
import { FOREIGN_HASHES, type ForeignHash } from './foreign/foreign-hash.js';
import { foreignHashes } from './foreign/foreign-hashes.js';
import { pepperedBcryptHash } from './foreign/prefixed.hash.js';
import { HashGate } from './hash-gate.js';
import { hashMetricDescriptions, hashMetrics } from './hash-metrics.js';
import { hashSpanDescriptions, hashSpans } from './hash-spans.js';
import { ImportController } from './import/import.controller.js';
import { UserImportService } from './import/user-import.service.js';
import { LegacyDirectory, NoLegacyDirectory } from './legacy/legacy-directory.js';
import { LegacyLogin } from './legacy/legacy-login.js';
import { MailboxRegistrations } from './mailbox-registrations.js';
import { ChangePasswordPage } from './pages/change-password.page.js';
import { changePasswordWords } from './pages/change-password.words.js';
import { changePasswordPages } from './pages/change-password-pages.js';
import { ForgotPage } from './pages/forgot.page.js';
import { passwordWords } from './pages/password.words.js';
import { PasswordHintPage } from './pages/password-hint.page.js';
import { passwordPages } from './pages/password-pages.js';
import { ResetPage } from './pages/reset.page.js';
import { ResetLinkPage } from './pages/reset-link.page.js';
import { SendVerificationPage } from './pages/send-verification.page.js';
import { SignUpPage } from './pages/sign-up.page.js';
import { SignUpForms } from './pages/sign-up-forms.js';
import { SignUpSentPage } from './pages/sign-up-sent.page.js';
import { PasswordController } from './password.controller.js';
import { PasswordEntity } from './password.entity.js';
import { PasswordFactor } from './password.factor.js';
import { PasswordHolding } from './password.holding.js';
import { PasswordStore } from './password.store.js';
import { PasswordStrategy } from './password.strategy.js';
import { PasswordChangeService } from './password-change.service.js';
import { PasswordChoice } from './password-choice.js';
import { passwordEvents, passwordSecurityLog } from './password-events.js';
import { PasswordFactorSetup } from './password-factor-setup.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordHashes } from './password-hashes.js';
import { passwordMailTemplates } from './password-mail-templates.js';
import { hashConcurrency, passwordOptions } from './password-options.js';
import { PasswordPolicy } from './password-policy.js';
import { PasswordResetService } from './password-reset.service.js';
import { PasswordResetMails } from './password-reset-mails.js';
import { PasswordSetter } from './password-setter.js';
import { PasswordVerifier } from './password-verifier.js';
import { Peppers } from './peppers.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationEntity } from './registration.entity.js';
import { RegistrationService } from './registration.service.js';
import { RegistrationMails } from './registration-mails.js';
import { RegistrationReminders } from './registration-reminders.js';
import { Registrations } from './registrations.js';
import { ResetLinks } from './reset-links.js';
import { TypeormPasswordStore } from './typeorm-password.store.js';

export const passwordFeature: Feature = {
  name: 'password',
  mails: passwordMailTemplates,
  events: passwordEvents,
  securityLog: passwordSecurityLog,
  cleanups: { inject: [Options], useFactory: registrationCleanups },
  options: passwordOptions,
  entities: [PasswordEntity, RegistrationEntity],
  controllers: [
    RegistrationController,
    PasswordController,
    ImportController,
    ResetLinkPage,
    ResetPage,
    SignUpPage,
    SignUpSentPage,
    SendVerificationPage,
    ChangePasswordPage,
    ForgotPage,
    PasswordHintPage,
  ],
  pages: { ...passwordPages, ...changePasswordPages },
  words: mergeWords([passwordWords, changePasswordWords]),
  factors: { password: PasswordFactor },
  holdings: { password: PasswordHolding, reset_links: ResetLinks },
  metrics: { declared: hashMetricDescriptions, inject: [HashGate], useFactory: hashMetrics },
  spans: { declared: hashSpanDescriptions, inject: [HashGate, PasswordHashes], useFactory: hashSpans },
  providers: [
    { provide: PasswordHasher, useClass: Argon2Hasher },
    { provide: PasswordStore, useClass: TypeormPasswordStore },
    { provide: HashGate, inject: [Options], useFactory: gateFrom },
    { provide: FOREIGN_HASHES, inject: [Options], useFactory: foreignHashesFrom },
    Peppers,
    PasswordHashes,
    { provide: LegacyDirectory, useClass: NoLegacyDirectory },
    LegacyLogin,
    UserImportService,
    PasswordSetter,
    { provide: PasswordSetup, useClass: PasswordFactorSetup },
    PasswordChangeService,
    PasswordPolicy,
    BreachCheck,
    { provide: BreachedPasswords, inject: [Options], useFactory: breachedPasswordsFrom },
    PasswordResetMails,
    PasswordResetService,
    PasswordVerifier,
    PasswordStrategy,
    PasswordChoice,
    Registrations,
    MailboxRegistrations,
    { provide: PendingRegistrations, useExisting: MailboxRegistrations },
    RegistrationMails,
    RegistrationReminders,
    RegistrationService,
    SignUpForms,
  ],
};

function foreignHashesFrom(options: Options): readonly ForeignHash[] {
  const { importedBcryptPepper: pepper } = options.of(passwordOptions);
  return pepper === undefined ? foreignHashes : [...foreignHashes, pepperedBcryptHash(pepper)];
}

function gateFrom(options: Options): HashGate {
  const settings = options.of(passwordOptions);
  return new HashGate({
    concurrency: hashConcurrency(settings),
    queue: settings.passwordHashQueue,
    waitSeconds: settings.passwordHashWaitSeconds,
  });
}

/** One that has run out still counts as a rival of those that were pending beside it: none of them lives longer. */
function registrationCleanups(options: Options) {
  return [deleting('registrations', 'expires_at', options.of(verificationOptions).emailVerificationSeconds)];
}
