import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The table `lockouts`: failures in a row. Guesses at an address are under a keyed hash of it, whether or not a user has
 * it; those of a known device, and of a user who is logged in, under its or their id.
 */
@Entity({ schema: 'coatcheck', name: 'lockouts', synchronize: false })
export class LockoutEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'lockouts_pkey' })
  subject!: string;

  @Column({ type: 'integer' })
  failures!: number;

  @Column({ name: 'locked_until', type: 'timestamp with time zone', nullable: true })
  lockedUntil!: Date | null;

  /** Whom the lock keeps out, once that has been looked up; null: no user, or nothing is locked. */
  @Index('lockouts_user_id_idx', { where: 'user_id IS NOT NULL' })
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  /** When the row says nothing any more. */
  @Index('lockouts_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;
}
