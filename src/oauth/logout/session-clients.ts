import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';

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
export class SessionClients {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** One row a client, so that of several at once none is lost. */
  async note({ sessionId, clientId, userId, sid, grantId }: SessionClient): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO coatcheck.oauth_session_clients (session_id, client_id, user_id, sid, grant_id, noted_at)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (session_id, client_id)
       DO UPDATE SET sid = EXCLUDED.sid, grant_id = EXCLUDED.grant_id, noted_at = EXCLUDED.noted_at`,
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
}
