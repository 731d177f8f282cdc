import { postedFrom } from './audit-destinations.js';
import { AUDIT_ROW_COLUMNS } from './audit-row.js';

/** A UUIDv7 of the event's instant, as the application makes them. */
const EVENT_ID = `
  encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
    substring(int8send((extract(epoch FROM (event ->> 'at')::timestamptz) * 1000)::bigint) FROM 3)
    FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid`;

/**
 * The part of a `WITH` that writes events in the statement that makes their change: both are there, or neither.
 *
 * @param changed a query of `events` (jsonb, {@link WrittenEvents}), `user_id` and `session_id`: all the events are written for each row
 * @param destinations the parameter that holds {@link WrittenEvents}'s
 */
export function recordingEvents(changed: string, destinations: string): string {
  return `
    recorded AS (
      INSERT INTO coatcheck.audit_events (${AUDIT_ROW_COLUMNS})
      SELECT ${AUDIT_ROW_COLUMNS.replace(/\w+/g, 'entry.$&')}
        FROM (${changed}) AS changed, jsonb_array_elements(changed.events) AS event,
             jsonb_populate_record(NULL::coatcheck.audit_events, jsonb_build_object(
               'id', ${EVENT_ID}, 'user_id', changed.user_id, 'session_id', changed.session_id) || event) AS entry
      RETURNING id, type, at),
    posted AS (${postedFrom('recorded', destinations)})`;
}
