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
    return (await this.exchange(rotation)) ? 'rotated' : this.refusal(rotation);
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
  private async refusal(rotation: Rotation): Promise<Exclude<RotationOutcome, 'rotated'>> {
    const { sessionId, tokenHash, successor, now, graceSeconds } = rotation;
    const [row] = await this.dataSource.query(
      `SELECT presented.consumed_at AS "consumedAt", successor.token_hash IS NOT NULL AS "successorUnused"
         FROM coatcheck.refresh_tokens presented
         LEFT JOIN coatcheck.refresh_tokens successor
           ON successor.session_id = presented.session_id AND successor.token_hash = $3 AND successor.consumed_at IS NULL
        WHERE presented.session_id = $1 AND presented.token_hash = $2`,
      [sessionId, tokenHash, successor.tokenHash],
    );
    if (!row) return 'unknown';
    if (row.consumedAt === null) return 'expired';
    const withinGrace = graceSeconds > 0 && Math.abs(now.getTime() - row.consumedAt.getTime()) <= graceSeconds * 1000;
    return withinGrace && row.successorUnused ? 'replayed' : 'reused';
  }
}

const INSERT =
  prepared(`INSERT INTO coatcheck.refresh_tokens (session_id, token_hash, created_at, expires_at, consumed_at)
       VALUES ($1, $2, $3, $4, $5)`);

const EXISTS = prepared('SELECT FROM coatcheck.refresh_tokens WHERE session_id = $1 AND token_hash = $2');

const EXCHANGE = prepared(`WITH consumed AS (
         UPDATE coatcheck.refresh_tokens SET consumed_at = $3
          WHERE session_id = $1 AND token_hash = $2 AND consumed_at IS NULL AND expires_at > $3
          RETURNING session_id)
       INSERT INTO coatcheck.refresh_tokens (session_id, token_hash, created_at, expires_at)
       SELECT session_id, $4::text, $5::timestamptz, $6::timestamptz FROM consumed
       RETURNING token_hash`);
