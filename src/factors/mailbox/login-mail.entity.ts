import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `login_mails`: each request to sign in by e-mail, whether or not the address has a user. */
@Entity({ schema: 'coatcheck', name: 'login_mails', synchronize: false })
export class LoginMailEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'login_mails_pkey' })
  id!: string;

  /** Canonical. */
  @Column({ type: 'text' })
  email!: string;

  /** Set when the mail is written; null until then, and where the address has no user. */
  @Index('login_mails_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  /** Codes that were tried, right or wrong. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  /** Null: nothing was mailed, so nothing is right. */
  @Column({ name: 'mailed_at', type: 'timestamp with time zone', nullable: true })
  mailedAt!: Date | null;

  /** When it stops being good; of one that has proven a moved account's mailbox, when it may be forgotten. */
  @Index('login_mails_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;

  /** As `SessionEpochs.globalEpoch` when it was requested: void in any other. */
  @Column({ type: 'integer' })
  epoch!: number;

  /** When it was used, or ended unused. */
  @Column({ name: 'consumed_at', type: 'timestamp with time zone', nullable: true })
  consumedAt!: Date | null;

  /** When its use was the proof that ended what was set up before; null: it was not. */
  @Column({ name: 'proved_at', type: 'timestamp with time zone', nullable: true })
  provedAt!: Date | null;
}
