import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `federated_sessions`: sessions that rest on a login elsewhere. */
@Entity({ schema: 'coatcheck', name: 'federated_sessions', synchronize: false })
export class FederatedSessionEntity {
  @PrimaryColumn({ name: 'session_id', type: 'uuid', primaryKeyConstraintName: 'federated_sessions_pkey' })
  sessionId!: string;

  @Column({ name: 'identity_id', type: 'uuid' })
  @Index('federated_sessions_identity_id_idx')
  identityId!: string;

  /** The provider's own session (`sid`). */
  @Column({ name: 'upstream_sid', type: 'text', nullable: true })
  @Index('federated_sessions_upstream_sid_idx', { where: 'upstream_sid IS NOT NULL' })
  upstreamSid!: string | null;

  /** What a check of it needs, sealed by a key derived of `SECRET_KEY`; null: it cannot be looked at again. */
  @Column({ name: 'token_sealed', type: 'text', nullable: true })
  tokenSealed!: string | null;

  @Column({ name: 'checked_at', type: 'timestamp with time zone' })
  checkedAt!: Date;

  /** Null: never again. */
  @Column({ name: 'next_check_at', type: 'timestamp with time zone', nullable: true })
  @Index('federated_sessions_next_check_at_idx')
  nextCheckAt!: Date | null;

  /** Since when no check has had an answer; null: the last one had. */
  @Column({ name: 'failing_since', type: 'timestamp with time zone', nullable: true })
  failingSince!: Date | null;
}
