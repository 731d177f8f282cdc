import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `oauth_clients`. Clients of a metadata document, and of the options' file, have no row. */
@Entity({ schema: 'coatcheck', name: 'oauth_clients', synchronize: false })
@Index('oauth_clients_origin_idx', ['origin', 'id'])
export class OAuthClientEntity {
  /** `client_id`: a UUIDv7, never used twice. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'oauth_clients_pkey' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  /** Who made it: an admin, or the client itself (RFC 7591). */
  @Column({ type: 'text' })
  origin!: 'admin' | 'registered';

  /** Client metadata of RFC 7591 §2, without secrets and without what has a column of its own. */
  @Column({ type: 'jsonb' })
  metadata!: Record<string, unknown>;

  /** SHA-256 of the secret, base64url; null: a client without one. */
  @Column({ name: 'secret_hash', type: 'text', nullable: true })
  secretHash!: string | null;

  /** Of the secret before it, good until `previousSecretUntil`. */
  @Column({ name: 'previous_secret_hash', type: 'text', nullable: true })
  previousSecretHash!: string | null;

  @Column({ name: 'previous_secret_until', type: 'timestamp with time zone', nullable: true })
  previousSecretUntil!: Date | null;

  /** SHA-256 of the token by which a registered client changes itself (RFC 7592), base64url. */
  @Column({ name: 'registration_token_hash', type: 'text', nullable: true })
  registrationTokenHash!: string | null;

  /** The operator's own application: users are not asked for consent. */
  @Column({ name: 'first_party', type: 'boolean' })
  firstParty!: boolean;

  @Column({ name: 'requires_pkce', type: 'boolean' })
  requiresPkce!: boolean;

  /** Scopes of resources that it may ask for; those of OpenID Connect need no entry. Null: all, of one that registered itself. */
  @Column({ type: 'text', array: true, nullable: true })
  scopes!: string[] | null;

  /** URIs of the resources that it may ask for. Null: all, of one that registered itself. */
  @Column({ type: 'text', array: true, nullable: true })
  resources!: string[] | null;

  /** Whose token it gets when it names no resource; null: an opaque one, for userinfo only. */
  @Column({ name: 'default_resource', type: 'text', nullable: true })
  defaultResource!: string | null;

  /** The service user that it is when it acts for itself; null: it may not. */
  @Index('oauth_clients_service_user_id_idx')
  @Column({ name: 'service_user_id', type: 'uuid', nullable: true })
  serviceUserId!: string | null;

  /** As `SessionEpochs.globalEpoch` when an admin last said that it may act for itself: in any other it may not. */
  @Column({ type: 'integer' })
  epoch!: number;

  /** Counts what ends the tokens that it got for itself: they name it. */
  @Column({ type: 'integer' })
  generation!: number;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  /** Written at most once an hour. */
  @Column({ name: 'last_used_at', type: 'timestamp with time zone', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: 'disabled_at', type: 'timestamp with time zone', nullable: true })
  disabledAt!: Date | null;

  /** Of one that registered itself: when it did, or was used last; it is deleted when that is long ago. Null: it stays. */
  @Index('oauth_clients_unused_since_idx', { where: 'unused_since IS NOT NULL' })
  @Column({ name: 'unused_since', type: 'timestamp with time zone', nullable: true })
  unusedSince!: Date | null;

  /** There is no such client any more; the row stays until what hung on it is gone. */
  @Index('oauth_clients_deleted_at_idx', { where: 'deleted_at IS NOT NULL' })
  @Column({ name: 'deleted_at', type: 'timestamp with time zone', nullable: true })
  deletedAt!: Date | null;
}
