import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { audited, type RequestActor } from '../../security/actor.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import { OAuthClients } from '../clients/oauth-clients.js';

/** No more are counted, so that counting does not depend on how many there are. */
const MOST = 10_000;
const CLIENTS_SHOWN = 100;
const NOTICES_SHOWN = 100;

/** A notice of the end of a session that was given up. */
export interface UndeliveredNotice {
  readonly clientId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly attempts: number;
  /** Of the last try. */
  readonly lastError: string | null;
  /** When the session ended. */
  readonly endedAt: Date;
  readonly deadAt: Date;
}

/** A client that is still to be told, or that could not be. */
export interface NotifiedClient {
  readonly clientId: string;
  /** Null: there is no such client any more. */
  readonly name: string | null;
  /** Notices to be sent, of the 10,000 of all clients that are counted. */
  readonly waiting: number;
  /** Notices that were given up, of the 10,000 latest of all clients. */
  readonly dead: number;
}

/** Notices to clients about ended sessions that could not be delivered, from the table `oauth_logout_jobs`: lists them, and takes them up again. */
@Injectable()
export class UndeliveredNotices {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly oauthClients: OAuthClients,
    private readonly actors: ActorsInForce,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** The clients that notices are kept for, those with the most that were given up first; at most 100. */
  async clients(): Promise<NotifiedClient[]> {
    const rows: Omit<NotifiedClient, 'name'>[] = await this.dataSource.query(
      `SELECT client_id AS "clientId", count(*) FILTER (WHERE dead_at IS NULL)::integer AS waiting,
              count(dead_at)::integer AS dead FROM (
         (SELECT client_id, dead_at FROM coatcheck.oauth_logout_jobs WHERE dead_at IS NULL ORDER BY due_at LIMIT ${MOST})
         UNION ALL
         (SELECT client_id, dead_at FROM coatcheck.oauth_logout_jobs WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT ${MOST})) kept
        GROUP BY client_id ORDER BY dead DESC, waiting DESC, client_id LIMIT ${CLIENTS_SHOWN}`,
    );
    return Promise.all(
      rows.map(async ({ clientId, ...counts }) => {
        const client = await this.oauthClients.find(clientId);
        return { clientId, name: client?.name ?? null, ...counts };
      }),
    );
  }

  /** Those given up, the latest first; at most 100. */
  async latest(): Promise<UndeliveredNotice[]> {
    return this.dataSource.query(
      `SELECT client_id AS "clientId", user_id AS "userId", session_id AS "sessionId", attempts, last_error AS "lastError",
              ended_at AS "endedAt", dead_at AS "deadAt"
         FROM coatcheck.oauth_logout_jobs WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT ${NOTICES_SHOWN}`,
    );
  }

  /**
   * Begins anew with what was given up, of one client, and has it audited; returns how many. A client that is gone, or wants to hear nothing
   * any more, is not told: its notices go.
   *
   * @throws AuthError `session_ended`, `forbidden` when the admin who acts may not any more
   */
  async revive(clientId: string, by: RequestActor): Promise<number> {
    return this.dataSource.transaction(async (tx) => {
      await this.actors.assert(by, tx);
      const [, revived]: [unknown, number] = await tx.query(
        'UPDATE coatcheck.oauth_logout_jobs SET dead_at = NULL, attempts = 0, due_at = $2 WHERE client_id = $1 AND dead_at IS NOT NULL',
        [clientId, this.clock.now()],
      );
      await this.audit.record({ type: 'oauth.logout.revived', clientId, revived, ...audited(by) }, tx);
      return revived;
    });
  }
}
