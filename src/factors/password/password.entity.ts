import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StoredPassword } from './password.store.js';

/** The table `passwords`. */
@Entity({ schema: 'coatcheck', name: 'passwords', synchronize: false })
export class PasswordEntity implements StoredPassword {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'passwords_pkey' })
  userId!: string;

  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column({ name: 'changed_at', type: 'timestamp with time zone' })
  changedAt!: Date;
}
