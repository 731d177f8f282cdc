import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `mail_jobs`: mails yet to be sent. A row is deleted when its mail has left, or is given up. */
@Entity({ schema: 'coatcheck', name: 'mail_jobs', synchronize: false })
@Index('mail_jobs_due_at_idx', ['dueAt', 'id'])
export class MailJobEntity {
  /** In the order they were posted in. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity', primaryKeyConstraintName: 'mail_jobs_pkey' })
  id!: string;

  @Column({ type: 'character varying', length: 64 })
  kind!: string;

  /** The facts of the job. */
  @Column({ type: 'jsonb' })
  facts!: object;

  @Column({ type: 'integer' })
  attempts!: number;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  /** Not to be tried before, by the application's clock. */
  @Column({ name: 'due_at', type: 'timestamp with time zone' })
  dueAt!: Date;

  /** Random id of the process that has it. With `attempts` 0: that posted it, and may take it at once. */
  @Column({ name: 'claimed_by', type: 'uuid' })
  claimedBy!: string;

  /** Until then no other node takes it, by the database's clock: those of the nodes are not compared. */
  @Column({ name: 'claimed_until', type: 'timestamp with time zone' })
  claimedUntil!: Date;
}
