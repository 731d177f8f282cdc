import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The table `recovery_codes`: one row a code. */
@Entity({ schema: 'coatcheck', name: 'recovery_codes', synchronize: false })
export class RecoveryCodeEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'recovery_codes_pkey' })
  userId!: string;

  @PrimaryColumn({ name: 'code_hash', type: 'text', primaryKeyConstraintName: 'recovery_codes_pkey' })
  codeHash!: string;

  @Column({ name: 'issued_at', type: 'timestamp with time zone' })
  issuedAt!: Date;

  @Column({ name: 'used_at', type: 'timestamp with time zone', nullable: true })
  usedAt!: Date | null;
}
