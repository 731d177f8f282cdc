import { type ArgumentMetadata, Injectable, type ValidationError, ValidationPipe } from '@nestjs/common';
import { AuthError, type FieldError } from '../kernel/auth-error.js';

/** Keys that would reach a prototype, or shadow what a class is, once copied onto an instance. */
const POISON = ['__proto__', 'constructor', 'prototype'];

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
      exceptionFactory: (errors) => refused(errors.flatMap((error) => fieldErrors(error))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && value !== undefined && value !== null) refuseOddBodies(value);
    return super.transform(value, metadata);
  }
}

function refuseOddBodies(value: unknown): void {
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refused([{ field: '', rule: 'isObject', message: 'the body must be a JSON object' }]);
  }
  const poisoned = POISON.filter((key) => Object.hasOwn(value as object, key));
  if (poisoned.length > 0) throw refused(poisoned.map(unknownField));
}

function unknownField(field: string): FieldError {
  return { field, rule: 'whitelistValidation', message: `property ${field} should not exist` };
}

function fieldErrors(error: ValidationError, path = ''): FieldError[] {
  const field = path + error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({ field, rule, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}

function refused(errors: FieldError[]): AuthError {
  return new AuthError('validation_failed', { reason: 'fields_refused', errors });
}
