import type { SessionRecord } from './session-record.js';

/** Which of a user's sessions no epoch has ended: those of `epochSum`, and the one excepted when that began. */
export interface EpochInForce {
  /** As `SessionEpochs.sumOf` the user. */
  readonly epochSum: number;
  readonly excepted: { readonly id: string; readonly epochSum: number } | null;
}

/** A place in the list of a user's sessions, the latest started first: after this one. */
export interface SessionPosition {
  readonly startedAt: Date;
  readonly sessionId: string;
}

/** Which part of the list. */
export interface SessionPart {
  /** Null: from the first. */
  readonly after: SessionPosition | null;
  readonly limit: number;
  /** Leaves out what an epoch has ended. Absent: no epoch is looked at. */
  readonly inForce?: EpochInForce | undefined;
}

/** A part of the list. It may have fewer than were asked for though more follow. */
export interface LivePart {
  readonly sessions: SessionRecord[];
  /** Where the next begins; null after the last. */
  readonly next: SessionPosition | null;
}

/** A place in the list of everyone's sessions: after this one. */
export interface SessionKey extends SessionPosition {
  readonly userId: string;
  readonly epochSum: number;
}

/** A part of everyone's list, which may be short as {@link LivePart}. */
export interface LivePartOfAll {
  readonly sessions: SessionRecord[];
  readonly next: SessionKey | null;
}

/** Whether no epoch has ended it. */
export function isInForce({ id, epochSum }: SessionRecord, { epochSum: inForce, excepted }: EpochInForce): boolean {
  return epochSum === inForce || (excepted !== null && excepted.id === id && excepted.epochSum === epochSum);
}

/** Whether it is neither ended nor past a deadline. */
export function isLive({ endedAt, idleExpiresAt, absoluteExpiresAt }: SessionRecord, now: Date): boolean {
  return endedAt === null && idleExpiresAt > now && absoluteExpiresAt > now;
}

/** In the order of {@link SessionStore.listLive}, for a store that sorts by itself: negative when `one` comes first. */
function byStart(one: SessionRecord, other: SessionRecord): number {
  return other.createdAt.getTime() - one.createdAt.getTime() || (one.id < other.id ? 1 : -1);
}

/** The part of `sessions`, for a store that has all of them at hand. */
export function partOf(sessions: readonly SessionRecord[], { after, limit, inForce }: SessionPart): LivePart {
  const following = sessions
    .filter((session) => !inForce || isInForce(session, inForce))
    .filter((session) => !after || isAfter(session, after))
    .sort(byStart);
  const shown = following.slice(0, limit);
  return { sessions: shown, next: following.length > limit ? positionOf(shown.at(-1)!) : null };
}

/** Whether it comes after that place. */
export function isAfter({ createdAt, id }: SessionRecord, { startedAt, sessionId }: SessionPosition): boolean {
  const later = createdAt.getTime() - startedAt.getTime();
  return later < 0 || (later === 0 && id < sessionId);
}

/** The place after a session. */
export function positionOf({ createdAt: startedAt, id: sessionId }: SessionRecord): SessionPosition {
  return { startedAt, sessionId };
}
