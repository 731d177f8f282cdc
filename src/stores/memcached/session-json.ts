import type { SessionRecord } from '../../sessions/session.store.js';

/** A session as Memcached holds it: dates as ISO texts. */
export type SessionJson = {
  readonly [K in keyof SessionRecord]: SessionRecord[K] extends Date
    ? string
    : SessionRecord[K] extends Date | null
      ? string | null
      : SessionRecord[K];
} & {
  /** Mark of the generation of its user's sessions that it belongs to. */
  readonly generation: string;
};

/** Ready to be written. */
export function toJson(session: SessionRecord, generation: string): SessionJson {
  return { ...(JSON.parse(JSON.stringify(session)) as SessionJson), generation };
}

/** Read back. */
export function fromJson({ generation: _, ...json }: SessionJson): SessionRecord {
  return {
    ...json,
    createdAt: new Date(json.createdAt),
    authenticatedAt: new Date(json.authenticatedAt),
    lastSeenAt: new Date(json.lastSeenAt),
    idleExpiresAt: new Date(json.idleExpiresAt),
    absoluteExpiresAt: new Date(json.absoluteExpiresAt),
    endedAt: json.endedAt === null ? null : new Date(json.endedAt),
  };
}
