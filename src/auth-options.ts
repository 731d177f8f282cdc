import { type InjectionToken, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import type { AccessOptions } from './access/access-options.js';
import type { AdminOptions } from './admin/admin-options.js';
import type { AuditOptions } from './audit/audit-options.js';
import type { CleanupOptions } from './cleanup/cleanup-options.js';
import { type CoreOptions } from './config/core-options.js';
import type { Feature } from './config/feature.js';
import { type DatabaseOptions } from './database/database-options.js';
import type { DeviceOptions } from './devices/device-options.js';
import type { HttpOptions } from './http/http-options.js';
import type { KeysOptions } from './keys/keys-options.js';
import type { LanguagesOptions } from './languages/languages-options.js';
import type { LimitOptions } from './limits/limit-options.js';
import type { LockoutOptions } from './lockout/lockout-options.js';
import type { PolicyOptions } from './login/policy/policy-options.js';
import { type MailOptions } from './mail/mail-options.js';
import type { MeasurementOptions } from './measurements/measurement-options.js';
import type { MetricsOptions } from './metrics/metrics-options.js';
import type { PagesOptions } from './pages/pages-options.js';
import type { ThemeOptions } from './pages/theme/theme-options.js';
import { type PluginOptions } from './plugins.js';
import type { ProfileOptions } from './profile/profile-options.js';
import type { RevocationOptions } from './revocation/revocation-options.js';
import type { SessionOptions } from './sessions/session-options.js';
import type { TracingOptions } from './tracing/tracing-options.js';
import type { UsernamesOptions } from './usernames/usernames-options.js';
import type { UsersOptions } from './users/users-options.js';
import type { VerificationOptions } from './verification/verification-options.js';
import type { WebhookOptions } from './webhooks/webhook-options.js';

/**
 * Values of the options; they may come asynchronously. Each has an environment variable of the same name, see
 * docs/reference/configuration.md.
 */
export type AuthOptions = Partial<
  CoreOptions &
    AccessOptions &
    DatabaseOptions &
    HttpOptions &
    LimitOptions &
    DeviceOptions &
    LockoutOptions &
    PolicyOptions &
    SessionOptions &
    RevocationOptions &
    UsersOptions &
    VerificationOptions &
    UsernamesOptions &
    KeysOptions &
    LanguagesOptions &
    MailOptions &
    MetricsOptions &
    TracingOptions &
    PagesOptions &
    ThemeOptions &
    MeasurementOptions &
    ProfileOptions &
    AdminOptions &
    PluginOptions &
    AuditOptions &
    CleanupOptions &
    WebhookOptions
>;

/** The classes that make up the module. Known when the application is put together, so never asynchronous. */
export interface AuthExtras extends Pick<ModuleMetadata, 'imports'> {
  /**
   * Class with class-validator decorators that declares more fields of a user: given at registration beside `email` and `password`, in
   * `AuthUser.fields`, flat in replies. {@link UserField} says who may change each. All values of a user together: 4 kB of JSON.
   */
  readonly registrationFields?: Type;
  /** More factors, strategies and stores of your own. */
  readonly features?: readonly Feature[];
  /** Replace a part by providing its contract: `{ provide: Mailer, useClass: PostmarkMailer }`. */
  readonly providers?: Provider[];
  /**
   * Token of your own TypeORM DataSource, e.g. `DataSource`. Its database gets Coatcheck's tables, in a schema of their own, by `migrate(dataSource)`,
   * or with your own migrations, if `migrations` of Coatcheck are among them.
   * Absent: Coatcheck opens its own by `databaseUrl`.
   */
  readonly dataSource?: InjectionToken;
  /** Whether every route of the application is closed unless `@Public()`. Default true; else place `AuthGuard` yourself. */
  readonly globalGuard?: boolean;
}
