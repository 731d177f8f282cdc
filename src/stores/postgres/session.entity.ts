import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { CustomClaims, SessionMetadata, StrategyName, Transport } from '../../kernel/auth-context.js';
import type { SessionRecord } from '../../sessions/session.store.js';

/** The table `sessions`. Every instant is the application's clock's. */
@Entity({ schema: 'coatcheck', name: 'sessions', synchronize: false })
@Index('sessions_user_id_ordinal_idx', ['userId', 'ordinal'])
@Index('sessions_live_idx', ['userId', 'epochSum', 'createdAt', 'id'], { where: '"ended_at" IS NULL' })
@Index('sessions_newest_idx', ['createdAt', 'id'], { where: '"ended_at" IS NULL' })
export class SessionEntity implements SessionRecord {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'sessions_pkey' })
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ name: 'epoch_sum', type: 'integer', default: 1 })
  epochSum!: number;

  @Column({ type: 'character varying', length: 32 })
  strategy!: StrategyName;

  @Column({ type: 'text', nullable: true })
  transport!: Transport | null;

  @Column({ name: 'secret_hash', type: 'text', nullable: true })
  secretHash!: string | null;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Column({ name: 'authenticated_at', type: 'timestamp with time zone' })
  authenticatedAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamp with time zone' })
  lastSeenAt!: Date;

  @Column({ name: 'idle_expires_at', type: 'timestamp with time zone' })
  idleExpiresAt!: Date;

  @Index('sessions_absolute_expires_at_idx')
  @Column({ name: 'absolute_expires_at', type: 'timestamp with time zone' })
  absoluteExpiresAt!: Date;

  @Column({ type: 'character varying', length: 45, nullable: true })
  ip!: string | null;

  @Column({ name: 'user_agent', type: 'character varying', length: 512, nullable: true })
  userAgent!: string | null;

  @Column({ type: 'text', array: true })
  amr!: string[];

  @Column({ name: 'impersonator_id', type: 'uuid', nullable: true })
  impersonatorId!: string | null;

  @Column({ name: 'impersonator_epoch_sum', type: 'integer', nullable: true })
  impersonatorEpochSum!: number | null;

  @Column({ name: 'only_for', type: 'text', nullable: true })
  onlyFor!: 'enrolment' | null;

  @Column({ type: 'jsonb', nullable: true })
  claims!: CustomClaims | null;

  @Column({ name: 'claims_revision', type: 'integer', nullable: true })
  claimsRevision!: number | null;

  @Column({ type: 'jsonb', nullable: true })
  metadata!: SessionMetadata | null;

  @Column({ name: 'ended_at', type: 'timestamp with time zone', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'end_reason', type: 'text', nullable: true })
  endReason!: string | null;

  /** Which of its user's it is, by when `start_session` began it; null for those from before it counted. For this store only. */
  @Column({ type: 'bigint', nullable: true, select: false })
  ordinal?: string | null;
}
