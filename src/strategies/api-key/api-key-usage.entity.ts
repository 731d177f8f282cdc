import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `api_key_usage`: how often a key was used on a day, for its owner to see. */
@Entity({ schema: 'coatcheck', name: 'api_key_usage', synchronize: false })
export class ApiKeyUsageEntity {
  @PrimaryColumn({ name: 'key_id', type: 'uuid', primaryKeyConstraintName: 'api_key_usage_pkey' })
  keyId!: string;

  /** `2026-11-21`, in UTC. */
  @Index('api_key_usage_day_idx')
  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'api_key_usage_pkey' })
  day!: string;

  /** Requests in which the key was recognised. */
  @Column({ type: 'integer' })
  requests!: number;

  /** Of these, the ones refused because a limit of the key was reached. */
  @Column({ type: 'integer' })
  refused!: number;
}
