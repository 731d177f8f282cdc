import type { ModuleMetadata, Type } from '@nestjs/common';
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
  /** Classes extending `Strategy`, `Factor` or `Storage`: injectable, listed for whoever calls them. */
  readonly strategies?: readonly Type[];
  readonly factors?: readonly Type[];
  readonly storages?: readonly Type[];
}
