import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { Revocations } from '../../revocation/revocations.js';
import { SessionEpochs } from '../../sessions/session-epochs.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyIssuer } from './api-key-issuer.js';
import { apiKeyOptions } from './api-key-options.js';
import type { ApiKeyActor, CreateApiKeyParams, NewApiKey } from './api-key-params.js';
import { ApiKeyUsage } from './api-key-usage.js';

/** Creates, lists, rotates and revokes API keys. What one is worth in a request: `ApiKeyStrategy`. */
@Injectable()
export class ApiKeys {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly issuer: ApiKeyIssuer,
    private readonly epochs: SessionEpochs,
    private readonly usage: ApiKeyUsage,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly options: Options,
    private readonly clock: Clock,
  ) {}

  /** Whether the strategy is switched on: a key that is not accepted must not be issued. */
  get areAccepted(): boolean {
    return this.options.of(coreOptions).authStrategies.includes('api-key');
  }

  /**
   * Makes a key that acts for the user, and tells the user by mail.
   *
   * @throws AuthError `validation_failed` for scopes or a life it may not have; `conflict` when there are too many keys
   */
  async create(
    userId: string,
    { expiresInSeconds, ...order }: CreateApiKeyParams,
    by: ApiKeyActor,
  ): Promise<NewApiKey> {
    const globalEpoch = await this.epochs.globalEpoch();
    const lifeSeconds = this.lifeOf(expiresInSeconds);
    const expiresAt = lifeSeconds === null ? null : this.clock.in(lifeSeconds);
    return this.dataSource.transaction(async (manager) => {
      const user = await this.issuer.owner(userId, by, manager);
      this.issuer.assertGrantable(user, order.scopes);
      await this.issuer.assertBelowLimit(user.id, globalEpoch, 1, manager);
      const draft = { ...order, scopes: [...order.scopes], expiresAt, epoch: globalEpoch };
      return this.issuer.issue(user, draft, by, manager);
    });
  }

  /** Those that are not revoked, the latest made first. */
  async listOf(userId: string): Promise<ApiKeyEntity[]> {
    await this.usage.flush();
    const where = { userId, revokedAt: IsNull(), epoch: await this.epochs.globalEpoch() };
    return this.dataSource.manager.find(ApiKeyEntity, { where, order: { id: 'DESC' } });
  }

  /** @throws AuthError `not_found` unless the user has such a key that was not revoked */
  async get(userId: string, id: string): Promise<ApiKeyEntity> {
    const where = { id, userId, revokedAt: IsNull(), epoch: await this.epochs.globalEpoch() };
    const key = await this.dataSource.manager.findOneBy(ApiKeyEntity, where);
    if (!key) throw notFound();
    return key;
  }

  /**
   * Revokes a key, and those it took the place of that live on; returns when no node accepts it any more.
   *
   * @throws AuthError `not_found` unless the user had such a key; of several at once exactly one returns
   */
  async revoke(userId: string, id: string, by: ApiKeyActor): Promise<void> {
    const { actorId, origin, sessionId } = by;
    const announcements = await this.dataSource.transaction(async (manager) => {
      await this.issuer.lockOwner(userId, by, manager);
      const where = { id, userId, revokedAt: IsNull() };
      const { affected } = await manager.update(ApiKeyEntity, where, { revokedAt: this.clock.now() });
      if (affected !== 1) return null;
      const who = { userId, actorId, origin, sessionId };
      await this.audit.record({ type: 'api_key.revoked', keyId: id, ...who }, manager);
      const replaced = await this.revokeReplacedBy(id, manager);
      for (const keyId of replaced) {
        await this.audit.record({ type: 'api_key.revoked', keyId, reason: 'successor_revoked', ...who }, manager);
      }
      const ended = [id, ...replaced].map((keyId) => ({ subject: `key:${keyId}` as const, kind: 'ended' as const }));
      await this.revocations.announce(ended, manager);
      return ended;
    });
    if (announcements) return this.revocations.settle(announcements);
    // Another caller may have revoked it just now: "there is none" is answered only once that holds on every node.
    await this.revocations.confirm([]);
    throw notFound();
  }

  /** Those that live on for the overlap: revoking a key means the one it replaced, too. */
  private async revokeReplacedBy(id: string, manager: EntityManager): Promise<string[]> {
    const [rows] = await manager.query<[{ id: string }[]]>(
      `UPDATE coatcheck.api_keys replaced SET revoked_at = $2 FROM coatcheck.api_keys named
        WHERE named.id = $1 AND replaced.user_id = named.user_id AND replaced.family_id = named.family_id
          AND replaced.created_at < named.created_at AND replaced.rotated_at IS NOT NULL AND replaced.revoked_at IS NULL
        RETURNING replaced.id`,
      [id, this.clock.now()],
    );
    return rows.map((row) => row.id);
  }

  private lifeOf(wished: number | undefined): number | null {
    const { apiKeyMaxSeconds: most } = this.options.of(apiKeyOptions);
    if (most === 0) return wished ?? null;
    if (wished === undefined) return most;
    if (wished <= most) return wished;
    const errors = [{ field: 'expiresInSeconds', rule: 'max', message: `expiresInSeconds must not exceed ${most}` }];
    throw new AuthError('validation_failed', { reason: 'api_key_lives_too_long', errors });
  }
}

function notFound(): AuthError {
  return new AuthError('not_found', { reason: 'no_such_api_key' });
}
