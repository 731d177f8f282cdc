import { Injectable } from '@nestjs/common';
import type { AuditEventType } from './audit-event-types.js';

/** Who is told of events. Each event has a row in `audit_outbox` for each, written by the statement of the event's own. */
@Injectable()
export class AuditDestinations {
  private readonly types = new Map<string, readonly string[] | undefined>();
  /** As {@link postedFrom} reads them. */
  private texts: readonly string[] = [];

  /**
   * To be called before the first event, so in a constructor.
   *
   * @param types of the events that it is told of; absent: all
   * @throws TypeError for a name that is taken
   */
  add(name: string, types?: readonly AuditEventType[]): void {
    if (this.types.has(name)) throw new TypeError(`the audit has a destination ${name} already`);
    this.types.set(name, types);
    this.texts = [...this.types].map(([one, of]) => JSON.stringify({ name: one, types: of }));
  }

  /** All, as statements are given them. */
  get all(): readonly string[] {
    return this.texts;
  }

  /** Whether any destination receives events of these types. */
  isToldOf(types: readonly string[]): boolean {
    for (const wanted of this.types.values()) if (!wanted || types.some((type) => wanted.includes(type))) return true;
    return false;
  }
}

/**
 * Writes the rows of events in `audit_outbox`.
 *
 * @param events a part of the same `WITH`, of `id`, `type` and `at`
 * @param destinations the parameter that holds {@link AuditDestinations.all}
 */
export function postedFrom(events: string, destinations: string): string {
  return `
    INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until)
    SELECT ${events}.id, destination ->> 'name', 0, ${events}.at, '-infinity'
      FROM ${events}, unnest(${destinations}::text[]::jsonb[]) AS destination
     WHERE NOT jsonb_exists(destination, 'types') OR jsonb_exists(destination -> 'types', ${events}.type)`;
}
