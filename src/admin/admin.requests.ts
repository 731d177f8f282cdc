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
import { TakesDeclaredFields } from '../http/body-fields.js';
import { IsInstant } from '../http/is-instant.js';
import { MaxDepth } from '../http/max-depth.decorator.js';
import { PageQuery } from '../http/page-query.js';
import type { Transport } from '../kernel/auth-context.js';
import { USER_KINDS, type UserKind } from '../kernel/auth-context.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { IsEmailAddress } from '../users/is-email-address.js';
import { USER_STATUSES, type UserStatus } from '../users/user-directory.js';

/** PostgreSQL takes neither NUL nor half a character. */
const WELL_FORMED = /^[^\0\p{Cs}]*$/u;
const ILL_FORMED_MESSAGE = { message: '$property must be well-formed text without NUL characters' };
const ROLE = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$/;

/** Absent is allowed, null is not. */
const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

export class UserParams {
  @ApiProperty({ description: 'Id of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  id!: string;
}

export class AdminSessionParams {
  @ApiProperty({ description: 'Id of the session.', format: 'uuid', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11' })
  @IsUUID()
  id!: string;
}

export class UsersQuery extends PageQuery {
  @ApiProperty({
    description:
      'Text that the e-mail address or the name contains, in upper or lower case. `@example.com` finds exactly the users of that domain, if there are any.',
    required: false,
    maxLength: 254,
    example: '@example.com',
  })
  @IfGiven('search')
  @IsString()
  @MaxLength(254)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  search?: string;

  @ApiProperty({ description: 'Only users with this status.', required: false, type: 'string', enum: USER_STATUSES })
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
  @ApiProperty({ description: 'Only events that concern this user.', required: false, format: 'uuid' })
  @IfGiven('userId')
  @IsUUID()
  userId?: string;

  @ApiProperty({
    description:
      'Only events of this type, e.g. `login.failed`. A trailing dot finds all types with that prefix, e.g. `login.`.',
    required: false,
    maxLength: 64,
    example: 'login.failed',
  })
  @IfGiven('type')
  @Matches(/^[a-z][a-z0-9_-]*(\.[a-z0-9_.-]{0,40})?$/, { message: '$property must be a type of event' })
  @MaxLength(64)
  type?: string;

  @ApiProperty({ description: 'Only events at or after this time, RFC 3339.', required: false, format: 'date-time' })
  @IfGiven('from')
  @IsInstant()
  from?: string;

  @ApiProperty({ description: 'Only events before this time, RFC 3339.', required: false, format: 'date-time' })
  @IfGiven('to')
  @IsInstant()
  to?: string;
}

@TakesDeclaredFields('admin')
export class CreateUserRequest {
  @ApiProperty({
    description: '`service`: a machine that uses API keys or certificates and cannot log in. Default: `person`.',
    type: 'string',
    enum: USER_KINDS,
    required: false,
  })
  @IfGiven('kind')
  @IsIn(USER_KINDS)
  kind?: UserKind;

  @ApiProperty({
    description: 'E-mail address. Required for a person; a service user has none.',
    format: 'email',
    example: 'ada@example.com',
    required: false,
  })
  @ValidateIf(({ kind, email }) => kind !== 'service' || email !== undefined)
  @IsEmailAddress()
  email?: string;

  @ApiProperty({
    description: 'Password of the user. Absent: the user receives an invitation e-mail with a link to choose one.',
    format: 'password',
    required: false,
    example: 'an engine weaves algebra',
  })
  @IfGiven('password')
  @IsString()
  password?: string;

  @ApiProperty({
    description: 'Display name.',
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

  @ApiProperty({ description: 'Names of the roles.', type: [String], required: false, example: ['editor'] })
  @MaxDepth(1)
  @IfGiven('roles')
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(ROLE, { each: true, message: 'each role must have 1 to 64 characters of A-Z a-z 0-9 : . _ -' })
  roles?: string[];

  @ApiProperty({
    description: 'Whether the address is known to belong to the user. Default: false.',
    type: Boolean,
    required: false,
  })
  @IfGiven('emailVerified')
  @IsBoolean()
  emailVerified?: boolean;

  /** The declared ones. */
  declare readonly fields?: UserFieldValues;
}

@TakesDeclaredFields('admin')
export class ChangeUserRequest {
  @ApiProperty({
    description: 'Display name.',
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

  @ApiProperty({
    description: 'New e-mail address; it is unverified unless `emailVerified` is true.',
    format: 'email',
    required: false,
  })
  @IfGiven('email')
  @IsEmailAddress()
  email?: string;

  @ApiProperty({
    description: 'Whether the address is known to belong to the user.',
    type: Boolean,
    required: false,
    example: true,
  })
  @IfGiven('emailVerified')
  @IsBoolean()
  emailVerified?: boolean;

  /** The declared ones. */
  declare readonly fields?: UserFieldValues;
}

export class RolesRequest {
  @ApiProperty({ description: 'All roles of the user; other roles are removed.', type: [String], example: ['editor'] })
  @MaxDepth(1)
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(ROLE, { each: true, message: 'each role must have 1 to 64 characters of A-Z a-z 0-9 : . _ -' })
  roles!: string[];
}

export class BanRequest {
  @ApiProperty({ description: 'Reason, shown to admins only.', required: false, maxLength: 500, example: 'spam' })
  @IfGiven('reason')
  @IsString()
  @MaxLength(500)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  reason?: string;

  @ApiProperty({
    description: 'End of the ban, RFC 3339. Absent: it does not expire.',
    format: 'date-time',
    required: false,
  })
  @IfGiven('untilAt')
  @IsInstant()
  untilAt?: string;
}

export class ImpersonateRequest {
  @ApiProperty({ description: 'Reason, for the audit log.', required: false, maxLength: 500, example: 'ticket 4711' })
  @IfGiven('reason')
  @IsString()
  @MaxLength(500)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  reason?: string;

  @ApiProperty({
    description: 'Strategy of the session, as at login. Default: the strategy of this request.',
    required: false,
    enum: ['session', 'jwt'],
  })
  @IfGiven('strategy')
  @IsString()
  strategy?: string;

  @ApiProperty({ description: 'How the tokens travel, as at login.', required: false, enum: TRANSPORTS })
  @IfGiven('transport')
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

export class BootstrapRequest {
  @ApiProperty({
    description: 'Token that the service printed at its first start, or the value of `BOOTSTRAP_TOKEN`.',
    format: 'password',
  })
  @IsString()
  token!: string;

  @ApiProperty({ description: 'E-mail address of the first admin.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({ description: 'Password of the first admin.', format: 'password', example: 'an engine weaves algebra' })
  @IsString()
  password!: string;
}
