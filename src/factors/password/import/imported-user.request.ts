import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { IsInstant } from '../../../http/is-instant.js';
import { IsText } from '../../../http/is-text.js';
import { IsUserLanguage } from '../../../languages/user-language.js';
import { IsDisplayName } from '../../../users/is-display-name.js';
import type { ImportedUser } from './user-import.service.js';

/** One user of another system. */
export class ImportedUserRequest implements ImportedUser {
  @ApiProperty({
    description: 'E-mail address; required.',
    example: 'ada@example.com',
    maxLength: 320,
  })
  @IsString()
  @MaxLength(320)
  email!: string;

  @ApiProperty({
    description: 'Whether the other system has verified the address.',
    type: Boolean,
    required: false,
    example: true,
  })
  @IsOptional()
  @IsBoolean()
  emailVerified?: boolean;

  @IsDisplayName({ example: 'Ada Lovelace' })
  name?: string | null;

  @ApiProperty({
    description: 'Username, with `USERNAMES=true`: 3 to 32 of `a-z 0-9 . _ -`, in any letter case.',
    required: false,
    maxLength: 64,
    example: 'ada.king',
  })
  @ValidateIf(({ username }) => username !== undefined)
  @IsString()
  @MaxLength(64)
  username?: string;

  @IsUserLanguage()
  language?: string | null;

  @ApiProperty({ description: 'Names of the roles.', type: [String], required: false, example: ['editor'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$/, {
    each: true,
    message: 'each role must have 1 to 64 characters of A-Z a-z 0-9 : . _ -',
  })
  roles?: string[];

  @ApiProperty({
    description: 'Hash as the other system stores it. Absent: the user has to reset the password.',
    required: false,
    maxLength: 1024,
    example: '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  passwordHash?: string;

  @ApiProperty({
    description: 'Id of the user in the other system, which the user keeps. Absent: a new one.',
    format: 'uuid',
    required: false,
    example: '7f3c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
  })
  @ValidateIf(({ id }) => id !== undefined)
  @IsUUID()
  // RFC 9562 §5.9, §5.10: the ids of no one, which stand for the absence of a user.
  @Matches(/^(?!0[0-]+$|f[f-]+$)/i, { message: 'id must be the UUID of one user' })
  id?: string;

  @ApiProperty({
    description: 'When the user was created there, RFC 3339. Absent, or in the future: now.',
    format: 'date-time',
    required: false,
    example: '2019-05-04T09:00:00Z',
  })
  @ValidateIf(({ createdAt }) => createdAt !== undefined)
  @IsInstant()
  createdAt?: string;

  @ApiProperty({ description: 'Whether the user is banned.', type: Boolean, required: false, example: false })
  @ValidateIf(({ banned }) => banned !== undefined)
  @IsBoolean()
  banned?: boolean;

  @ApiProperty({
    description: 'End of the ban, RFC 3339. Absent: it does not expire. Has no effect unless `banned` is true.',
    format: 'date-time',
    required: false,
  })
  @ValidateIf(({ bannedUntil }) => bannedUntil !== undefined)
  @IsInstant()
  bannedUntil?: string;

  @ApiProperty({
    description: 'Reason of the ban, shown to admins only.',
    required: false,
    maxLength: 500,
    example: 'spam',
  })
  @ValidateIf(({ banReason }) => banReason !== undefined)
  @IsText(500)
  banReason?: string;

  @ApiProperty({
    description: 'The fields that the application has declared for its users, by name. Each may be absent.',
    type: Object,
    required: false,
    example: { company: 'Analytical Engines' },
  })
  @ValidateIf(({ fields }) => fields !== undefined)
  @IsObject()
  fields?: Record<string, unknown>;

  @ApiProperty({
    description:
      'Second factors of the user, by name: `totp` takes `{ secret }`, in base32 or as `otpauth://totp/…`; `passkey` takes `{ rpId, passkeys: [{ credentialId, publicKey, counter, transports, aaguid, name, createdAt, secondFactor }] }` of this relying party.',
    type: Object,
    required: false,
    example: { totp: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' } },
  })
  @ValidateIf(({ factors }) => factors !== undefined)
  @IsObject()
  factors?: Record<string, unknown>;
}
