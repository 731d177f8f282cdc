import { AuthError } from '../kernel/auth-error.js';

const LAST_INSTANT = Date.UTC(9999, 11, 31);
const MOST_COUNTED = 2_147_483_647;

/** The kinds of parts in a cursor: a UUID, milliseconds since 1970, a count. */
export type CursorPart = 'id' | 'instant' | 'count';

/** Where a list goes on: what the last line is found by, as text that clients need not understand. */
export function cursorOf(...parts: readonly (string | Date | number)[]): string {
  const hex = parts.map((part) => (typeof part === 'string' ? part.replaceAll('-', '') : hexOf(Number(part))));
  return Buffer.from(hex.join(''), 'hex').toString('base64url');
}

/** The parts of a cursor; null for no cursor. @throws AuthError `validation_failed` for text that is no cursor of ours */
export function partsIn(cursor: string | undefined, shape: readonly CursorPart[]): (string | number)[] | null {
  if (cursor === undefined) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  const size = shape.reduce((sum, part) => sum + sizeOf(part), 0);
  if (bytes.length !== size || bytes.toString('base64url') !== cursor) throw noCursor();
  let at = 0;
  return shape.map((part) => {
    const piece = bytes.subarray(at, at + sizeOf(part));
    at += piece.length;
    return part === 'id' ? uuidFrom(piece.toString('hex')) : numberFrom(piece, part);
  });
}

/** The `count` ids in a cursor, as {@link partsIn}. */
export function idsIn(cursor: string | undefined, count: number): string[] | null {
  return partsIn(cursor, new Array<CursorPart>(count).fill('id')) as string[] | null;
}

function sizeOf(part: CursorPart): number {
  return part === 'id' ? 16 : 8;
}

function hexOf(number: number): string {
  return BigInt(number).toString(16).padStart(16, '0');
}

function numberFrom(piece: Buffer, part: CursorPart): number {
  const number = Number(piece.readBigUInt64BE());
  if (number > (part === 'instant' ? LAST_INSTANT : MOST_COUNTED)) throw noCursor();
  return number;
}

function uuidFrom(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function noCursor(): AuthError {
  const errors = [
    { field: 'cursor', rule: 'isCursor', message: 'cursor must be the `nextCursor` of an earlier response' },
  ];
  return new AuthError('validation_failed', { reason: 'no_cursor', errors });
}
