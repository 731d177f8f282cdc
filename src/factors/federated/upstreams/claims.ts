import { isObject } from './upstream-fetch.js';

/** Whether it can be a subject, or another id: a text of 1 to 255 characters that can be stored and compared. */
export function isSubject(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 255 && isStorable(value);
}

/** An id as plain OAuth 2 providers write it, often as a number; null for what is none: `""`, `0`, `null`, a fraction. */
export function subjectOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  return isSubject(value) ? value : null;
}

/** A text to be shown; null for what is none, is empty, or cannot be stored. Longer ones are cut. */
export function shownText(value: unknown, most = 200): string | null {
  if (typeof value !== 'string' || !isStorable(value)) return null;
  const text = value.trim();
  return text === '' ? null : [...text].slice(0, most).join('');
}

/** An address as the provider writes it; whether it is one, its reader sees. */
export function addressIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 254 && isStorable(value) ? value : null;
}

/** Seconds since 1970 as an instant; null for what is no such number. */
export function instantIn(value: unknown): Date | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11
    ? new Date(value * 1000)
    : null;
}

/** The texts in a list; none when it is no list. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => isSubject(one)).slice(0, 20) : [];
}

/** A claim by its name, whatever characters that has, or by a path of names with dots between them; the longest name that fits counts. */
export function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    const inner = Object.hasOwn(claims, name) ? claims[name] : undefined;
    const found = isObject(inner) ? claimAt(inner, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Neither NUL nor other control characters, nor half a character. */
function isStorable(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text);
}
