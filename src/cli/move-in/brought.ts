import type { ImportedUser } from '../../factors/password/import/user-import.service.js';
import { isAdmin } from '../../security/admin-alerts.js';

/** What new users have brought along, counted: a table or a file that was forgotten shows as a 0. */
export interface Brought {
  readonly passwords: number;
  readonly bans: number;
  readonly usernames: number;
  readonly authenticator_apps: number;
  readonly passkeys: number;
  readonly admins: number;
}

export const BROUGHT_NOTHING: Brought = {
  passwords: 0,
  bans: 0,
  usernames: 0,
  authenticator_apps: 0,
  passkeys: 0,
  admins: 0,
};

/** Whether a user is to be banned still: a ban of theirs may have ended there by now. */
export function isStillBanned({ banned, bannedUntil }: ImportedUser, now: Date): boolean {
  return banned === true && (bannedUntil === undefined || now < new Date(bannedUntil));
}

/** Of one user, as they were written. */
export function broughtBy(user: ImportedUser, now: Date): Brought {
  const { passwordHash, username, factors = {}, roles = [] } = user;
  return {
    passwords: Number(passwordHash !== undefined),
    bans: Number(isStillBanned(user, now)),
    usernames: Number(username !== undefined),
    authenticator_apps: Number(factors.totp !== undefined),
    passkeys: countIn(factors.passkey),
    admins: Number(isAdmin({ kind: 'person', roles: [...roles] })),
  };
}

/** Both together. */
export function sumOf(one: Brought, other: Brought): Brought {
  return {
    passwords: one.passwords + other.passwords,
    bans: one.bans + other.bans,
    usernames: one.usernames + other.usernames,
    authenticator_apps: one.authenticator_apps + other.authenticator_apps,
    passkeys: one.passkeys + other.passkeys,
    admins: one.admins + other.admins,
  };
}

/** As a person reads it. */
export function broughtText(brought: Brought): string {
  const counts = Object.entries(brought).map(([name, count]) => `${name.replaceAll('_', ' ')} ${count}`);
  return `  came along: ${counts.join(', ')}`;
}

function countIn(given: unknown): number {
  const { passkeys } = (given ?? {}) as { passkeys?: unknown };
  return Array.isArray(passkeys) ? passkeys.length : 0;
}
