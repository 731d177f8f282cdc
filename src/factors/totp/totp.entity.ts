import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The table `totp_secrets`: one to a user. */
@Entity({ schema: 'coatcheck', name: 'totp_secrets', synchronize: false })
export class TotpEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'totp_secrets_pkey' })
  userId!: string;

  /** In its box; null until the first is confirmed. */
  @Column({ type: 'text', nullable: true })
  secret!: string | null;

  @Column({ name: 'confirmed_at', type: 'timestamp with time zone', nullable: true })
  confirmedAt!: Date | null;

  /** The latest step that was used. Neither it nor an earlier one is ever good again. */
  @Column({ name: 'last_step', type: 'integer' })
  lastStep!: number;

  @Column({ name: 'last_used_at', type: 'timestamp with time zone', nullable: true })
  lastUsedAt!: Date | null;

  /** One that waits for its first code, in its box; null: none. */
  @Column({ name: 'pending_secret', type: 'text', nullable: true })
  pendingSecret!: string | null;

  @Column({ name: 'pending_until', type: 'timestamp with time zone', nullable: true })
  pendingUntil!: Date | null;
}
