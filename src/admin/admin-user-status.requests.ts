import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString } from 'class-validator';
import { TRANSPORTS } from '../credentials/login.replies.js';
import { IsInstant } from '../http/is-instant.js';
import type { Transport } from '../kernel/auth-context.js';
import { IfGiven, IsReason } from './admin-fields.js';

export class BanRequest {
  @IsReason({ description: 'Reason, shown to admins only.', example: 'spam' })
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
  @IsReason({ description: 'Reason, for the audit log.', example: 'ticket 4711' })
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
