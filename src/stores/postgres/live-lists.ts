import type { DataSource } from 'typeorm';
import { selected, tableOf } from '../../database/table-of.js';
import {
  type LivePart,
  type LivePartOfAll,
  positionOf,
  type SessionKey,
  type SessionPart,
} from '../../sessions/live-part.js';
import type { SessionRecord } from '../../sessions/session.store.js';
import { SessionEntity } from './session.entity.js';

/** Sessions passed for one part of everyone's list, live or expired. */
const MOST_PASSED = 2_000;

const LIVE = 'held.ended_at IS NULL AND held.idle_expires_at > $1 AND held.absolute_expires_at > $1';
const KEY = '(held.user_id, held.session_epoch, held.created_at, held.id)';
const BY_KEY = 'held.user_id, held.session_epoch, held.created_at, held.id';

/** Live sessions, a part at a time, each read by the index `sessions_live_idx`. */
export class LiveLists {
  private readonly columns: string;

  constructor(private readonly dataSource: DataSource) {
    this.columns = selected('held', tableOf<keyof SessionRecord>(dataSource, SessionEntity).columns);
  }

  /** As `SessionStore.listLive`. */
  async ofUser(userId: string, now: Date, { after, limit, inForce }: SessionPart): Promise<LivePart> {
    const ofUser = `
      SELECT ${this.columns}, held.created_at AS start, held.id AS key FROM coatcheck.sessions held
       WHERE ${LIVE} AND held.user_id = $2 AND ($3::timestamptz IS NULL OR (held.created_at, held.id) < ($3, $4::uuid))`;
    const order = `ORDER BY start DESC, key DESC LIMIT ${limit + 1}`;
    // Two branches, for each has an index of its own.
    const statement = inForce
      ? `SELECT * FROM ((${ofUser} AND held.session_epoch = $5 ${order})
           UNION ALL (${ofUser} AND held.id = $6 AND held.session_epoch = $7 AND $7::integer <> $5)) AS held ${order}`
      : `${ofUser} ${order}`;
    const values = [now, userId, after?.startedAt ?? null, after?.sessionId ?? null];
    const epochs = inForce ? [inForce.epoch, inForce.excepted?.id ?? null, inForce.excepted?.epoch ?? null] : [];
    const rows = await this.dataSource.query(statement, [...values, ...epochs]);
    const sessions = rows.slice(0, limit).map(sessionOf);
    return { sessions, next: rows.length > limit ? positionOf(sessions.at(-1)!) : null };
  }

  /** As `SessionStore.listLiveOfAll`. */
  async ofAll(after: SessionKey | null, limit: number, now: Date): Promise<LivePartOfAll> {
    const from = after ? [after.userId, after.sessionEpoch, after.startedAt, after.sessionId] : [];
    const rows = await this.dataSource.query(
      `SELECT ${this.columns} FROM (
         SELECT held.* FROM coatcheck.sessions held WHERE held.ended_at IS NULL ${following(after, 2)}
          ORDER BY ${BY_KEY} LIMIT ${MOST_PASSED}) AS held
        WHERE ${LIVE} ORDER BY ${BY_KEY} LIMIT ${limit + 1}`,
      [now, ...from],
    );
    const sessions = rows.slice(0, limit).map(sessionOf);
    return { sessions, next: rows.length > limit ? keyOf(sessions.at(-1)!) : await this.endOfPassed(after, from) };
  }

  /** Where the part ends that was passed; null when that was the rest. */
  private async endOfPassed(after: SessionKey | null, from: readonly unknown[]): Promise<SessionKey | null> {
    const [last] = await this.dataSource.query(
      `SELECT ${this.columns} FROM coatcheck.sessions held WHERE held.ended_at IS NULL ${following(after, 1)}
        ORDER BY ${BY_KEY} OFFSET ${MOST_PASSED - 1} LIMIT 1`,
      [...from],
    );
    return last ? keyOf(last) : null;
  }
}

function following(after: SessionKey | null, first: number): string {
  return after
    ? `AND ${KEY} > ($${first}::uuid, $${first + 1}::integer, $${first + 2}::timestamptz, $${first + 3}::uuid)`
    : '';
}

function keyOf({ userId, sessionEpoch, createdAt: startedAt, id: sessionId }: SessionRecord): SessionKey {
  return { userId, sessionEpoch, startedAt, sessionId };
}

function sessionOf({ start: _, key: __, ...session }: SessionRecord & { start: Date; key: string }): SessionRecord {
  return session;
}
