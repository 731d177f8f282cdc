import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { transactionAfterLostRaces } from '../../database/lost-races.js';
import { Clock } from '../../kernel/clock.js';
import type { Announcement } from '../../revocation/revocation-feed.js';
import { Revocations } from '../../revocation/revocations.js';
import { UserStore } from '../../users/user.store.js';
import { AllowingSessions } from './allowing-sessions.js';
import { audited } from './grant-creation.js';
import { GrantEnds } from './grant-ends.js';
import type { GrantActor } from './grant-params.js';
import { readPayload, type ScopesByResource } from './grant-payload.js';
import { OAuthConsentEntity } from './oauth-consent.entity.js';

/** Adds the given scopes to those given before: of two at once neither is lost. */
const GIVE = `
  INSERT INTO coatcheck.oauth_consents AS held (user_id, client_id, scopes, given_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (user_id, client_id) DO UPDATE SET given_at = excluded.given_at, scopes = (
    SELECT coalesce(jsonb_object_agg(resource, scopes), '{}') FROM (
      SELECT resource, jsonb_agg(scope ORDER BY scope) AS scopes FROM (
        SELECT one.key AS resource, scope FROM jsonb_each(held.scopes) one, jsonb_array_elements_text(one.value) scope
        UNION
        SELECT one.key, scope FROM jsonb_each(excluded.scopes) one, jsonb_array_elements_text(one.value) scope) each
      GROUP BY resource) merged)`;

/** To what of clients users have said yes. Remembered through bans and resets, and gone with the user, and when the account returns to its owner. */
@Injectable()
export class OAuthConsents {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly ends: GrantEnds,
    private readonly acting: AllowingSessions,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** The scopes by resource, those of OpenID Connect under `openid`; null when there is no consent. */
  async find(userId: string, clientId: string): Promise<ScopesByResource | null> {
    if (clientId.includes('\0')) return null;
    const found = await this.dataSource.manager.findOneBy(OAuthConsentEntity, { userId, clientId });
    return found?.scopes ?? null;
  }

  /**
   * Adds scopes to those that the user has said yes to. A resource of which no scope is given is not remembered.
   *
   * @param user as read when they were asked
   * @returns false when the user was deleted, or the session it is given in, or all of theirs, have ended since
   * @throws AuthError `validation_failed` for what no store could keep
   */
  async give(
    user: { readonly id: string; readonly sessionEpoch: number },
    clientId: string,
    scopes: ScopesByResource,
    by: GrantActor = {},
  ): Promise<boolean> {
    const given = readPayload(scopes);
    return transactionAfterLostRaces(this.dataSource, async (tx) => {
      if (!(await this.acting.isInForce(user.id, by, tx))) return false;
      const found = await this.users.find(user.id, tx);
      if (found?.sessionEpoch !== user.sessionEpoch) return false;
      await tx.query(GIVE, [user.id, clientId, given, this.clock.now()]);
      await this.audit.record(
        { type: 'oauth.consent.given', userId: user.id, clientId, scopes: given, ...audited(by) },
        tx,
      );
      return true;
    });
  }

  /**
   * Forgets a consent and ends all that was granted to the client; returns when no node accepts it. A grant that is being made on this
   * consent is not made, or ends as well.
   *
   * @returns false when there was neither a consent nor a grant
   */
  async withdraw(userId: string, clientId: string, by: GrantActor = {}): Promise<boolean> {
    const announced = await transactionAfterLostRaces(this.dataSource, async (tx) => {
      // Locked: a grant that is being made comes before, and ends, or after, and finds no consent.
      await this.users.find(userId, tx);
      const { affected } = await tx.delete(OAuthConsentEntity, { userId, clientId });
      const ended = await this.ends.endWithin({ userId, clientId, reason: 'consent_withdrawn', by }, tx);
      if (affected !== 1 && ended.count === 0) return null;
      await this.audit.record({ type: 'oauth.consent.withdrawn', userId, clientId, ...audited(by) }, tx);
      return ended.announced;
    });
    await this.settle(announced ?? []);
    return announced !== null;
  }

  /** Another may have withdrawn it just now: who is told that there is none is promised the same. */
  private settle(announced: readonly Announcement[]): Promise<void> {
    return announced.length > 0 ? this.revocations.settle(announced) : this.revocations.confirm([]);
  }
}
