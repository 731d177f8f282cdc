import { ApiProperty } from '@nestjs/swagger';
import { pageOf } from '../../http/page-of.js';
import { NEXT_CURSOR, type PageQuery } from '../../http/page-query.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { apiKeyPrefix } from './api-key.js';
import type { NewApiKey } from './api-key-params.js';
import type { DayOfUsage } from './api-key-usage.js';

const INSTANT = { type: 'string', format: 'date-time' } as const;
const NUMBER = { type: 'integer', nullable: true, example: null } as const;

/** All that may be shown of a key. */
export class ApiKeyReply {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({ description: 'Name of the key.', example: 'nightly export' })
  name!: string;

  @ApiProperty({
    description: 'Beginning of the key, which is not secret.',
    example: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f',
  })
  prefix!: string;

  @ApiProperty({ description: 'Scopes of the key.', type: [String], example: ['orders:read'] })
  scopes!: readonly string[];

  @ApiProperty({ description: 'RFC 3339, UTC.', ...INSTANT, example: '2026-11-21T09:00:00.000Z' })
  createdAt!: Date;

  @ApiProperty({
    description: 'Time of the last use, written with a delay of some seconds; null: never.',
    ...INSTANT,
    nullable: true,
    example: null,
  })
  lastUsedAt!: Date | null;

  @ApiProperty({
    description: 'Expiry time; null: the key does not expire.',
    ...INSTANT,
    nullable: true,
    example: '2027-11-21T09:00:00.000Z',
  })
  expiresAt!: Date | null;

  @ApiProperty({
    description: 'Time at which the key was rotated; null: it was not.',
    ...INSTANT,
    nullable: true,
    example: null,
  })
  rotatedAt!: Date | null;

  @ApiProperty({ description: 'Maximum requests in a window, if the key has a limit of its own.', ...NUMBER })
  rateLimit!: number | null;

  @ApiProperty({ description: 'Length of that window, if the key has one of its own.', ...NUMBER })
  rateLimitWindowSeconds!: number | null;

  @ApiProperty({ description: 'Maximum requests in a longer window, if the key has a quota of its own.', ...NUMBER })
  quota!: number | null;

  @ApiProperty({ description: 'Length of that longer window, if the key has one of its own.', ...NUMBER })
  quotaWindowSeconds!: number | null;

  static of(key: ApiKeyEntity): ApiKeyReply {
    const { id, name, scopes, createdAt, lastUsedAt, expiresAt, rotatedAt } = key;
    const { rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds } = key;
    const limits = { rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds };
    return { id, name, prefix: apiKeyPrefix(id), scopes, createdAt, lastUsedAt, expiresAt, rotatedAt, ...limits };
  }
}

/** A key just made. */
export class NewApiKeyReply extends ApiKeyReply {
  @ApiProperty({
    description: 'The key itself, shown only once: `cck_<public id>_<secret><checksum>`.',
    format: 'password',
    example: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f_…',
  })
  apiKey!: string;

  static from({ apiKey, key }: NewApiKey): NewApiKeyReply {
    return { apiKey, ...ApiKeyReply.of(key) };
  }
}

export class ApiKeysReply {
  @ApiProperty({ description: 'Keys that are not revoked, the most recently created first.', type: [ApiKeyReply] })
  apiKeys!: ApiKeyReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;

  static of(keys: readonly ApiKeyEntity[], query: PageQuery): ApiKeysReply {
    const { lines, nextCursor } = pageOf(keys, query, ({ createdAt }) => createdAt);
    return { apiKeys: lines.map(ApiKeyReply.of), nextCursor };
  }
}

export class DayOfUsageReply {
  @ApiProperty({ description: 'Day, in UTC.', format: 'date', example: '2026-11-21' })
  day!: string;

  @ApiProperty({ description: 'Number of requests in which the key was recognized.', type: 'integer', example: 1201 })
  requests!: number;

  @ApiProperty({
    description: 'Number of these requests that a limit of the key refused.',
    type: 'integer',
    example: 1,
  })
  refused!: number;
}

export class ApiKeyUsageReply {
  @ApiProperty({
    description: 'Days within the last 90 on which the key was used, the most recent first.',
    type: [DayOfUsageReply],
  })
  days!: DayOfUsage[];
}
