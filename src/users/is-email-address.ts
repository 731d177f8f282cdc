import { ValidateBy } from 'class-validator';
import { addressProblem, canonicalEmail } from '../kernel/email-address.js';

/** Passes whatever {@link canonicalEmail} takes: exactly one plain address. Nothing is converted. */
export function IsEmailAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isEmailAddress',
    validator: {
      validate: (value) => canonicalEmail(value) !== null,
      defaultMessage: (given) => `$property ${addressProblem(given?.value)}`,
    },
  });
}
