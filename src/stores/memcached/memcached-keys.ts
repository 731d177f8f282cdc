import type { SessionRecord } from '../../sessions/session.store.js';

/** An old ticket is told from one that never was for so long after its session's deadline. */
const REMEMBERED_SECONDS = 86_400;

/** One session. */
export function sessionKey(sessionId: string): string {
  return `coatcheck:session:${sessionId}`;
}

/** All refresh tokens of a session. */
export function refreshKey(sessionId: string): string {
  return `coatcheck:refresh:${sessionId}`;
}

/** A user's list of sessions. */
export function userKey(userId: string): string {
  return `coatcheck:user:${userId}`;
}

/** How long a session's values may stay after each write: its whole life, so never too short. */
export function lifeSecondsOf({
  absoluteExpiresAt,
  createdAt,
}: Pick<SessionRecord, 'absoluteExpiresAt' | 'createdAt'>) {
  return Math.max(0, (absoluteExpiresAt.getTime() - createdAt.getTime()) / 1000) + REMEMBERED_SECONDS;
}
