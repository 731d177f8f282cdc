import { ValidateBy } from 'class-validator';
import { canonicalEmail } from '../kernel/email-address.js';

/** Passes whatever {@link canonicalEmail} takes: exactly one plain address. Nothing is converted. */
export function IsEmailAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isEmailAddress',
    validator: {
      validate: (value) => canonicalEmail(value) !== null,
      defaultMessage: () => '$property must be a single plain e-mail address',
    },
  });
}
