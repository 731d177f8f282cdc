import { AuthError } from './auth-error.js';

/** Longest distance from 1970 that a `Date` can tell, in milliseconds. */
const FARTHEST = 8.64e15;

/**
 * An instant as a store gave it. What ended, expired or was banned is told by instants, so one that cannot be read must never
 * count as one that is absent.
 *
 * @param what names it in the log: `users.banned_at`
 * @throws AuthError `internal_error` for anything but a valid `Date`
 */
export function readInstant(value: unknown, what: string): Date {
  // By its tag, not by its class: a `Date` may come from another realm (a vm context, as in Jest).
  const isDate = Object.prototype.toString.call(value) === '[object Date]';
  if (isDate && !Number.isNaN((value as Date).getTime())) return value as Date;
  throw unreadable(what);
}

/** The same for an instant that may be absent: null, and nothing else, is null. @throws AuthError `internal_error` */
export function readInstantOrNull(value: unknown, what: string): Date | null {
  return value === null ? null : readInstant(value, what);
}

/** An instant written as milliseconds since 1970, a number or its decimal text. @throws AuthError `internal_error` */
export function readMilliseconds(value: unknown, what: string): Date {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,16}(\.\d+)?$/.test(value));
  const milliseconds = isNumber ? Number(value) : Number.NaN;
  if (Math.abs(milliseconds) <= FARTHEST) return new Date(milliseconds);
  throw unreadable(what);
}

const WRITTEN = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** An instant as `Date.prototype.toJSON` writes it. @throws AuthError `internal_error` */
export function readWritten(value: unknown, what: string): Date {
  if (typeof value !== 'string' || !WRITTEN.test(value)) throw unreadable(what);
  return readInstant(new Date(value), what);
}

/** Whether an error says that an instant could not be read, also one that a driver has wrapped. */
export function isUnreadable(error: unknown): boolean {
  const { driverError } = (error ?? {}) as { driverError?: unknown };
  const told = error instanceof AuthError ? error : driverError;
  return told instanceof AuthError && (told.reason ?? '').startsWith(UNREADABLE);
}

const UNREADABLE = 'unreadable_instant';

function unreadable(what: string): AuthError {
  return new AuthError('internal_error', { reason: `${UNREADABLE} (${what})` });
}
