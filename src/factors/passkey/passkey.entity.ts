import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { PasskeyRecord } from './passkey.store.js';

/** The table `passkeys`. */
@Entity({ schema: 'coatcheck', name: 'passkeys', synchronize: false })
// Built after its migration: a table may be large.
@Index('passkeys_imported_credential_id_idx', ['credentialId'], { where: 'imported' })
@Unique('passkeys_user_id_credential_id_key', ['userId', 'credentialId'])
export class PasskeyEntity implements PasskeyRecord {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'passkeys_pkey' })
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ name: 'credential_id', type: 'text' })
  credentialId!: string;

  @Column({ name: 'public_key', type: 'text' })
  publicKey!: string;

  // A double holds 32 unsigned bits exactly, and comes back as a number.
  @Column({ name: 'signature_count', type: 'double precision' })
  signatureCount!: number;

  @Column({ type: 'text', array: true })
  transports!: string[];

  @Column({ type: 'uuid' })
  aaguid!: string;

  @Column({ name: 'backup_eligible', type: 'boolean' })
  backupEligible!: boolean;

  @Column({ name: 'backed_up', type: 'boolean' })
  backedUp!: boolean;

  @Column({ type: 'boolean', default: false })
  automatic!: boolean;

  @Column({ type: 'boolean', default: false })
  imported!: boolean;

  @Column({ type: 'text' })
  name!: string;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Column({ name: 'last_used_at', type: 'timestamp with time zone', nullable: true })
  lastUsedAt!: Date | null;
}
