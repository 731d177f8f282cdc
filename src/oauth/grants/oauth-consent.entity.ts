import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `oauth_consents`: to what of a client a user has said yes, remembered. */
@Entity({ schema: 'coatcheck', name: 'oauth_consents', synchronize: false })
export class OAuthConsentEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'oauth_consents_pkey' })
  userId!: string;

  @Index('oauth_consents_client_id_idx')
  @PrimaryColumn({ name: 'client_id', type: 'text', primaryKeyConstraintName: 'oauth_consents_pkey' })
  clientId!: string;

  /** By resource, each with its scopes; those of OpenID Connect under `openid`. */
  @Column({ type: 'jsonb' })
  scopes!: Record<string, string[]>;

  @Column({ name: 'given_at', type: 'timestamp with time zone' })
  givenAt!: Date;
}
