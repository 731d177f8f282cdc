import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The table `oauth_resources`: APIs that tokens are issued for (RFC 8707). */
@Entity({ schema: 'coatcheck', name: 'oauth_resources', synchronize: false })
export class OAuthResourceEntity {
  /** An absolute URI without fragment. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'oauth_resources_pkey' })
  uri!: string;

  @Column({ type: 'text' })
  name!: string;

  /** A description for people of what each scope lets a client do, by scope. */
  @Column({ type: 'jsonb' })
  scopes!: Record<string, string>;

  /** Null: as the options say. */
  @Column({ name: 'access_token_seconds', type: 'integer', nullable: true })
  accessTokenSeconds!: number | null;

  /** The client that may introspect tokens for it; null: only the client that a token was issued to. */
  @Column({ name: 'operator_client_id', type: 'text', nullable: true })
  operatorClientId!: string | null;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;
}
