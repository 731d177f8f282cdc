import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { TRANSPORTS } from '../../credentials/login.replies.js';
import type { Transport } from '../../kernel/auth-context.js';
import { IsEmailAddress } from '../../users/is-email-address.js';

export class ForgotPasswordRequest {
  @ApiProperty({ description: 'E-mail address of the account.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;
}

/** The answer that tells nothing. */
export class ResetSentReply {
  @ApiProperty({ description: 'Check the mailbox.', enum: ['reset_sent'], example: 'reset_sent' })
  status!: 'reset_sent';
}

export class ResetPasswordRequest {
  @ApiProperty({ description: 'Token of the e-mail.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;

  @ApiProperty({
    description: 'New password, subject to the same rules as at registration.',
    format: 'password',
    example: 'a loom of silver numbers',
    minLength: 8,
  })
  @IsString()
  password!: string;
}

export class ChangePasswordRequest {
  @ApiProperty({ description: 'Current password.', format: 'password', example: 'an engine weaves algebra' })
  @IsString()
  currentPassword!: string;

  @ApiProperty({
    description: 'New password, subject to the same rules as at registration. It must differ from the current one.',
    format: 'password',
    example: 'a loom of silver numbers',
    minLength: 8,
  })
  @IsString()
  newPassword!: string;

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

/** The tokens of the session that goes on. */
export class NewTicketsReply {
  @ApiProperty({ description: 'JWT, RFC 9068.', example: 'eyJhbGciOiJFUzI1NiIs...' })
  accessToken!: string;

  @ApiProperty({ description: 'Send the token as `Authorization: Bearer`.', enum: ['Bearer'], example: 'Bearer' })
  tokenType!: 'Bearer';

  @ApiProperty({ description: 'Seconds until the access token expires.', type: 'integer', example: 900 })
  expiresIn!: number;

  @ApiProperty({
    description: 'Seconds until an unused refresh token expires.',
    type: 'integer',
    example: 604800,
  })
  refreshExpiresIn!: number;

  @ApiProperty({ description: 'Only with transport `body`.', required: false })
  refreshToken?: string;
}
