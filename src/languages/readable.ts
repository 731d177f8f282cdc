// Instants and durations as a reader of a language knows them.

const DAY = 86_400;
type Unit = 'day' | 'hour' | 'minute' | 'second';
type Units = readonly (readonly [unit: Unit, seconds: number])[];
const SECONDS: Units = [['second', 1]];
const HOURS: Units = [
  ['hour', 3600],
  ['minute', 60],
];
const DAYS: Units = [['day', DAY], ...HOURS];

const instants = new Map<string, Intl.DateTimeFormat>();
const lists = new Map<string, Intl.ListFormat>();
const units = new Map<string, Intl.NumberFormat>();

/** `21 November 2026 at 09:00 UTC`. @param at RFC 3339 */
export function readableInstant(language: string, at: string): string {
  const format = once(
    instants,
    language,
    () => new Intl.DateTimeFormat(formsOf(language), { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }),
  );
  return `${format.format(new Date(at))} UTC`;
}

/** To the minute, below two minutes to the second: `2 days and 1 hour`. A single day in hours, which say better when it ends. */
export function readableDuration(language: string, seconds: number): string {
  let rest = seconds < 120 ? Math.round(seconds) : 60 * Math.round(seconds / 60);
  const words: string[] = [];
  for (const [unit, length] of rest < 120 && rest !== 60 ? SECONDS : rest < 2 * DAY ? HOURS : DAYS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) words.push(inUnits(language, count, unit));
  }
  const list = once(lists, language, () => new Intl.ListFormat(formsOf(language), { type: 'conjunction' }));
  return words.length > 0 ? list.format(words) : inUnits(language, 0, 'second');
}

function inUnits(language: string, count: number, unit: Unit): string {
  const format = once(
    units,
    `${language} ${unit}`,
    () => new Intl.NumberFormat(formsOf(language), { style: 'unit', unit, unitDisplay: 'long' }),
  );
  return format.format(count);
}

/** Of plain English the forms that are understood everywhere: the day before the month, and 24 hours. */
function formsOf(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}

function once<T>(made: Map<string, T>, key: string, make: () => T): T {
  const found = made.get(key) ?? make();
  made.set(key, found);
  return found;
}
