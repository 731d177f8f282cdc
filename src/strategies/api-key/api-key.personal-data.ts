import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, MoreThan } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { PersonalData } from '../../kernel/personal-data.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { apiKeyPrefix } from './api-key.js';
import { ApiKeyUsageEntity } from './api-key-usage.entity.js';
import { ApiKeyUsage } from './api-key-usage.js';
import { ApiKeys } from './api-keys.js';

/** Each has ninety days of usage at most. */
const TOGETHER = 20;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** API keys, revoked ones while they are kept, and how often each was used on which day. */
@Injectable()
export class ApiKeyPersonalData extends PersonalData {
  readonly name = 'apiKeys';

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly usage: ApiKeyUsage,
    private readonly keys: ApiKeys,
  ) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    await this.usage.flush();
    for (let after = FIRST_ID; ; ) {
      const where = { userId, id: MoreThan(after) };
      const keys = await this.dataSource.manager.find(ApiKeyEntity, { where, order: { id: 'ASC' }, take: TOGETHER });
      const days = await this.usageOf(keys);
      yield keys.map((key) => ({ ...exported(key), usage: days.filter(({ keyId }) => keyId === key.id).map(ofDay) }));
      if (keys.length < TOGETHER) return;
      after = keys.at(-1)!.id;
    }
  }

  override async countEnding(userId: string): Promise<number> {
    return (await this.keys.listOf(userId)).length;
  }

  private usageOf(keys: readonly ApiKeyEntity[]): Promise<ApiKeyUsageEntity[]> {
    const where = { keyId: In(keys.map(({ id }) => id)) };
    return this.dataSource.manager.find(ApiKeyUsageEntity, { where, order: { day: 'ASC' } });
  }
}

function ofDay({ day, requests, refused }: ApiKeyUsageEntity): object {
  return { day, requests, refused };
}

function exported(key: ApiKeyEntity): object {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt, rotatedAt, revokedAt } = key;
  return { id, prefix: apiKeyPrefix(id), name, scopes, createdAt, expiresAt, lastUsedAt, rotatedAt, revokedAt };
}
