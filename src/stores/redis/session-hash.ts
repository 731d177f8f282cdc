import type { SessionRecord } from '../../sessions/session.store.js';

/** A session as the fields of a Redis hash: what never changes as one JSON text, what changes as fields of their own. */
export const SESSION_FIELDS = ['fixed', 'seen', 'idle', 'ended', 'reason', 'generation'] as const;

/** A session read back, with the generation of its user's sessions that it belongs to. */
export interface StoredSession {
  readonly record: SessionRecord;
  readonly generation: string;
}

type Fixed = Omit<SessionRecord, 'lastSeenAt' | 'idleExpiresAt' | 'endedAt' | 'endReason'>;

/** The JSON text. */
export function fixedPartOf(session: SessionRecord): string {
  const { lastSeenAt: _, idleExpiresAt: __, endedAt: ___, endReason: ____, ...fixed } = session;
  return JSON.stringify(fixed satisfies Fixed);
}

/** The values of {@link SESSION_FIELDS}; null when there is no such session. */
export function readSession(values: readonly (string | null)[]): StoredSession | null {
  const [fixed, seen, idle, ended, reason, generation] = values;
  if (!fixed) return null;
  const known = JSON.parse(fixed) as Record<keyof Fixed, never>;
  const record: SessionRecord = {
    ...known,
    createdAt: new Date(known.createdAt),
    authenticatedAt: new Date(known.authenticatedAt),
    absoluteExpiresAt: new Date(known.absoluteExpiresAt),
    lastSeenAt: new Date(Number(seen)),
    idleExpiresAt: new Date(Number(idle)),
    endedAt: ended ? new Date(Number(ended)) : null,
    endReason: reason ?? null,
  };
  return { record, generation: generation ?? '' };
}
