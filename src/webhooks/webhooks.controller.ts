import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { CurrentUser, Roles } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthUser } from '../kernel/auth-context.js';
import { type DeadLetter, WebhookOutbox } from './webhook-outbox.js';

const SHOWN = 100;

class DeadLetterReply implements DeadLetter {
  @ApiProperty({ description: 'Of the event, as in the audit.', format: 'uuid' })
  eventId!: string;

  @ApiProperty({ description: 'Name of the webhook.', example: 'siem' })
  destination!: string;

  @ApiProperty({ description: 'How often it was tried.', type: 'integer', example: 10 })
  attempts!: number;

  @ApiProperty({ description: 'Why the last try failed.', type: 'string', nullable: true, example: 'status 500' })
  lastError!: string | null;

  @ApiProperty({ description: 'When it was given up.', format: 'date-time' })
  deadAt!: Date;
}

class DeadLettersReply {
  @ApiProperty({ description: 'At most 100, the latest first.', type: [DeadLetterReply] })
  deadLetters!: DeadLetterReply[];
}

class ReviveRequest {
  @ApiProperty({ description: 'Name of the webhook.', example: 'siem' })
  // PostgreSQL takes no NUL in a text.
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: 'destination must be the name of a webhook' })
  @IsString()
  @MaxLength(32)
  destination!: string;
}

class ReviveReply {
  @ApiProperty({ description: 'How many are tried again.', type: 'integer', example: 3 })
  revived!: number;
}

@AuthController('admin/webhooks/dead-letters', 'Admin')
export class WebhooksController {
  constructor(private readonly outbox: WebhookOutbox) {}

  @Describe({
    summary: 'List events that a webhook was never told of',
    answers: { 200: { description: 'Those given up after ten tries in three days.', type: DeadLettersReply } },
    errors: ['forbidden'],
  })
  @Get()
  @Roles('admin')
  async listDeadLetters(): Promise<DeadLettersReply> {
    const letters = await this.outbox.deadLetters(SHOWN);
    const shown = letters.map(({ eventId, destination, attempts, lastError, deadAt }) => {
      return { eventId, destination, attempts, lastError, deadAt };
    });
    return { deadLetters: shown };
  }

  @Describe({
    summary: 'Tell a webhook again what was given up',
    answers: { 200: { description: 'They are due now.', type: ReviveReply } },
    errors: ['forbidden'],
  })
  @Post('revive')
  @Roles('admin')
  @HttpCode(200)
  async reviveDeadLetters(
    @Body() { destination }: ReviveRequest,
    @CurrentUser() { id: actorId }: AuthUser,
    @CurrentCaller() caller: Caller,
  ): Promise<ReviveReply> {
    return { revived: await this.outbox.revive(destination, { actorId, origin: caller }) };
  }
}
