import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `oauth_revoked_tokens`: access tokens that were revoked one by one (RFC 7009), until they would have expired. */
@Entity({ schema: 'coatcheck', name: 'oauth_revoked_tokens', synchronize: false })
export class RevokedTokenEntity {
  /** `grant:<id>` or `client:<id>`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'oauth_revoked_tokens_pkey' })
  owner!: string;

  /** SHA-256 of the `jti`, base64url. */
  @PrimaryColumn({ name: 'jti_hash', type: 'text', primaryKeyConstraintName: 'oauth_revoked_tokens_pkey' })
  jtiHash!: string;

  @Index('oauth_revoked_tokens_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;
}
