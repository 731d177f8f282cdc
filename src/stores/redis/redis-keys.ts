/** The session's fields. */
export function sessionKey(sessionId: string): string {
  return `coatcheck:{${sessionId}}:session`;
}

/** The refresh tokens of a session, in the slot of the session. */
export function refreshKey(sessionId: string): string {
  return `coatcheck:{${sessionId}}:refresh`;
}

/** The mark of a user's index: a session that bears another one was listed in an index that is lost. */
export function markKey(userId: string): string {
  return `coatcheck:{user:${userId}}:mark`;
}

/** The ids of a user's sessions by start, in the slot of its mark. */
export function indexKey(userId: string): string {
  return `coatcheck:{user:${userId}}:sessions`;
}
