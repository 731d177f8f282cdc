import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { UserKind } from '../kernel/auth-context.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import type { UserRecord } from './user.store.js';

/** The table `users`. */
@Entity({ schema: 'coatcheck', name: 'users', synchronize: false })
@Unique('users_email_key', ['email'])
@Check(
  'users_kind_check',
  "kind = 'person' AND email IS NOT NULL OR kind = 'service' AND email IS NULL AND email_verified_at IS NULL",
)
@Index('users_admin_idx', ['id'], { where: "'admin' = ANY (roles)" })
@Index('users_service_idx', ['id'], { where: "kind = 'service'" })
// Over expressions or in an order that TypeORM cannot describe: only left alone.
@Index('users_banned_idx', { synchronize: false })
@Index('users_unverified_idx', { synchronize: false })
@Index('users_domain_idx', { synchronize: false })
@Index('users_email_part_idx', { synchronize: false })
@Index('users_email_beginning_idx', { synchronize: false })
@Index('users_name_part_idx', { synchronize: false })
export class UserEntity implements UserRecord {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'users_pkey' })
  id!: string;

  @Column({ type: 'text', default: 'person' })
  kind!: UserKind;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ name: 'email_verified_at', type: 'timestamp with time zone', nullable: true })
  emailVerifiedAt!: Date | null;

  @Column({ name: 'first_verified_at', type: 'timestamp with time zone', nullable: true })
  firstVerifiedAt!: Date | null;

  @Column({ type: 'text', nullable: true })
  name!: string | null;

  @Column({ type: 'text', array: true })
  roles!: string[];

  @Column({ type: 'jsonb', nullable: true })
  fields!: UserFieldValues | null;

  @Column({ type: 'text', nullable: true })
  language!: string | null;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Column({ name: 'banned_at', type: 'timestamp with time zone', nullable: true })
  bannedAt!: Date | null;

  @Column({ name: 'banned_until', type: 'timestamp with time zone', nullable: true })
  bannedUntil!: Date | null;

  @Column({ name: 'ban_reason', type: 'text', nullable: true })
  banReason!: string | null;

  @Column({ type: 'integer', default: 1 })
  revision!: number;

  @Column({ name: 'session_epoch', type: 'integer', default: 1 })
  sessionEpoch!: number;

  @Column({ name: 'except_session_id', type: 'uuid', nullable: true })
  exceptSessionId!: string | null;

  @Column({ name: 'except_session_epoch', type: 'integer', nullable: true })
  exceptSessionEpoch!: number | null;
}
