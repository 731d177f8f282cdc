import { v7 as uuidv7, validate } from 'uuid';
import type { AuditEvent } from './audit-sink.js';

/** An event as JSON for `jsonb_populate_recordset` over `audit_events`: its keys are columns. */
export interface AuditRow {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly user_id: string | null;
  readonly actor_id: string | null;
  readonly session_id: string | null;
  readonly reason: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly request_id: string | null;
  readonly details: object;
}

/** The columns of an `AuditRow`. The table fills in what else it has. */
export const AUDIT_ROW_COLUMNS =
  'id, at, type, user_id, actor_id, session_id, reason, ip, user_agent, request_id, details';

/** An event as JSON for `recordingEvents`: who writes it knows its id, and fills in whom it is about where it does not say. */
export function auditTemplateOf(event: AuditEvent, at: Date): Partial<AuditRow> {
  const { user_id, session_id, ...row } = withoutId(event, at);
  return { ...row, ...(user_id && { user_id }), ...(session_id && { session_id }) };
}

/** Longer ones are cut: a log that clients can fill with one request each is no log. */
const LONGEST = 512;
const LONGEST_TYPE = 64;
/** PostgreSQL stores neither NUL nor half a character; what happened is to be recorded all the same. */
const UNSTORABLE = /\0|\p{Cs}/gu;

/** Never throws, whatever an event holds. */
export function auditRowOf(event: AuditEvent, at: Date): AuditRow {
  return { id: uuidv7({ msecs: at.getTime() }), ...withoutId(event, at) };
}

function withoutId(event: AuditEvent, at: Date): Omit<AuditRow, 'id'> {
  const { type, userId, actorId, sessionId, reason, origin, ...details } = event;
  return {
    at: at.toISOString(),
    type: storable(type, LONGEST_TYPE)!,
    user_id: uuidOrNull(userId),
    actor_id: uuidOrNull(actorId),
    session_id: uuidOrNull(sessionId),
    reason: storable(reason),
    ip: storable(origin?.ip),
    user_agent: storable(origin?.userAgent),
    request_id: storable(origin?.requestId),
    details: storableDetails(details),
  };
}

/** Cut first: a cut may halve a character. */
function storable(text: string | null | undefined, longest = LONGEST): string | null {
  return text == null ? null : String(text).slice(0, longest).replace(UNSTORABLE, '\ufffd');
}

function uuidOrNull(id: string | null | undefined): string | null {
  return id != null && validate(id) ? id : null;
}

function storableDetails(details: object): object {
  try {
    return allStorable(JSON.parse(JSON.stringify(details))) as object;
  } catch {
    return { unwritable: true };
  }
}

/** Of a value that came out of JSON; names are texts too. */
function allStorable(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(allStorable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [storable(name), allStorable(each)]));
}
