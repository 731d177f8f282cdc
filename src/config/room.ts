import type { FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import type { Chore } from '../kernel/chore.js';
import type { Figure, FigureDescriptions } from '../kernel/figure.js';
import type { AnyOptionSection } from './option-section.js';

/**
 * What one folder brings to the house. `AuthModule` lays all rooms into one Nest module; a factor, a strategy or a store
 * is a room like any other, so adding one edits nothing else.
 */
export interface Room extends Pick<ModuleMetadata, 'providers' | 'controllers'> {
  readonly name: string;
  readonly options?: AnyOptionSection;
  /** TypeORM entities, all tables of this room. */
  readonly entities?: readonly Type[];
  /** Injectable classes implementing `Strategy`, by the name that `AUTH_STRATEGIES` switches them on with. */
  readonly strategies?: Readonly<Record<string, Type>>;
  /** Injectable classes extending `Factor`, by name. */
  readonly factors?: Readonly<Record<string, Type>>;
  /** Injectable classes extending `Storage`, by the name that `SESSION_STORE` chooses them with. */
  readonly storages?: Readonly<Record<string, Type>>;
  /** Injectable classes extending `Holding`, by name: what it keeps that can act for a user. */
  readonly holdings?: Readonly<Record<string, Type>>;
  /** The audit events it records, by type: what `defineEvents` gave. */
  readonly events?: Readonly<Record<string, string>>;
  /** The mails it sends, by kind: what `defineMailTemplates` gave. */
  readonly mails?: Readonly<Record<string, object>>;
  /** What it measures: what `defineFigures` gave, and how it is read, made once, from what it injects. */
  readonly figures?: Pick<FactoryProvider<readonly Figure[]>, 'inject' | 'useFactory'> & {
    readonly declared: FigureDescriptions;
  };
  /** What it wants to be rid of; made once, from what it injects. */
  readonly chores?: Pick<FactoryProvider<readonly Chore[]>, 'inject' | 'useFactory'>;
}
