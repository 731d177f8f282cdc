import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { FederatedLoginEntity } from './federated-login.entity.js';

/** The table `federated_sessions`: sessions here that rest on a login elsewhere. Several while one takes the place of another. */
@Entity({ schema: 'coatcheck', name: 'federated_sessions', synchronize: false })
export class FederatedSessionEntity {
  @PrimaryColumn({ name: 'session_id', type: 'uuid', primaryKeyConstraintName: 'federated_sessions_pkey' })
  sessionId!: string;

  @Column({ name: 'login_id', type: 'uuid' })
  @Index('federated_sessions_login_id_idx')
  @ForeignKey(() => FederatedLoginEntity, { name: 'federated_sessions_login_id_fkey', onDelete: 'CASCADE' })
  loginId!: string;
}
