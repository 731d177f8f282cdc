import type { UserRecord } from './user.store.js';

/** The prefix of a user's columns for those who join with `UserStore.table`: `user.id`, `user.email`, … */
export const JOINED_USER = 'user.';

/** The user in a row whose columns were selected as {@link JOINED_USER}. Null where there is none, or users are not in the same database. */
export function joinedUser(row: object): UserRecord | null {
  const entries = Object.entries(row).filter(([name]) => name.startsWith(JOINED_USER));
  const user = Object.fromEntries(entries.map(([name, value]) => [name.slice(JOINED_USER.length), value]));
  return typeof user.id === 'string' ? (user as unknown as UserRecord) : null;
}
