import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `mailed_tokens`: what was mailed to prove that a user reads a mailbox. Spent and expired ones stay. */
@Entity({ schema: 'coatcheck', name: 'mailed_tokens', synchronize: false })
export class MailedTokenEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'mailed_tokens_pkey' })
  id!: string;

  /** Its only purpose. */
  @Column({ type: 'character varying', length: 32 })
  purpose!: string;

  @Index('mailed_tokens_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The id of the thing it stands for, e.g. a registration, whose link may be mailed several times; else its own id. */
  @Column({ name: 'origin_id', type: 'uuid' })
  originId!: string;

  /** Where it was mailed to. */
  @Column({ type: 'text' })
  email!: string;

  /** `hashSecret` of the secret part. */
  @Column({ name: 'secret_hash', type: 'text' })
  secretHash!: string;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Index('mailed_tokens_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;

  /** As `SessionEpochs.globalEpoch` when it was issued: void in any other. Null: it outlives the end of all sessions of everyone. */
  @Column({ type: 'integer', nullable: true })
  epoch!: number | null;

  @Column({ name: 'consumed_at', type: 'timestamp with time zone', nullable: true })
  consumedAt!: Date | null;
}
