import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { TRANSPORTS } from '../../../credentials/login.replies.js';
import type { Transport } from '../../../kernel/auth-context.js';
import { IsEmailAddress } from '../../../users/is-email-address.js';

/** As connections are named. */
export const SLUG = /^[a-z0-9][a-z0-9-]{0,63}$/;

export const RETURN_TO = {
  description:
    'Where the browser goes in the end: an address of this origin or of one of `CORS_ORIGINS`, without a fragment. What is due next, or why the login was refused, stands in its fragment. Absent: the pages go on.',
  required: false,
  example: 'https://app.example.com/signed-in',
} as const;

export class FederatedLoginRequest {
  @ApiProperty({ description: 'Name of the connection. Either this or `email`.', required: false, example: 'google' })
  @ValidateIf(({ connection, email }) => connection !== undefined || email === undefined)
  @IsString()
  @Matches(SLUG, { message: '$property must be the name of a connection, or email must be given' })
  connection?: string;

  @ApiProperty({
    description: 'Address whose domain says which connection. Whether it has a user makes no difference.',
    format: 'email',
    required: false,
    example: 'ada@example.com',
  })
  @ValidateIf(({ email }) => email !== undefined)
  @IsEmailAddress()
  email?: string;

  @ApiProperty(RETURN_TO)
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  returnTo?: string;

  @ApiProperty({ description: 'As at login with a password.', required: false, enum: ['session', 'jwt'] })
  @IsOptional()
  @IsString()
  strategy?: string;

  @ApiProperty({
    description: 'As at login with a password; not `body`, which a redirect does not have.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

export class SlugParams {
  @ApiProperty({ description: 'Name of the connection.', example: 'google' })
  @Matches(SLUG)
  slug!: string;
}

/** Where to send the browser. */
export class FederatedLoginReply {
  @ApiProperty({
    description:
      'Where to send the browser. Null: no connection logs in users of this domain; go on with the password.',
    type: 'string',
    nullable: true,
    example: 'https://accounts.example.com/authorize?client_id=...',
  })
  authorizationUrl!: string | null;
}
