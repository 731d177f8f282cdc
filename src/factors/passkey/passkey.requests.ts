import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { TRANSPORTS } from '../../credentials/login.replies.js';
import type { Transport } from '../../kernel/auth-context.js';
import { IsEmailAddress } from '../../users/is-email-address.js';
import { type CredentialJson, IsCredential } from './credential-json.js';

/** Neither PostgreSQL nor a reader can do anything with control characters and halves of characters. */
const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
const NAME = { description: 'Name of the passkey.', minLength: 1, maxLength: 100, example: 'Key ring' } as const;
const CREDENTIAL_EXAMPLE = {
  id: 'nB1Yk0C5xS2mZkq0hJrj2Q',
  rawId: 'nB1Yk0C5xS2mZkq0hJrj2Q',
  type: 'public-key',
  response: {},
};

export class PasskeyOptionsRequest {
  @ApiProperty({
    description: 'Password of the current user. Required if this becomes the first second factor.',
    format: 'password',
    required: false,
    example: 'an engine weaves algebra',
  })
  // Not IsOptional: a null is a mistake, not a wish to go without.
  @ValidateIf(({ password }) => password !== undefined)
  @IsString()
  password?: string;

  @ApiProperty({
    description:
      '`conditional`: for `navigator.credentials.create({ mediation: "conditional" })` right after a login by password, by which a browser creates a passkey without asking. Requires `password`. The passkey is a way to log in, and never asked for as a second factor; no session ends.',
    required: false,
    enum: ['conditional'],
  })
  @ValidateIf(({ mediation }) => mediation !== undefined)
  @IsIn(['conditional'])
  mediation?: 'conditional';
}

export class RegisterPasskeyRequest {
  @ApiProperty({
    description: 'Result of `navigator.credentials.create`, serialized with its `toJSON`.',
    type: Object,
    example: CREDENTIAL_EXAMPLE,
  })
  @IsCredential('attestation')
  credential!: CredentialJson;

  @ApiProperty({
    ...NAME,
    description: 'Name of the passkey. Default: the browser that registers it.',
    required: false,
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(PRINTABLE, { message: '$property must be well-formed text without control characters' })
  name?: string;

  @ApiProperty({
    description:
      'For jwt: `body` and `split` return the new tokens of this session in the response. Absent: they are set as cookies.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

export class RemovePasskeyRequest {
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

export class RenamePasskeyRequest {
  @ApiProperty(NAME)
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(PRINTABLE, { message: '$property must be well-formed text without control characters' })
  name!: string;
}

export class PasskeyParams {
  @ApiProperty({
    description: 'Id of the passkey, as listed.',
    format: 'uuid',
    example: '0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11',
  })
  @IsUUID()
  id!: string;
}

export class PasskeyLoginOptionsRequest {
  @ApiProperty({
    description:
      'Requests passkeys of this user. Absent: any passkey of this domain, for example by autofill (conditional UI).',
    required: false,
    format: 'email',
    example: 'ada@example.com',
  })
  // Not IsOptional: a null is a mistake.
  @ValidateIf(({ email }) => email !== undefined)
  @IsEmailAddress()
  email?: string;

  @ApiProperty({
    description:
      'Token of a started login that continues with a passkey as the second factor. Use it instead of `email`.',
    required: false,
    example: 'x7Jd0...',
  })
  @ValidateIf(({ loginToken }) => loginToken !== undefined)
  @IsString()
  loginToken?: string;
}

export class PasskeyLoginRequest {
  @ApiProperty({
    description: 'Result of `navigator.credentials.get`, serialized with its `toJSON`.',
    type: Object,
    example: CREDENTIAL_EXAMPLE,
  })
  @IsCredential('assertion')
  credential!: CredentialJson;

  @ApiProperty({ description: 'As at login with a password.', required: false, enum: ['session', 'jwt'] })
  @IsOptional()
  @IsString()
  strategy?: string;

  @ApiProperty({ description: 'As at login with a password.', required: false, enum: TRANSPORTS })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;

  @ApiProperty({
    description: 'As at login with a password.',
    required: false,
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...',
  })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  deviceToken?: string;
}
