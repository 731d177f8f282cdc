import {
  type ArgumentMetadata,
  Injectable,
  Optional,
  type Type,
  type ValidationError,
  ValidationPipe,
} from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { AuthError, type FieldError } from '../kernel/auth-error.js';
import { DeclaredFields, type FieldsPurpose, purposeOf } from './body-fields.js';
import { isShallowEnough } from './max-depth.decorator.js';

/** A reply to nonsense need not be longer than the nonsense. */
const MAX_ERRORS = 20;

/**
 * Strict validation with class-validator: an unknown field, a wrong JSON type or a body that is no object is
 * `validation_failed`, with an error for each field. Nothing is converted. Our controllers bring it along, so that a host's
 * own pipes cannot loosen it.
 */
@Injectable()
export class StrictValidationPipe extends ValidationPipe {
  constructor(@Optional() private readonly declared?: DeclaredFields) {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      exceptionFactory: (errors) => refused(errors.flatMap((error) => fieldErrors(error)).slice(0, MAX_ERRORS)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body' || value === undefined || value === null) return super.transform(value, metadata);
    const purpose = purposeOf(metadata.metatype);
    if (purpose && this.declared && isObject(value)) return this.withDeclared(value, metadata, purpose, this.declared);
    refuseOddBodies(value, metadata.metatype);
    return super.transform(value, metadata);
  }

  /** The body's own fields by its class, the declared ones by theirs; what is wrong with either is told together. */
  private async withDeclared(
    value: Readonly<Record<string, unknown>>,
    metadata: ArgumentMetadata,
    purpose: FieldsPurpose,
    declared: DeclaredFields,
  ): Promise<unknown> {
    const names = declared.namesFor(purpose);
    const [theirs, own] = [{ ...NOTHING }, { ...NOTHING }];
    for (const [name, one] of Object.entries(value)) define(names.has(name) ? theirs : own, name, one);
    refuseOddBodies(own, metadata.metatype);
    const [body, { fields, errors }] = await Promise.all([
      super.transform(own, metadata).catch((error) => errorsIn(error)),
      declared.read(theirs, purpose),
    ]);
    const all = [...(Array.isArray(body) ? (body as FieldError[]) : []), ...errors];
    if (all.length > 0) throw refused(all.slice(0, MAX_ERRORS));
    return Object.assign(body as object, { fields });
  }

  /**
   * The fields of `dto` in a body that was taken apart before, validated. Those that are absent or not of it are left out.
   *
   * @throws AuthError `validation_failed`
   */
  validated<T extends object>(dto: Type<T>, fields: object): Promise<T> {
    const known = fieldsOf(dto);
    const own = Object.entries(fields).filter(([field, value]) => known.has(field) && value !== undefined);
    return this.transform(Object.fromEntries(own), { type: 'body', metatype: dto }) as Promise<T>;
  }
}

const NOTHING: Readonly<Record<string, unknown>> = {};

/** Also a key that an assignment would take for something else. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The errors of a refused body. */
function errorsIn(error: unknown): FieldError[] {
  if (error instanceof AuthError && error.errors) return [...error.errors];
  throw error;
}

/**
 * Before anything is copied or walked: class-transformer follows a value as deep as it goes (a small body could exhaust the
 * stack), and a key such as `__proto__` or `constructor` would change what the copy is.
 */
function refuseOddBodies(value: unknown, dto: Type | undefined): void {
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refused([{ field: '', rule: 'isObject', message: 'the body must be a JSON object' }]);
  }
  const known = fieldsOf(dto);
  const unknown = Object.keys(value as object).filter((key) => !known.has(key));
  if (unknown.length > 0) throw refused(unknown.slice(0, MAX_ERRORS).map(unknownField));
  const tooDeep = Object.entries(value as object).filter(([field, content]) => !isShallowEnough(content, dto!, field));
  if (tooDeep.length > 0) throw refused(tooDeep.map(([field]) => notFlat(field)));
}

/** Our request bodies are flat, but for fields that are `@MaxDepth`. */
function fieldsOf(dto: Type | undefined): ReadonlySet<string> {
  const known = dto && fields.get(dto);
  if (!dto || known) return known ?? new Set();
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  fields.set(dto, names);
  return names;
}

/** To ask for them is to walk through the rules of every class. */
const fields = new WeakMap<Type, ReadonlySet<string>>();

function notFlat(field: string): FieldError {
  return { field, rule: 'isFlat', message: `${field} must not contain an object or an array at this position` };
}

function unknownField(field: string): FieldError {
  return { field, rule: 'whitelistValidation', message: `${field} is not a known property` };
}

function fieldErrors(error: ValidationError, path = ''): FieldError[] {
  const field = path + error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({ field, rule, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}

function refused(errors: FieldError[]): AuthError {
  return new AuthError('validation_failed', { reason: 'fields_refused', errors });
}
