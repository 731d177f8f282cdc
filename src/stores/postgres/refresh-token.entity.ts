import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { RefreshTokenRecord } from '../../sessions/refresh-token.store.js';
import { SessionEntity } from './session.entity.js';

/** The table `refresh_tokens`: all tokens of a session, spent ones too. */
@Entity({ schema: 'coatcheck', name: 'refresh_tokens', synchronize: false })
export class RefreshTokenEntity implements RefreshTokenRecord {
  @ForeignKey(() => SessionEntity, { name: 'refresh_tokens_session_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'session_id', type: 'uuid', primaryKeyConstraintName: 'refresh_tokens_pkey' })
  sessionId!: string;

  @PrimaryColumn({ name: 'token_hash', type: 'text', primaryKeyConstraintName: 'refresh_tokens_pkey' })
  tokenHash!: string;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;

  @Column({ name: 'consumed_at', type: 'timestamp with time zone', nullable: true })
  consumedAt!: Date | null;

  /** When the first of its pair's access tokens that was presented was issued; null: none was. A row that does not say counts as used. */
  @Column({ name: 'access_used_at', type: 'timestamp with time zone', nullable: true, default: () => 'now()' })
  accessUsedAt!: Date | null;
}
