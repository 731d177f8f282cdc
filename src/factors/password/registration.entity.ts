import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The table `registrations`: what following the link of one registration installs. One of an address that was taken already has
 * no link, installs nothing, and is there to make that address look like any other.
 */
@Entity({ name: 'registrations' })
@Index('registrations_password_selector_idx', ['userId', 'passwordSelector'])
export class RegistrationEntity {
  /** Random; the origin of every token mailed for it. */
  @PrimaryColumn({ name: 'token_id', type: 'uuid', primaryKeyConstraintName: 'registrations_pkey' })
  tokenId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column({ type: 'text', nullable: true })
  name!: string | null;

  /** See `PendingPasswords`; null for those made before there was one. */
  @Column({ name: 'password_selector', type: 'smallint', nullable: true })
  passwordSelector!: number | null;

  @Index('registrations_created_at_idx')
  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;
}
