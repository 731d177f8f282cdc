import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ScopePolicy } from '../../access/scope-policy.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { Notices } from '../../mail/notices.js';
import type { Announcement } from '../../revocation/revocation-feed.js';
import { Revocations } from '../../revocation/revocations.js';
import { SessionEpochs } from '../../sessions/session-epochs.js';
import { isBanned, toAuthUser, type UserRecord, UserStore } from '../../users/user.store.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { apiKeyPrefix, mintApiKey } from './api-key.js';
import { apiKeyOptions } from './api-key-options.js';
import type { ApiKeyActor, ApiKeyOrder, NewApiKey } from './api-key-order.js';
import { ApiKeyUsage } from './api-key-usage.js';

/** The life of keys: made, listed, rotated, revoked. What one is worth in a request: `ApiKeyStrategy`. */
@Injectable()
export class ApiKeys {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly epochs: SessionEpochs,
    private readonly scopePolicy: ScopePolicy,
    private readonly usage: ApiKeyUsage,
    private readonly revocations: Revocations,
    private readonly notices: Notices,
    private readonly audit: AuditSink,
    private readonly options: Options,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a key that acts for the user, and tells the user by mail.
   *
   * @throws AuthError `validation_failed` for scopes or a life it may not have; `conflict` when there are too many keys
   */
  async create(userId: string, order: ApiKeyOrder, by: ApiKeyActor): Promise<NewApiKey> {
    const everybody = await this.epochs.ofEverybody();
    const lifeSeconds = this.lifeOf(order.expiresInSeconds);
    return this.dataSource.transaction(async (manager) => {
      const user = await this.ownerOf(userId, by, everybody, manager);
      this.assertGrantable(user, order.scopes);
      await this.assertRoom(userId, everybody, manager);
      const id = uuidv7({ msecs: this.clock.now().getTime() });
      const expiresAt = lifeSeconds === null ? null : this.clock.in(lifeSeconds);
      const { name, scopes, rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds } = order;
      const limits = { rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds };
      const made = { id, familyId: id, userId, name, scopes: [...scopes], epoch: everybody, expiresAt, ...limits };
      return this.insert(made, user, 'api_keys.created', by, manager);
    });
  }

  /** Those that are not revoked, the latest made first. */
  async listOf(userId: string): Promise<ApiKeyEntity[]> {
    await this.usage.flush();
    const where = { userId, revokedAt: IsNull(), epoch: await this.epochs.ofEverybody() };
    return this.dataSource.manager.find(ApiKeyEntity, { where, order: { id: 'DESC' } });
  }

  /** @throws AuthError `not_found` unless the user has such a key that was not revoked */
  async get(userId: string, id: string): Promise<ApiKeyEntity> {
    const where = { id, userId, revokedAt: IsNull(), epoch: await this.epochs.ofEverybody() };
    const key = await this.dataSource.manager.findOneBy(ApiKeyEntity, where);
    if (!key) throw notFound();
    return key;
  }

  /**
   * Puts a new key in the place of another, with its name, scopes, limits and length of life. The old one lives for the overlap;
   * it can be rotated once.
   *
   * @throws AuthError `not_found`; `conflict` when it was rotated already or has run out
   */
  async rotate(userId: string, id: string, overlapSeconds: number | undefined, by: ApiKeyActor): Promise<NewApiKey> {
    const overlap = overlapSeconds ?? this.options.of(apiKeyOptions).apiKeyOverlapSeconds;
    const everybody = await this.epochs.ofEverybody();
    const made = await this.dataSource.transaction(async (manager) => {
      const user = await this.ownerOf(userId, by, everybody, manager);
      const where = { id, userId, revokedAt: IsNull(), epoch: everybody };
      const old = await manager.findOne(ApiKeyEntity, { where, lock: { mode: 'pessimistic_write' } });
      if (!old) throw notFound();
      const now = this.clock.now();
      const isOver = old.expiresAt !== null && old.expiresAt <= now;
      if (old.rotatedAt !== null || isOver) throw new AuthError('conflict', { reason: 'api_key_not_current' });
      this.assertGrantable(user, old.scopes);
      const end = this.clock.in(overlap);
      const expiresAt = old.expiresAt !== null && old.expiresAt < end ? old.expiresAt : end;
      const { familyId, name, scopes, rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds } = old;
      const next = { id: uuidv7({ msecs: now.getTime() }), userId, familyId, name, scopes, epoch: everybody };
      const limits = { rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds };
      const life = old.expiresAt && new Date(now.getTime() + (old.expiresAt.getTime() - old.createdAt.getTime()));
      const order = { ...next, ...limits, expiresAt: life };
      const fresh = await this.insert(order, user, 'api_keys.rotated', { ...by, replacedKeyId: id }, manager);
      await manager.update(ApiKeyEntity, { id }, { rotatedAt: now, expiresAt });
      await this.revocations.announce(newsOf(id, 'changed'), manager);
      return fresh;
    });
    await this.revocations.settle(newsOf(id, 'changed'));
    return made;
  }

