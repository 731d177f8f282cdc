import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min, MinLength, ValidateIf } from 'class-validator';
import { IsText } from '../http/is-text.js';
import type { FollowerMode, LookUpBody, OpenStreamBody, RenewBody } from './wire.js';

/** Absent is allowed, null is not. */
const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

export class OpenStreamRequest implements OpenStreamBody {
  @ApiProperty({
    description:
      '`acknowledged`: revocations wait for this follower. `bounded`: none does, and it follows within twice the lease.',
    enum: ['acknowledged', 'bounded'],
    required: false,
    default: 'acknowledged',
  })
  @IfGiven('mode')
  @IsIn(['acknowledged', 'bounded'])
  mode?: FollowerMode;

  @ApiProperty({
    description: 'Which process it is, for people.',
    minLength: 1,
    maxLength: 100,
    required: false,
    example: 'orders-2',
  })
  @IfGiven('name')
  @MinLength(1)
  @IsText(100)
  name?: string;
}

export class FollowerParams {
  @ApiProperty({
    description: 'Id of the lease, from the first line of the stream.',
    maxLength: 100,
    example: 'a.3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.mZ9p6uY1t8b2Qk4yq0mVgJr8m7s1Xc3nH5d2Wf6aLrE',
  })
  @IsString()
  @MaxLength(100)
  id!: string;
}

export class RenewRequest implements RenewBody {
  @ApiProperty({
    description: 'All revocations up to this number have been applied.',
    type: 'integer',
    minimum: 0,
    example: 4711,
  })
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  applied!: number;

  @ApiProperty({ description: 'Whether the lease is to be prolonged, or only the number noted.', example: true })
  @IsBoolean()
  renews!: boolean;
}

export class LookUpRequest implements LookUpBody {
  @ApiProperty({
    description: 'Access token, API key, or access token of an OAuth client, as it came after `Bearer` or `DPoP`.',
    minLength: 1,
    maxLength: 8192,
    example: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f_5a6b7c8d9e0f5a6b7c8d9e0f5a6b7c8d9e0f5a6b7c8d9e0f5',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(8192)
  ticket!: string;

  @ApiProperty({
    description: 'What the follower had applied before it asked. Absent: it holds no lease.',
    type: 'integer',
    minimum: 0,
    required: false,
    example: 4711,
  })
  @IfGiven('applied')
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  applied?: number;

  @ApiProperty({
    description: 'Whom the ticket must be for, where it says so. Absent: `JWT_AUDIENCE`.',
    minLength: 1,
    maxLength: 512,
    required: false,
    example: 'https://api.example.com/orders',
  })
  @IfGiven('audience')
  @IsString()
  @MinLength(1)
  @MaxLength(512)
  audience?: string;
}
