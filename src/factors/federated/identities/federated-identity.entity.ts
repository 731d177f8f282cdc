import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** The table `federated_identities`: subjects of outside providers that are users here ("linked logins"). */
@Entity({ schema: 'coatcheck', name: 'federated_identities', synchronize: false })
@Unique('federated_identities_subject_key', ['connectionId', 'issuer', 'subject'])
export class FederatedIdentityEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'federated_identities_pkey' })
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  @Index('federated_identities_user_id_idx')
  userId!: string;

  @Column({ name: 'connection_id', type: 'text' })
  connectionId!: string;

  @Column({ type: 'text' })
  issuer!: string;

  @Column({ type: 'text' })
  subject!: string;

  /** The subject's address at the provider when it was linked, to tell linked logins apart; it is no key. */
  @Column({ name: 'email_then', type: 'text', nullable: true })
  emailThen!: string | null;

  @Column({ name: 'linked_at', type: 'timestamp with time zone' })
  linkedAt!: Date;

  /** Roles that the user has by it, and would not have without it. */
  @Column({ name: 'roles_given', type: 'text', array: true, default: '{}' })
  rolesGiven!: string[];

  @Column({ name: 'last_used_at', type: 'timestamp with time zone', nullable: true })
  lastUsedAt!: Date | null;
}
