import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `oauth_session_clients`: who was logged in to which client by which session. */
@Entity({ schema: 'coatcheck', name: 'oauth_session_clients', synchronize: false })
export class SessionClientEntity {
  @PrimaryColumn({ name: 'session_id', type: 'uuid', primaryKeyConstraintName: 'oauth_session_clients_pkey' })
  sessionId!: string;

  @PrimaryColumn({ name: 'client_id', type: 'text', primaryKeyConstraintName: 'oauth_session_clients_pkey' })
  clientId!: string;

  @Index('oauth_session_clients_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The session as this client knows it: the claim `sid` of its ID tokens. */
  @Column({ type: 'text' })
  sid!: string;

  @Index('oauth_session_clients_grant_id_idx')
  @Column({ name: 'grant_id', type: 'uuid', nullable: true })
  grantId!: string | null;

  /** Renewed when it moves to another session. */
  @Index('oauth_session_clients_noted_at_idx')
  @Column({ name: 'noted_at', type: 'timestamp with time zone' })
  notedAt!: Date;

  /** When to ask the stores whether the session is over; null: it is, and the clients that want to know are being told. */
  @Index('oauth_session_clients_look_at_idx')
  @Column({ name: 'look_at', type: 'timestamp with time zone', nullable: true })
  lookAt!: Date | null;

  /** When the client was told of the end of the session; null: not yet, or it has not ended. */
  @Column({ name: 'told_at', type: 'timestamp with time zone', nullable: true })
  toldAt!: Date | null;
}
