import { readWritten } from '../../kernel/instant.js';
import type { SessionRecord } from '../../sessions/session.store.js';

/** A session as Memcached holds it: dates as ISO texts. */
export type SessionJson = {
  readonly [K in keyof SessionRecord]: SessionRecord[K] extends Date
    ? string
    : SessionRecord[K] extends Date | null
      ? string | null
      : SessionRecord[K];
} & {
  /** Of its user's list that it was entered into. */
  readonly mark: string;
};

/** Ready to be written. */
export function toJson(session: SessionRecord, mark: string): SessionJson {
  return { ...(JSON.parse(JSON.stringify(session)) as SessionJson), mark };
}

/** Read back. @throws AuthError `internal_error` when an instant cannot be read */
export function fromJson({ mark: _, ...json }: SessionJson): SessionRecord {
  return {
    ...json,
    createdAt: readWritten(json.createdAt, 'session.createdAt'),
    authenticatedAt: readWritten(json.authenticatedAt, 'session.authenticatedAt'),
    lastSeenAt: readWritten(json.lastSeenAt, 'session.lastSeenAt'),
    idleExpiresAt: readWritten(json.idleExpiresAt, 'session.idleExpiresAt'),
    absoluteExpiresAt: readWritten(json.absoluteExpiresAt, 'session.absoluteExpiresAt'),
    endedAt: json.endedAt === null ? null : readWritten(json.endedAt, 'session.endedAt'),
  };
}
