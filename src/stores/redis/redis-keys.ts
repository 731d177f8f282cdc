/** The session's fields. */
export function sessionKey(sessionId: string): string {
  return `coatcheck:{${sessionId}}:session`;
}

/** The refresh tokens of a session, in the slot of the session. */
export function refreshKey(sessionId: string): string {
  return `coatcheck:{${sessionId}}:refresh`;
}

/** The generation of a user's sessions. */
export function generationKey(userId: string): string {
  return `coatcheck:{user:${userId}}:generation`;
}

/** The ids of a user's sessions by deadline, in the slot of the generation. */
export function indexKey(userId: string): string {
  return `coatcheck:{user:${userId}}:sessions`;
}
