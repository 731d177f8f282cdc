import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { ConnectionSettings } from './connection.js';

/** The table `connections`. Those of the options' file have no row. */
@Entity({ schema: 'coatcheck', name: 'connections', synchronize: false })
@Unique('connections_slug_key', ['slug'])
export class ConnectionEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'connections_pkey' })
  id!: string;

  @Column({ type: 'text' })
  slug!: string;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text', nullable: true })
  issuer!: string | null;

  @Column({ name: 'base_url', type: 'text', nullable: true })
  baseUrl!: string | null;

  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  /** Sealed by a key derived of `SECRET_KEY`; null: a client without a secret. */
  @Column({ name: 'client_secret_sealed', type: 'text', nullable: true })
  clientSecretSealed!: string | null;

  @Column({ type: 'jsonb' })
  settings!: ConnectionSettings;

  /** For later: whose users it logs in; null: any. */
  @Column({ name: 'organisation_id', type: 'uuid', nullable: true })
  organisationId!: string | null;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamp with time zone' })
  updatedAt!: Date;

  @Column({ name: 'disabled_at', type: 'timestamp with time zone', nullable: true })
  disabledAt!: Date | null;
}
