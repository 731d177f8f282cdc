import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { TRANSPORTS } from '../credentials/login.replies.js';
import { MaxDepth } from '../http/max-depth.decorator.js';
import { PageQuery } from '../http/page-query.js';
import type { Transport } from '../kernel/auth-context.js';
import { USER_KINDS, type UserKind } from '../kernel/auth-context.js';
import { IsEmailAddress } from '../users/is-email-address.js';
import { USER_STATUSES, type UserStatus } from '../users/user-directory.js';
import { IsInstant } from './is-instant.js';

/** PostgreSQL takes neither NUL nor half a character. */
const WELL_FORMED = /^[^\0\p{Cs}]*$/u;
const ILL_FORMED_MESSAGE = { message: '$property must be well-formed text without NUL' };
const ROLE = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$/;

/** Absent is allowed, null is not. */
const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

export class UserParams {
  @ApiProperty({ description: 'Of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  id!: string;
}

export class AdminSessionParams {
  @ApiProperty({ description: 'Of the session.', format: 'uuid', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11' })
  @IsUUID()
  id!: string;
}

export class UsersQuery extends PageQuery {
  @ApiProperty({
    description:
      'Any part of the e-mail address or the name, whatever the case. `@` and a domain at which somebody is: everyone at exactly that domain.',
    required: false,
    maxLength: 254,
    example: '@example.com',
  })
  @IfGiven('search')
  @IsString()
  @MaxLength(254)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  search?: string;

  @ApiProperty({ description: 'Only these.', required: false, type: 'string', enum: USER_STATUSES })
  @IfGiven('status')
  @IsIn(USER_STATUSES)
  status?: UserStatus;

  @ApiProperty({
    description: 'Only persons, or only service users.',
    required: false,
    type: 'string',
    enum: USER_KINDS,
  })
  @IfGiven('kind')
  @IsIn(USER_KINDS)
  kind?: UserKind;
}

export class AuditQuery extends PageQuery {
  @ApiProperty({ description: 'Whom it happened to.', required: false, format: 'uuid' })
  @IfGiven('userId')
  @IsUUID()
  userId?: string;

  @ApiProperty({
    description: 'What happened, e.g. `login.failed`; with a dot at its end all that begin so, e.g. `login.`.',
    required: false,
    maxLength: 64,
    example: 'login.failed',
  })
  @IfGiven('type')
  @Matches(/^[a-z][a-z0-9_-]*(\.[a-z0-9_.-]{0,40})?$/, { message: '$property must be a type of event' })
  @MaxLength(64)
  type?: string;

  @ApiProperty({ description: 'Not before this instant, RFC 3339.', required: false, format: 'date-time' })
  @IfGiven('from')
  @IsInstant()
  from?: string;

  @ApiProperty({ description: 'Before this instant, RFC 3339.', required: false, format: 'date-time' })
  @IfGiven('to')
  @IsInstant()
  to?: string;
}

export class CreateUserRequest {
  @ApiProperty({
    description: '`service`: a machine, which acts by keys and certificates and cannot log in. Default: `person`.',
    type: 'string',
    enum: USER_KINDS,
    required: false,
  })
  @IfGiven('kind')
  @IsIn(USER_KINDS)
  kind?: UserKind;

  @ApiProperty({
    description: 'One address. A person has one; a service user has none.',
    format: 'email',
    example: 'ada@example.com',
    required: false,
  })
  @ValidateIf(({ kind, email }) => kind !== 'service' || email !== undefined)
  @IsEmailAddress()
  email?: string;

  @ApiProperty({
    description: 'Absent: a link to choose one is mailed, as an invitation.',
    format: 'password',
    required: false,
    example: 'an engine weaves algebra',
  })
  @IfGiven('password')
  @IsString()
  password?: string;

  @ApiProperty({
    description: 'What to call the user.',
    type: 'string',
    nullable: true,
    required: false,
    maxLength: 100,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  name?: string | null;

  @ApiProperty({ description: 'Names of roles.', type: [String], required: false, example: ['editor'] })
  @MaxDepth(1)
  @IfGiven('roles')
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(ROLE, { each: true, message: 'each role must be 1 to 64 of A-Z a-z 0-9 : . _ -' })
  roles?: string[];

  @ApiProperty({
    description: 'Whether the address is known to be theirs. Default: no.',
    type: Boolean,
    required: false,
  })
  @IfGiven('emailVerified')
  @IsBoolean()
  emailVerified?: boolean;
}

export class ChangeUserRequest {
  @ApiProperty({
    description: 'What to call the user.',
    type: 'string',
    nullable: true,
    required: false,
    maxLength: 100,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  name?: string | null;

  @ApiProperty({ description: 'Another address, unverified unless told.', format: 'email', required: false })
  @IfGiven('email')
  @IsEmailAddress()
  email?: string;

  @ApiProperty({
    description: 'Whether the address is known to be theirs.',
    type: Boolean,
    required: false,
    example: true,
  })
  @IfGiven('emailVerified')
  @IsBoolean()
  emailVerified?: boolean;
}

export class RolesRequest {
  @ApiProperty({ description: 'All roles the user is to have.', type: [String], example: ['editor'] })
  @MaxDepth(1)
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(ROLE, { each: true, message: 'each role must be 1 to 64 of A-Z a-z 0-9 : . _ -' })
  roles!: string[];
}

export class BanRequest {
  @ApiProperty({ description: 'For admins only.', required: false, maxLength: 500, example: 'spam' })
  @IfGiven('reason')
  @IsString()
  @MaxLength(500)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  reason?: string;

  @ApiProperty({
    description: 'When it ends by itself, RFC 3339. Absent: never.',
    format: 'date-time',
    required: false,
  })
  @IfGiven('untilAt')
  @IsInstant()
  untilAt?: string;
}

export class ImpersonateRequest {
  @ApiProperty({ description: 'Why, for the audit.', required: false, maxLength: 500, example: 'ticket 4711' })
  @IfGiven('reason')
  @IsString()
  @MaxLength(500)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  reason?: string;

  @ApiProperty({ description: 'As at login. Default: as this request.', required: false, enum: ['session', 'jwt'] })
  @IfGiven('strategy')
  @IsString()
  strategy?: string;

  @ApiProperty({ description: 'As at login.', required: false, enum: TRANSPORTS })
  @IfGiven('transport')
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

export class BootstrapRequest {
  @ApiProperty({ description: 'As printed at the first start, or `BOOTSTRAP_TOKEN`.', format: 'password' })
  @IsString()
  token!: string;

  @ApiProperty({ description: 'Of the first admin.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({ description: 'Of the first admin.', format: 'password', example: 'an engine weaves algebra' })
  @IsString()
  password!: string;
}
