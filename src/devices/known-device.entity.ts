import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `known_devices`: browsers that a user has logged in from. */
@Entity({ schema: 'coatcheck', name: 'known_devices', synchronize: false })
export class KnownDeviceEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'known_devices_pkey' })
  id!: string;

  @Index('known_devices_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** Of the address its last login was made with, by `LimitKeys.email`. */
  @Column({ name: 'email_hash', type: 'text' })
  emailHash!: string;

  @Column({ name: 'secret_hash', type: 'text' })
  secretHash!: string;

  /** As sent; null when absent. */
  @Column({ name: 'user_agent', type: 'text', nullable: true })
  userAgent!: string | null;

  /** Until when no second factor is asked for here; null: always asked. */
  @Column({ name: 'remembered_until', type: 'timestamp with time zone', nullable: true })
  rememberedUntil!: Date | null;

  /** As `SessionEpochs.globalEpoch` when it was first seen: unknown in any other. */
  @Column({ type: 'integer', default: 0 })
  epoch!: number;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamp with time zone' })
  lastSeenAt!: Date;

  @Index('known_devices_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;
}
