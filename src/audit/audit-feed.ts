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

/** Events that have become visible since a position. */
export interface FedEvents {
  /** From where to go on. */
  readonly position: string;
  readonly events: readonly FedEvent[];
  /** There were more than were asked for, or this cannot be told, as the database was restarted or replaced: what is left out does not come again. */
  readonly isCut: boolean;
}

/** So old may an event be that is new to the reader. Nothing here takes longer. */
const OLDEST_SECONDS = 3_600;

/**
 * By the number of their transaction and not by their own: an event that commits late, though it was begun early, is in no snapshot before
 * its commit and in every one after it. So each event comes once, and none is passed over.
 */
const NOW = `
  SELECT extract(epoch FROM pg_postmaster_start_time())::text AS server, pg_current_snapshot()::text AS snapshot`;
/**
 * Rows of a restored dump have numbers of another server, which may be yet to come here: they were written before their own number was given
 * out. Of 64 bits the table itself remembers 32.
 */
const IS_OF_THIS_SERVER = '((event.xmin::text::bigint - event.transaction_id) & 4294967295) < 2147483648';
const SINCE = `
  SELECT now.server, now.snapshot, found.* FROM (${NOW}) AS now LEFT JOIN LATERAL (
    SELECT id, type, user_id AS "userId", actor_id AS "actorId", session_id AS "sessionId" FROM coatcheck.audit_events event
     WHERE transaction_id >= pg_snapshot_xmin($1::pg_snapshot)::text::bigint
       AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
       AND NOT pg_visible_in_snapshot(transaction_id::text::xid8, $1::pg_snapshot)
       AND at >= $2 AND now.server = $4 AND ${IS_OF_THIS_SERVER}
     ORDER BY transaction_id LIMIT $3) AS found ON true`;

/** Reads which events were committed since a look before, from whichever node they came. */
@Injectable()
export class AuditFeed {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Where the feed is now: all that is visible at this moment is before it. Opaque text of the database. */
  async position(): Promise<string> {
    const [row] = await this.dataSource.query(NOW);
    return positionOf(row);
  }

  /** @param position what {@link position} or this method returned, on any node of the same database */
  async since(position: string, limit: number): Promise<FedEvents> {
    const [server, snapshot] = position.split(SEPARATOR, 2);
    const oldest = this.clock.in(-OLDEST_SECONDS);
    const rows: (Now & FedEvent)[] = await this.dataSource.query(SINCE, [snapshot, oldest, limit + 1, server]);
    const events = rows.filter(({ id }) => id !== null);
    return {
      position: positionOf(rows[0]!),
      events: events.slice(0, limit).map(({ server: _, snapshot: __, ...event }) => event),
      isCut: events.length > limit || rows[0]!.server !== server,
    };
  }
}

/** Which run of which database server counted the transactions, and which of them were visible. */
interface Now {
  readonly server: string;
  readonly snapshot: string;
}

const SEPARATOR = '/';

function positionOf({ server, snapshot }: Now): string {
  return server + SEPARATOR + snapshot;
}
