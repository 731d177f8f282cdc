import { AuthError } from '../../kernel/auth-error.js';
import { readMilliseconds, readWritten } from '../../kernel/instant.js';
import type { SessionRecord } from '../../sessions/session.store.js';

/** A session as the fields of a Redis hash: what never changes as one JSON text, what changes as fields of their own. */
export const SESSION_FIELDS = [
  'fixed',
  'seen',
  'idle',
  'ended',
  'reason',
  'mark',
  'number',
  'claims',
  'revision',
  'metadata',
] as const;

/** A session read back. */
export interface StoredSession {
  readonly record: SessionRecord;
  /** Of the index that it was entered into. */
  readonly mark: string;
  /** In that index, by when it was entered. */
  readonly number: number;
}

type Fixed = Omit<SessionRecord, 'lastSeenAt' | 'idleExpiresAt' | 'endedAt' | 'endReason' | keyof Added>;

/** The part of a session that a host adds. */
type Added = Pick<SessionRecord, 'claims' | 'claimsRevision' | 'metadata'>;

/** The JSON text. */
export function fixedPartOf(session: SessionRecord): string {
  const { lastSeenAt: _, idleExpiresAt: __, endedAt: ___, endReason: ____, ...rest } = session;
  const { claims: _____, claimsRevision: ______, metadata: _______, ...fixed } = rest;
  return JSON.stringify(fixed satisfies Fixed);
}

/** The values of its last three fields; empty: it has none. */
export function addedPartOf({ claims, claimsRevision, metadata }: SessionRecord): (string | number)[] {
  return [claims ? JSON.stringify(claims) : '', claimsRevision ?? '', metadata ? JSON.stringify(metadata) : ''];
}

function readAdded([claims, revision, metadata]: readonly (string | null | undefined)[]): Added {
  return {
    claims: claims ? JSON.parse(claims) : null,
    claimsRevision: revision ? Number(revision) : null,
    metadata: metadata ? JSON.parse(metadata) : null,
  };
}

/** The values of {@link SESSION_FIELDS}; null when there is no such session. @throws AuthError `internal_error` for a damaged one */
export function readSession(values: readonly (string | null)[]): StoredSession | null {
  const [fixed, seen, idle, ended, reason, mark, number, ...added] = values;
  if (values.every((value) => value === null)) return null;
  if (!fixed) throw new AuthError('internal_error', { reason: 'damaged_session' });
  const known = JSON.parse(fixed) as Record<keyof Fixed, never>;
  const record: SessionRecord = {
    ...known,
    ...readAdded(added),
    createdAt: readWritten(known.createdAt, 'session.createdAt'),
    authenticatedAt: readWritten(known.authenticatedAt, 'session.authenticatedAt'),
    absoluteExpiresAt: readWritten(known.absoluteExpiresAt, 'session.absoluteExpiresAt'),
    lastSeenAt: readMilliseconds(seen, 'session.seen'),
    idleExpiresAt: readMilliseconds(idle, 'session.idle'),
    // The field is there only once it has ended.
    endedAt: ended === null ? null : readMilliseconds(ended, 'session.ended'),
    endReason: reason ?? null,
  };
  return { record, mark: mark ?? '', number: Number(number) };
}
