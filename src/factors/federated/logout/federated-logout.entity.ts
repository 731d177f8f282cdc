import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `federated_logouts`: what providers have logged out a moment ago, for logins that are under way. */
@Entity({ schema: 'coatcheck', name: 'federated_logouts', synchronize: false })
@Index('federated_logouts_subject_idx', ['connectionId', 'issuer', 'subject'])
@Index('federated_logouts_upstream_sid_idx', ['connectionId', 'issuer', 'upstreamSid'], { where: 'subject IS NULL' })
export class FederatedLogoutEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'federated_logouts_pkey' })
  id!: string;

  @Column({ name: 'connection_id', type: 'text' })
  connectionId!: string;

  @Column({ type: 'text' })
  issuer!: string;

  /** Null: the session alone is named. */
  @Column({ type: 'text', nullable: true })
  subject!: string | null;

  /** The provider's own session (`sid`); null: all of the subject. */
  @Column({ name: 'upstream_sid', type: 'text', nullable: true })
  upstreamSid!: string | null;

  /** By the provider's clock. */
  @Column({ name: 'issued_at', type: 'timestamp with time zone' })
  issuedAt!: Date;

  /** By ours. */
  @Column({ name: 'noted_at', type: 'timestamp with time zone' })
  notedAt!: Date;

  /** No login takes as long. */
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  @Index('federated_logouts_expires_at_idx')
  expiresAt!: Date;
}
