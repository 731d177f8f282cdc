import type { WrittenEvents } from '../../audit/audit-sink.js';
import { recordingEvents } from '../../audit/recording-events.js';
import { prepared } from '../../database/prepared.js';
import { subtracting } from '../../sessions/database-counters.store.js';
import type { SessionRecord } from '../../sessions/session.store.js';
import type { SessionsPerUser } from '../../sessions/sessions-per-user.js';
import { announcing } from './announcing.js';

/**
 * Keeps a session, ends the oldest beyond the bound, records and announces, in one statement. The function waits for other logins of the
 * same user, then looks anew. Returns the ids of those that ended.
 */
export const STARTING = prepared(starting(''));

/** The same, which takes counts back. After all else: no request waits for a counter while others wait for this user. */
export const STARTING_AND_SUBTRACTING = prepared(starting(`, ${subtracting('$12', '$13')}`));

function starting(besides: string): string {
  return announcing(
    `ended AS MATERIALIZED (SELECT id FROM coatcheck.start_session($1::jsonb, $2, $3, $4, $5, $6) AS id),
   ${recordingEvents(
     `SELECT $7::jsonb AS events, $10::uuid AS user_id, $11::uuid AS session_id
      UNION ALL SELECT $8::jsonb, $10::uuid, id FROM ended`,
     '$9',
   )}${besides}`,
    `SELECT 'session:' || id AS subject, 'ended' AS kind, row_number() OVER () AS place, id FROM ended`,
  );
}

/** @param row the session as JSON, by the names of the columns */
export function startingValues(
  { id, userId }: SessionRecord,
  row: string,
  bound: SessionsPerUser | undefined,
  { started, ended }: { readonly started: WrittenEvents; readonly ended: WrittenEvents },
): unknown[] {
  const { epochSum = null, excepted = null } = bound?.inForce ?? {};
  const limits = [
    bound?.most ?? null,
    epochSum,
    excepted?.id ?? null,
    excepted?.epochSum ?? null,
    bound?.endReason ?? null,
  ];
  return [row, ...limits, started.events, ended.events, started.destinations, userId, id];
}
