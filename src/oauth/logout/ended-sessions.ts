import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuditEventEntity } from '../../audit/audit-event.entity.js';
import type { AuditEventType } from '../../audit/audit-event-types.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { type SessionSnapshot, SnapshotSource } from '../../revocation/session-view.js';
import { AUDITED_AS } from '../../security/security-table.js';
import { OAuthClients } from '../clients/oauth-clients.js';

/** Of one session, which they name. */
const OF_ONE: readonly AuditEventType[] = ['logout', 'session.revoked', 'session.replaced'];
/** Rows looked at by one step, where everyone's sessions have ended. */
const TOGETHER = 500;
/** Other nodes write the last use of a session a little later. */
const LATE_MILLISECONDS = 60_000;
const FIRST = { sessionId: '00000000-0000-0000-0000-000000000000', clientId: '' };

/** A session, and a client that it is known to. */
export interface Noted {
  readonly sessionId: string;
  readonly clientId: string;
}

/**
 * Learns of the ends of sessions from the audit, whatever ended them but time, and makes a job for each client that is to be told. Which sessions are
 * over the stores say, not the event: one that the event has spared goes on. Read twice, an event makes no second job.
 */
@Injectable()
export class EndedSessions {
  readonly types: readonly AuditEventType[] = [...OF_ONE, ...Object.values(AUDITED_AS)];
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly sessions: SnapshotSource,
    private readonly clients: OAuthClients,
    private readonly clock: Clock,
  ) {}

  /** Returns how many jobs it has made. */
  async take({ type, userId, sessionId, at }: AuditEventEntity): Promise<number> {
    if (type === AUDITED_AS.all_revoked) return this.takeAll(at);
    const isOfOne = OF_ONE.includes(type as AuditEventType) && sessionId !== null;
    const [column, id] = isOfOne ? ['session_id', sessionId] : ['user_id', userId];
    if (id === null) return 0;
    const noted: Noted[] = await this.dataSource.query(
      `SELECT session_id AS "sessionId", client_id AS "clientId" FROM coatcheck.oauth_session_clients
        WHERE ${column} = $1 AND look_at IS NOT NULL`,
      [id],
    );
    const made = await this.end(noted, at);
    if (type === AUDITED_AS.deleted) await this.forget(id);
    return made;
  }

  private async takeAll(at: Date): Promise<number> {
    let made = 0;
    for (let after: Noted = FIRST; ; ) {
      const noted: Noted[] = await this.dataSource.query(
        `SELECT session_id AS "sessionId", client_id AS "clientId" FROM coatcheck.oauth_session_clients
          WHERE (session_id, client_id) > ($1, $2) AND look_at IS NOT NULL ORDER BY session_id, client_id LIMIT ${TOGETHER}`,
        [after.sessionId, after.clientId],
      );
      made += await this.end(noted, at);
      if (noted.length < TOGETHER) return made;
      after = noted.at(-1)!;
    }
  }

  private async end(noted: readonly Noted[], at: Date): Promise<number> {
    const now = this.clock.now();
    const over = await chosen(noted, 'sessionId', async (id) => overAt(await this.sessions.load(id)) <= now);
    const ended = noted.filter(({ sessionId }) => over.includes(sessionId));
    return this.tell(ended, at);
  }

  /**
   * Makes the jobs of sessions that are over; returns how many. The first node to find a row so makes its job: the client is told once. Rows
   * of what the sessions were granted follow: they are over with their session.
   */
  async tell(ended: readonly Noted[], at: Date): Promise<number> {
    if (ended.length === 0) return 0;
    const told = await chosen(ended, 'clientId', (id) => this.isTold(id));
    const sessionIds = ended.map(({ sessionId }) => sessionId);
    const clientIds = ended.map(({ clientId }) => clientId);
    const [{ made }] = await this.dataSource.query(
      `WITH granted AS (
         UPDATE coatcheck.oauth_grants SET ended_at = $4, end_reason = 'session_ended'
          WHERE session_id = ANY ($1::uuid[]) AND ended_at IS NULL),
       over AS (
       UPDATE coatcheck.oauth_session_clients SET look_at = NULL
        WHERE (session_id, client_id) IN (SELECT * FROM unnest($1::uuid[], $2::text[])) AND look_at IS NOT NULL
       RETURNING session_id, client_id, user_id, sid),
       made AS (
       INSERT INTO coatcheck.oauth_logout_jobs (session_id, client_id, user_id, sid, ended_at, attempts, due_at, claimed_until)
       SELECT session_id, client_id, user_id, sid, $4, 0, $5, '-infinity' FROM over WHERE client_id = ANY ($3::text[])
       ON CONFLICT DO NOTHING RETURNING 1)
       SELECT count(*)::integer AS made FROM made`,
      [sessionIds, clientIds, told, at, this.clock.now()],
    );
    return made;
  }

  private async isTold(clientId: string): Promise<boolean> {
    const client = await this.clients.find(clientId);
    return client !== null && !client.isDisabled && typeof client.metadata.backchannel_logout_uri === 'string';
  }

  /** Nothing of a deleted user stays but what is still to be told. */
  private async forget(userId: string): Promise<void> {
    await this.dataSource.query('DELETE FROM coatcheck.oauth_session_clients WHERE user_id = $1', [userId]);
  }
}

/** From when on it is certain that a session is over, as far as is known now. */
export function overAt(session: SessionSnapshot | null): Date {
  if (session === null || session.endedAt !== null || session.isSuperseded) return new Date(0);
  const idle = session.idleExpiresAt.getTime() + LATE_MILLISECONDS;
  return new Date(Math.min(idle, session.absoluteExpiresAt.getTime()));
}

/** The different values of `field` that pass. */
async function chosen(
  noted: readonly Noted[],
  field: keyof Noted,
  passes: (value: string) => Promise<boolean>,
): Promise<string[]> {
  const values = [...new Set(noted.map((one) => one[field]))];
  const passed = await Promise.all(values.map(passes));
  return values.filter((_, i) => passed[i]);
}
