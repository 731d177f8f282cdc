import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import type { ClaimedJob, JobHandler } from '../../jobs/job-handler.js';
import { Clock } from '../../kernel/clock.js';
import { Histogram } from '../../kernel/histogram.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { LogoutClient } from './logout-client.js';
import { LogoutTokens } from './logout-tokens.js';

/** A client to be told of the end of a session, as the table has it. */
export interface LogoutJobRow {
  readonly session_id: string;
  readonly client_id: string;
  readonly user_id: string;
  readonly sid: string;
  readonly ended_at: Date;
}

/** A client that did not answer in time is left alone for so long, or its jobs would keep those of others waiting. */
const REST_SECONDS = 30;
const TOLD = [200, 204];

/** Tells a client of the end of a session: by a POST with a logout token, which only a 200 or 204 takes for told. */
@Injectable()
export class LogoutNotices implements JobHandler<LogoutJobRow> {
  /** From the end of a session to the answer of a client that was told. */
  readonly lag = new Histogram([0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600, 86_400]);
  readonly tally = { told: 0, failed: 0, givenUp: 0 };
  private readonly logger = new Logger('oauth');

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clients: OAuthClients,
    private readonly tokens: LogoutTokens,
    private readonly http: LogoutClient,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  async handle({ row }: ClaimedJob<LogoutJobRow>, next: () => void): Promise<void> {
    next();
    const client = await this.clients.find(row.client_id);
    const uri = client?.metadata.backchannel_logout_uri;
    // It is gone, or wants to hear nothing any more.
    if (client === null || client.isDisabled || typeof uri !== 'string') return;
    const logout_token = await this.tokens.issue(client, { sub: row.user_id, sid: row.sid });
    const status = await this.http.post(uri, { logout_token }).catch(async (error: Error) => {
      await this.rest(row);
      throw error;
    });
    if (!TOLD.includes(status)) throw new Error(`status ${status}`);
    await this.noteTold(row);
  }

  /** Neither an address nor a token. */
  reasonOf(error: unknown): string {
    const { code, message } = error as Error & { code?: unknown };
    if (/^status \d+$/.test(message)) return message;
    return typeof code === 'string' ? code : 'no answer';
  }

  onFailure({ row }: ClaimedJob<LogoutJobRow>, reason: string, pauseSeconds: number | null): void {
    this.tally.failed += 1;
    if (pauseSeconds !== null) return;
    this.tally.givenUp += 1;
    this.logger.error(`the client ${row.client_id} could not be told of the end of a session (${reason})`);
  }

  async onGivenUp({ row }: ClaimedJob<LogoutJobRow>, reason: string, tx: EntityManager): Promise<void> {
    const { client_id: clientId, user_id: userId, session_id: sessionId } = row;
    await this.audit.record({ type: 'oauth.logout.undelivered', userId, sessionId, clientId, reason }, tx);
  }

  private async noteTold({ session_id, client_id, ended_at }: LogoutJobRow): Promise<void> {
    const now = this.clock.now();
    await this.dataSource.query(
      `UPDATE coatcheck.oauth_session_clients SET told_at = $3
        WHERE session_id = $1 AND client_id = $2 AND told_at IS NULL`,
      [session_id, client_id, now],
    );
    this.tally.told += 1;
    this.lag.observe(Math.max(0, now.getTime() - ended_at.getTime()) / 1000);
  }

  /** Further notices for it wait, without a try of theirs being counted. */
  private async rest({ session_id, client_id }: LogoutJobRow): Promise<void> {
    await this.dataSource.query(
      `UPDATE coatcheck.oauth_logout_jobs SET due_at = $4 WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM coatcheck.oauth_logout_jobs
          WHERE client_id = $1 AND session_id <> $2 AND due_at <= $3 AND dead_at IS NULL AND claimed_until <= clock_timestamp()
            FOR UPDATE SKIP LOCKED))`,
      [client_id, session_id, this.clock.now(), this.clock.in(REST_SECONDS)],
    );
  }
}
