import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { UserFieldValues } from '../../kernel/user-fields.js';

/**
 * The table `registrations`: people who are no users, because their mailbox is not proven. It holds no address, blocks
 * no one, and means nothing once there is a user of that address.
 */
@Entity({ schema: 'coatcheck', name: 'registrations', synchronize: false })
export class RegistrationEntity {
  /** Random; the public half of its link's token. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'registrations_pkey' })
  id!: string;

  /** Canonical. Not unique. */
  @Index('registrations_email_idx')
  @Column({ type: 'text' })
  email!: string;

  @Column({ type: 'text', nullable: true })
  name!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  fields!: UserFieldValues | null;

  /**
   * Hash of the password that the link installs. Salted by the address, so that equal passwords of one address have equal hashes. Null
   * once proven.
   */
  @Column({ name: 'password_hash', type: 'text', nullable: true })
  passwordHash!: string | null;

  /** `hashSecret` of the secret half of the newest link; null until one is mailed. */
  @Column({ name: 'link_hash', type: 'text', nullable: true })
  linkHash!: string | null;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  /** From then on its links are good for nothing. */
  @Index('registrations_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;

  /** When the link was last mailed again, because it was requested or a login had failed. */
  @Column({ name: 'sent_again_at', type: 'timestamp with time zone', nullable: true })
  sentAgainAt!: Date | null;

  /** When a failed login last had the link mailed again. */
  @Column({ name: 'reminded_at', type: 'timestamp with time zone', nullable: true })
  remindedAt!: Date | null;

  /** When the link of the same form, sent twice, made the user: this one's has nothing left to do. */
  @Column({ name: 'proven_at', type: 'timestamp with time zone', nullable: true })
  provenAt!: Date | null;
}
