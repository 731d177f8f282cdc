import type { Type } from '@nestjs/common';
import type { FieldError } from '../kernel/auth-error.js';

const PURPOSE = 'coatcheck:declared-fields';

/** The purpose of declared fields in a body; in `reply` they are only described. */
export type FieldsPurpose = 'registration' | 'invitation' | 'own-change' | 'admin' | 'reply';

/** The declared fields as read from a body. */
export interface ReadFields {
  /** As they are to be stored; a null takes a value away. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly errors: readonly FieldError[];
}

/** Fields that an application has declared, which bodies marked by {@link TakesDeclaredFields} take beside their own. */
export abstract class DeclaredFields {
  /** The fields that may be in a body of this purpose. */
  abstract namesFor(purpose: FieldsPurpose): ReadonlySet<string>;

  /** Validates them. @param values have no other key than {@link namesFor} says */
  abstract read(values: Readonly<Record<string, unknown>>, purpose: FieldsPurpose): Promise<ReadFields>;
}

const extended = new Map<Type, FieldsPurpose>();

/**
 * Lets a request class take the declared fields beside its own, flat; they are handed on as its property `fields`. On a reply class it
 * says that they are shown.
 */
export function TakesDeclaredFields(purpose: FieldsPurpose): ClassDecorator {
  return (target) => {
    Reflect.defineMetadata(PURPOSE, purpose, target);
    extended.set(target as unknown as Type, purpose);
  };
}

/** Undefined for a class that takes none. */
export function purposeOf(dto: Type | undefined): FieldsPurpose | undefined {
  return dto && Reflect.getOwnMetadata(PURPOSE, dto);
}

/** Every request and reply class that has declared fields. */
export function classesWithDeclaredFields(): ReadonlyMap<Type, FieldsPurpose> {
  return extended;
}
