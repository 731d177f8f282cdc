/** A search for events; an absent property does not restrict it. */
export interface AuditFilter {
  /** The user it happened to. */
  readonly userId?: string | undefined;
  /** Who did it. */
  readonly actorId?: string | undefined;
  /** The address it came from, as it was recorded. */
  readonly ip?: string | undefined;
  /** `subject.what_happened`, or `subject.` for all of a subject. */
  readonly type?: string | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
  /** Only events older than this one, by its id. */
  readonly before?: string | undefined;
}

/** An equality that is asked for: of an expression over the alias `event`. */
export interface AuditCondition {
  /** As the index over it and the id has it. */
  readonly expression: string;
  readonly value: string;
  /** Whether the index has only the rows in which it is not null. */
  readonly isPartial: boolean;
  /** Whether the index has what is computed of a column, which is then read from the table. */
  readonly isExpression?: boolean;
}

/** As the index `audit_events_group_idx` has it: a range of types would be in another order than the ids. */
const SUBJECT = "split_part(event.type, '.', 1)";

/** The conditions of the filter, without the time; the one whose index is read comes first, as it most likely has the fewest events. */
export function conditionsOf({ userId, actorId, ip, type }: AuditFilter): AuditCondition[] {
  const conditions: AuditCondition[] = [];
  if (userId !== undefined) conditions.push({ expression: 'event.user_id', value: userId, isPartial: false });
  if (actorId !== undefined) conditions.push({ expression: 'event.actor_id', value: actorId, isPartial: true });
  if (ip !== undefined) conditions.push({ expression: 'event.ip', value: ip, isPartial: true });
  if (type?.endsWith('.')) {
    const [subject] = type.split('.', 1) as [string];
    conditions.push({ expression: SUBJECT, value: subject, isPartial: false, isExpression: true });
    // Of `oauth.grant.` the index knows the first word only.
    if (type.length > subject.length + 1)
      conditions.push({
        expression: `left(event.type, ${type.length})`,
        value: type,
        isPartial: false,
        isExpression: true,
      });
  }
  if (type !== undefined && !type.endsWith('.'))
    conditions.push({ expression: 'event.type', value: type, isPartial: false });
  return conditions;
}

/** The least UUIDv7 of an instant: by it every time is a range of an index that is in the order of the ids already. */
export function firstIdOf(instant: Date): string {
  const milliseconds = Math.max(0, instant.getTime()).toString(16).padStart(12, '0').slice(-12);
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-0000-0000-000000000000`;
}
