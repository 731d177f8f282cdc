import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { prepared } from '../../database/prepared.js';
import { Clock } from '../../kernel/clock.js';

/** Names one artifact: the library's name of its kind, and the SHA-256 of its id, base64url. */
export interface ArtifactKey {
  readonly kind: string;
  readonly idHash: string;
}

/** The stored record of an artifact. */
export interface ArtifactRecord extends ArtifactKey {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly grantId: string | null;
  /** Hash of its second name; null: it has none. */
  readonly handleHash: string | null;
  readonly expiresAt: Date;
}

/** An artifact as stored. */
export interface StoredArtifact {
  readonly idHash: string;
  readonly payload: Record<string, unknown>;
  readonly consumedAt: Date | null;
  readonly expiresAt: Date;
}

interface Row {
  readonly id_hash: string;
  readonly payload: Record<string, unknown>;
  readonly consumed_at: Date | null;
  readonly expires_at: Date;
}

const COLUMNS = 'id_hash, payload, consumed_at, expires_at';
const FIND = prepared(`SELECT ${COLUMNS} FROM coatcheck.oauth_artifacts WHERE kind = $1 AND id_hash = $2`);

/**
 * The table `oauth_artifacts`: one statement for each thing that may happen to an artifact, so that whatever has one winner has it by the
 * database. No id of a client's ever gets here, only its hash.
 */
@Injectable()
export class OAuthArtifacts {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Null when there is none. One that has expired, or was consumed, is found all the same. */
  async find({ kind, idHash }: ArtifactKey): Promise<StoredArtifact | null> {
    return firstOf(await this.dataSource.query<Row[]>(FIND, [kind, idHash]));
  }

  /** By its second name. Null when there is none. */
  async findByHandle(kind: string, handleHash: string): Promise<StoredArtifact | null> {
    const rows: Row[] = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM coatcheck.oauth_artifacts WHERE kind = $1 AND handle_hash = $2`,
      [kind, handleHash],
    );
    return firstOf(rows);
  }

  /** Writes it, over one of the same id. Whether it was consumed is not touched. */
  async put(record: ArtifactRecord): Promise<void> {
    await this.insert(
      record,
      'ON CONFLICT (kind, id_hash) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at',
    );
  }

  /** Writes it unless there is one of the same id. Exactly one of several callers gets true. */
  async putOnce(record: ArtifactRecord): Promise<boolean> {
    return (await this.insert(record, 'ON CONFLICT (kind, id_hash) DO NOTHING')) > 0;
  }

  /** Writes each that is not there yet, all by one statement. */
  async putAllOnce(records: readonly ArtifactRecord[]): Promise<void> {
    if (records.length === 0) return;
    const rows = records.map((_, i) => `($${[1, 2, 3, 4, 5, 6].map((at) => at + i * 6).join(', $')})`);
    await this.dataSource.query(
      `INSERT INTO coatcheck.oauth_artifacts (kind, id_hash, grant_id, handle_hash, payload, expires_at)
       VALUES ${rows.join(', ')} ON CONFLICT (kind, id_hash) DO NOTHING`,
      records.flatMap(valuesOf),
    );
  }

  /** Exactly one caller gets true; false when it was consumed before, or never was. */
  async consume({ kind, idHash }: ArtifactKey): Promise<boolean> {
    const [, count] = await this.dataSource.query(
      `UPDATE coatcheck.oauth_artifacts SET consumed_at = $3 WHERE kind = $1 AND id_hash = $2 AND consumed_at IS NULL`,
      [kind, idHash, this.clock.now()],
    );
    return count > 0;
  }

  /** Exactly one of several callers gets true; false when there is none. */
  async remove({ kind, idHash }: ArtifactKey): Promise<boolean> {
    const [, count] = await this.dataSource.query(
      `DELETE FROM coatcheck.oauth_artifacts WHERE kind = $1 AND id_hash = $2`,
      [kind, idHash],
    );
    return count > 0;
  }

  /** All of one kind that hang on a grant. They are judged by their grant anyway: this makes room. */
  async removeOfGrant(kind: string, grantId: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM coatcheck.oauth_artifacts WHERE kind = $1 AND grant_id = $2`, [
      kind,
      grantId,
    ]);
  }

  private async insert(record: ArtifactRecord, onConflict: string): Promise<number> {
    const rows: unknown[] = await this.dataSource.query(
      `INSERT INTO coatcheck.oauth_artifacts (kind, id_hash, grant_id, handle_hash, payload, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6) ${onConflict} RETURNING 1`,
      valuesOf(record),
    );
    return rows.length;
  }
}

function valuesOf({ kind, idHash, grantId, handleHash, payload, expiresAt }: ArtifactRecord): unknown[] {
  return [kind, idHash, grantId, handleHash, payload, expiresAt];
}

function firstOf([row]: readonly Row[]): StoredArtifact | null {
  if (row === undefined) return null;
  const { id_hash, payload, consumed_at, expires_at } = row;
  return { idHash: id_hash, payload, consumedAt: consumed_at, expiresAt: expires_at };
}
