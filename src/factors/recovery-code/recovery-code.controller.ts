import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { StepUp } from '../../access/step-up.js';
import { TicketsReply, TRANSPORTS } from '../../credentials/login.replies.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import type { AuthContext, Transport } from '../../kernel/auth-context.js';
import { RecoveryCodeRenewal } from './recovery-code-renewal.js';

class RenewRecoveryCodesRequest {
  @ApiProperty({
    description: 'How the new tokens travel, for a client that stores its tokens itself.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

class RecoveryCodesReply extends TicketsReply {
  @ApiProperty({
    description: 'Ten codes, each of which works once. They are shown only once.',
    type: [String],
    example: ['q7zk-3m9d-x2rt-8wvh'],
  })
  recoveryCodes!: string[];
}

@AuthController('auth/factors/recovery-codes', 'Factors')
export class RecoveryCodeController {
  constructor(private readonly renewal: RecoveryCodeRenewal) {}

  @Describe({
    summary: 'Create new recovery codes',
    description:
      'Requires a fresh login or step-up with a second factor. The previous codes stop working. All other sessions end. The current session gets a new id and new tickets.',
    answers: { 200: { description: 'The new codes.', type: RecoveryCodesReply } },
    errors: ['step_up_required', 'conflict'],
  })
  @Post()
  @HttpCode(200)
  @StepUp()
  async renewRecoveryCodes(
    @Body() body: RenewRecoveryCodesRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<RecoveryCodesReply> {
    const { recoveryCodes, tickets } = await this.renewal.renew(auth, body?.transport, exchange);
    return { recoveryCodes: [...recoveryCodes], ...tickets };
  }
}
