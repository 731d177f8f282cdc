import type { DataSource, EntityManager } from 'typeorm';
import { flushWith, type PendingAuditEvents } from '../../audit/pending-audit-events.js';
import { recordingEvents } from '../../audit/recording-events.js';
import { prepared } from '../../database/prepared.js';
import { Batcher } from '../../kernel/batcher.js';
import { isUuid } from '../../kernel/is-uuid.js';
import { announcingEnded, type EndedRow } from './announcing.js';

interface End {
  readonly id: string;
  readonly endedAt: Date;
  readonly endReason: string;
  readonly pendingEvents: PendingAuditEvents | undefined;
}

const ALONE = announcingEnded(
  'UPDATE coatcheck.sessions SET ended_at = $2, end_reason = $3 WHERE id = $1 AND ended_at IS NULL RETURNING id, user_id',
  recordingEvents('SELECT $4::jsonb AS events, user_id, id AS session_id FROM ended', '$5'),
);

/** Rows that another transaction has locked are left out, so that none waits for another's row, let alone in a circle. */
const TOGETHER = prepared(
  announcingEnded(
    `UPDATE coatcheck.sessions SET ended_at = given.ended_at, end_reason = given.end_reason
     FROM unlocked JOIN given ON given.id = unlocked.id
    WHERE sessions.id = unlocked.id AND sessions.ended_at IS NULL
    RETURNING sessions.id, sessions.user_id`,
    recordingEvents(
      'SELECT given.events::jsonb AS events, ended.user_id, ended.id AS session_id FROM ended JOIN given ON given.id = ended.id',
      '$5',
    ),
    `given AS (
     SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) AS given (id, ended_at, end_reason, events)),
   unlocked AS (
     SELECT id FROM coatcheck.sessions WHERE id = ANY ($1::uuid[]) AND ended_at IS NULL FOR NO KEY UPDATE SKIP LOCKED)`,
  ),
);

/**
 * Ends single sessions, many at once in one statement. Each is numbered under the lock of the feed's head, which is held until
 * the commit has reached the disk: one at a time, a database ends no more sessions a second than its disk confirms writes.
 */
export class EndingTogether {
  private readonly batcher = new Batcher((ends: readonly End[]) => this.endAll(ends));

  constructor(private readonly dataSource: DataSource) {}

  /** As `SessionStore.consumeLive`; within a transaction by a statement of its own. */
  async consumeLive({ id, ...end }: End, within?: EntityManager): Promise<string | null> {
    if (!isUuid(id)) return null;
    const wanted = { id: id.toLowerCase(), ...end };
    return within ? this.endAlone(wanted, within) : this.batcher.load(wanted);
  }

  private async endAll(ends: readonly End[]): Promise<(string | null | Promise<string | null>)[]> {
    const owners = await this.endTogether(ends);
    return ends.map((end) => {
      const owner = owners.get(end.id);
      owners.delete(end.id);
      // Not ended here: ended already, never there, or locked. Only a statement that waits for the row can tell.
      return owner ?? this.endAlone(end);
    });
  }

  private async endAlone(
    { id, endedAt, endReason, pendingEvents: record }: End,
    within: EntityManager | DataSource = this.dataSource,
  ): Promise<string | null> {
    // The second one waits for the row, looks at the condition again (READ COMMITTED) and finds it false.
    const { events, destinations } = flushWith(this.dataSource, record);
    const values = [id, endedAt, endReason, events, destinations];
    const [ended] = await within.query<EndedRow[]>(ALONE, values);
    return ended?.userId ?? null;
  }

  /** @returns the users by session; of several ends of one session only the first was tried */
  private async endTogether(ends: readonly End[]): Promise<Map<string, string>> {
    const first = new Map<string, End>();
    for (const end of ends) if (!first.has(end.id)) first.set(end.id, end);
    const given = [...first.values()];
    const records = given.map(({ pendingEvents: record }) => flushWith(this.dataSource, record));
    const rows = await this.dataSource.query<EndedRow[]>(TOGETHER, [
      given.map(({ id }) => id),
      given.map(({ endedAt }) => endedAt),
      given.map(({ endReason }) => endReason),
      records.map(({ events }) => events),
      // Which of the events each is told of, the statement says.
      records.find(({ destinations }) => destinations.length > 0)?.destinations ?? [],
    ]);
    return new Map(rows.map(({ id, userId }) => [id, userId]));
  }
}
