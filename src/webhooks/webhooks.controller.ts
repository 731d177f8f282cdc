import { Body, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { CurrentAuth, Roles } from '../access/route-decorators.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { actorOf } from '../security/actor.js';
import { type DeadLetter, WebhookOutbox } from './webhook-outbox.js';
import { DestinationRequest } from './webhooks.requests.js';

const SHOWN = 100;

class DeadLetterReply implements DeadLetter {
  @ApiProperty({ description: 'Id of the audit event.', format: 'uuid' })
  eventId!: string;

  @ApiProperty({ description: 'Name of the webhook.', example: 'siem' })
  destination!: string;

  @ApiProperty({ description: 'Number of attempts.', type: 'integer', example: 10 })
  attempts!: number;

  @ApiProperty({ description: 'Error of the last attempt.', type: 'string', nullable: true, example: 'status 500' })
  lastError!: string | null;

  @ApiProperty({ description: 'Time at which delivery was given up.', format: 'date-time' })
  deadAt!: Date;
}

class DeadLettersReply {
  @ApiProperty({ description: 'At most 100 events, the most recent first.', type: [DeadLetterReply] })
  deadLetters!: DeadLetterReply[];
}

class ReviveReply {
  @ApiProperty({ description: 'Number of events that are delivered again.', type: 'integer', example: 3 })
  revived!: number;
}

@AuthController('admin/webhooks/dead-letters', 'Admin')
export class WebhooksController {
  constructor(private readonly outbox: WebhookOutbox) {}

  @Describe({
    summary: 'List events that could not be delivered to a webhook',
    answers: {
      200: {
        description: 'Events whose delivery was given up after ten attempts in three days.',
        type: DeadLettersReply,
      },
    },
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
    summary: 'Retry the undelivered events of a webhook',
    answers: { 200: { description: 'Delivery starts again at once.', type: ReviveReply } },
    errors: ['forbidden'],
  })
  @Post('revive')
  @Roles('admin')
  @HttpCode(200)
  async reviveDeadLetters(
    @Body() { destination }: DestinationRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<ReviveReply> {
    return { revived: await this.outbox.revive(destination, actorOf(auth, request)) };
  }
}
