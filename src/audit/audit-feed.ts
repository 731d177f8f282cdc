import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';

/** An event, as far as those need it who look on. */
export interface FedEvent {
  readonly id: string;
  readonly type: string;
  readonly userId: string | null;
  readonly actorId: string | null;
  readonly sessionId: string | null;
}

/** What has become visible since a position. */
export interface FedEvents {
  /** From where to go on. */
  readonly position: string;
  readonly events: readonly FedEvent[];
  /** There were more than were asked for: what is left out does not come again. */
  readonly isCut: boolean;
}

/** So old may an event be that is new to the reader. Nothing here takes longer; a restored backup holds older ones of other numbers. */
const OLDEST_SECONDS = 3_600;

/**
 * By the number of their transaction and not by their own: an event that commits late, though it was begun early, is in no snapshot before
 * its commit and in every one after it. So each event comes once, and none is passed over.
 */
const SINCE = `
  SELECT now.position, event.* FROM (SELECT pg_current_snapshot()::text AS position) AS now LEFT JOIN LATERAL (
    SELECT id, type, user_id AS "userId", actor_id AS "actorId", session_id AS "sessionId" FROM coatcheck.audit_events
     WHERE transaction_id >= pg_snapshot_xmin($1::pg_snapshot)::text::bigint
       AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
       AND NOT pg_visible_in_snapshot(transaction_id::text::xid8, $1::pg_snapshot)
       AND at >= $2
     ORDER BY transaction_id LIMIT $3) AS event ON true`;

/** Reads which events were committed since a look before, from whichever node they came. */
@Injectable()
export class AuditFeed {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Where the feed is now: all that is visible at this moment is before it. Opaque text of the database. */
  async position(): Promise<string> {
    const [row] = await this.dataSource.query('SELECT pg_current_snapshot()::text AS position');
    return row.position;
  }

  /** @param position what {@link position} or this method returned, on any node of the same database */
  async since(position: string, limit: number): Promise<FedEvents> {
    const oldest = this.clock.in(-OLDEST_SECONDS);
    const rows: ({ position: string } & FedEvent)[] = await this.dataSource.query(SINCE, [position, oldest, limit + 1]);
    const events = rows.filter(({ id }) => id !== null);
    return {
      position: rows[0]!.position,
      events: events.slice(0, limit).map(({ position: _, ...event }) => event),
      isCut: events.length > limit,
    };
  }
}
