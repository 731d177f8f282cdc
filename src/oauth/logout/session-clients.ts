import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { ReplacedSessions } from '../../sessions/replaced-sessions.js';

/** Which client a session is known to, and how. */
export interface SessionClient {
  readonly sessionId: string;
  readonly clientId: string;
  readonly userId: string;
  /** The session as this client knows it: the claim `sid` of its ID tokens. */
  readonly sid: string;
  readonly grantId: string | null;
}

/** Who was logged in to which client by which session. */
@Injectable()
export class SessionClients implements OnModuleInit {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly replaced: ReplacedSessions,
    private readonly clock: Clock,
  ) {}

  /** A session that takes the place of another is known to the same clients, by the same names. */
  onModuleInit(): void {
    this.replaced.on((before, next) => this.move(before.id, next.id));
  }

  /** One row a client, so that of several at once none is lost. Until when the session lasts, the first look at it learns. */
  async note({ sessionId, clientId, userId, sid, grantId }: SessionClient): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO coatcheck.oauth_session_clients (session_id, client_id, user_id, sid, grant_id, noted_at, look_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6)
       ON CONFLICT (session_id, client_id)
       DO UPDATE SET sid = EXCLUDED.sid, grant_id = EXCLUDED.grant_id, noted_at = EXCLUDED.noted_at, look_at = EXCLUDED.look_at, told_at = NULL`,
      [sessionId, clientId, userId, sid, grantId, this.clock.now()],
    );
  }

  of(sessionId: string): Promise<SessionClient[]> {
    return this.dataSource.query(
      `SELECT session_id AS "sessionId", client_id AS "clientId", user_id AS "userId", sid, grant_id AS "grantId"
       FROM coatcheck.oauth_session_clients WHERE session_id = $1`,
      [sessionId],
    );
  }

  /** A client that the next session is known to already keeps the name that it has there. */
  async move(beforeSessionId: string, afterSessionId: string): Promise<void> {
    await this.dataSource.query(
      `WITH moved AS (
         DELETE FROM coatcheck.oauth_session_clients WHERE session_id = $1 AND look_at IS NOT NULL RETURNING *)
       INSERT INTO coatcheck.oauth_session_clients (session_id, client_id, user_id, sid, grant_id, noted_at, look_at)
       SELECT $2, client_id, user_id, sid, grant_id, $3, $3 FROM moved ON CONFLICT DO NOTHING`,
      [beforeSessionId, afterSessionId, this.clock.now()],
    );
  }
}
