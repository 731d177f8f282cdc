import { RecordRefusal } from './record-reading.js';

/** What the fields of a record may hold; names are those of the file. Absent, null and the empty text are the same: CSV knows no other. */
type Row = Readonly<Record<string, unknown>>;

function present(row: Row, field: string): unknown {
  const value = Object.hasOwn(row, field) ? row[field] : undefined;
  return value === null || value === '' ? undefined : value;
}

/** A text, a number or a flag, as text: what else there is may not even have one. @throws RecordRefusal `<field>_unreadable` */
function scalarIn(row: Row, field: string): string | undefined {
  const value = present(row, field);
  if (typeof value === 'object') throw unreadable(field);
  return value === undefined ? undefined : String(value);
}

/** A text, or a number as text; undefined where it is absent. @throws RecordRefusal for anything else: `<field>_unreadable` */
export function textIn(row: Row, field: string): string | undefined {
  const value = present(row, field);
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw unreadable(field);
}

/** True, false, `true`, `t`, `1` and so on; undefined where it is absent. @throws RecordRefusal for anything else: `<field>_unreadable` */
export function flagIn(row: Row, field: string): boolean | undefined {
  const text = scalarIn(row, field)?.toLowerCase();
  if (text === undefined) return undefined;
  if (['true', 't', '1', 'yes'].includes(text)) return true;
  if (['false', 'f', '0', 'no'].includes(text)) return false;
  throw unreadable(field);
}

/** An instant as RFC 3339, of a text with a date, or PostgreSQL's own form; undefined where it is absent. @throws RecordRefusal `<field>_unreadable` */
export function instantIn(row: Row, field: string): string | undefined {
  const text = scalarIn(row, field)?.trim();
  if (text === undefined) return undefined;
  // PostgreSQL's `2024-05-04 09:00:00.123456+00`; a date without a zone is taken as UTC, wherever it is read.
  const [, date, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
  if (date === undefined) throw unreadable(field);
  const offset =
    zone === undefined || /^(Z|UTC)$/.test(zone)
      ? 'Z'
      : zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_, h, m) => `${h}:${m ?? '00'}`);
  return instantOf(Date.parse(`${date}T${(time ?? '00:00').replace(/(\.\d{3})\d+$/, '$1')}${offset}`), field);
}

/** An instant as RFC 3339, of milliseconds since 1970; undefined where it is absent. @throws RecordRefusal `<field>_unreadable` */
export function millisecondsIn(row: Row, field: string): string | undefined {
  const text = textIn(row, field);
  if (text === undefined) return undefined;
  return instantOf(/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN, field);
}

/** An object; undefined where it is absent. Of CSV, the JSON text of one. @throws RecordRefusal `<field>_unreadable` */
export function objectIn(row: Row, field: string): Row | undefined {
  const value = structureIn(row, field);
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value)))
    return value as Row;
  throw unreadable(field);
}

/** The objects of a list; empty where it is absent. Of CSV, the JSON text of one. @throws RecordRefusal `<field>_unreadable` */
export function objectsIn(row: Row, field: string): readonly Row[] {
  const value = structureIn(row, field) ?? [];
  if (!Array.isArray(value)) throw unreadable(field);
  return value.map((one) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) throw unreadable(field);
    return one as Row;
  });
}

function structureIn(row: Row, field: string): unknown {
  const value = present(row, field);
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw unreadable(field);
  }
}

function instantOf(milliseconds: number, field: string): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) throw unreadable(field);
  return date.toISOString();
}

function unreadable(field: string): RecordRefusal {
  const name = field
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toLowerCase();
  return new RecordRefusal(`${name}_unreadable`);
}

/** An instant as RFC 3339, of seconds since 1970, with or without a fraction; undefined where it is absent. @throws RecordRefusal `<field>_unreadable` */
export function secondsIn(row: Row, field: string): string | undefined {
  const text = scalarIn(row, field);
  if (text === undefined) return undefined;
  return instantOf(/^\d{1,12}(\.\d+)?$/.test(text) ? Math.floor(Number(text) * 1000) : Number.NaN, field);
}

/** A full name, or a given and a family name put together; undefined where none of them is there. */
export function nameIn(row: Row, full: string, given: string, family: string): string | undefined {
  const parts = [textIn(row, given), textIn(row, family)].filter((part) => part !== undefined);
  return textIn(row, full) ?? (parts.length > 0 ? parts.join(' ') : undefined);
}

/** The texts of a list; empty where it is absent. Of CSV, the JSON text of one. @throws RecordRefusal `<field>_unreadable` */
export function textsIn(row: Row, field: string): readonly string[] {
  const value = structureIn(row, field) ?? [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) throw unreadable(field);
  return value as string[];
}

/** Whether a field says anything: absent, an empty list and an empty object do not. */
export function hasValue(row: Row, field: string): boolean {
  const value = present(row, field);
  if (value === undefined || value === '{}' || value === '[]') return false;
  return typeof value !== 'object' || Object.keys(value as object).length > 0;
}
