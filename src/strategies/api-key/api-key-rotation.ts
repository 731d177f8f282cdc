import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../../kernel/instant.js';
import { Revocations } from '../../revocation/revocations.js';
import { SessionEpochs } from '../../sessions/session-epochs.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyIssuer } from './api-key-issuer.js';
import { apiKeyOptions } from './api-key-options.js';
import type { ApiKeyActor, NewApiKey } from './api-key-params.js';

/** Puts new keys in the place of old ones, which live on for a while, so that nothing stands still. */
@Injectable()
export class ApiKeyRotation {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly issuer: ApiKeyIssuer,
    private readonly epochs: SessionEpochs,
    private readonly revocations: Revocations,
    private readonly options: Options,
    private readonly clock: Clock,
  ) {}

  /**
   * A new key with the name, scopes, limits and length of life of another. The old one lives for the overlap, if it would have
   * lived so long, and no node accepts it any longer; it can be rotated once.
   *
   * @throws AuthError `not_found`; `conflict` when it was rotated already or has run out, or there are too many
   */
  async rotate(userId: string, id: string, overlapSeconds: number | undefined, by: ApiKeyActor): Promise<NewApiKey> {
    const overlap = overlapSeconds ?? this.options.of(apiKeyOptions).apiKeyOverlapSeconds;
    const globalEpoch = await this.epochs.globalEpoch();
    const announcements = [{ subject: `key:${id}`, kind: 'changed' }] as const;
    const made = await this.dataSource.transaction(async (manager) => {
      const user = await this.issuer.owner(userId, by, manager);
      const old = await this.current({ id, userId, epoch: globalEpoch }, manager);
      this.issuer.assertGrantable(user, old.scopes);
      await this.issuer.assertBelowLimit(userId, globalEpoch, 2, manager);
      const { familyId, name, scopes, rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds } = old;
      const limits = { rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds };
      const draft = { name, scopes, epoch: globalEpoch, familyId, replacedKeyId: id, ...limits };
      const fresh = await this.issuer.issue(user, { ...draft, expiresAt: this.sameLife(old) }, by, manager);
      const end = earlier(old.expiresAt, this.clock.in(overlap));
      await manager.update(ApiKeyEntity, { id }, { rotatedAt: this.clock.now(), expiresAt: end });
      await this.revocations.announce(announcements, manager);
      return fresh;
    });
    await this.revocations.settle(announcements);
    return made;
  }

  /** Locked by its user's lock: of several rotations at once the others find it rotated. */
  private async current(
    which: Pick<ApiKeyEntity, 'id' | 'userId' | 'epoch'>,
    within: EntityManager,
  ): Promise<ApiKeyEntity> {
    const key = await within.findOneBy(ApiKeyEntity, { ...which, revokedAt: IsNull() });
    if (!key) throw new AuthError('not_found', { reason: 'no_such_api_key' });
    readInstant(key.createdAt, 'api_keys.created_at');
    const expiresAt = readInstantOrNull(key.expiresAt, 'api_keys.expires_at');
    const isOver = expiresAt !== null && expiresAt <= this.clock.now();
    if (readInstantOrNull(key.rotatedAt, 'api_keys.rotated_at') === null && !isOver) return key;
    throw new AuthError('conflict', { reason: isOver ? 'api_key_expired' : 'api_key_rotated_already' });
  }

  /** But no longer than keys may live by now. */
  private sameLife({ createdAt, expiresAt }: ApiKeyEntity): Date | null {
    const { apiKeyMaxSeconds } = this.options.of(apiKeyOptions);
    const most = apiKeyMaxSeconds === 0 ? null : this.clock.in(apiKeyMaxSeconds);
    if (expiresAt === null) return most;
    const same = this.clock.in((expiresAt.getTime() - createdAt.getTime()) / 1000);
    return earlier(most, same);
  }
}

function earlier(one: Date | null, other: Date): Date {
  return one !== null && one < other ? one : other;
}
