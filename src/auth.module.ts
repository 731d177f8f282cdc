import {
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  type FactoryProvider,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { migrations } from '../migrations/index.js';
import { accessRoom } from './access/access.room.js';
import type { AccessOptions } from './access/access-options.js';
import { AuthGuard } from './access/auth.guard.js';
import { ALL_STRATEGIES, STRATEGY_CLASSES } from './access/ticket-strategy.js';
import { auditRoom } from './audit/audit.room.js';
import type { AuditOptions } from './audit/audit-options.js';
import { type CoreOptions, coreOptions } from './config/core-options.js';
import type { AnyOptionSection } from './config/option-section.js';
import { Options, type OptionValues } from './config/options.js';
import { OptionsModule } from './config/options.module.js';
import type { Room } from './config/room.js';
import { secretKeyFrom } from './config/secret-key.provider.js';
import { credentialsRoom } from './credentials/credentials.room.js';
import { FACTORS } from './credentials/factor.js';
import { AUTH_DATA_SOURCE } from './database/auth-data-source.js';
import { type DatabaseOptions, databaseOptions } from './database/database-options.js';
import { HostDataSourceCheck } from './database/host-data-source.check.js';
import { type OpeningSettings, openDataSource, settingsFrom } from './database/open-data-source.js';
import type { DeviceOptions } from './devices/device-options.js';
import { devicesRoom } from './devices/devices.room.js';
import { AuthErrorFilter } from './http/auth-error.filter.js';
import { httpRoom } from './http/http.room.js';
import type { HttpOptions } from './http/http-options.js';
import { Clock, SystemClock } from './kernel/clock.js';
import { FIGURES } from './kernel/figure.js';
import { SecretKey } from './kernel/secret-key.js';
import type { LimitOptions } from './limits/limit-options.js';
import { limitsRoom } from './limits/limits.room.js';
import { lockoutRoom } from './lockout/lockout.room.js';
import type { LockoutOptions } from './lockout/lockout-options.js';
import { loginRoom } from './login/login.room.js';
import type { PolicyOptions } from './login/policy/policy-options.js';
import { mailRoom } from './mail/mail.room.js';
import { type MailOptions } from './mail/mail-options.js';
import { metricsRoom } from './metrics/metrics.room.js';
import type { MetricsOptions } from './metrics/metrics-options.js';
import { operatorsRoom } from './operators/operators.room.js';
import type { OperatorsOptions } from './operators/operators-options.js';
import { builtInPlugins, type PluginOptions } from './plugins.js';
import { profileRoom } from './profile/profile.room.js';
import type { ProfileOptions } from './profile/profile-options.js';
import { revocationRoom } from './revocation/revocation.room.js';
import type { RevocationOptions } from './revocation/revocation-options.js';
import { HOLDINGS } from './security/holding.js';
import { securityRoom } from './security/security.room.js';
import type { SessionOptions } from './sessions/session-options.js';
import { sessionsRoom } from './sessions/sessions.room.js';
import { STORAGES } from './sessions/storage.js';
import { CHORES } from './upkeep/caretaker.js';
import { upkeepRoom } from './upkeep/upkeep.room.js';
import type { UpkeepOptions } from './upkeep/upkeep-options.js';
import { usersRoom } from './users/users.room.js';
import type { UsersOptions } from './users/users-options.js';
import { verificationRoom } from './verification/verification.room.js';
import type { WebhookOptions } from './webhooks/webhook-options.js';
import { webhooksRoom } from './webhooks/webhooks.room.js';

const coreRooms: readonly Room[] = [
  httpRoom,
  accessRoom,
  auditRoom,
  limitsRoom,
  mailRoom,
  usersRoom,
  revocationRoom,
  sessionsRoom,
  securityRoom,
  verificationRoom,
  devicesRoom,
  lockoutRoom,
  credentialsRoom,
  loginRoom,
  metricsRoom,
  profileRoom,
  webhooksRoom,
  upkeepRoom,
  operatorsRoom,
];

/** Values; they may come asynchronously. Each has an environment variable of the same name, see the README's table. */
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
    OperatorsOptions &
    PluginOptions &
    AuditOptions &
    UpkeepOptions &
    WebhookOptions
>;

/** Structure: which classes make up the module. Known when the application is put together, so never asynchronous. */
export interface AuthExtras extends Pick<ModuleMetadata, 'imports'> {
  /** More factors, strategies and stores of your own. */
  readonly rooms?: readonly Room[];
  /** Replace a part by providing its contract: `{ provide: Mailer, useClass: PostmarkMailer }`. */
  readonly providers?: Provider[];
  /**
   * Token of your own TypeORM DataSource, e.g. `DataSource`; it must contain `entities` and `migrations` of Coatcheck.
   * Absent: Coatcheck opens its own by `databaseUrl`.
   */
  readonly dataSource?: InjectionToken;
  /** Whether every route of the application is closed unless `@Public()`. Default true; else place `AuthGuard` yourself. */
  readonly globalGuard?: boolean;
}

/** Every option section of these rooms, in the order of the configuration table. */
export function sectionsOf({ rooms: added = [], dataSource }: AuthExtras = {}): AnyOptionSection[] {
  const rooms = [...coreRooms, ...builtInPlugins, ...added];
  const declared = rooms.map(({ options }) => options).filter((section) => section !== undefined);
  // A host that brings its own DataSource need not say where the database is.
  const database = dataSource ? { ...databaseOptions, check: undefined } : databaseOptions;
  return [coreOptions, database, ...declared, pluginNames(rooms)];
}

/** Every audit event that these rooms declare, by type, each with its sentence. @throws TypeError for one that is declared twice */
export function auditEventsOf({ rooms: added = [] }: Pick<AuthExtras, 'rooms'> = {}): ReadonlyMap<string, string> {
  const declared = new Map<string, string>();
  for (const { name, events = {} } of [...coreRooms, ...builtInPlugins, ...added]) {
    for (const [type, meaning] of Object.entries(events)) {
      if (declared.has(type))
        throw new TypeError(`${name} declares the audit event ${type}, which another feature declares too`);
      declared.set(type, meaning);
    }
  }
  return declared;
}

/** All tables of Coatcheck, for a host's own DataSource. */
export const entities = entitiesOf([...coreRooms, ...builtInPlugins]);

/**
 * Authentication for a NestJS application: import it once, and every route is closed unless `@Public()`.
 *
 * @example
 * AuthModule.forRoot({ publicUrl: 'https://app.example.com', secretKey, databaseUrl, authStrategies: ['session', 'jwt'] })
 * @example
 * AuthModule.forRootAsync({ imports: [ConfigModule], inject: [ConfigService], useFactory: (config) => config.get('auth') })
 */
@Module({})
export class AuthModule {
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
  const { rooms, providers, dataSource, globalGuard, imports, ...values } = given;
  return { values, extras: { rooms, providers, dataSource, globalGuard, imports } };
}

let assembled = 0;

/** Lays all rooms into one module. What comes later replaces what came before: extras have the last word. */
function assemble(optionsModule: DynamicModule, extras: AuthExtras): DynamicModule {
  // TypeORM keeps the names of data sources per process, and there may be several AuthModules in one.
  const ownName = `coatcheck-${++assembled}`;
  const rooms = [...coreRooms, ...builtInPlugins, ...(extras.rooms ?? [])];
  const providers: Provider[] = [
    { provide: Clock, useClass: SystemClock },
    { provide: SecretKey, inject: [Options], useFactory: secretKeyFrom },
    { provide: AUTH_DATA_SOURCE, useExisting: extras.dataSource ?? getDataSourceToken(ownName) },
    ...(extras.dataSource ? [HostDataSourceCheck] : []),
    ...rooms.flatMap((room) => room.providers ?? []),
    ...everyOne(rooms, 'strategies', ALL_STRATEGIES),
    { provide: STRATEGY_CLASSES, useValue: rooms.flatMap(({ strategies = {} }) => Object.values(strategies)) },
    ...everyOne(rooms, 'factors', FACTORS),
    ...everyOne(rooms, 'storages', STORAGES),
    ...everyOne(rooms, 'holdings', HOLDINGS),
    ...everyDeclared(rooms, 'figures', FIGURES),
    ...everyDeclared(rooms, 'chores', CHORES),
    { provide: APP_FILTER, useClass: AuthErrorFilter },
    ...(extras.globalGuard === false ? [] : [{ provide: APP_GUARD, useExisting: AuthGuard }]),
    ...(extras.providers ?? []),
  ];
  return {
    module: AuthModule,
    global: true,
    imports: [
      optionsModule,
      ...(extras.imports ?? []),
      ...(extras.dataSource ? [] : [ownDataSource(ownName, optionsModule, rooms)]),
    ],
    controllers: rooms.flatMap((room) => room.controllers ?? []),
    providers,
    exports: [optionsModule, ...providers.map(tokenOf).filter((token) => token !== APP_GUARD && token !== APP_FILTER)],
  };
}

/** The classes of one kind, each injectable, and the list of all of them under `token`. */
function everyOne(
  rooms: readonly Room[],
  kind: 'strategies' | 'factors' | 'storages' | 'holdings',
  token: symbol,
): Provider[] {
  const classes = rooms.flatMap((room) => Object.values(room[kind] ?? {}));
  return [...classes, { provide: token, inject: classes, useFactory: (...instances: unknown[]) => instances }];
}

/** What each room declares of one kind, and the list of all of it under `token`. */
function everyDeclared(rooms: readonly Room[], kind: 'figures' | 'chores', token: symbol): Provider[] {
  const ofRooms = rooms.flatMap((room) =>
    room[kind] ? [{ provide: Symbol(`coatcheck.${kind}.${room.name}`), ...room[kind] } as FactoryProvider] : [],
  );
  const inject = ofRooms.map(({ provide }) => provide);
  return [...ofRooms, { provide: token, inject, useFactory: (...declared: unknown[]) => declared.flat() }];
}

function ownDataSource(name: string, optionsModule: DynamicModule, rooms: readonly Room[]): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name,
    imports: [optionsModule],
    inject: [Options],
    useFactory: (options: Options) => ({
      ...settingsFrom(options, { entities: entitiesOf(rooms), migrations }),
      retryAttempts: 0,
    }),
    dataSourceFactory: (settings) => openDataSource(settings as unknown as OpeningSettings),
  });
}

/** No options of its own: only whether the options name plug-ins that are there. */
function pluginNames(rooms: readonly Room[]): AnyOptionSection {
  const known = (kind: 'strategies' | 'storages') => rooms.flatMap((room) => Object.keys(room[kind] ?? {}));
  const missing = (option: string, names: readonly string[], there: readonly string[]) =>
    names.every((name) => there.includes(name))
      ? []
      : [{ option, problem: 'names what does not exist', remedy: `choose from: ${there.join(', ')}` }];
  return {
    title: '',
    specs: {},
    check: ({ authStrategies, sessionStore }: CoreOptions & SessionOptions) => [
      ...missing('authStrategies', authStrategies, known('strategies')),
      ...missing('sessionStore', [sessionStore], known('storages')),
    ],
  };
}

function entitiesOf(rooms: readonly Room[]) {
  return rooms.flatMap((room) => room.entities ?? []);
}

function tokenOf(provider: Provider): InjectionToken {
  return typeof provider === 'function' ? provider : provider.provide;
}
