import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** The table `oauth_registration_tokens`: each lets so many clients register (RFC 7591 §3). */
@Entity({ schema: 'coatcheck', name: 'oauth_registration_tokens', synchronize: false })
@Unique('oauth_registration_tokens_token_hash_key', ['tokenHash'])
export class RegistrationTokenEntity {
  /** UUIDv7. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'oauth_registration_tokens_pkey' })
  id!: string;

  /** SHA-256, base64url. */
  @Column({ name: 'token_hash', type: 'text' })
  tokenHash!: string;

  @Column({ name: 'uses_left', type: 'integer' })
  usesLeft!: number;

  /** The admin who made it. */
  @Index('oauth_registration_tokens_created_by_idx')
  @Column({ name: 'created_by', type: 'uuid' })
  createdBy!: string;

  /** As `SessionEpochs.globalEpoch` when it was made: void in any other. */
  @Column({ type: 'integer' })
  epoch!: number;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Index('oauth_registration_tokens_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;
}
