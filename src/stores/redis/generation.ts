import { readMilliseconds } from '../../kernel/instant.js';
import type { SessionRecord } from '../../sessions/session.store.js';
import type { StoredSession } from './session-hash.js';

/** The fields of the Redis hash that {@link readGeneration} takes. */
export const GENERATION_FIELDS = ['current', 'spared', 'ended', 'reason'] as const;

/** What ends all sessions of a user in one step, though they lie in different slots. */
export interface Generation {
  /** The mark that a session must bear to be alive. */
  readonly current: string;
  /** Lives although its mark is an older one; or empty. */
  readonly sparedId: string;
  /** When and why the last generation ended; null as long as this is the first. */
  readonly ended: Pick<SessionRecord, 'endedAt' | 'endReason'> | null;
}

/** From the values of {@link GENERATION_FIELDS}; null when there is none, or it was forgotten. */
export function readGeneration(values: readonly (string | null)[]): Generation | null {
  const [current, spared, ended, reason] = values;
  if (!current) return null;
  return {
    current,
    sparedId: spared ?? '',
    ended: ended == null ? null : { endedAt: readMilliseconds(ended, 'generation.ended'), endReason: reason ?? null },
  };
}

/** The session as its user's generation leaves it: alive, ended with all others, or, when nothing is known, none at all. */
export function judged({ record, generation }: StoredSession, of: Generation | null): SessionRecord | null {
  if (record.endedAt) return record;
  if (of && (of.current === generation || of.sparedId === record.id)) return record;
  return of?.ended ? { ...record, ...of.ended } : null;
}
