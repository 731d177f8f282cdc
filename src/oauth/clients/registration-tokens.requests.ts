import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsUUID, Max, Min } from 'class-validator';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { ShownRegistrationToken } from './registration-tokens.js';

const DAY = 86_400;
const INSTANT = { type: 'string', format: 'date-time', example: '2026-11-21T09:00:00.000Z' } as const;

export class RegistrationTokenParams {
  @ApiProperty({ description: 'Id of the token.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  id!: string;
}

export class CreateRegistrationTokenRequest {
  @ApiProperty({
    description: 'Lifetime of the token.',
    type: 'integer',
    minimum: 60,
    maximum: 365 * DAY,
    example: DAY,
  })
  @IsInt()
  @Min(60)
  @Max(365 * DAY)
  expiresInSeconds!: number;

  @ApiProperty({
    description: 'How many clients it lets register.',
    type: 'integer',
    minimum: 1,
    maximum: 10_000,
    example: 10,
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  uses!: number;
}

/** All that may be shown of a registration token. */
export class RegistrationTokenReply {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({ description: 'How many more clients it lets register.', type: 'integer', example: 10 })
  usesLeft!: number;

  @ApiProperty({ description: 'Id of the admin who created it.', format: 'uuid' })
  createdBy!: string;

  @ApiProperty({ description: 'RFC 3339, UTC.', ...INSTANT })
  createdAt!: Date;

  @ApiProperty({ description: 'Time at which it expires, RFC 3339, UTC.', ...INSTANT })
  expiresAt!: Date;

  static of({ id, usesLeft, createdBy, createdAt, expiresAt }: ShownRegistrationToken): RegistrationTokenReply {
    return { id, usesLeft, createdBy, createdAt, expiresAt };
  }
}

/** A token just made. */
export class NewRegistrationTokenReply extends RegistrationTokenReply {
  @ApiProperty({
    description: 'The token itself, shown only once: `Authorization: Bearer …` of a registration.',
    format: 'password',
    example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f.p0wqZ…',
  })
  token!: string;
}

export class RegistrationTokensReply {
  @ApiProperty({ description: 'Valid tokens, the most recent first.', type: [RegistrationTokenReply] })
  registrationTokens!: RegistrationTokenReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}
