import { ApiProperty } from '@nestjs/swagger';
import { IsString, IsUUID } from 'class-validator';
import { TakesDeclaredFields } from '../../http/body-fields.js';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { UserFieldValues } from '../../kernel/user-fields.js';
import { IsDisplayName } from '../../users/is-display-name.js';
import { IsEmailAddress } from '../../users/is-email-address.js';
import { AreRoles, IfGiven } from '../admin-fields.js';
import type { InvitationEntity } from './invitation.entity.js';

const INSTANT = { type: 'string', format: 'date-time', example: '2026-11-21T09:00:00.000Z' } as const;
export class InvitationParams {
  @ApiProperty({
    description: 'Id of the invitation.',
    format: 'uuid',
    example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  })
  @IsUUID()
  id!: string;
}

@TakesDeclaredFields('admin')
export class InviteRequest {
  @ApiProperty({ description: 'Address that receives the invitation.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;

  @IsDisplayName()
  name?: string | null;

  @ApiProperty({ description: 'Names of the roles of the future user.', type: [String], required: false, example: [] })
  @IfGiven('roles')
  @AreRoles()
  roles?: string[];

  /** The declared ones. */
  declare readonly fields?: UserFieldValues;
}

@TakesDeclaredFields('invitation')
export class AcceptInvitationRequest {
  @ApiProperty({ description: 'Token of the e-mail.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;

  @ApiProperty({
    description: 'Password of the new account. The same rules apply as at registration.',
    format: 'password',
    example: 'an engine weaves algebra',
    minLength: 8,
  })
  @IsString()
  password!: string;

  @IsDisplayName({ description: 'Display name. Absent: the name that the admin gave.', example: 'Ada Lovelace' })
  name?: string | null;

  /** The declared ones. */
  declare readonly fields?: UserFieldValues;
}

/** An invitation that has not been accepted yet. */
export class InvitationReply {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Address that received the invitation.', format: 'email', example: 'ada@example.com' })
  email!: string;

  @ApiProperty({ description: 'Display name.', type: 'string', nullable: true, example: 'Ada Lovelace' })
  name!: string | null;

  @ApiProperty({ description: 'Roles of the future user.', type: [String], example: [] })
  roles!: readonly string[];

  @ApiProperty({ description: 'Id of the admin who invited.', type: 'string', format: 'uuid', nullable: true })
  invitedBy!: string | null;

  @ApiProperty({ description: 'Time of the invitation, RFC 3339, UTC.', ...INSTANT })
  createdAt!: Date;

  @ApiProperty({ description: 'Time at which it expires, RFC 3339, UTC.', ...INSTANT })
  expiresAt!: Date;

  static of({ id, email, name, roles, invitedBy, createdAt, expiresAt }: InvitationEntity): InvitationReply {
    return { id, email, name, roles, invitedBy, createdAt, expiresAt };
  }
}

export class InvitationsReply {
  @ApiProperty({ description: 'Open invitations, the most recent first.', type: [InvitationReply] })
  invitations!: InvitationReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}
