import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `device_history`: browsers that a user has logged in from, also those that are no longer known. They may nothing. */
@Entity({ schema: 'coatcheck', name: 'device_history', synchronize: false })
export class DeviceHistoryEntity {
  /** Of the known device it was. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'device_history_pkey' })
  id!: string;

  @Index('device_history_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ name: 'secret_hash', type: 'text' })
  secretHash!: string;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Index('device_history_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;
}
