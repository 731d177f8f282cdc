import { accessFeature } from './access/access.feature.js';
import { adminFeature } from './admin/admin.feature.js';
import { adminLivePagesFeature } from './admin/live/live-pages.feature.js';
import { adminPagesFeature } from './admin/pages/admin-pages.feature.js';
import { auditFeature } from './audit/audit.feature.js';
import type { AuthExtras } from './auth-options.js';
import { cleanupFeature } from './cleanup/cleanup.feature.js';
import { type CoreOptions, coreOptions } from './config/core-options.js';
import type { Feature } from './config/feature.js';
import type { AnyOptionSection } from './config/option-section.js';
import { credentialsFeature } from './credentials/credentials.feature.js';
import { databaseOptions } from './database/database-options.js';
import { devicesFeature } from './devices/devices.feature.js';
import { eventsFeature } from './events/events.feature.js';
import { followersFeature } from './followers/followers.feature.js';
import { httpFeature } from './http/http.feature.js';
import type { HttpOptions } from './http/http-options.js';
import { type MetricDescription } from './kernel/metric.js';
import { type SecurityLogEvent } from './kernel/security-log.js';
import { type SpanDescription } from './kernel/span.js';
import { keysFeature } from './keys/keys.feature.js';
import { DeclaredWords } from './languages/catalogue.js';
import { mergeWords, type WordsByLanguage } from './languages/define-words.js';
import { languagesFeature } from './languages/languages.feature.js';
import { limitsFeature } from './limits/limits.feature.js';
import { liveFeature } from './live/live.feature.js';
import { lockoutFeature } from './lockout/lockout.feature.js';
import { loginFeature } from './login/login.feature.js';
import { mailFeature } from './mail/mail.feature.js';
import { DeclaredMails, type MailDeclarations, wordsOfMails } from './mail/templates/mail-declaration.js';
import { measurementsFeature } from './measurements/measurements.feature.js';
import { metricsFeature } from './metrics/metrics.feature.js';
import { DeclaredPages, type PageTemplate } from './pages/define-templates.js';
import { linksFeature } from './pages/links/links.feature.js';
import { pagesFeature } from './pages/pages.feature.js';
import { themeFeature } from './pages/theme/theme.feature.js';
import { builtInPlugins } from './plugins.js';
import { profileFeature } from './profile/profile.feature.js';
import { revocationFeature } from './revocation/revocation.feature.js';
import { securityFeature } from './security/security.feature.js';
import type { SessionOptions } from './sessions/session-options.js';
import { sessionsFeature } from './sessions/sessions.feature.js';
import { tracingFeature } from './tracing/tracing.feature.js';
import { usernamesFeature } from './usernames/usernames.feature.js';
import { registrationFieldsSection } from './users/registration-fields.js';
import { usersFeature } from './users/users.feature.js';
import { verificationFeature } from './verification/verification.feature.js';
import { webhooksFeature } from './webhooks/webhooks.feature.js';

/** The features that every application has, before the plug-ins. */
const coreFeatures: readonly Feature[] = [
  httpFeature,
  accessFeature,
  auditFeature,
  limitsFeature,
  languagesFeature,
  pagesFeature,
  themeFeature,
  linksFeature,
  mailFeature,
  usersFeature,
  revocationFeature,
  keysFeature,
  liveFeature,
  sessionsFeature,
  securityFeature,
  usernamesFeature,
  verificationFeature,
  devicesFeature,
  lockoutFeature,
  credentialsFeature,
  loginFeature,
  metricsFeature,
  tracingFeature,
  measurementsFeature,
  profileFeature,
  webhooksFeature,
  eventsFeature,
  cleanupFeature,
  followersFeature,
  adminFeature,
  adminPagesFeature,
  adminLivePagesFeature,
];

/** Every feature that comes with Coatcheck. A later one replaces what an earlier one provides. */
export const builtInFeatures: readonly Feature[] = [...coreFeatures, ...builtInPlugins];

