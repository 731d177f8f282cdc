import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { SCOPE } from '../../access/scope-policy.js';
import { MaxDepth } from '../../http/max-depth.decorator.js';

const DAY = 86_400;
const LONGEST = 3650 * DAY;
const MOST = 1_000_000_000;

/** Absent is allowed, null is not. */
const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

export class ApiKeyParams {
  @ApiProperty({ description: 'As in the list.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  id!: string;
}

export class OwnedApiKeyParams {
  @ApiProperty({ description: 'Of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  userId!: string;

  @ApiProperty({ description: 'Of the key.', format: 'uuid', example: '01936f2e-9c2b-7d4e-8f50-6b7c8d9e0f1a' })
  @IsUUID()
  id!: string;
}

export class ApiKeyOwnerParams {
  @ApiProperty({ description: 'Of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  userId!: string;
}

export class CreateApiKeyRequest {
  @ApiProperty({ description: 'What the key is for.', minLength: 1, maxLength: 100, example: 'nightly export' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  // PostgreSQL takes neither NUL nor half a character.
  @Matches(/^[^\0\p{Cs}]*$/u, { message: '$property must be well-formed text without NUL' })
  name!: string;

  @ApiProperty({ description: 'What it may do; routes say what they need.', type: [String], example: ['orders:read'] })
  @MaxDepth(1)
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(SCOPE, { each: true, message: 'each scope must be 1 to 64 of A-Z a-z 0-9 : . _ / -' })
  scopes!: string[];

  @ApiProperty({
    description: 'Absent: as the options say, by default for ever.',
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
    description: 'Requests in a window. Absent: `API_KEY_RATE_LIMIT`.',
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
    description: 'Absent: `API_KEY_RATE_LIMIT_WINDOW_SECONDS`.',
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
    description: 'The same over a longer time. Absent: `API_KEY_QUOTA`.',
    type: 'integer',
    minimum: 1,
    required: false,
  })
  @IfGiven('quota')
  @IsInt()
  @Min(1)
  @Max(MOST)
  quota?: number;

  @ApiProperty({ description: 'Absent: `API_KEY_QUOTA_WINDOW_SECONDS`.', type: 'integer', minimum: 1, required: false })
  @IfGiven('quotaWindowSeconds')
  @IsInt()
  @Min(1)
  @Max(366 * DAY)
  quotaWindowSeconds?: number;
}

export class RotateApiKeyRequest {
  @ApiProperty({
    description: 'How long the old key lives on; 0: not at all. Absent: `API_KEY_OVERLAP_SECONDS`.',
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
