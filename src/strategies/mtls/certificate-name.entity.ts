import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { NameKind } from './certificate-names.js';

/** The table `certificate_names`: whom a certificate stands for, by a name in it, within one anchor. */
@Entity({ schema: 'coatcheck', name: 'certificate_names', synchronize: false })
@Index('certificate_names_name_key', ['anchor', 'kind', 'value'], { unique: true })
@Index('certificate_names_user_id_idx', ['userId'])
export class CertificateNameEntity {
  /** UUIDv7. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'certificate_names_pkey' })
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ type: 'text' })
  anchor!: string;

  @Column({ type: 'text' })
  kind!: NameKind;

  @Column({ type: 'text' })
  value!: string;

  @Column({ type: 'text', array: true })
  scopes!: string[];

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;
}
