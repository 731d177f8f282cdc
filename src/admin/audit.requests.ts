import { ApiProperty } from '@nestjs/swagger';
import { IsIP, IsUUID, Matches, MaxLength } from 'class-validator';
import { readAddress } from '../access/client-address.js';
import type { AuditFilter } from '../audit/audit-filter.js';
import { IsInstant } from '../http/is-instant.js';
import { idsIn } from '../http/page-cursor.js';
import { PageQuery } from '../http/page-query.js';
import { IfGiven } from './admin-fields.js';

export class AuditQuery extends PageQuery {
  @ApiProperty({ description: 'Only events that concern this user.', required: false, format: 'uuid' })
  @IfGiven('userId')
  @IsUUID()
  userId?: string;

  @ApiProperty({ description: 'Only events that this user caused, e.g. an admin.', required: false, format: 'uuid' })
  @IfGiven('actorId')
  @IsUUID()
  actorId?: string;

  @ApiProperty({
    description: 'Only events that were requested from this IP address.',
    required: false,
    example: '192.0.2.7',
  })
  @IfGiven('ip')
  @IsIP()
  ip?: string;

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

/** The filter that the query stands for. */
export function auditFilterOf({ userId, actorId, ip, type, from, to, cursor }: AuditQuery): AuditFilter {
  return {
    userId: userId?.toLowerCase(),
    actorId: actorId?.toLowerCase(),
    ip: ip && (readAddress(ip) ?? ip),
    type,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    before: idsIn(cursor, 1)?.[0],
  };
}
