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
    description: 'How the new tokens travel, for a client that stores its tokens itself.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

class BeginTotpRequest {
  @ApiProperty({
    description: 'Password of the current user. Required if this becomes the first second factor.',
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
  @ApiProperty({ description: 'Code that the authenticator app shows.', example: '492039' })
  @IsString()
  @MaxLength(64)
  code!: string;
}

class TotpSecretReply {
  @ApiProperty({
    description: 'Secret in Base32, for manual entry. It is shown only once.',
    example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  })
  secret!: string;

  @ApiProperty({
    description: 'Content of the QR code.',
    example: 'otpauth://totp/auth.example.com:ada%40example.com?...',
  })
  uri!: string;

  @ApiProperty({
    description: 'QR code as an SVG document.',
    example: '<svg xmlns="http://www.w3.org/2000/svg">...</svg>',
  })
  qrSvg!: string;
}

/** Recovery codes in a reply, and the tokens of the session that goes on. */
class TotpConfirmedReply extends TicketsReply {
  @ApiProperty({
    description: 'Ten codes, each of which works once. They are shown only once.',
    type: [String],
    example: ['q7zk-3m9d-x2rt-8wvh'],
  })
  recoveryCodes!: string[];
}

@AuthController('auth/factors/totp', 'Factors')
export class TotpController {
  constructor(private readonly enrolments: TotpEnrolmentService) {}

  @Describe({
    summary: 'Set up an authenticator app',
    description:
      'Returns a secret that is pending until its first code is confirmed. The first second factor requires the password, except in a session that is limited to enrolment. Any further one requires a fresh login or step-up with a second factor.',
    answers: { 200: { description: 'The pending secret.', type: TotpSecretReply } },
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
      'Requires a code that the app shows. All other sessions end. The current session gets a new id and new tickets, and it is no longer limited to enrolment. New recovery codes are created.',
    answers: { 200: { description: 'The authenticator app is enrolled.', type: TotpConfirmedReply } },
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
      'Requires a fresh login or step-up with a second factor. All other sessions end. The current session gets a new id and new tickets, as cookies unless `transport` is given; a session with transport `body` ends unless the request repeats it.',
    answers: {
      200: { description: 'Removed. The response contains the new tokens.', type: TicketsReply },
      204: { description: 'Removed. New tickets, if any, are set as cookies.' },
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
