import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { transactionAfterLostRaces } from '../../database/lost-races.js';
import { Clock } from '../../kernel/clock.js';
import type { Announcement } from '../../revocation/revocation-feed.js';
import { Revocations } from '../../revocation/revocations.js';
import { type SessionSnapshot, SnapshotSource } from '../../revocation/session-view.js';
import { SessionEpochs } from '../../sessions/session-epochs.js';
import { isBanned, UserStore } from '../../users/user.store.js';
import { oauthOptions } from '../oauth-options.js';
import { AllowingSessions } from './allowing-sessions.js';
import type { CreateGrantParams } from './grant-params.js';
import { readPayload } from './grant-payload.js';

/** Of one client that a user may have at a time: the oldest end beyond, so that a client that never ends any costs nothing. */
const GRANTS_PER_CLIENT = 100;

/**
 * Of all clients that a user may have at a time: whatever ends all of them, e.g. a ban, is one statement, and must be acknowledged however many
 * clients there are.
 */
export const GRANTS_PER_USER = 2_000;

/** One statement: it, and the end of those that are too many with it. They are put in order only where they are. */
const INSERT = `
  WITH surplus AS (
    (SELECT id FROM coatcheck.oauth_grants WHERE user_id = $3 AND client_id = $2 AND ended_at IS NULL
      ORDER BY created_at DESC, id DESC OFFSET ${GRANTS_PER_CLIENT - 1} LIMIT ${GRANTS_PER_CLIENT})
    UNION
    (SELECT id FROM coatcheck.oauth_grants WHERE user_id = $3 AND ended_at IS NULL
        AND (SELECT count(*) FROM (
              SELECT FROM coatcheck.oauth_grants WHERE user_id = $3 AND ended_at IS NULL LIMIT ${GRANTS_PER_USER}) held
            ) = ${GRANTS_PER_USER}
      ORDER BY created_at DESC, id DESC OFFSET ${GRANTS_PER_USER - 1} LIMIT ${GRANTS_PER_CLIENT})),
  ended AS (
    UPDATE coatcheck.oauth_grants SET ended_at = $8, end_reason = 'too_many_grants'
     WHERE id IN (SELECT id FROM surplus) AND ended_at IS NULL RETURNING id, client_id),
  made AS (
    INSERT INTO coatcheck.oauth_grants (id, client_id, user_id, session_id, epoch, global_epoch, payload, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))
  SELECT id, client_id AS "clientId" FROM ended`;

/** Makes grants: none that something would have ended which was acknowledged meanwhile. */
@Injectable()
export class GrantCreation {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly sessions: SnapshotSource,
    private readonly acting: AllowingSessions,
    private readonly epochs: SessionEpochs,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly options: Options,
    private readonly clock: Clock,
  ) {}

  /** @see OAuthGrants.create */
  async create(params: CreateGrantParams): Promise<string | null> {
    const payload = readPayload(params.payload);
    // As of before everything else: what ends after it finds the grant by it, or finds it of another epoch.
    const globalEpoch = await this.epochs.globalEpoch();
    const session = params.sessionId === null ? null : await this.sessions.load(params.sessionId);
    if (params.sessionId !== null && !this.isLive(session, params.user.id)) return null;
    const made = await transactionAfterLostRaces(this.dataSource, async (tx) => {
      if (!(await this.mayGrant(params, tx))) return null;
      const id = uuidv7({ msecs: this.clock.now().getTime() });
      const grant = { id, payload, globalEpoch, expiresAt: this.endOf(params, session) };
      return { id, ended: await this.insert(params, grant, tx) };
    });
    if (made === null) return null;
    if (made.ended.length > 0) await this.revocations.settle(made.ended);
    return made.id;
  }

  /** The user is locked: whatever ends all that they have allowed comes before it, and is seen, or after it, and sees the grant. */
  private async mayGrant(params: CreateGrantParams, tx: EntityManager): Promise<boolean> {
    const { user, clientId, sessionId, needsConsent, by = {} } = params;
    // One that hangs on its session is over with it, whenever that ends.
    if (sessionId === null && !(await this.acting.isInForce(user.id, by, tx))) return false;
    const found = await this.users.find(user.id, tx);
    if (!found || found.sessionEpoch !== user.sessionEpoch || isBanned(found, this.clock.now())) return false;
    if (!needsConsent) return true;
    const sql = 'SELECT FROM coatcheck.oauth_consents WHERE user_id = $1 AND client_id = $2';
    return (await tx.query(sql, [user.id, clientId])).length > 0;
  }

  private async insert(
    { clientId, user, sessionId, by }: CreateGrantParams,
    { id, payload, globalEpoch, expiresAt }: { id: string; payload: object; globalEpoch: number; expiresAt: Date },
    tx: EntityManager,
  ): Promise<Announcement[]> {
    const now = this.clock.now();
    const values = [id, clientId, user.id, sessionId, user.sessionEpoch, globalEpoch, payload, now, expiresAt];
    const surplus: { id: string; clientId: string }[] = await tx.query(INSERT, values);
    const who = { userId: user.id, ...audited(by) };
    const isOffline = sessionId === null;
    await this.audit.record({ type: 'oauth.grant.created', grantId: id, clientId, isOffline, ...who }, tx);
    for (const { id: grantId, clientId: ofClient } of surplus) {
      const one = { grantId, clientId: ofClient, reason: 'too_many_grants' };
      await this.audit.record({ type: 'oauth.grant.revoked', ...one, ...who }, tx);
    }
    const ended = surplus.map((one): Announcement => ({ subject: `grant:${one.id}`, kind: 'ended' }));
    if (ended.length > 0) await this.revocations.announce(ended, tx);
    return ended;
  }

  private endOf({ expiresAt }: CreateGrantParams, session: SessionSnapshot | null): Date {
    const last = session?.absoluteExpiresAt ?? this.clock.in(this.options.of(oauthOptions).oauthOfflineGrantSeconds);
    return expiresAt !== undefined && expiresAt < last ? expiresAt : last;
  }

  private isLive(session: SessionSnapshot | null, userId: string): boolean {
    if (session === null || session.user.id !== userId) return false;
    if (session.endedAt !== null || session.isSuperseded) return false;
    if (session.impersonatorId !== null || session.onlyFor !== null) return false;
    return this.clock.now() < session.absoluteExpiresAt;
  }
}

/** The audit's details of the actor. */
export function audited({ actorId, origin, sessionId }: NonNullable<CreateGrantParams['by']> = {}) {
  return { actorId, origin: origin ?? null, sessionId };
}
