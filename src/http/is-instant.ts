import { ValidateBy } from 'class-validator';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** `Date` takes 30 February for 2 March, and 24:00 for the next day: what comes back must be what was given. */
function exists(value: string): boolean {
  const [local] = value.split(/[.Z+]|-\d\d:\d\d$/);
  const instant = Date.parse(`${local}Z`);
  const isSame = !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(local!);
  return isSame && !Number.isNaN(Date.parse(value));
}

/** Passes an instant by RFC 3339 §5.6, with its offset: one that means the same everywhere. Nothing is converted. */
export function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value) => typeof value === 'string' && RFC_3339.test(value) && exists(value),
      defaultMessage: () => '$property must be an RFC 3339 instant such as 2026-11-21T09:00:00Z',
    },
  });
}
