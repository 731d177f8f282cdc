import type { DataSource } from 'typeorm';
import { prepared } from '../../database/prepared.js';
import { isUuid } from '../../kernel/is-uuid.js';
import {
  type RefreshTokenRecord,
  RefreshTokenStore,
  type Rotation,
  type RotationOutcome,
} from '../../sessions/refresh-token.store.js';

/** Refresh tokens in the table `refresh_tokens`. */
export class TypeormRefreshTokenStore extends RefreshTokenStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async insert({ sessionId, tokenHash, createdAt, expiresAt, consumedAt }: RefreshTokenRecord): Promise<void> {
    // Not by the repository, which takes longer to write the statement than PostgreSQL to carry it out.
    await this.dataSource.query(INSERT, [sessionId, tokenHash, createdAt, expiresAt, consumedAt]);
  }

  async rotate(rotation: Rotation): Promise<RotationOutcome> {
    if (!isUuid(rotation.sessionId)) return 'unknown';
    return (await this.exchange(rotation)) ? 'rotated' : this.again(rotation);
  }

  override async noteUses(issuedAt: ReadonlyMap<string, Date>): Promise<void> {
    // In the same order on every node: two that note the same ones would deadlock otherwise.
    const ids = [...issuedAt.keys()].filter(isUuid).sort();
    if (ids.length > 0) await this.dataSource.query(NOTE_USES, [ids, ids.map((id) => issuedAt.get(id)!)]);
  }

  async exists(sessionId: string, tokenHash: string): Promise<boolean> {
    if (!isUuid(sessionId)) return false;
    const rows = await this.dataSource.query<object[]>(EXISTS, [sessionId, tokenHash]);
    return rows.length === 1;
  }

  /**
   * Consuming and inserting are one statement, so one transaction: there is no moment, and no crash, between them. Of
   * several at once the first locks the row; the others wait for its commit, see the condition false, and insert nothing.
   */
  private async exchange({ sessionId, tokenHash, successor, now }: Rotation): Promise<boolean> {
    const inserted = await this.dataSource.query(EXCHANGE, [
      sessionId,
      tokenHash,
      now,
      successor.tokenHash,
      successor.createdAt,
      successor.expiresAt,
    ]);
    return inserted.length === 1;
  }

  /** Why nothing was exchanged. A statement of its own: only a new one sees what the winner of a race has committed. */
  private async again(rotation: Rotation): Promise<Exclude<RotationOutcome, 'rotated'>> {
    const { sessionId, tokenHash, successor, now, graceSeconds } = rotation;
    const [row] = await this.dataSource.query(
      `SELECT presented.consumed_at AS "consumedAt", successor.token_hash IS NOT NULL AS "successorUnused",
              successor.created_at AS "createdAt", successor.access_used_at IS NULL AS "accessUnused", successor.expires_at <= $4 AS "successorExpired"
         FROM coatcheck.refresh_tokens presented
         LEFT JOIN coatcheck.refresh_tokens successor
           ON successor.session_id = presented.session_id AND successor.token_hash = $3 AND successor.consumed_at IS NULL
        WHERE presented.session_id = $1 AND presented.token_hash = $2`,
      [sessionId, tokenHash, successor.tokenHash, now],
    );
    if (!row) return 'unknown';
    if (row.consumedAt === null) return 'expired';
    if (graceSeconds === 0 || !row.successorUnused) return 'reused';
    if (Math.abs(now.getTime() - row.consumedAt.getTime()) <= graceSeconds * 1000) {
      if (row.createdAt > successor.createdAt)
        await this.dataSource.query(SET_BACK, [sessionId, successor.tokenHash, successor.createdAt]);
      return 'replayed';
    }
    if (!row.accessUnused) return 'reused';
    return row.successorExpired ? 'expired' : this.answerLost(rotation);
  }

  /** In one statement that locks the successor: of this and its use, the later sees the earlier. */
  private async answerLost({ sessionId, tokenHash, successor, now }: Rotation): Promise<'replayed' | 'reused'> {
    const values = [sessionId, tokenHash, successor.tokenHash, now, successor.expiresAt, successor.createdAt];
    const [, count] = await this.dataSource.query(ANSWER_LOST, values);
    return count === 1 ? 'replayed' : 'reused';
  }
}

const INSERT =
  prepared(`INSERT INTO coatcheck.refresh_tokens (session_id, token_hash, created_at, expires_at, consumed_at, access_used_at)
       VALUES ($1, $2, $3, $4, $5, NULL)`);

const EXISTS = prepared('SELECT FROM coatcheck.refresh_tokens WHERE session_id = $1 AND token_hash = $2');

const EXCHANGE = prepared(`WITH consumed AS (
         UPDATE coatcheck.refresh_tokens SET consumed_at = $3
          WHERE session_id = $1 AND token_hash = $2 AND consumed_at IS NULL AND expires_at > $3
          RETURNING session_id)
       INSERT INTO coatcheck.refresh_tokens (session_id, token_hash, created_at, expires_at, access_used_at)
       SELECT session_id, $4::text, $5::timestamptz, $6::timestamptz, NULL FROM consumed
       RETURNING token_hash`);

const SET_BACK = `UPDATE coatcheck.refresh_tokens SET created_at = least(created_at, $3::timestamptz)
          WHERE session_id = $1 AND token_hash = $2`;

const ANSWER_LOST = `WITH answered AS (
         UPDATE coatcheck.refresh_tokens SET expires_at = greatest(expires_at, $5::timestamptz),
                created_at = least(created_at, $6::timestamptz)
          WHERE session_id = $1 AND token_hash = $3 AND consumed_at IS NULL AND access_used_at IS NULL AND expires_at > $4
          RETURNING session_id)
       UPDATE coatcheck.refresh_tokens presented SET consumed_at = $4::timestamptz FROM answered
        WHERE presented.session_id = answered.session_id AND presented.token_hash = $2
       RETURNING presented.token_hash`;

const NOTE_USES = `WITH used AS (
         SELECT token.session_id, token.token_hash, given.issued_at
           FROM unnest($1::uuid[], $2::timestamptz[]) AS given (session_id, issued_at)
           JOIN coatcheck.refresh_tokens token ON token.session_id = given.session_id
          WHERE token.consumed_at IS NULL AND token.access_used_at IS NULL
            AND date_trunc('second', token.created_at) <= given.issued_at
          ORDER BY token.session_id FOR UPDATE OF token)
       UPDATE coatcheck.refresh_tokens token SET access_used_at = used.issued_at
         FROM used WHERE token.session_id = used.session_id AND token.token_hash = used.token_hash`;
