import type { FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import type { CleanupTask } from '../kernel/cleanup-task.js';
import type { Metric, MetricDescriptions } from '../kernel/metric.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';
import type { SigningNeed } from '../kernel/signing-need.js';
import type { SpanDescriptions, TracedCall } from '../kernel/span.js';
import type { AnyOptionSection } from './option-section.js';
import type { Options } from './options.js';

/**
 * The contributions of a feature to the module: providers, controllers, entities, options, metrics, spans, cleanups, events, mails. `AuthModule` lays
 * all features into one Nest module; a factor, a strategy or a store is a feature like any other, so adding one edits nothing else.
 */
export interface Feature extends Pick<ModuleMetadata, 'providers' | 'controllers'> {
  readonly name: string;
  readonly options?: AnyOptionSection;
  /** TypeORM entities, all tables of this feature. */
  readonly entities?: readonly Type[];
  /** Injectable classes implementing `Strategy`, by the name that `AUTH_STRATEGIES` switches them on with. */
  readonly strategies?: Readonly<Record<string, Type>>;
  /** Injectable classes extending `Factor`, by name. */
  readonly factors?: Readonly<Record<string, Type>>;
  /** Injectable classes extending `Storage`, by the name that `SESSION_STORE` chooses them with. */
  readonly storages?: Readonly<Record<string, Type>>;
  /** Injectable classes extending `Holding`, by name: what it keeps that can act for a user. */
  readonly holdings?: Readonly<Record<string, Type>>;
  /** Injectable classes extending `PersonalData`, by name: what it keeps about a user, for the user to take along. */
  readonly personalData?: Readonly<Record<string, Type>>;
  /** The audit events it records, by type: what `defineEvents` gave. */
  readonly events?: Readonly<Record<string, string>>;
  /** Which of its audit events users see in their own security log; all others are for admins. */
  readonly securityLog?: Readonly<Record<string, SecurityLogEvent>>;
  /** The mails it sends, by kind: what `defineMailTemplates` gave. */
  readonly mails?: Readonly<Record<string, object>>;
  /** Its pages, by name of the template: what `defineTemplates` gave. */
  readonly pages?: Readonly<Record<string, object>>;
  /** The words of its pages and mails, by language, as `defineWords` returned them. */
  readonly words?: Readonly<Record<string, object>>;
  /** Its metrics, as `defineMetrics` returned them, and how they are read; made once, with its injected parts. */
  readonly metrics?: Pick<FactoryProvider<readonly Metric[]>, 'inject' | 'useFactory'> & {
    readonly declared: MetricDescriptions;
  };
  /** Its spans, as `defineSpans` returned them, and which calls become spans where tracing is on; made once, with its injected parts. */
  readonly spans?: Pick<FactoryProvider<readonly TracedCall[]>, 'inject' | 'useFactory'> & {
    readonly declared: SpanDescriptions;
  };
  /** Its need for signing keys, by the options; null: none. */
  readonly signs?: (options: Options) => SigningNeed | null;
  /** Its cleanup tasks; made once, with their injected parts. */
  readonly cleanups?: Pick<FactoryProvider<readonly CleanupTask[]>, 'inject' | 'useFactory'>;
}
