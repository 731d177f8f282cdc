import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `lockouts`: failures in a row. Users are in it under a keyed hash of their address, strangers too. */
@Entity({ name: 'lockouts' })
export class LockoutEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'lockouts_pkey' })
  subject!: string;

  @Column({ type: 'integer' })
  failures!: number;

  @Column({ name: 'locked_until', type: 'timestamp with time zone', nullable: true })
  lockedUntil!: Date | null;

  /** When the row says nothing any more. */
  @Index('lockouts_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;
}
