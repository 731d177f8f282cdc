import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `certificates`: those that were used here, and those that admins have revoked. */
@Entity({ schema: 'coatcheck', name: 'certificates', synchronize: false })
@Index('certificates_identity_key', ['identity', 'anchor'], { unique: true })
@Index('certificates_user_id_idx', ['userId'])
@Index('certificates_not_after_idx', ['notAfter'])
export class CertificateEntity {
  /** UUIDv7. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'certificates_pkey' })
  id!: string;

  /** Of issuer and serial number, see `certificateIdentity`; `key:certificate/<identity>` in the feed of revocations. */
  @Column({ type: 'text' })
  identity!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ type: 'text' })
  anchor!: string;

  /** RFC 4514. */
  @Column({ type: 'text' })
  issuer!: string;

  /** Hexadecimal, without leading zeros. */
  @Column({ name: 'serial_number', type: 'text' })
  serialNumber!: string;

  /** SHA-256 of the DER as it was first used, hexadecimal. Null, as the next three: revoked before it was ever used here. */
  @Column({ type: 'text', nullable: true })
  fingerprint!: string | null;

  @Column({ type: 'text', nullable: true })
  subject!: string | null;

  @Column({ name: 'not_after', type: 'timestamp with time zone', nullable: true })
  notAfter!: Date | null;

  @Column({ name: 'first_used_at', type: 'timestamp with time zone', nullable: true })
  firstUsedAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamp with time zone', nullable: true })
  revokedAt!: Date | null;
}
