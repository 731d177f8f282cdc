import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `email_changes`: changes of address that users have requested, made or not, and those that admins have made. */
@Entity({ schema: 'coatcheck', name: 'email_changes', synchronize: false })
export class EmailChangeEntity {
  /** The origin of every link mailed for it. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'email_changes_pkey' })
  id!: string;

  @Index('email_changes_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The account's address when the change was requested. */
  @Column({ name: 'old_email', type: 'text' })
  oldEmail!: string;

  @Column({ name: 'new_email', type: 'text' })
  newEmail!: string;

  @Index('email_changes_requested_at_idx')
  @Column({ name: 'requested_at', type: 'timestamp with time zone' })
  requestedAt!: Date;

  /** When the new mailbox confirmed it; null: it has not. */
  @Column({ name: 'made_at', type: 'timestamp with time zone', nullable: true })
  madeAt!: Date | null;

  /** Whether an admin made it, rather than the user. */
  @Column({ name: 'by_admin', type: 'boolean' })
  isByAdmin!: boolean;

  /** Whether it counts against how many the user may request. */
  @Column({ name: 'is_counted', type: 'boolean', default: true })
  isCounted!: boolean;
}
