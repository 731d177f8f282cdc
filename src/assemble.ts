import {
  type DynamicModule,
  type FactoryProvider,
  type InjectionToken,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations/index.js';
import { AuthGuard } from './access/auth.guard.js';
import { ALL_STRATEGIES, STRATEGY_CLASSES } from './access/ticket-strategy.js';
import { AuditSink } from './audit/audit-sink.js';
import type { AuthExtras } from './auth-options.js';
import { CLEANUP_TASKS } from './cleanup/cleanup-scheduler.js';
import type { Feature } from './config/feature.js';
import { Options } from './config/options.js';
import { secretKeyFrom } from './config/secret-key.provider.js';
import { PARTS, StaticPartsCheck } from './config/static-parts.check.js';
import { FACTORS } from './credentials/factor.js';
import { AUTH_DATA_SOURCE } from './database/auth-data-source.js';
import { databaseOptions } from './database/database-options.js';
import { HostDataSourceCheck } from './database/host-data-source.check.js';
import { lendTables } from './database/host-data-source.js';
import { type OpeningSettings, openDataSource, settingsFrom } from './database/open-data-source.js';
import { HeardAudit, KEEPING_SINK } from './events/heard-audit.js';
import { builtInFeatures, entities, entitiesOf, mailsOf, pagesOf, securityLogEventsOf, wordsOf } from './features.js';
import { describeAnew } from './http/api-docs.js';
import { AuthErrorFilter } from './http/auth-error.filter.js';
import { ownParametersOf } from './http/host-enhancers.js';
import { MOUNTED_MODULE } from './http/mounted-routes.js';
import { controllerOfOneApplication, OWN_CONTROLLERS, type OwnController } from './http/mounting.js';
import { nameOwnSchemas } from './http/own-schemas.js';
import { Clock, SystemClock } from './kernel/clock.js';
import { METRICS } from './kernel/metric.js';
import { PERSONAL_DATA } from './kernel/personal-data.js';
import { SecretKey } from './kernel/secret-key.js';
import { SECURITY_LOG_EVENTS } from './kernel/security-log.js';
import { SIGNING_NEEDS } from './kernel/signing-need.js';
import { TRACED_CALLS } from './kernel/span.js';
import { DeclaredWords } from './languages/catalogue.js';
import { DeclaredMails } from './mail/templates/mail-declaration.js';
import { DeclaredPages } from './pages/define-templates.js';
import { HOLDINGS } from './security/holding.js';
import { STORAGES } from './sessions/storage.js';
import { registrationFieldsProvider } from './users/registration-fields.js';

let assembled = 0;
let isPrepared = false;

/**
 * Puts all features into one module. A later provider replaces an earlier one of the same token: extras have the last word.
 *
 * @param module the class that the dynamic module belongs to
 */
export function assemble(module: Type, optionsModule: DynamicModule, extras: AuthExtras): DynamicModule {
  // TypeORM keeps the names of data sources per process, and there may be several AuthModules in one.
  const ownName = `coatcheck-${++assembled}`;
  prepareOwnControllers();
  const features = [...builtInFeatures, ...(extras.features ?? [])];
  const controllers = controllersOf(features);
  const parts: Provider[] = [
    { provide: OWN_CONTROLLERS, useValue: controllers },
    { provide: MOUNTED_MODULE, useValue: module },
    { provide: Clock, useClass: SystemClock },
    { provide: SecretKey, inject: [Options], useFactory: secretKeyFrom },
    extras.dataSource
      ? {
          provide: AUTH_DATA_SOURCE,
          inject: [extras.dataSource, Options],
          useFactory: (host: DataSource, options: Options) =>
            lendTables(
              host,
              { own: entities, ofFeatures: entitiesOf(extras.features ?? []) },
              options.of(databaseOptions).databaseSchema,
            ),
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
    ...everyOne(features, 'personalData', PERSONAL_DATA),
    {
      provide: SIGNING_NEEDS,
      inject: [Options],
      useFactory: (options: Options) => features.flatMap(({ signs }) => signs?.(options) ?? []),
    },
    { provide: SECURITY_LOG_EVENTS, useValue: securityLogEventsOf(extras) },
    { provide: DeclaredMails, useValue: mailsOf(extras) },
    { provide: DeclaredWords, useValue: wordsOf(extras) },
    { provide: DeclaredPages, useValue: pagesOf(extras) },
    ...everyDeclared(features, 'metrics', METRICS),
    ...everyDeclared(features, 'spans', TRACED_CALLS),
    ...everyDeclared(features, 'cleanups', CLEANUP_TASKS),
    { provide: APP_FILTER, useClass: AuthErrorFilter },
    ...(extras.globalGuard === false ? [] : [{ provide: APP_GUARD, useExisting: AuthGuard }]),
    StaticPartsCheck,
  ];
  const foreign = { provide: PARTS, useValue: foreignParts(parts, extras) };
  const providers = heard([...parts, ...(extras.providers ?? []), foreign]);
  return {
    module,
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

/** Once a process: it is said of the classes that all applications have. */
function prepareOwnControllers(): void {
  if (isPrepared) return;
  const ownControllers = builtInFeatures.flatMap(({ controllers = [] }) => controllers);
  ownParametersOf(ownControllers);
  for (const handler of nameOwnSchemas(ownControllers)) describeAnew(handler);
  isPrepared = true;
}

/** The providers that come from the host: those of its features, and its replacements of ours. */
function foreignParts(parts: readonly Provider[], { features = [], providers = [] }: AuthExtras): InjectionToken[] {
  const known = new Set(parts.map(tokenOf));
  const added = features.flatMap(({ strategies, factors, storages, holdings, personalData, providers: own = [] }) => [
    ...[strategies, factors, storages, holdings, personalData].flatMap((classes) => Object.values(classes ?? {})),
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
  kind: 'strategies' | 'factors' | 'storages' | 'holdings' | 'personalData',
  token: symbol,
): Provider[] {
  const classes = features.flatMap((feature) => Object.values(feature[kind] ?? {}));
  return [...classes, { provide: token, inject: classes, useFactory: (...instances: unknown[]) => instances }];
}

/** The features' declarations of one kind as providers, and their list under `token`. */
function everyDeclared(
  features: readonly Feature[],
  kind: 'metrics' | 'spans' | 'cleanups',
  token: symbol,
): Provider[] {
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

function tokenOf(provider: Provider): InjectionToken {
  return typeof provider === 'function' ? provider : provider.provide;
}