/** All tables of Coatcheck, for a host's own DataSource. */
export const entities = entitiesOf(builtInFeatures);

/** Every option section of these features, in the order of the configuration table. */
export function sectionsOf({
  features: added = [],
  dataSource,
  registrationFields,
}: AuthExtras = {}): AnyOptionSection[] {
  const features = [...builtInFeatures, ...added];
  const declared = features.map(({ options }) => options).filter((section) => section !== undefined);
  // A host that brings its own DataSource need not say where the database is.
  const database = dataSource ? { ...databaseOptions, validate: undefined } : databaseOptions;
  return [coreOptions, database, ...declared, pluginNames(features), registrationFieldsSection(registrationFields)];
}

/** Declared by the features of an application: all that come with Coatcheck, and its own. */
type OfApplication<T> = (extras?: Pick<AuthExtras, 'features'>) => T;

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

/** Every span that these features declare, by name. @throws TypeError for one that is declared twice */
export function spanDescriptionsOf(extras: Pick<AuthExtras, 'features'> = {}): ReadonlyMap<string, SpanDescription> {
  return declaredOnce('span', extras, ({ spans }) => spans?.declared);
}

/** Every mail that these features declare, by kind. @throws TypeError for one that is declared twice */
export const mailsOf: OfApplication<DeclaredMails> = oneForBuiltIns(
  (extras) => declaredOnce('mail', extras, ({ mails }) => mails as MailDeclarations) as DeclaredMails,
);

/** Every word that these features declare, those of their mails too, by language. @throws TypeError for one that is declared twice */
export const wordsOf: OfApplication<DeclaredWords> = oneForBuiltIns(
  ({ features: added = [] }) =>
    mergeWords(
      [...builtInFeatures, ...added].flatMap(({ words = {}, mails = {} }) => [
        words as WordsByLanguage,
        wordsOfMails(mails as MailDeclarations),
      ]),
    ) as DeclaredWords,
);

/** Every page that these features declare, by name of its template. */
export const pagesOf: OfApplication<DeclaredPages> = oneForBuiltIns(
  (extras) =>
    declaredOnce('page', extras, ({ name, pages = {} }) =>
      Object.fromEntries(
        Object.entries(pages as Record<string, PageTemplate>).map(([page, template]) => [
          page,
          { ...template, feature: name },
        ]),
      ),
    ) as DeclaredPages,
);

/** Every audit event that users are shown about themselves, by type. @throws TypeError for one that is declared twice */
export const securityLogEventsOf: OfApplication<ReadonlyMap<string, SecurityLogEvent>> = oneForBuiltIns((extras) =>
  declaredOnce('event of the security log', extras, ({ securityLog }) => securityLog),
);

/** Applications without features of their own share what the built-in ones declare: it is made, and checked, once a process. */
function oneForBuiltIns<T>(make: (extras: Pick<AuthExtras, 'features'>) => T): OfApplication<T> {
  let shared: { readonly made: T } | undefined;
  return ({ features = [] } = {}) => {
    if (features.length > 0) return make({ features });
    shared ??= { made: make({}) };
    return shared.made;
  };
}

function declaredOnce<T>(
  what: string,
  { features: added = [] }: Pick<AuthExtras, 'features'>,
  of: (feature: Feature) => Readonly<Record<string, T>> | undefined,
): ReadonlyMap<string, T> {
  const declared = new Map<string, T>();
  for (const feature of [...builtInFeatures, ...added]) {
    for (const [name, one] of Object.entries(of(feature) ?? {})) {
      if (declared.has(name))
        throw new TypeError(`${feature.name} declares the ${what} ${name}, which another feature already declares`);
      declared.set(name, one);
    }
  }
  return declared;
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

/** The tables of these features. */
export function entitiesOf(features: readonly Feature[]) {
  return features.flatMap((feature) => feature.entities ?? []);
}
