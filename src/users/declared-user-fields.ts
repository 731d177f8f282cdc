import { Inject, Injectable, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, type ValidationError, validate } from 'class-validator';
import { DeclaredFields, type FieldsPurpose, type ReadFields } from '../http/body-fields.js';
import { isShallowEnough } from '../http/max-depth.decorator.js';
import { AuthError, type FieldError } from '../kernel/auth-error.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { settingsOf } from './user-field.decorator.js';

/** DI token of the class that declares the fields of a user, or null. */
export const REGISTRATION_FIELDS = Symbol('coatcheck.registrationFields');

/** Of all fields of a user together, as JSON in UTF-8: every node that knows a session of theirs has them in memory. */
const MOST_FIELD_BYTES = 4096;

/** PostgreSQL takes neither NUL nor half a character. */
const ILL_FORMED = /[\p{Cs}\0]/u;

/** The fields of a class, by its class-validator decorators. */
export function fieldNamesOf(dto: Type): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

/** The fields that the application has declared for its users (`registrationFields`), and what may be in them. */
@Injectable()
export class DeclaredUserFields extends DeclaredFields {
  private readonly names: Readonly<Record<FieldsPurpose, ReadonlySet<string>>>;

  constructor(@Inject(REGISTRATION_FIELDS) private readonly dto: Type | null) {
    super();
    const all = dto ? fieldNamesOf(dto) : [];
    const where = (fits: (field: string) => boolean) => new Set(all.filter(fits));
    this.names = {
      registration: where((field) => !settingsOf(dto!, field).adminOnly),
      invitation: where((field) => !settingsOf(dto!, field).adminOnly),
      'own-change': where((field) => settingsOf(dto!, field).changeable === true),
      admin: new Set(all),
      reply: new Set(all),
    };
  }

  namesFor(purpose: FieldsPurpose): ReadonlySet<string> {
    return this.names[purpose];
  }

  /** Of stored fields those that only admins may set: the person who registered has not chosen them. Null: none. */
  givenByAdmins(stored: UserFieldValues | null | undefined): UserFieldValues | null {
    const chosen = this.namesFor('registration');
    const isGiven = ([name]: [string, unknown]) => this.namesFor('admin').has(name) && !chosen.has(name);
    const kept = Object.entries(stored ?? {}).filter(isGiven);
    return kept.length > 0 ? (Object.fromEntries(kept) as UserFieldValues) : null;
  }

  async read(values: Readonly<Record<string, unknown>>, purpose: FieldsPurpose): Promise<ReadFields> {
    const { dto } = this;
    if (!dto) return { fields: {}, errors: [] };
    const deep = Object.keys(values).filter((field) => !isShallowEnough(values[field], dto, field));
    if (deep.length > 0) return { fields: {}, errors: deep.map(tooDeep) };
    const isNew = purpose === 'registration';
    const instance: Record<string, unknown> = plainToInstance(dto, values);
    const found = await validate(instance, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      skipUndefinedProperties: !isNew,
    });
    const names = this.namesFor(purpose);
    const errors = found.filter(({ property }) => names.has(property)).flatMap((error) => errorsOf(error));
    if (errors.length > 0) return { fields: {}, errors };
    // What the class fills in by itself is for a new user; a change names what it changes.
    const given = Object.entries(instance).filter(([name, value]) => value !== undefined && (isNew || name in values));
    return checked(given);
  }

  /**
   * The fields of an imported user, or of one that an application makes by itself.
   *
   * @throws AuthError `validation_failed`
   */
  async parse(values: Readonly<Record<string, unknown>>): Promise<UserFieldValues> {
    const names = this.namesFor('admin');
    const unknown = Object.keys(values).filter((field) => !names.has(field));
    const { fields, errors } = unknown.length > 0 ? none(unknown.map(notDeclared)) : await this.read(values, 'admin');
    if (errors.length > 0) throw new AuthError('validation_failed', { reason: 'fields_refused', errors });
    return merged(null, fields) ?? {};
  }
}

/**
 * The fields of a user after a change: each field of `changes` in place of the old one, without those that are null now.
 *
 * @returns null when nothing is left
 * @throws AuthError `validation_failed` when it is more than {@link MOST_FIELD_BYTES}
 */
export function merged(
  stored: UserFieldValues | null | undefined,
  changes: Readonly<Record<string, unknown>>,
): UserFieldValues | null {
  const kept = Object.entries({ ...stored, ...changes }).filter(([, value]) => value !== null && value !== undefined);
  const fields = Object.fromEntries(kept) as UserFieldValues;
  if (kept.length === 0) return null;
  if (Buffer.byteLength(JSON.stringify(fields)) <= MOST_FIELD_BYTES) return fields;
  throw new AuthError('validation_failed', { reason: 'fields_too_large', errors: [tooLarge(Object.keys(changes))] });
}

function checked(given: readonly [string, unknown][]): ReadFields {
  const errors = given.filter(([, value]) => !isWellFormed(value)).map(([field]) => illFormed(field));
  if (errors.length > 0) return none(errors);
  const text = JSON.stringify(Object.fromEntries(given));
  if (Buffer.byteLength(text) > MOST_FIELD_BYTES) return none([tooLarge(given.map(([field]) => field))]);
  // As the database gives them back, whatever the class has made of them.
  return { fields: JSON.parse(text), errors: [] };
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return !ILL_FORMED.test(value);
  if (typeof value === 'bigint') return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => !ILL_FORMED.test(key) && isWellFormed(item));
}

function errorsOf(error: ValidationError, path = ''): FieldError[] {
  const field = path + error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({ field, rule, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => errorsOf(child, `${field}.`))];
}

const none = (errors: FieldError[]): ReadFields => ({ fields: {}, errors });

function tooDeep(field: string): FieldError {
  return { field, rule: 'isFlat', message: `${field} must not contain an object or an array at this position` };
}

function illFormed(field: string): FieldError {
  return { field, rule: 'wellFormed', message: `${field} must be well-formed text without NUL characters` };
}

function notDeclared(field: string): FieldError {
  return { field, rule: 'whitelistValidation', message: `${field} is not a known property` };
}

function tooLarge(fields: readonly string[]): FieldError {
  const message = `the fields of a user must have at most ${MOST_FIELD_BYTES} bytes together, as JSON`;
  return { field: fields.join(', '), rule: 'tooLarge', message };
}
