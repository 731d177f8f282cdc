import { type ArgumentMetadata, Injectable, type Type, type ValidationError, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { AuthError, type FieldError } from '../kernel/auth-error.js';
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
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      exceptionFactory: (errors) => refused(errors.flatMap((error) => fieldErrors(error)).slice(0, MAX_ERRORS)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && value !== undefined && value !== null) refuseOddBodies(value, metadata.metatype);
    return super.transform(value, metadata);
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
  if (!dto) return new Set();
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return new Set(rules.map(({ propertyName }) => propertyName));
}

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
