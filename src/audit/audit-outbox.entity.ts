import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `audit_outbox`: events still to be sent, by destination. A row is deleted when its event was sent; `dead_at` is set when that is given up. */
@Entity({ schema: 'coatcheck', name: 'audit_outbox', synchronize: false })
@Index('audit_outbox_due_idx', ['destination', 'dueAt', 'eventId'], { where: 'dead_at IS NULL' })
@Index('audit_outbox_dead_idx', ['deadAt'], { where: 'dead_at IS NOT NULL' })
export class AuditOutboxEntity {
  @PrimaryColumn({ name: 'event_id', type: 'uuid', primaryKeyConstraintName: 'audit_outbox_pkey' })
  eventId!: string;

  /** A name of the configuration. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'audit_outbox_pkey' })
  destination!: string;

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

  @Column({ name: 'dead_at', type: 'timestamp with time zone', nullable: true })
  deadAt!: Date | null;
}