  /**
   * Revokes a key; returns when no node accepts it any more.
   *
   * @throws AuthError `not_found` unless the user had such a key; of several at once exactly one returns
   */
  async revoke(userId: string, id: string, by: ApiKeyActor): Promise<void> {
    const won = await this.dataSource.transaction(async (manager) => {
      const where = { id, userId, revokedAt: IsNull() };
      const { affected } = await manager.update(ApiKeyEntity, where, { revokedAt: this.clock.now() });
      if (affected !== 1) return false;
      const { actorId, origin, sessionId } = by;
      await this.audit.record({ type: 'api_keys.revoked', userId, keyId: id, actorId, origin, sessionId }, manager);
      await this.revocations.announce(newsOf(id, 'ended'), manager);
      return true;
    });
    if (won) return this.revocations.settle(newsOf(id, 'ended'));
    // Somebody else may be about to be answered: what they are promised holds for whoever comes second.
    await this.revocations.confirm([]);
    throw notFound();
  }

  private async insert(
    made: Omit<ApiKeyEntity, 'secretHash' | 'createdAt' | 'lastUsedAt' | 'rotatedAt' | 'revokedAt'>,
    user: UserRecord,
    type: string,
    { actorId, origin, sessionId, replacedKeyId }: ApiKeyActor & { readonly replacedKeyId?: string },
    manager: EntityManager,
  ): Promise<NewApiKey> {
    const { apiKey, secretHash } = mintApiKey(made.id);
    const createdAt = this.clock.now();
    const unused = { lastUsedAt: null, rotatedAt: null, revokedAt: null };
    const key: ApiKeyEntity = { ...made, secretHash, createdAt, ...unused };
    await manager.insert(ApiKeyEntity, key);
    const { id: keyId, userId, scopes, expiresAt } = key;
    const event = { type, userId, keyId, scopes, expiresAt, replacedKeyId, actorId, origin, sessionId };
    await this.audit.record(event, manager);
    const values = { at: createdAt.toISOString(), prefix: apiKeyPrefix(keyId) };
    await this.notices.send('api-key-created', user, values, manager);
    return { apiKey, key };
  }

  /** Locks the user. Whoever was logged out everywhere, or banned, while the request was under way, makes none. */
  private async ownerOf(
    id: string,
    { ownSessionEpoch }: ApiKeyActor,
    everybody: number,
    manager: EntityManager,
  ): Promise<UserRecord> {
    const user = await this.users.find(id, manager);
    if (!user) throw notFound();
    const isOfThisEpoch = ownSessionEpoch === undefined || ownSessionEpoch === user.sessionEpoch + everybody;
    if (!isOfThisEpoch) throw new AuthError('session_ended', { reason: 'revoked' });
    if (isBanned(user, this.clock.now())) throw new AuthError('conflict', { reason: 'user_banned' });
    return user;
  }

  private assertGrantable(user: UserRecord, scopes: readonly string[]): void {
    const offered = this.options.of(apiKeyOptions).apiKeyScopes;
    const isOffered = (scope: string) => offered.length === 0 || offered.includes(scope);
    const owner = toAuthUser(user);
    const refused = scopes.find((scope) => !isOffered(scope) || !this.scopePolicy.mayHold(owner, scope));
    if (refused === undefined) return;
    const errors = [{ field: 'scopes', rule: 'isGrantable', message: `scopes must not contain ${refused}` }];
    throw new AuthError('validation_failed', { reason: 'scope_not_grantable', errors });
  }

  private async assertRoom(userId: string, epoch: number, manager: EntityManager): Promise<void> {
    const { apiKeysPerUser } = this.options.of(apiKeyOptions);
    // The user is locked: two at once are counted one after the other.
    const live = await manager
      .createQueryBuilder(ApiKeyEntity, 'k')
      .where('k.user_id = :userId AND k.epoch = :epoch AND k.revoked_at IS NULL', { userId, epoch })
      .andWhere('(k.expires_at IS NULL OR k.expires_at > :now)', { now: this.clock.now() })
      .getCount();
    if (live >= apiKeysPerUser) throw new AuthError('conflict', { reason: 'too_many_api_keys' });
  }

  private lifeOf(wished: number | undefined): number | null {
    const { apiKeyMaxSeconds: most } = this.options.of(apiKeyOptions);
    if (most === 0) return wished ?? null;
    if (wished === undefined) return most;
    if (wished <= most) return wished;
    const errors = [{ field: 'expiresInSeconds', rule: 'max', message: `expiresInSeconds must not be above ${most}` }];
    throw new AuthError('validation_failed', { reason: 'api_key_lives_too_long', errors });
  }
}

function newsOf(id: string, kind: Announcement['kind']): Announcement[] {
  return [{ subject: `key:${id}`, kind }];
}

function notFound(): AuthError {
  return new AuthError('not_found', { reason: 'no_such_api_key' });
}
