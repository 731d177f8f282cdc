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
import { Field } from '../http/api-docs.js';
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
  @Field({ description: 'Of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  id!: string;
}

export class AdminSessionParams {
  @Field({ description: 'Of the session.', format: 'uuid', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11' })
  @IsUUID()
  id!: string;
}

export class UsersQuery extends PageQuery {
  @Field({
    description:
      'Any part of the e-mail address or the name, whatever the case. `@` and a domain at which somebody is: everyone at exactly that domain.',
    optional: true,
    maxLength: 254,
    example: '@example.com',
  })
  @IfGiven('search')
  @IsString()
  @MaxLength(254)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  search?: string;

  @Field({ description: 'Only these.', optional: true, type: 'string', enum: USER_STATUSES })
  @IfGiven('status')
  @IsIn(USER_STATUSES)
  status?: UserStatus;

  @Field({ description: 'Only persons, or only service users.', optional: true, type: 'string', enum: USER_KINDS })
  @IfGiven('kind')
  @IsIn(USER_KINDS)
  kind?: UserKind;
}

export class AuditQuery extends PageQuery {
  @Field({ description: 'Whom it happened to.', optional: true, format: 'uuid' })
  @IfGiven('userId')
  @IsUUID()
  userId?: string;

  @Field({
    description: 'What happened, e.g. `login.failed`; with a dot at its end all that begin so, e.g. `login.`.',
    optional: true,
    maxLength: 64,
    example: 'login.failed',
  })
  @IfGiven('type')
  @Matches(/^[a-z][a-z0-9_-]*(\.[a-z0-9_.-]{0,40})?$/, { message: '$property must be a type of event' })
  @MaxLength(64)
  type?: string;

  @Field({ description: 'Not before this instant, RFC 3339.', optional: true, format: 'date-time' })
  @IfGiven('from')
  @IsInstant()
  from?: string;

  @Field({ description: 'Before this instant, RFC 3339.', optional: true, format: 'date-time' })
  @IfGiven('to')
  @IsInstant()
  to?: string;
}

export class CreateUserRequest {
  @Field({
    description: '`service`: a machine, which acts by keys and certificates and cannot log in. Default: `person`.',
    type: 'string',
    enum: USER_KINDS,
    optional: true,
  })
  @IfGiven('kind')
  @IsIn(USER_KINDS)
  kind?: UserKind;

  @Field({
    description: 'One address. A person has one; a service user has none.',
    format: 'email',
    example: 'ada@example.com',
    optional: true,
  })
  @ValidateIf(({ kind, email }) => kind !== 'service' || email !== undefined)
  @IsEmailAddress()
  email?: string;

  @Field({
    description: 'Absent: a link to choose one is mailed, as an invitation.',
    format: 'password',
    optional: true,
    example: 'an engine weaves algebra',
  })
  @IfGiven('password')
  @IsString()
  password?: string;

  @Field({ description: 'What to call the user.', type: 'string', nullable: true, optional: true, maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  name?: string | null;

  @Field({ description: 'Names of roles.', type: ['string'], optional: true, example: ['editor'] })
  @MaxDepth(1)
  @IfGiven('roles')
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(ROLE, { each: true, message: 'each role must be 1 to 64 of A-Z a-z 0-9 : . _ -' })
  roles?: string[];

  @Field({ description: 'Whether the address is known to be theirs. Default: no.', type: Boolean, optional: true })
  @IfGiven('emailVerified')
  @IsBoolean()
  emailVerified?: boolean;
}

export class ChangeUserRequest {
  @Field({ description: 'What to call the user.', type: 'string', nullable: true, optional: true, maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  name?: string | null;

  @Field({ description: 'Another address, unverified unless told.', format: 'email', optional: true })
  @IfGiven('email')
  @IsEmailAddress()
  email?: string;

  @Field({ description: 'Whether the address is known to be theirs.', type: Boolean, optional: true, example: true })
  @IfGiven('emailVerified')
  @IsBoolean()
  emailVerified?: boolean;
}

export class RolesRequest {
  @Field({ description: 'All roles the user is to have.', type: ['string'], example: ['editor'] })
  @MaxDepth(1)
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(ROLE, { each: true, message: 'each role must be 1 to 64 of A-Z a-z 0-9 : . _ -' })
  roles!: string[];
}

export class BanRequest {
  @Field({ description: 'For admins only.', optional: true, maxLength: 500, example: 'spam' })
  @IfGiven('reason')
  @IsString()
  @MaxLength(500)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  reason?: string;

  @Field({ description: 'When it ends by itself, RFC 3339. Absent: never.', format: 'date-time', optional: true })
  @IfGiven('untilAt')
  @IsInstant()
  untilAt?: string;
}

export class ImpersonateRequest {
  @Field({ description: 'Why, for the audit.', optional: true, maxLength: 500, example: 'ticket 4711' })
  @IfGiven('reason')
  @IsString()
  @MaxLength(500)
  @Matches(WELL_FORMED, ILL_FORMED_MESSAGE)
  reason?: string;

  @Field({ description: 'As at login. Default: as this request.', optional: true, enum: ['session', 'jwt'] })
  @IfGiven('strategy')
  @IsString()
  strategy?: string;

  @Field({ description: 'As at login.', optional: true, enum: TRANSPORTS })
  @IfGiven('transport')
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

export class BootstrapRequest {
  @Field({ description: 'As printed at the first start, or `BOOTSTRAP_TOKEN`.', format: 'password' })
  @IsString()
  token!: string;

  @Field({ description: 'Of the first admin.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;

  @Field({ description: 'Of the first admin.', format: 'password', example: 'an engine weaves algebra' })
  @IsString()
  password!: string;
}
