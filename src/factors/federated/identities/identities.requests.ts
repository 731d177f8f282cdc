import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { TRANSPORTS } from '../../../credentials/login.replies.js';
import type { Transport } from '../../../kernel/auth-context.js';
import { RETURN_TO, SLUG } from '../flow/federated-login.requests.js';

export class LinkRequest {
  @ApiProperty({ description: 'Name of the connection.', example: 'google' })
  @IsString()
  @Matches(SLUG)
  connection!: string;

  @ApiProperty(RETURN_TO)
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  returnTo?: string;
}

export class UnlinkRequest {
  @ApiProperty({
    description:
      'For jwt: `body` and `split` answer 200 with the new tokens. Absent: 204, and the new tokens are set as cookies; a session with transport `body` ends.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

export class IdentityParams {
  @ApiProperty({
    description: 'Id of the linked login, as listed.',
    format: 'uuid',
    example: '0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11',
  })
  @IsUUID()
  id!: string;
}
