import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { transactionAfterLostRaces } from '../../database/lost-races.js';
import { Clock } from '../../kernel/clock.js';
import type { Announcement, Subject } from '../../revocation/revocation-feed.js';
import { Revocations } from '../../revocation/revocations.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import { AllowingSessions } from './allowing-sessions.js';
import { audited } from './grant-creation.js';
import type { EndGrantsParams, GrantActor } from './grant-params.js';
import { readPayload } from './grant-payload.js';

/** Announced one by one up to so many; beyond, their user is, by whom no node goes on with what it knew. */
const MOST_ANNOUNCED = 100;

interface EndedGrant {
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
}

/** Ends and changes grants, and revokes single tokens of theirs; each is over on every node when it is acknowledged. */
@Injectable()
export class GrantEnds {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly actors: ActorsInForce,
    private readonly acting: AllowingSessions,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** @see OAuthGrants.end. @param which with a `userId`: only a grant of that user */
  async end(which: { id: string; userId?: string }, reason: string, by: GrantActor): Promise<boolean> {
    const announced = await transactionAfterLostRaces(this.dataSource, async (tx) => {
      await this.actors.assert(by, tx, which.userId);
      const [ended] = await this.endRows(
        'id = $3 AND ($4::uuid IS NULL OR user_id = $4)',
        [which.id, which.userId ?? null],
        reason,
        tx,
      );
      if (!ended) return null;
      const { id: grantId, userId, clientId } = ended;
      await this.audit.record({ type: 'oauth.grant.revoked', userId, grantId, clientId, reason, ...audited(by) }, tx);
      return this.announce([{ subject: `grant:${grantId}`, kind: 'ended' }], tx);
    });
    // Another caller may have ended it just now: "there is none" is answered only once that holds on every node.
    await (announced ? this.revocations.settle(announced) : this.revocations.confirm([]));
    return announced !== null;
  }

  /** @see OAuthGrants.endOf */
  async endOf(params: EndGrantsParams): Promise<number> {
    const { count, announced } = await transactionAfterLostRaces(this.dataSource, (tx) => this.endWithin(params, tx));
    await (announced.length > 0 ? this.revocations.settle(announced) : this.revocations.confirm([]));
    return count;
  }

  /** As {@link endOf}, as part of a transaction: what is returned is to be settled after its commit. */
  async endWithin(
    { userId, clientId, sessionId, reason, by }: EndGrantsParams,
    tx: EntityManager,
  ): Promise<{ count: number; announced: readonly Announcement[] }> {
    const where = `user_id = $3 AND ($4::text IS NULL OR client_id = $4) AND ($5::uuid IS NULL OR session_id = $5)`;
    const ended = await this.endRows(where, [userId, clientId ?? null, sessionId ?? null], reason, tx);
    if (ended.length === 0) return { count: 0, announced: [] };
    const count = ended.length;
    const [one] = ended;
    const which = count === 1 ? { grantId: one!.id, clientId: one!.clientId } : { clientId, count };
    await this.audit.record({ type: 'oauth.grant.revoked', userId, reason, ...which, ...audited(by) }, tx);
    const subjects = count <= MOST_ANNOUNCED ? ended.map(({ id }): Subject => `grant:${id}`) : null;
    const announced = subjects?.map((subject): Announcement => ({ subject, kind: 'ended' }));
    return { count, announced: await this.announce(announced ?? [{ subject: `user:${userId}`, kind: 'changed' }], tx) };
  }

  /** @see OAuthGrants.save */
  async save(
    id: string,
    given: Readonly<Record<string, unknown>>,
    allowed?: { readonly userId: string; readonly by: GrantActor },
  ): Promise<boolean> {
    const payload = readPayload(given);
    const [announced, isLive] = await this.dataSource.transaction(async (tx) => {
      if (allowed && !(await this.acting.isInForce(allowed.userId, allowed.by, tx))) return [[], false] as const;
      const [rows]: [{ changed: boolean }[]] = await tx.query(
        `UPDATE coatcheck.oauth_grants held SET payload = $2
           FROM (SELECT id, payload IS DISTINCT FROM $2::jsonb AS changed FROM coatcheck.oauth_grants
                  WHERE id = $1 AND ended_at IS NULL FOR NO KEY UPDATE) before
          WHERE held.id = before.id RETURNING before.changed`,
        [id, payload],
      );
      if (!rows[0]?.changed) return [[], rows.length > 0] as const;
      return [await this.announce([{ subject: `grant:${id}`, kind: 'changed' }], tx), true] as const;
    });
    if (announced.length > 0) await this.revocations.settle(announced);
    return isLive;
  }

  /** @see OAuthGrants.revokeToken */
  async revokeToken(owner: Subject, jti: string, expiresAt: Date): Promise<void> {
    const announced = await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO coatcheck.oauth_revoked_tokens (owner, jti_hash, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING`,
        [owner, jtiHash(jti), expiresAt],
      );
      return this.announce([{ subject: owner, kind: 'changed' }], tx);
    });
    await this.revocations.settle(announced);
  }

  /**
   * Grants of a session go on in the one that takes its place, which is of the same user. To be called after that has begun and before the
   * old one ends. Returns how many, once no node takes them for the old one's.
   */
  async move(beforeSessionId: string, afterSessionId: string): Promise<number> {
    const { count, announced } = await this.dataSource.transaction(async (tx) => {
      const [moved]: [{ id: string }[]] = await tx.query(
        'UPDATE coatcheck.oauth_grants SET session_id = $2 WHERE session_id = $1 AND ended_at IS NULL RETURNING id',
        [beforeSessionId, afterSessionId],
      );
      // What a node knows of any of them has the old session among its subjects.
      const subjects =
        moved.length > MOST_ANNOUNCED
          ? [`session:${beforeSessionId}` as const]
          : moved.map(({ id }) => `grant:${id}` as const);
      const changed = subjects.map((subject): Announcement => ({ subject, kind: 'changed' }));
      return { count: moved.length, announced: changed.length > 0 ? await this.announce(changed, tx) : [] };
    });
    if (announced.length > 0) await this.revocations.settle(announced);
    return count;
  }

  private async endRows(where: string, values: readonly unknown[], reason: string, tx: EntityManager) {
    const [rows]: [EndedGrant[]] = await tx.query(
      `UPDATE coatcheck.oauth_grants SET ended_at = $1, end_reason = $2 WHERE ended_at IS NULL AND ${where}
       RETURNING id, user_id AS "userId", client_id AS "clientId"`,
      [this.clock.now(), reason, ...values],
    );
    return rows;
  }

  private async announce(announcements: readonly Announcement[], tx: EntityManager): Promise<readonly Announcement[]> {
    await this.revocations.announce(announcements, tx);
    return announcements;
  }
}

/** All that is kept of a `jti`. */
export function jtiHash(jti: string): string {
  return hash('sha256', jti, 'base64url');
}
