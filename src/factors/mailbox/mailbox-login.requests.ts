import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { TRANSPORTS } from '../../credentials/login.replies.js';
import type { Transport } from '../../kernel/auth-context.js';
import { IsEmailAddress } from '../../users/is-email-address.js';

const REQUEST_TOKEN_EXAMPLE = 'p0wqZ...';
const DEVICE_TOKEN = {
  description: 'Token from an earlier login with transport `body`. With it, this request comes from a known device.',
  required: false,
  example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...',
} as const;

export class SendLoginMailRequest {
  @ApiProperty({ description: 'E-mail address of the account.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({
    description: 'For a client without cookies: the token of its earlier request, which ends by this one.',
    required: false,
    example: REQUEST_TOKEN_EXAMPLE,
  })
  // Not IsOptional: a null is a mistake.
  @ValidateIf(({ requestToken }) => requestToken !== undefined)
  @IsString()
  @MaxLength(4096)
  requestToken?: string;

  @ApiProperty(DEVICE_TOKEN)
  @IsOptional()
  @IsString()
  @MaxLength(256)
  deviceToken?: string;
}

export class LoginMailSentReply {
  @ApiProperty({ description: 'Check the mailbox.', enum: ['login_mail_sent'], example: 'login_mail_sent' })
  status!: 'login_mail_sent';

  @ApiProperty({
    description:
      'Identifies this client when it sends the code. Also set as a cookie, so that browsers need not send it. It gives no access.',
    example: REQUEST_TOKEN_EXAMPLE,
  })
  requestToken!: string;

  @ApiProperty({ description: 'Seconds until the link and the code expire.', type: 'integer', example: 600 })
  expiresIn!: number;
}

export class MailboxLoginRequest {
  @ApiProperty({
    description: 'Code of the e-mail: eight digits; blanks do not matter. Either this or `token`.',
    required: false,
    example: '4920 3917',
  })
  @ValidateIf(({ code, token }) => code !== undefined || token === undefined)
  @IsString()
  @MaxLength(64)
  code?: string;

  @ApiProperty({
    description: 'Token of the link in the e-mail.',
    required: false,
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...',
  })
  @ValidateIf(({ token }) => token !== undefined)
  @IsString()
  @MaxLength(256)
  token?: string;

  @ApiProperty({
    description:
      'Token of the request that asked for the e-mail. Required with transport `body`; otherwise the cookie counts.',
    required: false,
    example: REQUEST_TOKEN_EXAMPLE,
  })
  // Not IsOptional: a null is a mistake.
  @ValidateIf(({ requestToken }) => requestToken !== undefined)
  @IsString()
  @MaxLength(4096)
  requestToken?: string;

  @ApiProperty({
    description:
      'Address to which the e-mail was sent. Required with `token` in another client than the one that asked for the e-mail.',
    format: 'email',
    required: false,
    example: 'ada@example.com',
  })
  @ValidateIf(({ email }) => email !== undefined)
  @IsString()
  @MaxLength(254)
  email?: string;

  @ApiProperty({
    description: 'How later requests are authenticated. Default: the first strategy that is switched on.',
    required: false,
    enum: ['session', 'jwt'],
  })
  @IsOptional()
  @IsString()
  strategy?: string;

  @ApiProperty({ description: 'As for `POST /auth/login`.', required: false, enum: TRANSPORTS })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;

  @ApiProperty(DEVICE_TOKEN)
  @IsOptional()
  @IsString()
  @MaxLength(256)
  deviceToken?: string;
}
