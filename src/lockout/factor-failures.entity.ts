import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `factor_failures`: wrong codes in a row, of users who have any. */
@Entity({ schema: 'coatcheck', name: 'factor_failures', synchronize: false })
export class FactorFailuresEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'factor_failures_pkey' })
  userId!: string;

  /** Attempts under way count until they are known to be right. */
  @Column({ type: 'integer' })
  failures!: number;

  /** Until when no code is looked at; null: the next one is. */
  @Column({ name: 'blocked_until', type: 'timestamp with time zone', nullable: true })
  blockedUntil!: Date | null;

  /** The threshold that the user was last told of; 0: never. */
  @Column({ name: 'notified_failures', type: 'integer' })
  notifiedFailures!: number;

  @Column({ name: 'notified_at', type: 'timestamp with time zone', nullable: true })
  notifiedAt!: Date | null;

  @Index('factor_failures_failed_at_idx')
  @Column({ name: 'failed_at', type: 'timestamp with time zone' })
  failedAt!: Date;
}
