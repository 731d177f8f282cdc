import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { SnapshotSource } from '../../revocation/session-view.js';
import { EndedSessions, type Noted, overAt } from './ended-sessions.js';

/** Rows looked at by one step. */
const TOGETHER = 100;
/** A node that dies while it looks, or that does not reach the stores, leaves its rows to the next after so long. */
const CLAIM_SECONDS = 300;

/**
 * Looks for sessions that no one has ended, so that no event tells of it: they were idle for too long, or have expired. Each is
 * looked at when it may be over at the earliest, by one node.
 */
@Injectable()
export class ExpiredSessions {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly sessions: SnapshotSource,
    private readonly ended: EndedSessions,
    private readonly clock: Clock,
  ) {}

  /** Looks at some of those that are due; returns how many jobs it has made, and whether there may be more. */
  async look(): Promise<{ readonly made: number; readonly isMore: boolean }> {
    const now = this.clock.now();
    const claimed = await this.claim(now);
    const ids = [...new Set(claimed.map(({ sessionId }) => sessionId))];
    const ends = new Map(await Promise.all(ids.map(async (id) => [id, overAt(await this.sessions.load(id))] as const)));
    const isOver = ({ sessionId }: Noted) => ends.get(sessionId)! <= now;
    const made = await this.ended.tell(claimed.filter(isOver), now);
    await this.lookLater(
      claimed.filter((one) => !isOver(one)),
      ends,
    );
    return { made, isMore: claimed.length === TOGETHER };
  }

  private async claim(now: Date): Promise<Noted[]> {
    const [claimed] = await this.dataSource.query(
      `UPDATE coatcheck.oauth_session_clients SET look_at = $2 WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM coatcheck.oauth_session_clients
          WHERE look_at <= $1 ORDER BY look_at LIMIT ${TOGETHER} FOR UPDATE SKIP LOCKED))
       RETURNING session_id AS "sessionId", client_id AS "clientId"`,
      [now, this.clock.in(CLAIM_SECONDS)],
    );
    return claimed;
  }

  private async lookLater(going: readonly Noted[], ends: ReadonlyMap<string, Date>): Promise<void> {
    if (going.length === 0) return;
    await this.dataSource.query(
      `UPDATE coatcheck.oauth_session_clients AS noted SET look_at = next.look_at
         FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS next (session_id, client_id, look_at)
        WHERE noted.session_id = next.session_id AND noted.client_id = next.client_id AND noted.look_at IS NOT NULL`,
      [
        going.map(({ sessionId }) => sessionId),
        going.map(({ clientId }) => clientId),
        going.map(({ sessionId }) => ends.get(sessionId)),
      ],
    );
  }
}
