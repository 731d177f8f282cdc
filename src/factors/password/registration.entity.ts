import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `registrations`: what following the link of one registration installs. */
@Entity({ name: 'registrations' })
export class RegistrationEntity {
  /** Id of the mailed token. */
  @PrimaryColumn({ name: 'token_id', type: 'uuid', primaryKeyConstraintName: 'registrations_pkey' })
  tokenId!: string;

  @Index('registrations_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column({ type: 'text', nullable: true })
  name!: string | null;
}
