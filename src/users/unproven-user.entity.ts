import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The table `unproven_users`: users who registered by themselves, may log in already, and have not proven their mailbox. */
@Entity({ schema: 'coatcheck', name: 'unproven_users', synchronize: false })
export class UnprovenUserEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'unproven_users_pkey' })
  userId!: string;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;
}
