import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { inTime } from '../../kernel/in-time.js';
import { RevocationFeed } from '../../revocation/revocation-feed.js';
import { Storage } from '../../sessions/storage.js';

/** How things stand at this moment. */
export interface Health {
  /** Null: every request asks the store, whose technology cannot push, or it is out of reach. */
  readonly leases: {
    readonly nodes: number;
    /** Revocations that the node which is furthest behind has not applied yet. */
    readonly behind: number;
  } | null;
  /** Nodes that wrote measurements lately. */
  readonly measuringNodes: number;
  readonly store: { readonly name: string; readonly isReached: boolean };
  readonly mail: Queue;
  readonly webhooks: Queue & { readonly dead: number; readonly isDeadCut: boolean };
}

interface Queue {
  /** Counted up to a bound; more than that if {@link isCut}. */
  readonly waiting: number;
  readonly isCut: boolean;
  /** When the oldest was created; null when none waits. */
  readonly since: Date | null;
}

/** More are not counted: it would take as long as there are. */
export const MOST_COUNTED = 10_000;
/** A store that answers later is one that is out of reach. */
const PATIENCE_MILLISECONDS = 2_000;

const counted = (from: string) =>
  `(SELECT count(*)::integer FROM (SELECT 1 FROM coatcheck.${from} LIMIT ${MOST_COUNTED + 1}) AS found)`;
/** Readers of our own have a colon in their names, which the configuration cannot give. */
const OF_WEBHOOKS = "destination NOT LIKE '%:%'";
const QUEUES = `
  SELECT ${counted('mail_jobs')} AS mail,
         (SELECT created_at FROM coatcheck.mail_jobs ORDER BY id LIMIT 1) AS "mailSince",
         ${counted(`audit_outbox WHERE dead_at IS NULL AND ${OF_WEBHOOKS}`)} AS webhooks,
         (SELECT event.at FROM coatcheck.audit_outbox post JOIN coatcheck.audit_events event ON event.id = post.event_id
           WHERE post.dead_at IS NULL AND ${OF_WEBHOOKS} ORDER BY post.event_id LIMIT 1) AS "webhooksSince",
         ${counted(`audit_outbox WHERE dead_at IS NOT NULL AND ${OF_WEBHOOKS}`)} AS dead,
         (SELECT count(DISTINCT node)::integer FROM coatcheck.measurements
           WHERE span_minutes = 1 AND name = 'up' AND minute >= $1::timestamptz - interval '3 minutes') AS nodes`;

interface QueueRow {
  readonly mail: number;
  readonly mailSince: Date | null;
  readonly webhooks: number;
  readonly webhooksSince: Date | null;
  readonly dead: number;
  readonly nodes: number;
}

/** Looks how the nodes, the stores and the queues are. */
@Injectable()
export class HealthReport {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(RevocationFeed) private readonly feed: RevocationFeed | null,
    private readonly storage: Storage,
  ) {}

  async read(now: Date): Promise<Health> {
    const [[row], leases, isReached] = await Promise.all([
      this.dataSource.query(QUEUES, [now]) as Promise<[QueueRow]>,
      this.leases(),
      this.isReached(),
    ]);
    return {
      leases,
      measuringNodes: row.nodes,
      store: { name: this.storage.name, isReached },
      mail: queueOf(row.mail, row.mailSince),
      webhooks: {
        ...queueOf(row.webhooks, row.webhooksSince),
        dead: Math.min(row.dead, MOST_COUNTED),
        isDeadCut: row.dead > MOST_COUNTED,
      },
    };
  }

  private async leases(): Promise<Health['leases']> {
    if (!this.feed) return null;
    try {
      const { head, leases } = await inTime(this.feed.status(), PATIENCE_MILLISECONDS);
      // One that no node has: a store that came up empty may have forgotten others.
      const held = leases.filter(({ appliedSeq }) => appliedSeq >= 0);
      return { nodes: held.length, behind: Math.max(0, ...held.map(({ appliedSeq }) => head - appliedSeq)) };
    } catch {
      return null;
    }
  }

  private async isReached(): Promise<boolean> {
    try {
      await inTime(this.storage.ping(), PATIENCE_MILLISECONDS);
      return true;
    } catch {
      return false;
    }
  }
}

function queueOf(found: number, since: Date | null): Queue {
  return { waiting: Math.min(found, MOST_COUNTED), isCut: found > MOST_COUNTED, since };
}
