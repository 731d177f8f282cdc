import {
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  type FactoryProvider,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type NestModule,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations/index.js';
import { accessFeature } from './access/access.feature.js';
import type { AccessOptions } from './access/access-options.js';
import { AuthGuard } from './access/auth.guard.js';
import { ALL_STRATEGIES, STRATEGY_CLASSES } from './access/ticket-strategy.js';
import { adminFeature } from './admin/admin.feature.js';
import type { AdminOptions } from './admin/admin-options.js';
import { auditFeature } from './audit/audit.feature.js';
import type { AuditOptions } from './audit/audit-options.js';
import { AuditSink } from './audit/audit-sink.js';
import { cleanupFeature } from './cleanup/cleanup.feature.js';
import type { CleanupOptions } from './cleanup/cleanup-options.js';
import { CLEANUP_TASKS } from './cleanup/cleanup-scheduler.js';
import { type CoreOptions, coreOptions } from './config/core-options.js';
import type { Feature } from './config/feature.js';
import type { AnyOptionSection } from './config/option-section.js';
import { Options, type OptionValues } from './config/options.js';
import { OptionsModule } from './config/options.module.js';
import { secretKeyFrom } from './config/secret-key.provider.js';
import { PARTS, StaticPartsCheck } from './config/static-parts.check.js';
import { credentialsFeature } from './credentials/credentials.feature.js';
import { FACTORS } from './credentials/factor.js';
import { AUTH_DATA_SOURCE } from './database/auth-data-source.js';
import { type DatabaseOptions, databaseOptions } from './database/database-options.js';
import { HostDataSourceCheck } from './database/host-data-source.check.js';

import { lendTables } from './database/host-data-source.js';
import { type OpeningSettings, openDataSource, settingsFrom } from './database/open-data-source.js';
import type { DeviceOptions } from './devices/device-options.js';
import { devicesFeature } from './devices/devices.feature.js';
import { eventsFeature } from './events/events.feature.js';
import { HeardAudit, KEEPING_SINK } from './events/heard-audit.js';
import { describeAnew } from './http/api-docs.js';
import { AuthErrorFilter } from './http/auth-error.filter.js';
import { ownParametersOf } from './http/host-enhancers.js';
import { httpFeature } from './http/http.feature.js';
import type { HttpOptions } from './http/http-options.js';
import { MOUNTED_MODULE } from './http/mounted-routes.js';
import { controllerOfOneApplication, Mounting, OWN_CONTROLLERS, type OwnController } from './http/mounting.js';
import { nameOwnSchemas } from './http/own-schemas.js';
import { Clock, SystemClock } from './kernel/clock.js';
import { METRICS, type MetricDescription } from './kernel/metric.js';
import { SecretKey } from './kernel/secret-key.js';
import type { LimitOptions } from './limits/limit-options.js';
import { limitsFeature } from './limits/limits.feature.js';
import { lockoutFeature } from './lockout/lockout.feature.js';
import type { LockoutOptions } from './lockout/lockout-options.js';
import { loginFeature } from './login/login.feature.js';
import type { PolicyOptions } from './login/policy/policy-options.js';
import { mailFeature } from './mail/mail.feature.js';
import { type MailOptions } from './mail/mail-options.js';
import { DeclaredMails, type MailDeclarations } from './mail/templates/mail-declaration.js';
import { metricsFeature } from './metrics/metrics.feature.js';
import type { MetricsOptions } from './metrics/metrics-options.js';
import { builtInPlugins, type PluginOptions } from './plugins.js';
import { profileFeature } from './profile/profile.feature.js';
import type { ProfileOptions } from './profile/profile-options.js';
import { revocationFeature } from './revocation/revocation.feature.js';
import type { RevocationOptions } from './revocation/revocation-options.js';
import { HOLDINGS } from './security/holding.js';
import { securityFeature } from './security/security.feature.js';
import type { SessionOptions } from './sessions/session-options.js';
import { sessionsFeature } from './sessions/sessions.feature.js';
import { STORAGES } from './sessions/storage.js';
import { registrationFieldsProvider, registrationFieldsSection } from './users/registration-fields.js';
import { usersFeature } from './users/users.feature.js';
import type { UsersOptions } from './users/users-options.js';
import { verificationFeature } from './verification/verification.feature.js';
import type { WebhookOptions } from './webhooks/webhook-options.js';
import { webhooksFeature } from './webhooks/webhooks.feature.js';

const coreFeatures: readonly Feature[] = [
  httpFeature,
  accessFeature,
  auditFeature,
  limitsFeature,
  mailFeature,
  usersFeature,
  revocationFeature,
  sessionsFeature,
  securityFeature,
  verificationFeature,
  devicesFeature,
  lockoutFeature,
  credentialsFeature,
  loginFeature,
  metricsFeature,
  profileFeature,
  webhooksFeature,
  eventsFeature,
  cleanupFeature,
  adminFeature,
];

/** Values; they may come asynchronously. Each has an environment variable of the same name, see docs/reference/configuration.md. */
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
    MailOptions &
    MetricsOptions &
    ProfileOptions &
    AdminOptions &
    PluginOptions &
    AuditOptions &
    CleanupOptions &
    WebhookOptions
>;

/** Structure: which classes make up the module. Known when the application is put together, so never asynchronous. */
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

/** Every option section of these features, in the order of the configuration table. */
export function sectionsOf({
  features: added = [],
  dataSource,
  registrationFields,
}: AuthExtras = {}): AnyOptionSection[] {
  const features = [...coreFeatures, ...builtInPlugins, ...added];
  const declared = features.map(({ options }) => options).filter((section) => section !== undefined);
  // A host that brings its own DataSource need not say where the database is.
  const database = dataSource ? { ...databaseOptions, validate: undefined } : databaseOptions;
  return [coreOptions, database, ...declared, pluginNames(features), registrationFieldsSection(registrationFields)];
}

/** Every audit event that these features declare, by type, each with its sentence. @throws TypeError for one that is declared twice */
export function auditEventsOf(extras: Pick<AuthExtras, 'features'> = {}): ReadonlyMap<string, string> {
  return declaredOnce('audit event', extras, ({ events }) => events);
}

/** Every metric that these features declare, by name. @throws TypeError for one that is declared twice */
export function metricDescriptionsOf(
  extras: Pick<AuthExtras, 'features'> = {},
): ReadonlyMap<string, MetricDescription> {
  return declaredOnce('metric', extras, ({ metrics }) => metrics?.declared);
}

/** Every mail that these features declare, by kind. @throws TypeError for one that is declared twice */
export function mailsOf(extras: Pick<AuthExtras, 'features'> = {}): DeclaredMails {
  return declaredOnce('mail', extras, ({ mails }) => mails as MailDeclarations) as DeclaredMails;
}

function declaredOnce<T>(
  what: string,
  { features: added = [] }: Pick<AuthExtras, 'features'>,
  of: (feature: Feature) => Readonly<Record<string, T>> | undefined,
): ReadonlyMap<string, T> {
  const declared = new Map<string, T>();
  for (const feature of [...coreFeatures, ...builtInPlugins, ...added]) {
    for (const [name, one] of Object.entries(of(feature) ?? {})) {
      if (declared.has(name))
        throw new TypeError(`${feature.name} declares the ${what} ${name}, which another feature already declares`);
      declared.set(name, one);
    }
  }
  return declared;
}

/** All tables of Coatcheck, for a host's own DataSource. */
export const entities = entitiesOf([...coreFeatures, ...builtInPlugins]);

/**
 * Authentication for a NestJS application: import it once, and every route is closed unless `@Public()`.
 *
 * @example
 * AuthModule.forRoot({ publicUrl: 'https://app.example.com', secretKey, databaseUrl, authStrategies: ['session', 'jwt'] })
 * @example
 * AuthModule.forRootAsync({ imports: [ConfigModule], inject: [ConfigService], useFactory: (config) => config.get('auth') })
 */
@Module({})
export class AuthModule implements NestModule {
  constructor(private readonly mounting: Mounting) {}

  /** Nest's last word before it maps routes: by now the application has said how they are versioned. */
  configure(): void {
    this.mounting.applyVersions();
  }

  static forRoot(given: AuthOptions & AuthExtras): DynamicModule {
    const { values, extras } = split(given);
    return assemble(OptionsModule.forRoot({ ...values, sections: sectionsOf(extras) }), extras);
  }

  /** `useFactory`, `useClass` or `useExisting` (with `create()`) give the values; the extras stand beside them. */
  static forRootAsync(given: ConfigurableModuleAsyncOptions<AuthOptions> & AuthExtras): DynamicModule {
    const { values, extras } = split(given);
    const source = values as ConfigurableModuleAsyncOptions<OptionValues>;
    const sections = sectionsOf(extras);
    return assemble(OptionsModule.forRootAsync({ ...source, imports: extras.imports, sections }), extras);
  }
}

function split<T extends AuthExtras>(given: T): { values: OptionValues; extras: AuthExtras } {
  const { features, providers, dataSource, globalGuard, imports, registrationFields, ...values } = given;
  return { values, extras: { features, providers, dataSource, globalGuard, imports, registrationFields } };
}

let assembled = 0;

/** Lays all features into one module. What comes later replaces what came before: extras have the last word. */
function assemble(optionsModule: DynamicModule, extras: AuthExtras): DynamicModule {
  // TypeORM keeps the names of data sources per process, and there may be several AuthModules in one.
  const ownName = `coatcheck-${++assembled}`;
  const own = [...coreFeatures, ...builtInPlugins];
  const ownControllers = own.flatMap(({ controllers = [] }) => controllers);
  ownParametersOf(ownControllers);
  for (const handler of nameOwnSchemas(ownControllers)) describeAnew(handler);
  const features = [...own, ...(extras.features ?? [])];
  const controllers = controllersOf(features);
  const parts: Provider[] = [
    { provide: OWN_CONTROLLERS, useValue: controllers },
    { provide: MOUNTED_MODULE, useValue: AuthModule },
    { provide: Clock, useClass: SystemClock },
    { provide: SecretKey, inject: [Options], useFactory: secretKeyFrom },
    extras.dataSource
      ? {
          provide: AUTH_DATA_SOURCE,
          inject: [extras.dataSource, Options],
          useFactory: (host: DataSource, options: Options) =>
            lendTables(host, entities, options.of(databaseOptions).databaseSchema),
        }
      : { provide: AUTH_DATA_SOURCE, useExisting: getDataSourceToken(ownName) },
    ...(extras.dataSource ? [HostDataSourceCheck] : []),
    registrationFieldsProvider(extras.registrationFields),
    ...features.flatMap((feature) => feature.providers ?? []),
    ...everyOne(features, 'strategies', ALL_STRATEGIES),
    { provide: STRATEGY_CLASSES, useValue: features.flatMap(({ strategies = {} }) => Object.values(strategies)) },
    ...everyOne(features, 'factors', FACTORS),
    ...everyOne(features, 'storages', STORAGES),
    ...everyOne(features, 'holdings', HOLDINGS),
    { provide: DeclaredMails, useValue: mailsOf(extras) },
    ...everyDeclared(features, 'metrics', METRICS),
    ...everyDeclared(features, 'cleanups', CLEANUP_TASKS),
    { provide: APP_FILTER, useClass: AuthErrorFilter },
    ...(extras.globalGuard === false ? [] : [{ provide: APP_GUARD, useExisting: AuthGuard }]),
    StaticPartsCheck,
  ];
  const foreign = { provide: PARTS, useValue: foreignParts(parts, extras) };
  const providers = heard([...parts, ...(extras.providers ?? []), foreign]);
  return {
    module: AuthModule,
    global: true,
    imports: [
      optionsModule,
      DiscoveryModule,
      ...(extras.imports ?? []),
      ...(extras.dataSource ? [] : [ownDataSource(ownName, optionsModule, features)]),
    ],
    controllers: controllers.map(({ controller }) => controller),
    providers,
    exports: [optionsModule, ...providers.map(tokenOf).filter((token) => token !== APP_GUARD && token !== APP_FILTER)],
  };
}

/** What of the parts is a host's: its features' own, and what it put in the place of ours. */
function foreignParts(parts: readonly Provider[], { features = [], providers = [] }: AuthExtras): InjectionToken[] {
  const known = new Set(parts.map(tokenOf));
  const added = features.flatMap(({ strategies, factors, storages, holdings, providers: own = [] }) => [
    ...[strategies, factors, storages, holdings].flatMap((classes) => Object.values(classes ?? {})),
    ...own.map(tokenOf),
  ]);
  return [...new Set([...added, ...providers.map(tokenOf).filter((token) => known.has(token))])];
}

function controllersOf(features: readonly Feature[]): OwnController[] {
  return features.flatMap(({ name, controllers = [] }) =>
    controllers.map((controller) => ({ feature: name, controller: controllerOfOneApplication(controller) })),
  );
}

/** Whatever keeps the audit, listeners stand in front of it. */
function heard(providers: readonly Provider[]): Provider[] {
  const isSink = (provider: Provider) => tokenOf(provider) === AuditSink;
  const keeping = { ...(providers.findLast(isSink) as FactoryProvider), provide: KEEPING_SINK };
  const others = providers.filter((provider) => !isSink(provider));
  return [...others, keeping, { provide: AuditSink, useClass: HeardAudit }];
}

/** The classes of one kind, each injectable, and the list of all of them under `token`. */
function everyOne(
  features: readonly Feature[],
  kind: 'strategies' | 'factors' | 'storages' | 'holdings',
  token: symbol,
): Provider[] {
  const classes = features.flatMap((feature) => Object.values(feature[kind] ?? {}));
  return [...classes, { provide: token, inject: classes, useFactory: (...instances: unknown[]) => instances }];
}

/** What each feature declares of one kind, and the list of all of it under `token`. */
function everyDeclared(features: readonly Feature[], kind: 'metrics' | 'cleanups', token: symbol): Provider[] {
  const ofFeatures = features.flatMap((feature) =>
    feature[kind]
      ? [{ provide: Symbol(`coatcheck.${kind}.${feature.name}`), ...feature[kind] } as FactoryProvider]
      : [],
  );
  const inject = ofFeatures.map(({ provide }) => provide);
  return [...ofFeatures, { provide: token, inject, useFactory: (...declared: unknown[]) => declared.flat() }];
}

function ownDataSource(name: string, optionsModule: DynamicModule, features: readonly Feature[]): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name,
    imports: [optionsModule],
    inject: [Options],
    useFactory: (options: Options) => ({
      ...settingsFrom(options, { entities: entitiesOf(features), migrations }),
      // It waits by itself, and says why it fails.
      toRetry: () => false,
    }),
    dataSourceFactory: (settings) => openDataSource(settings as unknown as OpeningSettings),
  });
}

/** No options of its own: only whether the options name plug-ins that are there. */
function pluginNames(features: readonly Feature[]): AnyOptionSection {
  const known = (kind: 'strategies' | 'storages') => features.flatMap((feature) => Object.keys(feature[kind] ?? {}));
  const routed = features.filter(({ controllers = [] }) => controllers.length > 0).map(({ name }) => name);
  const missing = (option: string, names: readonly string[], there: readonly string[]) =>
    names.every((name) => there.includes(name))
      ? []
      : [{ option, problem: 'contains an unknown name', remedy: `choose from: ${there.join(', ')}` }];
  return {
    title: '',
    specs: {},
    validate: ({ authStrategies, sessionStore, routesLeftOut }: CoreOptions & SessionOptions & HttpOptions) => [
      ...missing('routesLeftOut', routesLeftOut, routed),
      ...missing('authStrategies', authStrategies, known('strategies')),
      ...missing('sessionStore', [sessionStore], known('storages')),
    ],
  };
}

function entitiesOf(features: readonly Feature[]) {
  return features.flatMap((feature) => feature.entities ?? []);
}

function tokenOf(provider: Provider): InjectionToken {
  return typeof provider === 'function' ? provider : provider.provide;
}
