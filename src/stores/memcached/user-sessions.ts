import { readMilliseconds } from '../../kernel/instant.js';
import type { SessionRecord } from '../../sessions/session.store.js';

/** What Memcached holds of a user: which generation of sessions lives, and which sessions there are, as far as is known. */
export interface UserSessions {
  /** The mark that a session must bear to be alive. */
  readonly generation: string;
  /** Lives although its mark is an older one; or empty. */
  readonly sparedId: string;
  /** When, in ms, and why the last generation ended; null as long as this is the first. */
  readonly endedAt: number | null;
  readonly endReason: string | null;
  /** Longest life of a session in it. */
  readonly lifeSeconds: number;
  /** Session id -> absolute deadline in ms, the newest last. */
  readonly deadlines: Readonly<Record<string, number>>;
}

/** More sessions than this of one user are alive but unlisted. */
const MOST_LISTED = 500;

/** With the session listed. @param generation for the first, and for one whose predecessor was forgotten */
export function enlist(
  held: UserSessions | null,
  session: SessionRecord,
  generation: string,
  life: number,
): UserSessions {
  const now = session.createdAt.getTime();
  const kept = Object.entries(held?.deadlines ?? {}).filter(([, deadline]) => deadline > now);
  const listed = [...kept.slice(1 - MOST_LISTED), [session.id, session.absoluteExpiresAt.getTime()] as const];
  const first = { generation, sparedId: '', endedAt: null, endReason: null };
  return {
    ...first,
    ...held,
    lifeSeconds: Math.max(life, held?.lifeSeconds ?? 0),
    deadlines: Object.fromEntries(listed),
  };
}

/** Without the session in the list. */
export function strike(held: UserSessions, id: string): UserSessions {
  const { [id]: _, ...deadlines } = held.deadlines;
  return { ...held, deadlines };
}

/**
 * The next generation, to which no session belongs but the spared one. Sparing never brings back what an earlier end of all
 * has ended: the spared one must be of the current generation, or be the one spared last.
 */
export function beginGeneration(
  held: UserSessions,
  generation: string,
  end: { endedAt: Date; endReason: string },
  spared: { id: string; generation: string } | null,
): UserSessions {
  const isSpared = spared !== null && (spared.generation === held.generation || spared.id === held.sparedId);
  const sparedId = isSpared ? spared.id : '';
  const deadline = held.deadlines[sparedId];
  return {
    generation,
    sparedId,
    endedAt: end.endedAt.getTime(),
    endReason: end.endReason,
    lifeSeconds: held.lifeSeconds,
    deadlines: deadline === undefined ? {} : { [sparedId]: deadline },
  };
}

/** The session as its user's generation leaves it: alive, ended with all others, or, when nothing is known, none at all. */
export function judged(record: SessionRecord, generation: string, of: UserSessions | null): SessionRecord | null {
  if (record.endedAt) return record;
  if (of && (of.generation === generation || of.sparedId === record.id)) return record;
  if (!of || of.endedAt === null) return null;
  return { ...record, endedAt: readMilliseconds(of.endedAt, 'generation.endedAt'), endReason: of.endReason };
}
