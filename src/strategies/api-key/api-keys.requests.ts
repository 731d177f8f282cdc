import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsUUID,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { SCOPE } from '../../access/scope-policy.js';
import { IsText } from '../../http/is-text.js';
import { MaxDepth } from '../../http/max-depth.decorator.js';

const DAY = 86_400;
const LONGEST = 3650 * DAY;
const MOST = 1_000_000_000;

/** Absent is allowed, null is not. */
const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

export class ApiKeyParams {
  @ApiProperty({
    description: 'Id of the key, as listed.',
    format: 'uuid',
    example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  })
  @IsUUID()
  id!: string;
}

export class OwnedApiKeyParams {
  @ApiProperty({ description: 'Id of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  userId!: string;

  @ApiProperty({ description: 'Id of the key.', format: 'uuid', example: '01936f2e-9c2b-7d4e-8f50-6b7c8d9e0f1a' })
  @IsUUID()
  id!: string;
}

export class ApiKeyOwnerParams {
  @ApiProperty({ description: 'Id of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  userId!: string;
}

export class CreateApiKeyRequest {
  @ApiProperty({ description: 'Purpose of the key.', minLength: 1, maxLength: 100, example: 'nightly export' })
  @MinLength(1)
  @IsText(100)
  name!: string;

  @ApiProperty({
    description: 'Scopes of the key. Each route documents the scopes it requires.',
    type: [String],
    example: ['orders:read'],
  })
  @MaxDepth(1)
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(SCOPE, { each: true, message: 'each scope must have 1 to 64 characters of A-Z a-z 0-9 : . _ / -' })
  scopes!: string[];

  @ApiProperty({
    description: 'Lifetime of the key. Absent: `API_KEY_MAX_SECONDS`; by default the key does not expire.',
    type: 'integer',
    minimum: 1,
    required: false,
  })
  @IfGiven('expiresInSeconds')
  @IsInt()
  @Min(1)
  @Max(LONGEST)
  expiresInSeconds?: number;
}

export class CreateOwnedApiKeyRequest extends CreateApiKeyRequest {
  @ApiProperty({
    description: 'Maximum requests in a window. Absent: `API_KEY_RATE_LIMIT`.',
    type: 'integer',
    minimum: 1,
    required: false,
  })
  @IfGiven('rateLimit')
  @IsInt()
  @Min(1)
  @Max(MOST)
  rateLimit?: number;

  @ApiProperty({
    description: 'Length of the window. Absent: `API_KEY_RATE_LIMIT_WINDOW_SECONDS`.',
    type: 'integer',
    minimum: 1,
    required: false,
  })
  @IfGiven('rateLimitWindowSeconds')
  @IsInt()
  @Min(1)
  @Max(DAY)
  rateLimitWindowSeconds?: number;

  @ApiProperty({
    description: 'Maximum requests in a longer window. Absent: `API_KEY_QUOTA`.',
    type: 'integer',
    minimum: 1,
    required: false,
  })
  @IfGiven('quota')
  @IsInt()
  @Min(1)
  @Max(MOST)
  quota?: number;

  @ApiProperty({
    description: 'Length of the longer window. Absent: `API_KEY_QUOTA_WINDOW_SECONDS`.',
    type: 'integer',
    minimum: 1,
    required: false,
  })
  @IfGiven('quotaWindowSeconds')
  @IsInt()
  @Min(1)
  @Max(366 * DAY)
  quotaWindowSeconds?: number;
}

export class RotateApiKeyRequest {
  @ApiProperty({
    description: 'How long the old key stays valid. 0: it is revoked at once. Absent: `API_KEY_OVERLAP_SECONDS`.',
    type: 'integer',
    minimum: 0,
    required: false,
    example: 3600,
  })
  @IfGiven('overlapSeconds')
  @IsInt()
  @Min(0)
  @Max(30 * DAY)
  overlapSeconds?: number;
}
