import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Field } from '../../../http/api-docs.js';
import type { ImportedUser } from './user-import.service.js';

/** One user of another system. */
export class ImportedUserRequest implements ImportedUser {
  @Field({
    description: 'One address; who cannot be mailed to cannot be imported.',
    example: 'ada@example.com',
    maxLength: 320,
  })
  @IsString()
  @MaxLength(320)
  email!: string;

  @Field({
    description: 'Whether the other system has proven the address.',
    type: Boolean,
    optional: true,
    example: true,
  })
  @IsOptional()
  @IsBoolean()
  emailVerified?: boolean;

  @Field({
    description: 'What to call the user.',
    type: 'string',
    nullable: true,
    optional: true,
    maxLength: 100,
    example: 'Ada Lovelace',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  // PostgreSQL takes neither NUL nor half a character.
  @Matches(/^[^\0\p{Cs}]*$/u, { message: '$property must be well-formed text without NUL' })
  name?: string | null;

  @Field({ description: 'Names of roles.', type: [String], optional: true, example: ['editor'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$/, {
    each: true,
    message: 'each role must be 1 to 64 of A-Z a-z 0-9 : . _ -',
  })
  roles?: string[];

  @Field({
    description: 'As the other system stores it. Absent: the user has to reset the password.',
    optional: true,
    maxLength: 1024,
    example: '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  passwordHash?: string;
}
