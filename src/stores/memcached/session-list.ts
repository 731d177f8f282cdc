import type { SessionRecord } from '../../sessions/session.store.js';

/** The sessions of a user, as Memcached holds them. */
export interface UserSessions {
  /** The mark that a session must bear: one that bears another was listed in a list that was forgotten. */
  readonly mark: string;
  /** Longest life of a session in it. */
  readonly lifeSeconds: number;
  /** Session id -> start in ms, the newest last. */
  readonly starts: Readonly<Record<string, number>>;
}

/** More sessions than this of one user are not listed. Above the highest `SESSIONS_PER_USER`. */
const MOST_LISTED = 1_500;

/** With the session listed. @param mark for the first, and for one whose predecessor was forgotten */
export function addSession(
  held: UserSessions | null,
  { id, createdAt }: Pick<SessionRecord, 'id' | 'createdAt'>,
  mark: string,
  life: number,
): UserSessions {
  const kept = Object.entries(held?.starts ?? {}).slice(1 - MOST_LISTED);
  return {
    mark: held?.mark ?? mark,
    lifeSeconds: Math.max(life, held?.lifeSeconds ?? 0),
    starts: Object.fromEntries([...kept, [id, createdAt.getTime()]]),
  };
}

/** Without the sessions in the list. */
export function removeSessions(held: UserSessions, ids: readonly string[]): UserSessions {
  const starts = Object.fromEntries(Object.entries(held.starts).filter(([id]) => !ids.includes(id)));
  return { ...held, starts };
}
