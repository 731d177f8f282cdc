import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `certificates`: those that were used here, and those that admins have revoked. */
@Entity({ name: 'certificates' })
@Index('certificates_fingerprint_key', ['fingerprint'], { unique: true })
@Index('certificates_user_id_idx', ['userId'])
@Index('certificates_not_after_idx', ['notAfter'])
export class CertificateEntity {
  /** UUIDv7; `key:<id>` in the feed of revocations. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'certificates_pkey' })
  id!: string;

  /** SHA-256, hexadecimal. */
  @Column({ type: 'text' })
  fingerprint!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** Null, as the next four: revoked before it was ever used here. */
  @Column({ type: 'text', nullable: true })
  anchor!: string | null;

  @Column({ type: 'text', nullable: true })
  subject!: string | null;

  @Column({ name: 'serial_number', type: 'text', nullable: true })
  serialNumber!: string | null;

  @Column({ name: 'not_after', type: 'timestamp with time zone', nullable: true })
  notAfter!: Date | null;

  @Column({ name: 'first_used_at', type: 'timestamp with time zone', nullable: true })
  firstUsedAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamp with time zone', nullable: true })
  revokedAt!: Date | null;
}
