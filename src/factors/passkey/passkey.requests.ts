import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { Field } from '../../http/api-docs.js';
import { TRANSPORTS } from '../../login/login.reply.js';
import type { LoginParams } from '../../login/login-steps.js';
import { IsEmailAddress } from '../../users/is-email-address.js';
import { type CredentialJson, IsCredential } from './credential-json.js';

/** Neither PostgreSQL nor a reader can do anything with control characters and halves of characters. */
const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
const NAME = { description: 'What to call it.', minLength: 1, maxLength: 100, example: 'Key ring' } as const;
const CREDENTIAL_EXAMPLE = {
  id: 'nB1Yk0C5xS2mZkq0hJrj2Q',
  rawId: 'nB1Yk0C5xS2mZkq0hJrj2Q',
  type: 'public-key',
  response: {},
};

export class PasskeyOptionsRequest {
  @Field({
    description: 'Of the user who is logged in. Needed where it would be the first second factor.',
    format: 'password',
    optional: true,
    example: 'an engine weaves algebra',
  })
  // Not IsOptional: a null is a mistake, not a wish to go without.
  @ValidateIf(({ password }) => password !== undefined)
  @IsString()
  password?: string;
}

export class RegisterPasskeyRequest {
  @Field({
    description: 'What `navigator.credentials.create` gave, by its `toJSON`.',
    type: 'object',
    example: CREDENTIAL_EXAMPLE,
  })
  @IsCredential('attestation')
  credential!: CredentialJson;

  @Field({ ...NAME, description: 'What to call it. Default: the browser that registers it.', optional: true })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(PRINTABLE, { message: '$property must be well-formed text without control characters' })
  name?: string;

  @Field({
    description:
      'For jwt: `body` and `split` put the new tokens of this session into the answer. Absent: they come in cookies.',
    optional: true,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: LoginParams['transport'];
}

export class RemovePasskeyRequest {
  @Field({
    description:
      'For jwt: `body` and `split` answer 200 with the new tokens. Absent: 204, and the new tickets are in cookies; a session whose tokens travel in bodies ends too.',
    optional: true,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: LoginParams['transport'];
}

export class RenamePasskeyRequest {
  @Field(NAME)
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(PRINTABLE, { message: '$property must be well-formed text without control characters' })
  name!: string;
}

export class PasskeyParams {
  @Field({ description: 'As in the list.', format: 'uuid', example: '0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11' })
  @IsUUID()
  id!: string;
}

export class PasskeyLoginOptionsRequest {
  @Field({
    description:
      'Asks for passkeys of this user. Absent: any passkey for this domain, as browsers offer them in a field for the name (conditional UI).',
    optional: true,
    format: 'email',
    example: 'ada@example.com',
  })
  // Not IsOptional: a null is a mistake.
  @ValidateIf(({ email }) => email !== undefined)
  @IsEmailAddress()
  email?: string;

  @Field({
    description: 'Of a login that goes on with a passkey as second factor, instead of `email`.',
    optional: true,
    example: 'x7Jd0...',
  })
  @ValidateIf(({ loginToken }) => loginToken !== undefined)
  @IsString()
  loginToken?: string;
}

export class PasskeyLoginRequest {
  @Field({
    description: 'What `navigator.credentials.get` gave, by its `toJSON`.',
    type: 'object',
    example: CREDENTIAL_EXAMPLE,
  })
  @IsCredential('assertion')
  credential!: CredentialJson;

  @Field({ description: 'As at login with a password.', optional: true, enum: ['session', 'jwt'] })
  @IsOptional()
  @IsString()
  strategy?: string;

  @Field({ description: 'As at login with a password.', optional: true, enum: TRANSPORTS })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: LoginParams['transport'];

  @Field({
    description: 'As at login with a password.',
    optional: true,
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...',
  })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  deviceToken?: string;
}
