import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { transactionAfterLostRaces } from '../../../database/lost-races.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import { FactorSessions } from '../../../login/factor-sessions.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import type { UpstreamLogin } from '../upstreams/upstream.js';
import { CheckTimes, earliest } from './check-times.js';
import { NotedLogouts } from './noted-logouts.js';
import { SealedTokens } from './sealed-tokens.js';

/** A login elsewhere that has just been proven, and its user here. */
export interface NewFederatedLogin {
  readonly connection: Connection;
  /** Of the `federated_identities`. */
  readonly identityId: string;
  readonly login: UpstreamLogin;
  /** When the provider was asked. */
  readonly askedAt: Date;
}

/** A login that waits for its second factor may take an hour. */
const WAITING_SECONDS = 3_700;

/**
 * Records which sessions rest on which login elsewhere. A login is noted before there is a session; the data for later checks stay here, and only the id
 * travels through a login that asks for more.
 */
@Injectable()
export class FederatedLogins implements OnModuleInit {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly sessions: FactorSessions,
    private readonly logouts: NotedLogouts,
    private readonly tokens: SealedTokens,
    private readonly times: CheckTimes,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sessions.onReplaced((before, next) => this.follow(before, next));
  }

  /**
   * Notes a login elsewhere. What is returned is the `context` of the factor's proof.
   *
   * @throws AuthError `invalid_credentials` when the session there is over already, or the provider has logged it out since it answered
   */
  async begin({ connection, identityId, login, askedAt }: NewFederatedLogin): Promise<string> {
    const now = this.clock.now();
    const { identity, token } = login;
    const { maxAgeSeconds } = connection.settings;
    const isLimited = token === null && maxAgeSeconds !== null;
    const expiresAt = earliest(identity.sessionExpiresAt, isLimited ? this.clock.in(maxAgeSeconds) : null);
    if (expiresAt !== null && expiresAt <= now) throw refused('session_elsewhere_is_over');
    const id = randomUUID();
    const sealed = token === null ? null : this.tokens.seal(token, id);
    await this.dataSource.query(
      `INSERT INTO coatcheck.federated_logins
         (id, connection_id, identity_id, upstream_sid, token_sealed, checked_at, next_check_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, connection.id, identityId, identity.sessionId, sealed, now, this.clock.in(WAITING_SECONDS), expiresAt],
    );
    // Only now: a logout that is noted later finds the row.
    if (await this.logouts.cover({ connectionId: connection.id, identity, askedAt })) {
      await this.dataSource.query('DELETE FROM coatcheck.federated_logins WHERE id = $1', [id]);
      throw refused('logged_out_elsewhere_meanwhile');
    }
    return id;
  }

  /**
   * A session rests on it from now on.
   *
   * @param context as {@link begin} gave it
   * @throws AuthError `invalid_credentials` when it has ended meanwhile, or the identity is linked no more
   */
  async onSession(context: string, sessionId: string): Promise<void> {
    const [held] = await transactionAfterLostRaces(this.dataSource, async (tx) => {
      // The identity first, in the order of unlinking: either it is gone, or its removal finds this session.
      await tx.query(
        `SELECT FROM coatcheck.federated_identities
          WHERE id = (SELECT identity_id FROM coatcheck.federated_logins WHERE id = $1) FOR SHARE`,
        [context],
      );
      // Likewise: disabling the connection finds this session, or it does not begin.
      await this.assertInForce(context, tx);
      return tx.query(
        `WITH held AS (
           UPDATE coatcheck.federated_logins AS login SET next_check_at = LEAST($3::timestamptz, login.expires_at)
             FROM coatcheck.federated_identities AS identity
            WHERE login.id = $1 AND identity.id = login.identity_id AND login.end_reason IS NULL
           RETURNING login.id)
         INSERT INTO coatcheck.federated_sessions (session_id, login_id) SELECT $2, id FROM held RETURNING login_id`,
        [context, sessionId, this.times.next()],
      );
    });
    if (!held) throw refused('login_elsewhere_ended_meanwhile');
  }

  /** Whether a session rests on a login by this linked login. */
  async restsOn(identityId: string, sessionId: string): Promise<boolean> {
    const resting: unknown[] = await this.dataSource.query(
      `SELECT FROM coatcheck.federated_sessions AS session
         JOIN coatcheck.federated_logins AS login ON login.id = session.login_id
        WHERE session.session_id = $1 AND login.identity_id = $2`,
      [sessionId, identityId],
    );
    return resting.length > 0;
  }

  private async assertInForce(loginId: string, tx: EntityManager): Promise<void> {
    const sql = 'SELECT connection_id AS "connectionId" FROM coatcheck.federated_logins WHERE id = $1';
    const [login]: { connectionId: string }[] = await tx.query(sql, [loginId]);
    if (login) await this.connections.assertInForce(login.connectionId, tx);
  }

  /**
   * The session that takes another's place rests on the same, unless it rests on a login elsewhere of its own.
   *
   * @throws AuthError `session_ended` when what it rests on is about to end
   */
  async follow(beforeSessionId: string, nextSessionId: string): Promise<void> {
    const [held]: { endReason: string | null }[] = await this.dataSource.query(
      `WITH held AS (
         SELECT login.id, login.end_reason FROM coatcheck.federated_logins AS login
          WHERE login.id = (SELECT login_id FROM coatcheck.federated_sessions WHERE session_id = $1) FOR SHARE),
       noted AS (
         INSERT INTO coatcheck.federated_sessions (session_id, login_id)
         SELECT $2, id FROM held WHERE end_reason IS NULL ON CONFLICT DO NOTHING)
       SELECT end_reason AS "endReason" FROM held`,
      [beforeSessionId, nextSessionId],
    );
    if (held && held.endReason !== null) throw new AuthError('session_ended', { reason: held.endReason });
  }
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
