import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `oauth_logout_jobs`: clients that are still to be told of the end of a session. Those that are given up stay for a while. */
@Entity({ schema: 'coatcheck', name: 'oauth_logout_jobs', synchronize: false })
@Index('oauth_logout_jobs_due_idx', ['dueAt', 'sessionId', 'clientId'], { where: 'dead_at IS NULL' })
export class LogoutJobEntity {
  @PrimaryColumn({ name: 'session_id', type: 'uuid', primaryKeyConstraintName: 'oauth_logout_jobs_pkey' })
  sessionId!: string;

  @Index('oauth_logout_jobs_client_id_idx')
  @PrimaryColumn({ name: 'client_id', type: 'text', primaryKeyConstraintName: 'oauth_logout_jobs_pkey' })
  clientId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The session as this client knows it. */
  @Column({ type: 'text' })
  sid!: string;

  /** When the audit says that the session has ended. */
  @Column({ name: 'ended_at', type: 'timestamp with time zone' })
  endedAt!: Date;

  @Column({ type: 'integer' })
  attempts!: number;

  /** Not to be tried before, by the application's clock. */
  @Column({ name: 'due_at', type: 'timestamp with time zone' })
  dueAt!: Date;

  /** Random id of the process that has it; null: none had it yet. */
  @Column({ name: 'claimed_by', type: 'uuid', nullable: true })
  claimedBy!: string | null;

  /** Until then no other node takes it, by the database's clock. */
  @Column({ name: 'claimed_until', type: 'timestamp with time zone' })
  claimedUntil!: Date;

  /** Of the last try. */
  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;

  /** When it was given up; null: it was not. */
  @Index('oauth_logout_jobs_dead_at_idx')
  @Column({ name: 'dead_at', type: 'timestamp with time zone', nullable: true })
  deadAt!: Date | null;
}
