import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateBy, ValidateIf } from 'class-validator';
import { IsEmailAddress } from '../users/is-email-address.js';

/** The name that a user logs in by: an address or a username. */
export class LoginName {
  @ApiProperty({
    description: 'E-mail address of the account. Either this or `username`.',
    format: 'email',
    required: false,
    example: 'ada@example.com',
  })
  @ValidateIf(({ email, username }) => email !== undefined || username === undefined)
  @IsEmailAddress()
  email?: string;

  @ApiProperty({
    description: 'Username of the account, in any letter case, in place of `email`. With `USERNAMES=true`.',
    required: false,
    maxLength: 254,
    example: 'ada.king',
  })
  @ValidateIf(({ username }) => username !== undefined)
  @IsString()
  @MaxLength(254)
  @ValidateBy({
    name: 'isAlone',
    validator: {
      validate: (_value, given) => (given?.object as LoginName | undefined)?.email === undefined,
      defaultMessage: () => '$property must not be sent together with email',
    },
  })
  username?: string;
}
