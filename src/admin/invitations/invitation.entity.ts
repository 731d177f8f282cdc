import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { UserFieldValues } from '../../kernel/user-fields.js';

/** The table `invitations`: people whom an admin has invited, and who are no users yet. It holds no address and blocks no one. */
@Entity({ schema: 'coatcheck', name: 'invitations', synchronize: false })
export class InvitationEntity {
  /** UUIDv7; the public half of its link's token. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'invitations_pkey' })
  id!: string;

  /** Canonical. Not unique: of several the latest is good, the others are deleted. */
  @Index('invitations_email_idx')
  @Column({ type: 'text' })
  email!: string;

  @Column({ type: 'text', nullable: true })
  name!: string | null;

  @Column({ type: 'text', array: true })
  roles!: string[];

  @Column({ type: 'jsonb', nullable: true })
  fields!: UserFieldValues | null;

  /** `hashSecret` of the secret half of the newest link; null until one is mailed. */
  @Column({ name: 'link_hash', type: 'text', nullable: true })
  linkHash!: string | null;

  /** The admin; null: from the command line, or by the application. */
  @Index('invitations_invited_by_idx')
  @Column({ name: 'invited_by', type: 'uuid', nullable: true })
  invitedBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Index('invitations_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;

  /** The global session epoch it was made in: what revokes everything ends it too. */
  @Column({ type: 'integer' })
  epoch!: number;
}
