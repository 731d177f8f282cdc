import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The table `acting_sessions`: sessions in which an admin acts as a user, each with the session it was begun from. */
@Entity({ schema: 'coatcheck', name: 'acting_sessions', synchronize: false })
export class ActingSessionEntity {
  @PrimaryColumn({ name: 'session_id', type: 'uuid', primaryKeyConstraintName: 'acting_sessions_pkey' })
  sessionId!: string;

  /** Whose session it is. */
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The admin. */
  @Index('acting_sessions_actor_id_idx')
  @Column({ name: 'actor_id', type: 'uuid' })
  actorId!: string;

  /** The admin's own session. */
  @Column({ name: 'parent_session_id', type: 'uuid' })
  parentSessionId!: string;

  /** When it ends by itself. */
  @Index('acting_sessions_expires_at_idx')
  @Column({ name: 'expires_at', type: 'timestamp with time zone' })
  expiresAt!: Date;
}
