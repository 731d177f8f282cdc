import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, ValidateIf } from 'class-validator';
import { TakesDeclaredFields } from '../http/body-fields.js';
import { IsText } from '../http/is-text.js';
import { PageQuery } from '../http/page-query.js';
import { USER_KINDS, type UserKind } from '../kernel/auth-context.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { IsDisplayName } from '../users/is-display-name.js';
import { IsEmailAddress } from '../users/is-email-address.js';
import { USER_STATUSES, type UserStatus } from '../users/user-directory.js';
import { AreRoles, IfGiven, IsEmailVerified } from './admin-fields.js';

export class UserParams {
  @ApiProperty({ description: 'Id of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  id!: string;
}

export class UsersQuery extends PageQuery {
  @ApiProperty({
    description:
      'Text that the e-mail address or the name contains, in upper or lower case. A whole username finds its user. `@example.com` finds exactly the users of that domain, if there are any.',
    required: false,
    maxLength: 254,
    example: '@example.com',
  })
  @IfGiven('search')
  @IsText(254)
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

  @IsDisplayName()
  name?: string | null;

  @ApiProperty({ description: 'Names of the roles.', type: [String], required: false, example: ['editor'] })
  @IfGiven('roles')
  @AreRoles()
  roles?: string[];

  @IsEmailVerified({ description: 'Whether the address is known to belong to the user. Default: false.' })
  emailVerified?: boolean;

  /** The declared ones. */
  declare readonly fields?: UserFieldValues;
}

@TakesDeclaredFields('admin')
export class ChangeUserRequest {
  @IsDisplayName()
  name?: string | null;

  @ApiProperty({
    description: 'New e-mail address; it is unverified unless `emailVerified` is true.',
    format: 'email',
    required: false,
  })
  @IfGiven('email')
  @IsEmailAddress()
  email?: string;

  @IsEmailVerified({ description: 'Whether the address is known to belong to the user.', example: true })
  emailVerified?: boolean;

  /** The declared ones. */
  declare readonly fields?: UserFieldValues;
}

export class RolesRequest {
  @ApiProperty({ description: 'All roles of the user; other roles are removed.', type: [String], example: ['editor'] })
  @AreRoles()
  roles!: string[];
}
