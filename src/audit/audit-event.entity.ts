import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `audit_events`: what happened. Rows are added, and deleted by age; a trigger refuses everything else. */
@Entity({ schema: 'coatcheck', name: 'audit_events', synchronize: false })
@Index('audit_events_user_id_idx', ['userId', 'id'])
@Index('audit_events_type_idx', ['type', 'id'])
@Index('audit_events_actor_id_idx', ['actorId', 'id'], { where: 'actor_id IS NOT NULL' })
@Index('audit_events_ip_idx', ['ip', 'id'], { where: 'ip IS NOT NULL' })
// Over an expression, which TypeORM cannot describe: only left alone.
@Index('audit_events_group_idx', { synchronize: false })
export class AuditEventEntity {
  /** UUIDv7 of the instant: the order of ids is the order of events, as far as the nodes' clocks agree. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'audit_events_pkey' })
  id!: string;

  @Index('audit_events_at_idx')
  @Column({ type: 'timestamp with time zone' })
  at!: Date;

  @Column({ type: 'character varying', length: 64, collation: 'C' })
  type!: string;

  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  @Column({ name: 'actor_id', type: 'uuid', nullable: true })
  actorId!: string | null;

  @Column({ name: 'session_id', type: 'uuid', nullable: true })
  sessionId!: string | null;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ type: 'text', nullable: true })
  ip!: string | null;

  @Column({ name: 'user_agent', type: 'text', nullable: true })
  userAgent!: string | null;

  @Column({ name: 'request_id', type: 'text', nullable: true })
  requestId!: string | null;

  /** Whatever else the event says. */
  @Column({ type: 'jsonb' })
  details!: object;

  /** The transaction that wrote it, for `AuditFeed`; null for events from before this column. */
  @Index('audit_events_transaction_idx')
  @Column({
    name: 'transaction_id',
    type: 'bigint',
    nullable: true,
    select: false,
    default: () => 'txid_current()',
  })
  transactionId?: string | null;
}
