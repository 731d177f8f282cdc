import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `oauth_grants`: what one user has allowed one client; the root of that client's tokens. */
@Entity({ schema: 'coatcheck', name: 'oauth_grants', synchronize: false })
@Index('oauth_grants_user_id_idx', ['userId', 'id'])
@Index('oauth_grants_live_idx', ['userId', 'clientId', 'createdAt', 'id'], { where: 'ended_at IS NULL' })
export class OAuthGrantEntity {
  /** UUIDv7. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'oauth_grants_pkey' })
  id!: string;

  @Index('oauth_grants_client_id_idx')
  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The session that it ends with; null: it depends on the user only (`offline_access`). */
  @Index('oauth_grants_session_id_idx', { where: 'session_id IS NOT NULL' })
  @Column({ name: 'session_id', type: 'uuid', nullable: true })
  sessionId!: string | null;

  /** The user's `sessionEpoch` when it was given; an offline grant of another epoch is over. */
  @Column({ type: 'integer' })
  epoch!: number;

  /** As `SessionEpochs.globalEpoch` when it was given: over in any other. */
  @Column({ name: 'global_epoch', type: 'integer' })
  globalEpoch!: number;

  /** The library's grant: scopes, resources, claims. */
  @Column({ type: 'jsonb' })
  payload!: Record<string, unknown>;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Column({ name: 'last_used_at', type: 'timestamp with time zone', nullable: true })
  lastUsedAt!: Date | null;

  @Index('oauth_grants_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;

  @Index('oauth_grants_ended_at_idx')
  @Column({ name: 'ended_at', type: 'timestamp with time zone', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'end_reason', type: 'text', nullable: true })
  endReason!: string | null;
}
