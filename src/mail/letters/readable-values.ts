const INSTANT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

interface Unreadable {
  readonly at?: string;
  readonly validSeconds?: number;
  readonly additions?: readonly { readonly at: string }[];
}

/** Values as a mail shows them: each `at` in words, and for `validSeconds` the text `validFor`. */
export function readable(values: object): Readonly<Record<string, unknown>> {
  const { at, validSeconds, additions, ...rest } = values as Unreadable;
  return {
    ...rest,
    ...(at !== undefined && { at: instantInWords(at) }),
    ...(additions !== undefined && { additions: additions.map((each) => ({ ...each, at: instantInWords(each.at) })) }),
    ...(validSeconds !== undefined && { validFor: inWords(validSeconds) }),
  };
}

function instantInWords(at: string): string {
  return `${INSTANT.format(new Date(at))} UTC`;
}

/** In the largest unit that leaves no rest, a single day in hours: nobody can read `86400` or `1 day` as a deadline. */
function inWords(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds % size === 0 && seconds / size >= (size === 86_400 ? 2 : 1))!;
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
