import { cursorOf, partsIn } from '../http/page-cursor.js';
import type { SessionKey, SessionPosition } from './live-part.js';

/** The place in a user's list as a cursor; null after the last. */
export function cursorAt(place: SessionPosition | null): string | null {
  return place && cursorOf(place.startedAt, place.sessionId);
}

/** The place that a cursor names; null for none. @throws AuthError `validation_failed` for text that is no cursor of ours */
export function positionIn(cursor: string | undefined): SessionPosition | null {
  const parts = partsIn(cursor, ['instant', 'id']);
  if (!parts) return null;
  const [startedAt, sessionId] = parts as [number, string];
  return { startedAt: new Date(startedAt), sessionId };
}

/** The place in everyone's list by user as a cursor; null after the last. */
export function cursorAtKey(place: SessionKey | null): string | null {
  return place && cursorOf(place.userId, place.epochSum, place.startedAt, place.sessionId);
}

/** The place that such a cursor names; null for none. @throws AuthError `validation_failed` for text that is no cursor of ours */
export function keyIn(cursor: string | undefined): SessionKey | null {
  const parts = partsIn(cursor, ['id', 'count', 'instant', 'id']);
  if (!parts) return null;
  const [userId, epochSum, startedAt, sessionId] = parts as [string, number, number, string];
  return { userId, epochSum, startedAt: new Date(startedAt), sessionId };
}
