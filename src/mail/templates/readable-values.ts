const INSTANT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
const DAY = 86_400;
type Units = readonly (readonly [unit: string, seconds: number])[];
const SECONDS: Units = [['second', 1]];
const HOURS: Units = [
  ['hour', 3600],
  ['minute', 60],
];
const DAYS: Units = [['day', DAY], ...HOURS];

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

/** To the minute, below two minutes to the second: `2 days and 1 hour`. A single day in hours, which say better when it ends. */
function inWords(seconds: number): string {
  let rest = seconds < 120 ? Math.round(seconds) : 60 * Math.round(seconds / 60);
  const words: string[] = [];
  for (const [unit, length] of rest < 120 && rest !== 60 ? SECONDS : rest < 2 * DAY ? HOURS : DAYS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? '0 seconds');
}
