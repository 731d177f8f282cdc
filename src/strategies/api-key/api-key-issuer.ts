import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ScopePolicy } from '../../access/scope-policy.js';
import type { AuditEventType } from '../../audit/audit-event-types.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { causedBy } from '../../mail/mail-cause.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import { SecurityNotifications } from '../../security/security-notifications.js';
import { isBanned, toAuthUser, type UserRecord, UserStore } from '../../users/user.store.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { apiKeyPrefix, mintApiKey } from './api-key.js';
import { apiKeyOptions } from './api-key-options.js';
import type { ApiKeyActor, ApiKeyAllowance, NewApiKey } from './api-key-params.js';

/** A key to be written, nothing about it checked. */
export interface ApiKeyDraft extends ApiKeyAllowance, Pick<ApiKeyEntity, 'name' | 'scopes' | 'expiresAt' | 'epoch'> {
  /** Absent: the first of its family. */
  readonly familyId?: string;
  /** The one it takes the place of. */
  readonly replacedKeyId?: string;
}

/** Creates keys, new ones and those that replace others. All of it is part of the caller's transaction. */
@Injectable()
export class ApiKeyIssuer {
  constructor(
    private readonly users: UserStore,
    private readonly actors: ActorsInForce,
    private readonly scopePolicy: ScopePolicy,
    private readonly notifications: SecurityNotifications,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    private readonly options: Options,
  ) {}

  /**
   * Locks the user. A user or admin who was logged out everywhere, or banned, while the request was in flight, creates no key.
   *
   * @throws AuthError `not_found`; `session_ended`; `conflict` for a banned user
   */
  async owner(id: string, by: ApiKeyActor, within: EntityManager): Promise<UserRecord> {
    const { ownSessionEpoch } = by;
    await this.actors.assert(by, within, id);
    const user = await this.users.find(id, within);
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    const isOfThisEpoch = ownSessionEpoch === undefined || ownSessionEpoch === user.sessionEpoch;
    if (!isOfThisEpoch) throw new AuthError('session_ended', { reason: 'revoked' });
    if (isBanned(user, this.clock.now())) throw new AuthError('conflict', { reason: 'user_banned' });
    return user;
  }

  /**
   * For changes of several keys of one user at once. Nothing when there is no such user.
   *
   * @throws AuthError `session_ended`, `forbidden` when an admin may not any more
   */
  async lockOwner(id: string, by: ApiKeyActor, within: EntityManager): Promise<void> {
    await this.actors.lockedTarget(by, id, within);
  }

  /** @throws AuthError `validation_failed` for scopes that are not offered, or not the user's to give */
  assertGrantable(user: UserRecord, scopes: readonly string[]): void {
    const offered = this.options.of(apiKeyOptions).apiKeyScopes;
    const isOffered = (scope: string) => offered.length === 0 || offered.includes(scope);
    const owner = toAuthUser(user);
    const refused = scopes.find((scope) => !isOffered(scope) || !this.scopePolicy.mayHold(owner, scope));
    if (refused === undefined) return;
    const errors = [{ field: 'scopes', rule: 'isGrantable', message: `scopes must not contain ${refused}` }];
    throw new AuthError('validation_failed', { reason: 'scope_not_grantable', errors });
  }

  /**
   * The user is locked: of two at once the second counts the first.
   *
   * @param times how often `API_KEYS_PER_USER` there may be: while each is rotated there are two of it
   * @throws AuthError `conflict` when there are too many keys
   */
  async assertBelowLimit(userId: string, epoch: number, times: 1 | 2, within: EntityManager): Promise<void> {
    const live = await within
      .createQueryBuilder(ApiKeyEntity, 'k')
      .where('k.user_id = :userId AND k.epoch = :epoch AND k.revoked_at IS NULL', { userId, epoch })
      .andWhere('(k.expires_at IS NULL OR k.expires_at > :now)', { now: this.clock.now() })
      .getCount();
    if (live < times * this.options.of(apiKeyOptions).apiKeysPerUser) return;
    throw new AuthError('conflict', { reason: 'too_many_api_keys' });
  }

  /** Writes it, tells the audit, and the user by mail. */
  async issue(user: UserRecord, draft: ApiKeyDraft, by: ApiKeyActor, within: EntityManager): Promise<NewApiKey> {
    const createdAt = this.clock.now();
    const id = uuidv7({ msecs: createdAt.getTime() });
    const { replacedKeyId, familyId = id, ...wished } = draft;
    const { apiKey, secretHash } = mintApiKey(id);
    const unused = { lastUsedAt: null, rotatedAt: null, revokedAt: null };
    const key: ApiKeyEntity = { ...wished, id, familyId, userId: user.id, secretHash, createdAt, ...unused };
    await within.insert(ApiKeyEntity, key);
    const type: AuditEventType = replacedKeyId === undefined ? 'api_key.created' : 'api_key.rotated';
    const { actorId, origin, sessionId } = by;
    const event = { type, userId: user.id, keyId: id, scopes: key.scopes, replacedKeyId, actorId, origin, sessionId };
    await this.audit.record(event, within);
    causedBy(origin, within);
    const values = { at: createdAt.toISOString(), prefix: apiKeyPrefix(id) };
    await this.notifications.sendWayIn('api-key-created', user, values, { since: createdAt, within });
    return { apiKey, key };
  }
}
