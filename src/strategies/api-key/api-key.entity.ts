import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `api_keys`. Revoked and expired ones stay for a while, for lists and for the audit. */
@Entity({ schema: 'coatcheck', name: 'api_keys', synchronize: false })
export class ApiKeyEntity {
  /** UUIDv7, never used twice. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'api_keys_pkey' })
  id!: string;

  /** For whom it acts. */
  @Index('api_keys_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The first key of those that came of each other by rotation: they share limits. */
  @Column({ name: 'family_id', type: 'uuid' })
  familyId!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ name: 'secret_hash', type: 'text' })
  secretHash!: string;

  @Column({ type: 'text', array: true })
  scopes!: string[];

  /** Requests in a window; null: as the options say. */
  @Column({ name: 'rate_limit', type: 'integer', nullable: true })
  rateLimit!: number | null;

  @Column({ name: 'rate_limit_window_seconds', type: 'integer', nullable: true })
  rateLimitWindowSeconds!: number | null;

  @Column({ type: 'integer', nullable: true })
  quota!: number | null;

  @Column({ name: 'quota_window_seconds', type: 'integer', nullable: true })
  quotaWindowSeconds!: number | null;

  /** As `SessionEpochs.globalEpoch` when it was made: void in any other. */
  @Column({ type: 'integer' })
  epoch!: number;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  /** Null: never. */
  @Index('api_keys_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone', nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'last_used_at', type: 'timestamp with time zone', nullable: true })
  lastUsedAt!: Date | null;

  /** When another took its place; since then it lives for the overlap. */
  @Column({ name: 'rotated_at', type: 'timestamp with time zone', nullable: true })
  rotatedAt!: Date | null;

  @Index('api_keys_revoked_at_idx')
  @Column({ name: 'revoked_at', type: 'timestamp with time zone', nullable: true })
  revokedAt!: Date | null;
}
