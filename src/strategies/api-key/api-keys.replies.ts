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

  @ApiProperty({ description: 'As given.', example: 'nightly export' })
  name!: string;

  @ApiProperty({ description: 'How the key begins. Opens nothing.', example: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f' })
  prefix!: string;

  @ApiProperty({ description: 'What it may do.', type: [String], example: ['orders:read'] })
  scopes!: readonly string[];

  @ApiProperty({ description: 'RFC 3339, UTC.', ...INSTANT, example: '2026-11-21T09:00:00.000Z' })
  createdAt!: Date;

  @ApiProperty({ description: 'Some seconds late; null: never.', ...INSTANT, nullable: true, example: null })
  lastUsedAt!: Date | null;

  @ApiProperty({ description: 'Null: never.', ...INSTANT, nullable: true, example: '2027-11-21T09:00:00.000Z' })
  expiresAt!: Date | null;

  @ApiProperty({
    description: 'When another took its place; null: none has.',
    ...INSTANT,
    nullable: true,
    example: null,
  })
  rotatedAt!: Date | null;

  @ApiProperty({ description: 'Requests in a window, if it has a limit of its own.', ...NUMBER })
  rateLimit!: number | null;

  @ApiProperty({ description: 'That window, if it is its own.', ...NUMBER })
  rateLimitWindowSeconds!: number | null;

  @ApiProperty({ description: 'Requests over a longer time, if it has a quota of its own.', ...NUMBER })
  quota!: number | null;

  @ApiProperty({ description: 'That time, if it is its own.', ...NUMBER })
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
    description: 'The key itself, shown this once: `cck_<public id>_<secret><checksum>`.',
    format: 'password',
    example: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f_…',
  })
  apiKey!: string;

  static from({ apiKey, key }: NewApiKey): NewApiKeyReply {
    return { apiKey, ...ApiKeyReply.of(key) };
  }
}

export class ApiKeysReply {
  @ApiProperty({ description: 'Those that are not revoked, the latest made first.', type: [ApiKeyReply] })
  apiKeys!: ApiKeyReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;

  static of(keys: readonly ApiKeyEntity[], query: PageQuery): ApiKeysReply {
    const { lines, nextCursor } = pageOf(keys, query, ({ createdAt }) => createdAt);
    return { apiKeys: lines.map(ApiKeyReply.of), nextCursor };
  }
}

export class DayOfUsageReply {
  @ApiProperty({ description: 'In UTC.', format: 'date', example: '2026-11-21' })
  day!: string;

  @ApiProperty({ description: 'Requests in which the key was recognised.', type: 'integer', example: 1201 })
  requests!: number;

  @ApiProperty({ description: 'Of these, the ones that a limit of the key refused.', type: 'integer', example: 1 })
  refused!: number;
}

export class ApiKeyUsageReply {
  @ApiProperty({
    description: 'The days of the last 90 on which it was used, the latest first.',
    type: [DayOfUsageReply],
  })
  days!: DayOfUsage[];
}
