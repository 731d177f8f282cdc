import { ApiProperty } from '@nestjs/swagger';
import { IsUUID, Matches, MaxLength } from 'class-validator';
import { IsInstant } from '../http/is-instant.js';
import { PageQuery } from '../http/page-query.js';
import { IfGiven } from './admin-fields.js';

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
