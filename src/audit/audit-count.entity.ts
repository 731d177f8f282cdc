import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `audit_counts`: how many events there were in an hour that is over. */
@Entity({ schema: 'coatcheck', name: 'audit_counts', synchronize: false })
export class AuditCountEntity {
  /** A type of events, a subject with its dot (`login.`), or empty: all events. */
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'audit_counts_pkey' })
  type!: string;

  /** When the hour of UTC began. An hour in which nothing happened has no row. */
  @Index('audit_counts_hour_idx')
  @PrimaryColumn({ type: 'timestamp with time zone', primaryKeyConstraintName: 'audit_counts_pkey' })
  hour!: Date;

  @Column({ type: 'integer' })
  count!: number;
}
