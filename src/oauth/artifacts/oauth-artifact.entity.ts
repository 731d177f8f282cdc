import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `oauth_artifacts`: codes, refresh tokens, opaque access tokens, device codes, interactions and their like. */
@Entity({ schema: 'coatcheck', name: 'oauth_artifacts', synchronize: false })
@Index('oauth_artifacts_handle_hash_key', ['kind', 'handleHash'], {
  unique: true,
  where: 'handle_hash IS NOT NULL',
})
export class OAuthArtifactEntity {
  /** The library's name of it, e.g. `RefreshToken`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'oauth_artifacts_pkey' })
  kind!: string;

  /** SHA-256 of what the client holds, base64url. */
  @PrimaryColumn({ name: 'id_hash', type: 'text', primaryKeyConstraintName: 'oauth_artifacts_pkey' })
  idHash!: string;

  @Index('oauth_artifacts_grant_id_idx', { where: 'grant_id IS NOT NULL' })
  @Column({ name: 'grant_id', type: 'uuid', nullable: true })
  grantId!: string | null;

  /** SHA-256 of a second name, base64url: the user code of a device code, the uid of an interaction. */
  @Column({ name: 'handle_hash', type: 'text', nullable: true })
  handleHash!: string | null;

  /** Without what the client holds. */
  @Column({ type: 'jsonb' })
  payload!: Record<string, unknown>;

  @Column({ name: 'consumed_at', type: 'timestamp with time zone', nullable: true })
  consumedAt!: Date | null;

  /** Of a device code: when its device last asked whether it was approved. */
  @Column({ name: 'polled_at', type: 'timestamp with time zone', nullable: true })
  polledAt!: Date | null;

  /** Of a device code: how long its device is to wait until it asks again; null: as it was told at first. */
  @Column({ name: 'poll_seconds', type: 'integer', nullable: true })
  pollSeconds!: number | null;

  @Index('oauth_artifacts_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;
}
