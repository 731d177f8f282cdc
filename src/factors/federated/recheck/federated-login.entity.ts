import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `federated_logins`: logins elsewhere on which sessions rest here, or are about to. */
@Entity({ schema: 'coatcheck', name: 'federated_logins', synchronize: false })
@Index('federated_logins_identity_id_idx', ['identityId', 'id'])
@Index('federated_logins_connection_id_idx', ['connectionId', 'id'])
export class FederatedLoginEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'federated_logins_pkey' })
  id!: string;

  @Column({ name: 'connection_id', type: 'text' })
  connectionId!: string;

  @Column({ name: 'identity_id', type: 'uuid' })
  identityId!: string;

  /** The provider's own session (`sid`). */
  @Column({ name: 'upstream_sid', type: 'text', nullable: true })
  @Index('federated_logins_upstream_sid_idx', { where: 'upstream_sid IS NOT NULL' })
  upstreamSid!: string | null;

  /** The token for a recheck, sealed with a key derived from `SECRET_KEY`; null: the login cannot be rechecked. */
  @Column({ name: 'token_sealed', type: 'text', nullable: true })
  tokenSealed!: string | null;

  /** When it was known to stand. */
  @Column({ name: 'checked_at', type: 'timestamp with time zone' })
  checkedAt!: Date;

  /** When a node looks at it: whether anything still rests on it, then whether it stands. */
  @Column({ name: 'next_check_at', type: 'timestamp with time zone' })
  @Index('federated_logins_next_check_at_idx')
  nextCheckAt!: Date;

  /** Since when no check has had an answer that means something; null: the last one had. */
  @Column({ name: 'failing_since', type: 'timestamp with time zone', nullable: true })
  failingSince!: Date | null;

  /** Whether an answer was lost since the token was stored: the provider may have replaced it, and refuse this one for that alone. */
  @Column({ name: 'was_lost', type: 'boolean', default: false })
  wasLost!: boolean;

  /** When what rests on it ends at the latest; null: when sessions do. */
  @Column({ name: 'expires_at', type: 'timestamp with time zone', nullable: true })
  expiresAt!: Date | null;

  /** Why what rests on it is to end, once that is certain. Nothing new rests on it from then on. */
  @Column({ name: 'end_reason', type: 'text', nullable: true })
  endReason!: string | null;

  /** Of the look that is under way; one that is over by its time left no result. */
  @Column({ name: 'claim_id', type: 'uuid', nullable: true })
  claimId!: string | null;

  /** By the database's clock. */
  @Column({ name: 'claimed_until', type: 'timestamp with time zone', nullable: true })
  claimedUntil!: Date | null;
}
