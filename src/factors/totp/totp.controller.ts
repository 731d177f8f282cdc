import { Body, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, OpenToEnrolment } from '../../access/route-decorators.js';
import { StepUp } from '../../access/step-up.js';
import { replyWithTickets, TicketsReply, TRANSPORTS } from '../../credentials/login.replies.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import type { AuthContext, Transport } from '../../kernel/auth-context.js';
import { TotpEnrolmentService } from './totp-enrolment.service.js';

class TransportRequest {
  @ApiProperty({
    description: 'For a client that keeps its tokens itself: how the new ones travel.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

class BeginTotpRequest {
  @ApiProperty({
    description: 'Of the user who is logged in. Needed where it would be the first second factor.',
    format: 'password',
    required: false,
    example: 'an engine weaves algebra',
  })
  // Not IsOptional: a null is a mistake, not a wish to go without.
  @ValidateIf(({ password }) => password !== undefined)
  @IsString()
  password?: string;
}

class ConfirmTotpRequest extends TransportRequest {
  @ApiProperty({ description: 'What the app shows.', example: '492039' })
  @IsString()
  @MaxLength(64)
  code!: string;
}

class TotpSecretReply {
  @ApiProperty({ description: 'Base32, for typing. Shown once.', example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' })
  secret!: string;

  @ApiProperty({
    description: 'What the QR code says.',
    example: 'otpauth://totp/auth.example.com:ada%40example.com?...',
  })
  uri!: string;

  @ApiProperty({
    description: 'The QR code, an SVG document.',
    example: '<svg xmlns="http://www.w3.org/2000/svg">...</svg>',
  })
  qrSvg!: string;
}

/** Recovery codes in a reply, and the tokens of the session that goes on. */
class TotpConfirmedReply extends TicketsReply {
  @ApiProperty({ description: 'Ten, each good once. Shown once.', type: [String], example: ['q7zk-3m9d-x2rt-8wvh'] })
  recoveryCodes!: string[];
}

@AuthController('auth/factors/totp', 'Factors')
export class TotpController {
  constructor(private readonly enrolments: TotpEnrolmentService) {}

  @Describe({
    summary: 'Set up an authenticator app',
    description:
      'Shows a secret that waits for its first code. The first second factor takes the password, except in a session that is good for enrolling only; any other a fresh login or step-up by a second factor.',
    answers: { 200: { description: 'Pending.', type: TotpSecretReply } },
    errors: ['invalid_credentials', 'step_up_required', 'rate_limited'],
  })
  @Post()
  @HttpCode(200)
  @OpenToEnrolment()
  beginTotp(
    @Body() body: BeginTotpRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<TotpSecretReply> {
    return this.enrolments.begin(auth, body?.password, exchange);
  }

  @Describe({
    summary: 'Confirm an authenticator app',
    description:
      'By a code that it shows. Other sessions end; this one gets a new id and new tickets, and is good for everything. Recovery codes are made anew.',
    answers: { 200: { description: 'In use.', type: TotpConfirmedReply } },
    errors: ['invalid_credentials', 'step_up_required', 'conflict', 'rate_limited'],
  })
  @Post('confirm')
  @HttpCode(200)
  @OpenToEnrolment()
  async confirmTotp(
    @Body() { code, transport }: ConfirmTotpRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<TotpConfirmedReply> {
    const { recoveryCodes, tickets } = await this.enrolments.confirm(auth, code, { transport }, exchange);
    return { recoveryCodes, ...tickets };
  }

  @Describe({
    summary: 'Remove the authenticator app',
    description:
      'After a fresh second factor. Other sessions end; this one gets a new id and new tickets, in cookies unless a `transport` is named.',
    answers: {
      200: { description: 'Removed; the new tokens.', type: TicketsReply },
      204: { description: 'Removed; new tickets, if any, are in cookies.' },
    },
    errors: ['step_up_required', 'not_found', 'conflict'],
  })
  // No @HttpCode: it would overrule what the handler says.
  @Delete()
  @StepUp()
  async removeTotp(
    @Body() body: TransportRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<TicketsReply | undefined> {
    const transport = body?.transport;
    return replyWithTickets(await this.enrolments.remove(auth, { transport }, exchange), transport, exchange);
  }
}
