import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `connection_domains`: the domains whose addresses a connection logs in. Several connections may name a domain, one has it verified. */
@Entity({ schema: 'coatcheck', name: 'connection_domains', synchronize: false })
@Index('connection_domains_verified_key', ['domain'], { unique: true, where: 'verified_at IS NOT NULL' })
export class ConnectionDomainEntity {
  /** In lower case, without a final dot. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'connection_domains_pkey' })
  domain!: string;

  @PrimaryColumn({ name: 'connection_id', type: 'text', primaryKeyConstraintName: 'connection_domains_pkey' })
  @Index('connection_domains_connection_id_idx')
  connectionId!: string;

  @Column({ name: 'verified_at', type: 'timestamp with time zone', nullable: true })
  verifiedAt!: Date | null;
}
