import { AuthError } from '../kernel/auth-error.js';
import { isUuid } from '../kernel/is-uuid.js';

/** Where a list goes on: the ids of the last line, as text that clients need not understand. */
export function cursorOf(...ids: readonly string[]): string {
  return Buffer.from(ids.map((id) => id.replaceAll('-', '')).join(''), 'hex').toString('base64url');
}

/** The `count` ids in a cursor; null for no cursor. @throws AuthError `validation_failed` for text that is no cursor of ours */
export function idsIn(cursor: string | undefined, count: number): string[] | null {
  if (cursor === undefined) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  const hex = bytes.toString('hex');
  const ids = Array.from({ length: count }, (_, i) => uuidFrom(hex.slice(32 * i, 32 * i + 32)));
  if (bytes.length === 16 * count && bytes.toString('base64url') === cursor && ids.every(isUuid)) return ids;
  const errors = [{ field: 'cursor', rule: 'isCursor', message: 'cursor must be taken from an earlier reply' }];
  throw new AuthError('validation_failed', { reason: 'no_cursor', errors });
}

function uuidFrom(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
