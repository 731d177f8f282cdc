import type { DataSource } from 'typeorm';
import { selected, tableOf } from '../../database/table-of.js';
import {
  type LivePart,
  type LivePartOfAll,
  positionOf,
  type SessionKey,
  type SessionPart,
  type SessionPosition,
} from '../../sessions/live-part.js';
import type { SessionRecord } from '../../sessions/session.store.js';
import { SessionEntity } from './session.entity.js';

/** Sessions passed for one part of everyone's list, live or expired. */
const MOST_PASSED = 2_000;

const LIVE = 'held.ended_at IS NULL AND held.idle_expires_at > $1 AND held.absolute_expires_at > $1';
const KEY = '(held.user_id, held.epoch_sum, held.created_at, held.id)';
const NEWEST_FIRST = 'held.created_at DESC, held.id DESC';
const BY_KEY = 'held.user_id, held.epoch_sum, held.created_at, held.id';

/** Live sessions, a part at a time: a user's and everyone's by user by the index `sessions_live_idx`, the newest of everyone by `sessions_newest_idx`. */
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
      ? `SELECT * FROM ((${ofUser} AND held.epoch_sum = $5 ${order})
           UNION ALL (${ofUser} AND held.id = $6 AND held.epoch_sum = $7 AND $7::integer <> $5)) AS held ${order}`
      : `${ofUser} ${order}`;
    const values = [now, userId, after?.startedAt ?? null, after?.sessionId ?? null];
    const epochs = inForce ? [inForce.epochSum, inForce.excepted?.id ?? null, inForce.excepted?.epochSum ?? null] : [];
    const rows = await this.dataSource.query(statement, [...values, ...epochs]);
    const sessions = rows.slice(0, limit).map(sessionOf);
    return { sessions, next: rows.length > limit ? positionOf(sessions.at(-1)!) : null };
  }

  /** As `SessionStore.listLiveOfAll`. */
  async ofAll(after: SessionKey | null, limit: number, now: Date): Promise<LivePartOfAll> {
    const from = after ? [after.userId, after.epochSum, after.startedAt, after.sessionId] : [];
    return this.partOfAll(following(after), BY_KEY, { from, limit, now }, keyOf);
  }

  /** As `SessionStore.listNewestOfAll`. */
  async newestOfAll(after: SessionPosition | null, limit: number, now: Date): Promise<LivePart> {
    const from = after ? [after.startedAt, after.sessionId] : [];
    const older = after ? 'AND (held.created_at, held.id) < ($2::timestamptz, $3::uuid)' : '';
    return this.partOfAll(older, NEWEST_FIRST, { from, limit, now }, positionOf);
  }

  /** Passes no more than {@link MOST_PASSED}, so the part may be short though more follow. */
  private async partOfAll<T>(
    condition: string,
    order: string,
    { from, limit, now }: { from: readonly unknown[]; limit: number; now: Date },
    placeOf: (session: SessionRecord) => T,
  ): Promise<{ sessions: SessionRecord[]; next: T | null }> {
    const passed = (columns: string) => `
      SELECT ${columns} FROM coatcheck.sessions held WHERE held.ended_at IS NULL ${condition}
       ORDER BY ${order} LIMIT ${MOST_PASSED}`;
    const rows = await this.dataSource.query(
      `SELECT ${this.columns} FROM (${passed('held.*')}) AS held WHERE ${LIVE} ORDER BY ${order} LIMIT ${limit + 1}`,
      [now, ...from],
    );
    const sessions = rows.slice(0, limit).map(sessionOf);
    if (rows.length > limit) return { sessions, next: placeOf(sessions.at(-1)!) };
    const numbered = passed(`held.*, row_number() OVER (ORDER BY ${order}) AS nth, $1::timestamptz AS now`);
    const [last] = await this.dataSource.query(
      `SELECT ${this.columns} FROM (${numbered}) AS held WHERE held.nth = ${MOST_PASSED}`,
      [now, ...from],
    );
    return { sessions, next: last ? placeOf(last) : null };
  }
}

function following(after: SessionKey | null): string {
  return after ? `AND ${KEY} > ($2::uuid, $3::integer, $4::timestamptz, $5::uuid)` : '';
}

function keyOf({ userId, epochSum, createdAt: startedAt, id: sessionId }: SessionRecord): SessionKey {
  return { userId, epochSum, startedAt, sessionId };
}

function sessionOf({ start: _, key: __, ...session }: SessionRecord & { start: Date; key: string }): SessionRecord {
  return session;
}
